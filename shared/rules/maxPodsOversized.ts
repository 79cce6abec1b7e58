import { smallestPrefixFor } from "../cidr.ts";
import type { Reason } from "../contract.ts";
import type { ResolvedCluster, ResolvedPool } from "../model/cluster.ts";
import { type JudgedBudget, poolsOn } from "../model/judgedBudget.ts";
import {
	fewNodes,
	fittingMaxPods,
	flatPools,
	leastMaxPods,
	nodesIn,
	poolsOfTooManyPods,
} from "../model/wonBack.ts";
import { grouped } from "../text.ts";
import type { Judgement, Rule } from "./rule.ts";

/** A flat subnet that could never fit a few nodes with this max pods, even if empty. */
export const maxPodsOversized: Rule = {
	id: "max-pods-oversized",
	since: 2,
	title: "Max pods is too high for the size of the subnet",
	kinds: ["subnet"],
	judgesMismatch: true,
	check: (judged, { cluster }) => judgeBudget(judged, cluster),
	remedies: (cluster, judged) => {
		const { low } = judged.view.budget.limit;
		if (low === null) return [];
		return poolsOfTooManyPods(poolsOn(cluster, judged.view), low).map((pool) =>
			remedy(pool, low),
		);
	},
};

function judgeBudget(
	judged: JudgedBudget,
	cluster: ResolvedCluster,
): Judgement {
	const { limit, limitReason } = judged.view.budget;
	const { low, high } = limit;
	const pools = flatPools(poolsOn(cluster, judged.view));
	if (pools.length === 0) return { kind: "fine" };
	if (low === null || high === null) return { kind: "not-evaluated" };
	const oversized = poolsOfTooManyPods(pools, low);
	if (oversized.length > 0)
		return {
			kind: "violated",
			severity: "low",
			reasons: oversized.map((pool) => reason(pool, low, limitReason)),
		};
	const assumed = pools.some(({ maxPodsAssumed }) => maxPodsAssumed);
	return { kind: assumed ? "not-evaluated" : "fine" };
}

function reason(
	{ name, maxPods }: ResolvedPool,
	limit: number,
	limitReason: string,
): Reason {
	const nodes = nodesIn(limit, maxPods);
	const text = `pool ${name}: max pods ${maxPods} needs up to ${maxPods + 1} IPs per node. The empty subnet fits ${nodes} such ${nodes === 1 ? "node" : "nodes"} (${limitReason}).`;
	return { kind: "cause", text };
}

function remedy({ name, maxPods }: ResolvedPool, limit: number) {
	const prefix = smallestPrefixFor(fewNodes * (maxPods + 1));
	const fitting = fittingMaxPods(limit);
	const needed = fewNodes * (maxPods + 1);
	const isFitting = fitting >= leastMaxPods;
	return {
		kind: "fewer-max-pods",
		title: isFitting
			? `Replace pool ${name} with one of max pods ${fitting} or less, or use a /${prefix} subnet.`
			: `Move pool ${name} to a /${prefix} subnet or larger.`,
		detail: [
			`A /${prefix} has room for ${fewNodes} nodes x ${maxPods + 1} IPs = ${grouped(needed)} IPs.`,
			...(isFitting
				? ["Max pods cannot be changed on a pool."]
				: ["No max pods that AKS takes would fit the present subnet."]),
		],
		command: [],
	};
}
