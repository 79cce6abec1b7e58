import { groupKey } from "../arm.ts";
import { nowOf, totalsOf } from "./budget.ts";
import type { Before } from "./fleet.ts";
import { machinesOf } from "./keptUses.ts";
import type { KnownCluster, KnownUse } from "./known.ts";
import { type Places, podRange } from "./places.ts";
import type { Resolved } from "./resolved.ts";
import type { Sum } from "./resourceBudget.ts";

/** What the next audit must know of a cluster that was seen; what is missing of it tonight is as it was known before. */
export function knownFrom(
	{ row, cluster, entries }: Resolved,
	sums: ReadonlyMap<string, Sum>,
	places: Places,
	{ auditId, at, known }: Before,
): KnownCluster {
	const before = known.get(row.id);
	const group = groupKey(row.subscription, row.nodeResourceGroup);
	const uses = [...entries].flatMap(([id, own]): KnownUse[] => {
		const [first] = own;
		if (first === undefined) return [];
		const missing = own.some((entry) => entry.missing !== null);
		const last = before?.uses.find(({ budget }) => budget.id === id);
		if (missing && last) return [last];
		return [
			{
				budget: first.budget,
				demand: nowOf(totalsOf(own)),
				otherRoutes: otherRoutesIn(sums.get(id), places),
				absent: 0,
			},
		];
	});
	const nodes = Object.fromEntries(
		cluster.pools.flatMap(({ name, missing, nodes, nodesSource }) => {
			const last = before?.nodes[name];
			if (missing !== null) return last === undefined ? [] : [[name, last]];
			return nodesSource === "measured" &&
				row.pools.some((pool) => pool.name === name)
				? [[name, nodes.low ?? 0]]
				: [];
		}),
	);
	const machines = machinesOf(row, places);
	const isMissing = cluster.pools.some(
		({ autoProvisioned, missing }) => autoProvisioned && missing !== null,
	);
	return {
		id: row.id,
		name: row.name,
		subscription: row.subscription,
		group,
		lastSeen: { auditId, at },
		missed: 0,
		nodes,
		machines: isMissing ? Math.max(machines, before?.machines ?? 0) : machines,
		ranges: [podRange(row) ?? "", ...row.serviceCidrs].filter(
			(range) => range !== "",
		),
		uses,
	};
}

function otherRoutesIn(sum: Sum | undefined, { routeTables }: Places): number {
	if (sum?.name.kind !== "routes") return 0;
	const routes = routeTables.get(sum.name.id)?.routes ?? 0;
	const { totals, remembered } = sum;
	return Math.max(0, routes - totals.nowLow - (remembered.low ?? 0));
}
