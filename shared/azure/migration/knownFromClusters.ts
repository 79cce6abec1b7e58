import { groupKey } from "../../arm.ts";
import { demandNowIn, totalsOf } from "../../model/budget.ts";
import type { ResolvedPool } from "../../model/cluster.ts";
import { entriesOf } from "../../model/entries.ts";
import type { FleetCluster } from "../../model/fleet.ts";
import type { KnownCluster } from "../../model/known.ts";

/**
 * What is remembered of the clusters of an audit whose release stored no memory of its own: it follows from what it
 * judged.
 */
export function knownFromClusters(
	clusters: readonly FleetCluster[],
	lastSeen: KnownCluster["lastSeen"],
): KnownCluster[] {
	return clusters.flatMap((one) => knownFrom(one, lastSeen) ?? []);
}

function knownFrom(
	{ id, name, subscription, cluster }: FleetCluster,
	lastSeen: KnownCluster["lastSeen"],
): KnownCluster | null {
	if (cluster === null) return null;
	const uses = Map.groupBy(
		entriesOf(cluster).filter(({ budget }) => !budget.id.startsWith(`${id}/`)),
		({ budget }) => budget.id,
	);
	return {
		id,
		name,
		subscription,
		group: groupKey(subscription, cluster.nodeResourceGroup),
		lastSeen,
		missed: 0,
		nodes: Object.fromEntries(
			cluster.pools
				.filter(
					({ nodesSource, autoProvisioned }) =>
						nodesSource === "measured" && !autoProvisioned,
				)
				.map(({ name, nodes }) => [name, nodes.low ?? 0]),
		),
		machines: machinesIn(cluster.pools),
		ranges: [cluster.podCidr ?? "", ...cluster.surroundings.services].filter(
			(range) => range !== "",
		),
		uses: [...uses.values()].flatMap((own) => {
			const [first] = own;
			return first === undefined
				? []
				: [
						{
							budget: first.budget,
							demand: demandNowIn(totalsOf(own)),
							roles: [first.budget.kind],
							otherRoutes: 0,
							absent: 0,
						},
					];
		}),
	};
}

function machinesIn(pools: readonly ResolvedPool[]): Record<string, number> {
	const machines: Record<string, number> = {};
	for (const { autoProvisioned, nodeSubnet, nodes } of pools)
		if (autoProvisioned && nodes.low)
			machines[nodeSubnet] = (machines[nodeSubnet] ?? 0) + nodes.low;
	return machines;
}
