import { type Budget, noTotals, plusTotals } from "../model/budget.ts";
import type { ResolvedCluster, ResolvedPool } from "../model/cluster.ts";
import type { FleetCluster } from "../model/fleet.ts";
import { nothing } from "../model/range.ts";

/*
 * Snapshots of release 0.1 are read until the first audit after the upgrade has ended: the capacity route shows them, and
 * they say which clusters used what.
 */

/** A cluster as this release keeps it: what release 0.1 did not look at is not there. */
export function upToDateCluster<C extends FleetCluster>(one: C): C {
	const { cluster, budgets } = one;
	return {
		...one,
		budgets: budgets.map(upToDateBudget),
		cluster:
			cluster === null || Object.hasOwn(cluster, "kept")
				? cluster
				: upToDateResolved(cluster),
	};
}

function upToDateResolved(cluster: ResolvedCluster): ResolvedCluster {
	return {
		...cluster,
		notJudged: [],
		roles: {},
		largeNetworks: [],
		kept: [],
		pools: cluster.pools.map(
			(pool): ResolvedPool => ({
				...pool,
				surgeRule: { ...pool.surgeRule, deallocates: false, wantedNodes: null },
				slotsPerNode: pool.addressesPerNode,
				extraSubnets: [],
				deallocates: false,
				mostNodes: null,
				missing: null,
				podsMissing: null,
				surgeMissing: null,
			}),
		),
	};
}

/** Release 0.1 named scale sets without a visible cluster, and left their growth open beside the sums. */
export function upToDateBudget(budget: Budget): Budget {
	if (Object.hasOwn(budget, "open")) return budget;
	const { unseen = [], ...rest } = budget as Budget & {
		readonly unseen?: readonly string[];
	};
	return {
		...rest,
		foreign: nothing,
		isMixed: false,
		open: unseen.map((id) => ({
			kind: "seen-there",
			cluster: null,
			cause: "nodes of clusters that are not visible",
			reason: `${id.split("/").at(-1)} uses it, and its cluster was not visible`,
			lastSeen: null,
		})),
		totals:
			unseen.length === 0
				? budget.totals
				: plusTotals(budget.totals, { ...noTotals, growthUnbounded: 1 }),
	};
}
