import { smallestPrefixFor } from "../cidr.ts";
import type { Reason, Remedy } from "../contract.ts";
import type { ResolvedCluster, ResolvedPool } from "../model/cluster.ts";
import { type JudgedBudget, poolsOn } from "../model/judgedBudget.ts";
import { firstBatch } from "../model/networks/dynamicPodSubnet.ts";
import {
	type AddressShare,
	addressesHeld,
	podsOf,
	shareIn,
} from "../model/podsPerNode.ts";
import { between, words } from "../model/range.ts";
import type { View } from "../model/view.ts";
import { roomFor } from "../remedies/newSubnet.ts";
import { titleOf } from "../remedies/offer.ts";
import { grouped } from "../text.ts";
import type { BudgetContext, Judgement, Rule } from "./rule.ts";
import { demandText, reason } from "./sums.ts";

/** Every node gets its first batch, but the rest is enough for few pods per node. */
export const podsPerNodeLow: Rule = {
	id: "pods-per-node-low",
	since: 2,
	arithmeticSince: 4,
	title: "The pod subnet has IPs for few pods per node at autoscaler max",
	kinds: ["pod-subnet"],
	check: judgeBudget,
	remedies: (cluster, { view }, { podsPerNode }) => {
		const found = fewPods(cluster, view, podsPerNode);
		if (found === null) return [];
		const { few, nodes } = found;
		const { budget } = view;
		return [largerPodSubnet({ cluster, budget, few }, nodes.high, podsPerNode)];
	},
};

/**
 * The pools whose nodes have fewer pods than wanted at autoscaler max. Null where it is not known how many they have.
 */
function fewPods(cluster: ResolvedCluster, view: View, wanted: number) {
	const full = shareIn(view, "full");
	if (full === null) return null;
	const few = poolsOn(cluster, view).filter(
		({ maxPods }) =>
			podsOf(full.share, maxPods).low < Math.min(wanted, maxPods),
	);
	return { ...full, few };
}

function judgeBudget(
	{ view }: JudgedBudget,
	{ cluster, thresholds }: BudgetContext,
): Judgement {
	const { verdict } = view.scenarios.full;
	const found = fewPods(cluster, view, thresholds.podsPerNode);
	if (found === null || verdict === "unknown") return { kind: "not-evaluated" };
	// Not even a first batch for each: capacity-shortfall tells that.
	if (verdict !== "fits") return { kind: "fine" };
	const { nodes, share, few } = found;
	if (nodes.high === 0 || few.length === 0) return { kind: "fine" };
	return {
		kind: "violated",
		severity: "info",
		scenario: "full",
		reasons: reasons(view, share, nodes, few),
	};
}

function reasons(
	view: View,
	share: AddressShare,
	nodes: { low: number; high: number },
	few: readonly ResolvedPool[],
): Reason[] {
	const { addressesPerNode, stranded } = share;
	return [
		...few.flatMap(({ name, maxPods }) =>
			reason(
				"pool",
				`pool ${name}: ${words(podsOf(share, maxPods))} pods per node on average at autoscaler max (max pods ${maxPods})`,
			),
		),
		...reason(
			"cause",
			`${words(between(nodes.low, nodes.high))} nodes share ${words(view.budget.limit)} IPs in batches of ${firstBatch.low}: on average ${words(addressesPerNode)} per node. Each node keeps ${firstBatch.low / 2} unused. ${words(stranded)} IPs fill no batch.`,
		),
		...reason(
			"demand",
			`${demandText(view, "full")}. This is the first batch of each node.`,
		),
	];
}

function largerPodSubnet(
	{
		cluster,
		budget,
		few,
	}: {
		readonly cluster: ResolvedCluster;
		readonly budget: View["budget"];
		readonly few: readonly ResolvedPool[];
	},
	nodes: number,
	wanted: number,
): Remedy {
	const most = Math.max(...few.map(({ maxPods }) => maxPods));
	const pods = Math.min(wanted, most);
	const own = firstBatch.high - firstBatch.low;
	const needed = nodes * (addressesHeld(pods, most) + own);
	const present = (budget.limit.high ?? 0) + 1;
	const length = smallestPrefixFor(Math.max(needed, present));
	const room = roomFor(cluster, budget.id, length);
	return {
		kind: "larger-pod-subnet",
		title: titleOf(
			(short) =>
				`Move pools to a new /${length} pod subnet for ${pods} pods per node${room.place(short)}.`,
		),
		detail: [
			`Needs ${nodes} nodes x ${addressesHeld(pods, most) + own} IPs = ${grouped(needed)} IPs.`,
			"Add replacement pools, drain the old ones, delete them.",
			"Or plan for fewer pods with larger requests.",
			...room.detail,
		],
		command: room.subnet === null ? [] : [room.subnet.command],
	};
}
