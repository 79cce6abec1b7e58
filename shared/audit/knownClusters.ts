import { groupKey } from "../arm.ts";
import { readClusters, readKnown } from "../azure/snapshotStore.ts";
import type { Tables } from "../azure/tables.ts";
import { demandNowIn, totalsOf } from "../model/budget.ts";
import type { ResolvedPool } from "../model/cluster.ts";
import { entriesOf } from "../model/entries.ts";
import type { FleetCluster } from "../model/fleet.ts";
import type { KnownCluster } from "../model/known.ts";
import type { AuditRecord } from "./record.ts";

/** What the last audit that ended knew of each cluster, by id; nothing before the first. */
export async function knownBefore(
	tables: Tables,
	last: AuditRecord | null,
): Promise<ReadonlyMap<string, KnownCluster>> {
	if (last === null || last.snapshot === null) return new Map();
	const known = await readKnown(tables, last.snapshot);
	if (known.size > 0) return known;
	const clusters = await readClusters(tables, last.snapshot);
	return new Map(
		clusters.flatMap((one) => {
			const remembered = fromSnapshot(one, last);
			return remembered === null ? [] : [[one.id, remembered]];
		}),
	);
}

/** A release that kept nothing apart has left what it judged. */
function fromSnapshot(
	{ id, name, subscription, cluster }: FleetCluster,
	{ auditId, startedAt }: AuditRecord,
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
		lastSeen: { auditId, at: startedAt },
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
