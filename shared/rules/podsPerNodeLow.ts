import { smallestPrefixFor } from "../cidr.ts";
import type { Reason, Remedy } from "../contract.ts";
import type { ResolvedCluster, ResolvedPool } from "../model/cluster.ts";
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
import {
	amountsIn,
	type JudgedBudget,
	type Outcome,
	poolsOn,
	type Rule,
} from "./rule.ts";
import { demandText, reason } from "./sums.ts";

/** Every node gets its first batch, but what is left gives the nodes few pods. */
export const podsPerNodeLow: Rule = {
	id: "pods-per-node-low",
	title: "The pod subnet gives each node few pods at full scale",
	check: ({ cluster, budgets, thresholds }) =>
		budgets
			.filter(({ view }) => view.budget.kind === "pod-subnet")
			.map((judged) => judgeBudget(judged, cluster, thresholds.podsPerNode)),
};

function judgeBudget(
	judged: JudgedBudget,
	cluster: ResolvedCluster | null,
	wanted: number,
): Outcome {
	const { view, mismatch } = judged;
	const { budget, scenarios } = view;
	const { verdict } = scenarios.full;
	const full = shareIn(view, "full");
	if (mismatch || full === null || verdict === "unknown")
		return { kind: "not-evaluated", budget: budget.id };
	// Not even a first batch for each: capacity-shortfall tells that.
	if (verdict !== "fits") return { kind: "fine", budget: budget.id };
	const { nodes, share } = full;
	const few = poolsOn(cluster, view).filter(
		({ maxPods }) => podsOf(share, maxPods).low < Math.min(wanted, maxPods),
	);
	if (cluster === null || nodes.high === 0 || few.length === 0)
		return { kind: "fine", budget: budget.id };
	return {
		kind: "violated",
		severity: "info",
		...amountsIn(judged, "full"),
		reasons: reasons(view, share, nodes, few),
		remedies: [largerPodSubnet({ cluster, budget, few }, nodes.high, wanted)],
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
				`pool ${name}: ${words(podsOf(share, maxPods))} pods a node on average at full scale, max pods ${maxPods}`,
			),
		),
		...reason(
			"cause",
			`${words(view.budget.limit)} addresses in batches of ${firstBatch.low} give ${words(between(nodes.low, nodes.high))} nodes ${words(addressesPerNode)} each on average, of which a node keeps ${firstBatch.low / 2} unused; ${words(stranded)} addresses fill no batch`,
		),
		...reason("demand", `${demandText(view, "full")}: the first batches`),
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
	const { words, subnet } = roomFor(cluster, budget.id, length);
	return {
		kind: "larger-pod-subnet",
		text: `For ${pods} pods a node give new pools a pod subnet of at least /${length} in the same network (${nodes} nodes x ${addressesHeld(pods, most) + own} addresses = ${needed}), drain and delete the old ones; or plan for fewer pods with larger requests.${words}`,
		...(subnet === null ? {} : { command: subnet.command }),
	};
}
