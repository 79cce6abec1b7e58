import { type Budget, noTotals, plusTotals } from "../../model/budget.ts";
import type { ResolvedCluster, ResolvedPool } from "../../model/cluster.ts";
import { podRangeId } from "../../model/entries.ts";
import type { FleetCluster } from "../../model/fleet.ts";
import { notKnown, type Outlook, type Outlooks } from "../../model/outlook.ts";
import { add, nothing } from "../../model/range.ts";

/*
 * Clusters and budgets as releases up to 0.2 kept them. The capacity route shows them until the first audit after the
 * upgrade has ended, and they say which clusters used what.
 */

/** A cluster as this release keeps it: what an earlier one did not look at is not there. */
export function upToDateCluster<C extends FleetCluster>(one: C): C {
	const { cluster, budgets } = one;
	return {
		...one,
		outlooks: outlooksOf(one),
		budgets: budgets.map(upToDateBudget),
		cluster: cluster && upToDateResolved(cluster),
	};
}

/** Releases up to 0.2 had one, of the pod CIDR. */
interface OlderOutlook {
	readonly id: string;
	readonly podRangeOutlook?: Outlook;
}

function outlooksOf(one: FleetCluster | OlderOutlook): Outlooks {
	return "outlooks" in one
		? one.outlooks
		: { [podRangeId(one.id)]: one.podRangeOutlook ?? notKnown };
}

function upToDateResolved(cluster: ResolvedCluster): ResolvedCluster {
	const is01 = !Object.hasOwn(cluster, "kept");
	const since02 = is01
		? { notJudged: [], roles: {}, largeNetworks: [], kept: [] }
		: {};
	return {
		...cluster,
		...since02,
		pools: cluster.pools.map(
			(pool): ResolvedPool => ({
				...(is01 ? poolSince02(pool) : pool),
				nodeSettings: null,
				nodesAtFull: add(pool.nodes, pool.growth),
			}),
		),
	};
}

function poolSince02(pool: ResolvedPool): ResolvedPool {
	return {
		...pool,
		surgeRule: { ...pool.surgeRule, deallocates: false, wantedNodes: null },
		slotsPerNode: pool.addressesPerNode,
		extraSubnets: [],
		deallocates: false,
		mostNodes: null,
		missing: null,
		podsMissing: null,
		surgeMissing: null,
	};
}

type OlderBudget = Omit<Budget, "otherResourcesByKind"> & {
	/** What releases up to 0.2 called other resources by kind. */
	readonly held?: Budget["otherResourcesByKind"];
	/** Of release 0.1, which did not add the growth of these scale sets to the sums. */
	readonly unseen?: readonly string[];
};

export function upToDateBudget(budget: Budget | OlderBudget): Budget {
	if ("otherResourcesByKind" in budget) return budget;
	const { held = null, unseen, ...rest } = budget;
	const renamed = { ...rest, otherResourcesByKind: held };
	return Object.hasOwn(budget, "open")
		? renamed
		: withUnseen(renamed, unseen ?? []);
}

/** Release 0.1 named scale sets without a visible cluster. */
function withUnseen(budget: Budget, unseen: readonly string[]): Budget {
	return {
		...budget,
		foreign: nothing,
		isMixed: false,
		open: unseen.map((id) => ({
			kind: "seen-there",
			cluster: null,
			cause: "Nodes belong to clusters that are not visible",
			reason: `${id.split("/").at(-1)} uses it, and its cluster was not visible`,
			lastSeen: null,
		})),
		totals:
			unseen.length === 0
				? budget.totals
				: plusTotals(budget.totals, { ...noTotals, growthUnbounded: 1 }),
	};
}
