import type { Range } from "../contract.ts";
import {
	addedDemandIn,
	minusTotals,
	nodeLimits,
	plusTotals,
	totalsOf,
} from "./budget.ts";
import type { ResolvedPool } from "./cluster.ts";
import type { Entry } from "./entries.ts";
import { autoProvisionedPool } from "./provisionedPools.ts";
import { add, exactly, multiply, sum } from "./range.ts";
import { type View, viewOf } from "./view.ts";

/** Nodes that auto-provisioning may yet add: nobody sets them a maximum that ARM shows. */
export function growsUnbounded({ pool, growth }: Entry): boolean {
	return pool === autoProvisionedPool && growth.high === null;
}

/** What would be used with as many nodes as AKS supports in the cluster. High: the neighbors at their maxima, too. */
export function demandAtNodeLimit(
	{ budget, entries, now }: View,
	pools: readonly ResolvedPool[],
): Range {
	const nodes = sum(pools.map((pool) => pool.nodes)).low ?? 0;
	const added = exactly(Math.max(0, nodeLimits.cluster - nodes));
	const neighbors = addedDemandIn(
		minusTotals(budget.totals, totalsOf(entries)),
	);
	return add(add(now.demand, multiply(added, perNode(entries))), {
		low: 0,
		high: neighbors.high,
	});
}

/** Low: what the auto-provisioned nodes need. High: what the cluster's most demanding pool here needs. */
function perNode(entries: readonly Entry[]): Range {
	const highs = entries.map(({ perNode: { high } }) => high);
	return {
		low: entries.find(growsUnbounded)?.perNode.low ?? 0,
		high: highs.reduce(
			(most, high) =>
				most === null || high === null ? null : Math.max(most, high),
			0,
		),
	};
}

/** The budget as if auto-provisioning added no node: what is still unknown then, is so for another reason. */
export function withoutAutoProvisioning(view: View): View {
	const { budget, entries } = view;
	if (!entries.some(growsUnbounded)) return view;
	const still = entries.map((entry) =>
		growsUnbounded(entry)
			? { ...entry, growth: exactly(entry.growth.low ?? 0) }
			: entry,
	);
	const neighbors = minusTotals(budget.totals, totalsOf(entries));
	const totals = plusTotals(neighbors, totalsOf(still));
	return viewOf({ ...budget, totals }, still);
}
