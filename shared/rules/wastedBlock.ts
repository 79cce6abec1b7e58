import type { Reason } from "../contract.ts";
import type { ResolvedPool } from "../model/cluster.ts";
import { poolsOn } from "../model/judgedBudget.ts";
import { blocksPerNode } from "../model/networks/staticBlockPodSubnet.ts";
import type { Judgement, Rule } from "./rule.ts";

const blockSize = 16;

/** The last block of each node is for a few pods. Max pods of 16 x blocks - 1 fill their blocks. */
export const wastedBlock: Rule = {
	id: "wasted-block",
	since: 2,
	title: "Each node uses a block of 16 IPs for a few pods",
	kinds: ["pod-blocks"],
	check: (judged, { cluster }) => judgePools(poolsOn(cluster, judged.view)),
	remedies: (cluster, { view }) => wasteful(poolsOn(cluster, view)).map(remedy),
};

function wasteful(pools: readonly ResolvedPool[]): ResolvedPool[] {
	return pools.filter(
		({ maxPods, maxPodsAssumed }) => !maxPodsAssumed && isWasteful(maxPods),
	);
}

function judgePools(pools: readonly ResolvedPool[]): Judgement {
	const found = wasteful(pools);
	if (found.length > 0)
		return {
			kind: "violated",
			severity: "info",
			reasons: found.flatMap(reasonsOf),
		};
	const assumed = pools.some(({ maxPodsAssumed }) => maxPodsAssumed);
	return { kind: assumed ? "not-evaluated" : "fine" };
}

/** At most half of the last block is used, and there is one to do without. One address of the first is the node's own. */
function isWasteful(maxPods: number): boolean {
	const blocks = blocksPerNode(maxPods);
	return blocks > 1 && podsInLast(maxPods) <= blockSize / 2;
}

function podsInLast(maxPods: number): number {
	return maxPods - filling(blocksPerNode(maxPods) - 1);
}

/** The max pods that fill these blocks to the last IP. */
function filling(blocks: number): number {
	return blockSize * blocks - 1;
}

function reasonsOf({ name, maxPods }: ResolvedPool): Reason[] {
	const blocks = blocksPerNode(maxPods);
	const last = podsInLast(maxPods);
	const wasted = filling(blocks) - maxPods;
	return [
		{
			kind: "cause",
			text: `Pool ${name} wastes ${wasted} IPs per node: max pods ${maxPods} uses ${blocks} blocks of ${blockSize}`,
		},
		{
			kind: "pool",
			text: `pool ${name}: the last block of each node is for ${last} ${last === 1 ? "pod" : "pods"}`,
		},
	];
}

function remedy({ name, maxPods }: ResolvedPool) {
	const blocks = blocksPerNode(maxPods);
	const fewer = filling(blocks - 1);
	const more = Math.min(filling(blocks), 250);
	return {
		kind: "fill-blocks",
		title: `Replace pool ${name} with one of max pods ${fewer} or ${more}.`,
		detail: [
			`Max pods ${fewer} needs ${blocks - 1} ${blocks === 2 ? "block" : "blocks"} a node, ${more} the same ${blocks} as now.`,
			"Max pods cannot be changed on a pool.",
		],
		command: [],
	};
}
