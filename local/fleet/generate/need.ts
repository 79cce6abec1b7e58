import type { NetworkModel } from "../clusterSpec.ts";
import { heldPerNode, type PoolSpec } from "../clusterSpec.ts";

/** Nodes of a pool now, and at its maximum with all of its surge. */
function nodesOf(pool: PoolSpec): {
	readonly today: number;
	readonly most: number;
} {
	const full = pool.maxCount ?? pool.nodes;
	return {
		today: pool.stopped ? 0 : pool.nodes,
		most: full + surgeNodes(pool, full),
	};
}

/** What pools use their node subnet, now and at most. */
export function addressesOf(
	model: NetworkModel,
	pools: readonly PoolSpec[],
): { readonly today: number; readonly most: number } {
	return total(pools, (pool) => heldPerNode(model, pool));
}

/** What pools use a pod subnet: the first batch of 16 addresses and one of the node's, or whole blocks of 16. */
export function podAddressesOf(
	model: NetworkModel,
	pools: readonly PoolSpec[],
): { readonly today: number; readonly most: number } {
	return total(pools, ({ maxPods = 110 }) =>
		model === "static-pod-subnet" ? 16 * Math.ceil((maxPods + 1) / 16) : 17,
	);
}

export function total(
	pools: readonly PoolSpec[],
	perNode: (pool: PoolSpec) => number,
): { readonly today: number; readonly most: number } {
	let today = 0;
	let most = 0;
	for (const pool of pools) {
		const nodes = nodesOf(pool);
		today += nodes.today * perNode(pool);
		most += nodes.most * perNode(pool);
	}
	return { today, most };
}

function surgeNodes({ spot, maxSurge = "10%" }: PoolSpec, nodes: number) {
	if (spot) return 0;
	const amount = Number.parseInt(maxSurge, 10);
	return maxSurge.endsWith("%") ? Math.ceil((amount * nodes) / 100) : amount;
}
