import { groupKey, groupOfNetwork, networkOfSubnet } from "../arm.ts";
import { smallestPrefixFor } from "../cidr.ts";
import type { ResolvedCluster } from "../model/cluster.ts";
import {
	amountsIn,
	type JudgedBudget,
	type Outcome,
	openKey,
	type Rule,
} from "./rule.ts";
import { demandReasons } from "./sums.ts";

const id = "oversized-subnet";

/** Usable addresses of a /22: below it there is little to win back. */
const smallest = 1019;

/** Even an upgrade at full scale takes next to nothing of it. Leaves one percent above where it enters. */
export const oversizedSubnet: Rule = {
	id,
	title: "The node subnet is far larger than it will ever need",
	check: ({ cluster, budgets, openBefore, thresholds }) =>
		budgets
			.filter(({ view }) => view.budget.kind === "subnet")
			.map((judged) => {
				const wasOpen = openBefore.has(openKey(id, judged.view.budget.id));
				const percent = thresholds.oversizedPercent + (wasOpen ? 1 : 0);
				return judgeBudget(judged, cluster, percent);
			}),
};

function judgeBudget(
	judged: JudgedBudget,
	cluster: ResolvedCluster | null,
	percent: number,
): Outcome {
	const { view, mismatch } = judged;
	const { budget, scenarios } = view;
	if (isManaged(cluster, budget.id)) return { kind: "fine", budget: budget.id };
	const { demand, verdict } = scenarios["full-upgrade"];
	if (mismatch || verdict === "unknown")
		return { kind: "not-evaluated", budget: budget.id };
	const limit = budget.limit.low ?? 0;
	const most = demand.high ?? 0;
	if (limit < smallest || most * 100 > percent * limit)
		return { kind: "fine", budget: budget.id };
	return {
		kind: "violated",
		severity: "info",
		...amountsIn(judged, "full-upgrade"),
		reasons: demandReasons(judged, "full-upgrade"),
		remedies: [
			{
				kind: "smaller-subnet",
				text: `A /${smallestPrefixFor(most)} carries this. A subnet in use cannot be resized: put further pools or clusters into it, or take a smaller one when the pools are built anew.`,
			},
		],
	};
}

/** AKS makes a /16 for everyone who names no subnet: nobody's decision, and nobody else's addresses. */
function isManaged(cluster: ResolvedCluster | null, subnet: string): boolean {
	return (
		cluster !== null &&
		groupOfNetwork(networkOfSubnet(subnet)) ===
			groupKey(cluster.subscription, cluster.nodeResourceGroup)
	);
}
