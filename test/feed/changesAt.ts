import type { HeardChange } from "../../shared/feed/heardChange.ts";
import type { KnownCluster } from "../../shared/model/known.ts";

const subscription = "11111111-1111-1111-1111-111111111111";
const inGroup = (group: string, rest: string) =>
	`/subscriptions/${subscription}/resourcegroups/${group}/providers/${rest}`;

export const clusterId = (name: string) =>
	inGroup("rg", `microsoft.containerservice/managedclusters/${name}`);
export const networkId = (name: string) =>
	inGroup("rg", `microsoft.network/virtualnetworks/${name}`);
export const subnetId = (name: string, network = "vnet") =>
	`${networkId(network)}/subnets/${name}`;
export const scaleSetId = (group: string) =>
	inGroup(group, "microsoft.compute/virtualmachinescalesets/vmss");

/** What the newest audit of the fleet knew of a cluster that uses these subnets. Its nodes are in `mc_{name}`. */
export function known(
	name: string,
	...subnets: readonly string[]
): KnownCluster {
	return {
		id: clusterId(name),
		name,
		subscription,
		group: `${subscription}/mc_${name}`,
		lastSeen: { auditId: "a", at: "2026-11-28T05:00:00.000Z" },
		missed: 0,
		nodes: {},
		machines: {},
		ranges: [],
		uses: subnets.map((id) => ({
			budget: { id, kind: "subnet", name: id },
			demand: { low: 1, high: 1 },
			roles: ["subnet"],
			otherRoutes: 0,
			absent: 0,
		})),
	};
}

/** A change of a cluster at 14:32, unless said otherwise. */
export function change(over: Partial<HeardChange> = {}): HeardChange {
	return {
		id: "1",
		source: "feed",
		operation: null,
		resource: clusterId("a"),
		type: "microsoft.containerservice/managedclusters",
		kind: "update",
		at: "2026-11-28T14:32:00.000Z",
		by: null,
		values: null,
		...over,
	};
}
