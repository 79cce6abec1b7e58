import type { ResolvedCluster, ResolvedPool } from "../model/cluster.ts";
import { fullFitsForCertain, type View } from "../model/view.ts";
import { grouped, listed } from "../text.ts";
import { changeablePools, withMaximum } from "./changedPool.ts";
import { updatePool } from "./commands.ts";
import { effectOf, type Offer, titleOf } from "./offer.ts";
import {
	type BudgetAfter,
	fixing,
	isViolated,
	largest,
	outcomeText,
	viewAfter,
	withGrowth,
} from "./whatIf.ts";

/** A cluster may have a hundred pools: those that lose the fewest nodes are named. */
const mostNamed = 5;

/**
 * The highest autoscaler max of one pool at which every scenario fits for certain, all else as it is. Else of all pools
 * together. Else at which growth alone fits.
 */
export function lowerMaxima(cluster: ResolvedCluster, view: View): Offer[] {
	if (!isViolated(view, "full") && !isViolated(view, "full-upgrade")) return [];
	const pools = changeablePools(cluster.pools, view.entries).flatMap(bounded);
	const apart = (goal: Goal) =>
		fewestLost(pools.flatMap((pool) => search(view, [pool], goal)));
	const together = (goal: Goal) =>
		pools.length > 1 ? search(view, pools, goal) : [];
	const fits = fixing(view);
	const attempts = [
		() => apart(fits),
		() => together(fits),
		() => (isViolated(view, "full") ? apart(growthFits) : []),
		() => (isViolated(view, "full") ? together(growthFits) : []),
	];
	for (const attempt of attempts) {
		const found = attempt();
		if (found.length > 0) return found.map((one) => offer(cluster, view, one));
	}
	return [];
}

type Goal = (after: BudgetAfter) => boolean;

function growthFits(after: BudgetAfter): boolean {
	return fullFitsForCertain(after.budget);
}

interface Bounded {
	readonly pool: ResolvedPool;
	/** Not below the nodes that there are or are asked for, nor the autoscaler's minimum. */
	readonly least: number;
	readonly maxNodes: number;
}

/** VirtualMachines pools have a maximum for each machine size, which is not set by this command. */
function bounded(pool: ResolvedPool): Bounded[] {
	const { nodes, minNodes, maxNodes, surgeRule } = pool;
	if (maxNodes === null || nodes.high === null) return [];
	if (surgeRule.type === "virtual-machines") return [];
	const wanted = surgeRule.wantedNodes ?? 0;
	const least = Math.max(1, nodes.high, wanted, minNodes ?? 0);
	return least < maxNodes ? [{ pool, least, maxNodes }] : [];
}

interface Found {
	readonly pools: readonly {
		readonly pool: ResolvedPool;
		readonly to: number;
	}[];
	readonly lost: number;
	readonly after: View;
}

/** Several pools lose the same share of their possible growth, in thousandths. */
function search(view: View, pools: readonly Bounded[], goal: Goal): Found[] {
	const [first] = pools;
	if (first === undefined) return [];
	const steps = pools.length > 1 ? 1000 : first.maxNodes - first.least;
	const at = (step: number) =>
		pools.map(({ pool, least, maxNodes }) => ({
			pool,
			to: least + Math.floor(((maxNodes - least) * step) / steps),
		}));
	const afterAt = (step: number) =>
		withGrowth(
			view,
			at(step).map(({ pool, to }) => withMaximum(pool, to)),
		);
	const most = largest(0, steps - 1, (step) => goal(afterAt(step)));
	if (most === null) return [];
	const changed = at(most);
	const lost = changed.reduce(
		(total, { pool, to }) => total + (pool.maxNodes ?? 0) - to,
		0,
	);
	return [{ pools: changed, lost, after: viewAfter(afterAt(most)) }];
}

function fewestLost(found: readonly Found[]): Found[] {
	return found.toSorted((a, b) => a.lost - b.lost).slice(0, mostNamed);
}

function offer(
	cluster: ResolvedCluster,
	view: View,
	{ pools, after }: Found,
): Offer {
	const most = pools.reduce((total, { to }) => total + to, 0);
	return {
		effect: effectOf(view, after),
		after,
		changes: pools.map(({ pool, to }) => ({
			kind: "pool",
			cluster: cluster.id,
			pool: pool.name,
			set: { maxNodes: to },
		})),
		remedy: {
			kind: "lower-autoscaler-maximum",
			title: titleOf(() => titleFor(pools)),
			detail: [
				...(pools.length > mostInTitle
					? pools.slice(0, mostInDetail).map(fromTo)
					: []),
				...outcomeText(after),
				`${pools.length === 1 ? `Pool ${pools[0]?.pool.name} gets` : "These pools get"} at most ${nodesText(most)}${pools.length === 1 ? "" : " together"}.`,
			],
			command: pools.map(({ pool, to }) =>
				updatePool(
					cluster,
					pool,
					"--update-cluster-autoscaler",
					`--min-count ${pool.minNodes ?? 0}`,
					`--max-count ${to}`,
				),
			),
		},
	};
}

/** Pools that a title has room for, and a detail. */
const mostInTitle = 2;
const mostInDetail = 8;

function titleFor(pools: Found["pools"]): string {
	if (pools.length > mostInTitle)
		return `Lower the autoscaler max of ${pools.length} pools.`;
	const each = pools.map(
		({ pool, to }) =>
			`pool ${pool.name} from ${grouped(pool.maxNodes ?? 0)} to ${grouped(to)}`,
	);
	return `Lower the autoscaler max of ${listed(each)}.`;
}

function fromTo({ pool, to }: Found["pools"][number]): string {
	return `Pool ${pool.name} goes from ${grouped(pool.maxNodes ?? 0)} to ${grouped(to)}.`;
}

function nodesText(nodes: number): string {
	return nodes === 1 ? "1 node" : `${grouped(nodes)} nodes`;
}
