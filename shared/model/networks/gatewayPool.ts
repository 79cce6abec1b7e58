import type { NodeDraw } from "./draw.ts";

/** Private addresses that a network interface takes (Azure networking limits). */
const addressesPerInterface = 256;

/**
 * A static egress gateway: each StaticGatewayConfiguration gives every node of the pool one address more of the node
 * subnet (kube-egress-gateway, design). They live inside the cluster; only the scale set's own model shows their number.
 */
export function gatewayDraws(draws: readonly NodeDraw[]): NodeDraw[] {
	return draws.map((draw) =>
		draw.kind === "subnet"
			? {
					...draw,
					units: { low: draw.units.low, high: addressesPerInterface },
					source: "assumed",
					reason: `${draw.reason}, and one for each static gateway configuration, whose number is not known`,
				}
			: draw,
	);
}
