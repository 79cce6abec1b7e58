import { groupKey, groupOfNetwork, networkOfSubnet } from "../arm.ts";
import { smallestPrefixFor } from "../cidr.ts";
import type { ResolvedCluster } from "../model/cluster.ts";
import type { JudgedBudget } from "../model/judgedBudget.ts";
import type { View } from "../model/view.ts";
import type { BudgetContext, Judgement, Rule } from "./rule.ts";
import { demandReasons } from "./sums.ts";

/** Usable addresses of a /22: below it there is little to win back. */
const smallest = 1019;

/** Even an upgrade at autoscaler max takes next to nothing of it. Leaves one percent above where it enters. */
export const oversizedSubnet: Rule = {
	id: "oversized-subnet",
	since: 2,
	arithmeticSince: 4,
	title: "The node subnet is far larger than it will ever need",
	kinds: ["subnet"],
	check: judgeBudget,
	remedies: (_, { view }) => [
		{
			kind: "smaller-subnet",
			title: `Plan a /${smallestPrefixFor(most(view))} subnet when the pools are rebuilt: it is large enough.`,
			detail: [
				"A subnet in use cannot be resized.",
				"Or put further pools or clusters into this one.",
			],
			command: [],
		},
	],
};

function most({ scenarios }: View): number {
	return scenarios["full-upgrade"].demand.high ?? 0;
}

function judgeBudget(
	judged: JudgedBudget,
	{ cluster, thresholds, wasOpen }: BudgetContext,
): Judgement {
	const { view } = judged;
	const { budget, scenarios } = view;
	if (isManaged(cluster, budget.id)) return { kind: "fine" };
	if (scenarios["full-upgrade"].verdict === "unknown")
		return { kind: "not-evaluated" };
	const percent = thresholds.oversizedPercent + (wasOpen ? 1 : 0);
	const limit = budget.limit.low ?? 0;
	if (limit < smallest || most(view) * 100 > percent * limit)
		return { kind: "fine" };
	return {
		kind: "violated",
		severity: "info",
		scenario: "full-upgrade",
		reasons: demandReasons(judged, "full-upgrade"),
	};
}

/** AKS makes a /16 for everyone who names no subnet: nobody's decision, and nobody else's addresses. */
function isManaged(cluster: ResolvedCluster, subnet: string): boolean {
	return (
		groupOfNetwork(networkOfSubnet(subnet)) ===
		groupKey(cluster.subscription, cluster.nodeResourceGroup)
	);
}
