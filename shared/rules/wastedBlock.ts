import type { Reason } from "../contract.ts";
import type { ResolvedPool } from "../model/cluster.ts";
import { poolsOn } from "../model/judgedBudget.ts";
import {
	blockSize,
	blocksPerNode,
} from "../model/networks/staticBlockPodSubnet.ts";
import { filling, podsInLast, wastefulPools } from "../model/wonBack.ts";
import type { Judgement, Rule } from "./rule.ts";

/** The last block of each node is for a few pods. Max pods of 16 x blocks - 1 fill their blocks. */
export const wastedBlock: Rule = {
	id: "wasted-block",
	since: 2,
	title: "Each node uses a block of 16 IPs for a few pods",
	kinds: ["pod-blocks"],
	check: (judged, { cluster }) => judgePools(poolsOn(cluster, judged.view)),
	remedies: (cluster, { view }) =>
		wastefulPools(poolsOn(cluster, view)).map(remedy),
};

function judgePools(pools: readonly ResolvedPool[]): Judgement {
	const found = wastefulPools(pools);
	if (found.length > 0)
		return {
			kind: "violated",
			severity: "info",
			reasons: found.flatMap(reasonsOf),
		};
	const assumed = pools.some(({ maxPodsAssumed }) => maxPodsAssumed);
	return { kind: assumed ? "not-evaluated" : "fine" };
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
