import type { ResolvedPool } from "../model/cluster.ts";
import { maximum, poolGrowth } from "../model/growth.ts";
import { exactly } from "../model/range.ts";

/** The pool as it would be with other settings. */

export function withMaximum(
	pool: ResolvedPool,
	maxNodes: number,
): ResolvedPool {
	const { surgeRule } = pool;
	// What was asked for may still come, whatever the maximum.
	const least = Math.max(maxNodes, surgeRule.wantedNodes ?? 0);
	const full = maximum(pool.nodes, least);
	return {
		...pool,
		...poolGrowth(surgeRule, pool.nodes, full, maxNodes),
		maxNodes,
		countedByAzure: exactly(maxNodes),
	};
}

export function withSurge(pool: ResolvedPool, nodes: number): ResolvedPool {
	const surgeRule = {
		...pool.surgeRule,
		surge: { kind: "nodes", nodes },
	} as const;
	return {
		...pool,
		...poolGrowth(surgeRule, pool.nodes, pool.nodesAtFull, pool.maxNodes),
		surgeRule,
	};
}

/** A new pool: what its nodes use is not measured yet. */
export function withMaxPods(pool: ResolvedPool, maxPods: number): ResolvedPool {
	return { ...pool, maxPods, maxPodsAssumed: false, addressesPerNode: null };
}

/** The largest of several equal parts of the pool. */
export function partOf(pool: ResolvedPool, parts: number): ResolvedPool {
	const share = (nodes: number | null) =>
		nodes === null ? null : Math.ceil(nodes / parts);
	const nodes = { low: share(pool.nodes.low), high: share(pool.nodes.high) };
	const { low, high } = pool.nodesAtFull;
	const full = { low: share(low), high: share(high) };
	const maxNodes = share(pool.maxNodes);
	return {
		...pool,
		nodes,
		maxNodes,
		...poolGrowth(pool.surgeRule, nodes, full, maxNodes),
	};
}

/** Pools that can have more nodes come before those that cannot. Otherwise in their order. */
export function growingFirst<T extends Pick<ResolvedPool, "growth">>(
	pools: readonly T[],
): T[] {
	return [...pools.filter(grows), ...pools.filter((pool) => !grows(pool))];
}

export function grows({ growth }: Pick<ResolvedPool, "growth">): boolean {
	return growth.high === null || growth.high > 0;
}

/** Pools whose settings are the customer's to change, and whose nodes have a number. */
function isChangeable(pool: ResolvedPool): boolean {
	return !pool.autoProvisioned && !pool.hosted;
}

/** The cluster's pools that use these entries' budget and can be changed. What grows comes first. */
export function changeablePools(
	pools: readonly ResolvedPool[],
	entries: readonly { readonly pool: string | null }[],
): ResolvedPool[] {
	const drawing = new Set(entries.map(({ pool }) => pool));
	return growingFirst(
		pools.filter((pool) => drawing.has(pool.name) && isChangeable(pool)),
	);
}
