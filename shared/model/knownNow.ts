import { groupKey } from "../arm.ts";
import type { BudgetKind } from "../contract.ts";
import { demandNowIn, totalsOf } from "./budget.ts";
import type { Entry } from "./entries.ts";

import type { Knowledge, KnownCluster, KnownUse } from "./known.ts";
import { type Places, podRange } from "./places.ts";
import { machinesOf } from "./provisionedPools.ts";
import type { Resolved } from "./resolved.ts";
import type { Sum } from "./resourceBudget.ts";

/**
 * What the next audit must know of a cluster that was seen. What is missing of it tonight is as it was known before.
 */
export function knownFrom(
	{ row, cluster, entries }: Resolved,
	own: Resolved["entries"] | undefined,
	sums: ReadonlyMap<string, Sum>,
	places: Places,
	{ auditId, at, known }: Knowledge,
): KnownCluster {
	const before = known.get(row.id);
	const group = groupKey(row.subscription, row.nodeResourceGroup);
	const uses = [...entries].flatMap(([id, judged]): KnownUse[] => {
		const [first] = judged;
		if (first === undefined) return [];
		const missing = judged.some((entry) => entry.missing !== null);
		const last = before?.uses.find(({ budget }) => budget.id === id);
		if (missing && last) return [last];
		return [
			{
				budget: first.budget,
				demand: demandNowIn(totalsOf(judged)),
				roles: rolesOf(own?.get(id) ?? judged),
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
	const machinesBefore = isMissing ? (before?.machines ?? {}) : {};
	return {
		id: row.id,
		name: row.name,
		subscription: row.subscription,
		group,
		lastSeen: { auditId, at },
		missed: 0,
		nodes,
		machines: most(machines, machinesBefore),
		ranges: [podRange(row) ?? "", ...row.serviceCidrs].filter(
			(range) => range !== "",
		),
		uses,
	};
}

function rolesOf(entries: readonly Entry[]): BudgetKind[] {
	return [...new Set(entries.map(({ budget }) => budget.kind))];
}

function most(
	a: Readonly<Record<string, number>>,
	b: Readonly<Record<string, number>>,
): Record<string, number> {
	const all: Record<string, number> = { ...a };
	for (const [key, count] of Object.entries(b))
		all[key] = Math.max(count, all[key] ?? 0);
	return all;
}

function otherRoutesIn(sum: Sum | undefined, { routeTables }: Places): number {
	if (sum?.name.kind !== "routes") return 0;
	const routes = routeTables.get(sum.name.id)?.routes ?? 0;
	const { totals, remembered } = sum;
	return Math.max(0, routes - totals.nowLow - (remembered.low ?? 0));
}
