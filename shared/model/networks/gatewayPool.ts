import type { NodeDemand } from "./demand.ts";

/** Private addresses that a network interface takes (Azure networking limits). */
const addressesPerInterface = 256;

/**
 * A static egress gateway: each StaticGatewayConfiguration adds one IP of the node subnet to every node of the pool
 * (kube-egress-gateway, design). They are inside the cluster. Only the scale set's own model shows their number.
 */
export function gatewayDemands(demands: readonly NodeDemand[]): NodeDemand[] {
	return demands.map((demand) =>
		demand.kind === "subnet"
			? {
					...demand,
					units: { low: demand.units.low, high: addressesPerInterface },
					source: "assumed",
					reason: `${demand.reason}, and one for each static gateway configuration, whose number is not known`,
				}
			: demand,
	);
}
