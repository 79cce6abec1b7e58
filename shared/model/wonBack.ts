import type { Budget } from "./budget.ts";
import type { ResolvedPool } from "./cluster.ts";
import { blockSize, blocksPerNode } from "./networks/staticBlockPodSubnet.ts";

/** One a zone. What AKS recommends for a system pool. */
export const fewNodes = 3;
/** AKS accepts no less. */
export const leastMaxPods = 10;

/** Pools whose nodes each have a block for a few pods: at most half of the last one is used, and there is one to do without. */
export function wastefulPools(pools: readonly ResolvedPool[]): ResolvedPool[] {
	return pools.filter(
		({ maxPods, maxPodsAssumed }) =>
			!maxPodsAssumed &&
			blocksPerNode(maxPods) > 1 &&
			podsInLast(maxPods) <= blockSize / 2,
	);
}

export function podsInLast(maxPods: number): number {
	return maxPods - filling(blocksPerNode(maxPods) - 1);
}

/** The max pods that fill these blocks to the last IP: one IP of the first block is the node's own. */
export function filling(blocks: number): number {
	return blockSize * blocks - 1;
}

/** Auto-provisioned nodes come one by one, with the max pods of a resource inside the cluster. */
export function flatPools(pools: readonly ResolvedPool[]): ResolvedPool[] {
	return pools.filter(
		({ model, autoProvisioned }) => model === "node-subnet" && !autoProvisioned,
	);
}

/** Flat pools of which even an empty subnet of so many IPs would not fit a few nodes. */
export function poolsOfTooManyPods(
	pools: readonly ResolvedPool[],
	limit: number,
): ResolvedPool[] {
	return flatPools(pools).filter(
		({ maxPods, maxPodsAssumed }) =>
			!maxPodsAssumed && nodesIn(limit, maxPods) < fewNodes,
	);
}

export function nodesIn(addresses: number, maxPods: number): number {
	return Math.floor(addresses / (maxPods + 1));
}

/** The highest max pods with which a subnet of so many IPs fits a few nodes. */
export function fittingMaxPods(limit: number): number {
	return Math.floor(limit / fewNodes) - 1;
}

/**
 * IPs that a budget gets back if pools on it are built anew with the max pods that the rules `wasted-block` and
 * `max-pods-oversized` ask for. Only nodes that are certainly there count.
 */
export function wonBackBy(
	pools: readonly ResolvedPool[],
	{ kind, limit }: Pick<Budget, "kind" | "limit">,
): number {
	switch (kind) {
		case "pod-blocks":
			return sum(wastefulPools(pools), () => blockSize);
		case "subnet": {
			if (limit.low === null || limit.high === null) return 0;
			const fitting = fittingMaxPods(limit.low);
			if (fitting < leastMaxPods) return 0;
			return sum(
				poolsOfTooManyPods(pools, limit.low),
				({ maxPods }) => maxPods - fitting,
			);
		}
		default:
			return 0;
	}
}

function sum(
	pools: readonly ResolvedPool[],
	perNode: (pool: ResolvedPool) => number,
): number {
	return pools.reduce(
		(total, pool) => total + (pool.nodes.low ?? 0) * perNode(pool),
		0,
	);
}
