import type { ResolvedCluster } from "../model/cluster.ts";
import { moreRoomRemedies } from "../remedies/capacity.ts";
import {
	amountsIn,
	type JudgedBudget,
	type Outcome,
	openKey,
	type Rule,
} from "./rule.ts";
import { demandReasons } from "./sums.ts";

const id = "nearly-full";

/** At the autoscaler's maximum little is left. Enters and leaves at different percentages, so that it does not flap. */
export const nearlyFull: Rule = {
	id,
	title: "Nearly full at full scale",
	check: ({ cluster, budgets, openBefore, thresholds }) =>
		budgets.map((judged) => {
			const wasOpen = openBefore.has(openKey(id, judged.view.budget.id));
			const { nearlyFullPercent, nearlyFullExitPercent } = thresholds;
			return judgeBudget(
				cluster,
				judged,
				wasOpen ? nearlyFullExitPercent : nearlyFullPercent,
				nearlyFullExitPercent,
			);
		}),
};

function judgeBudget(
	cluster: ResolvedCluster | null,
	judged: JudgedBudget,
	percent: number,
	exitPercent: number,
): Outcome {
	const { budget, scenarios } = judged.view;
	const { demand, verdict } = scenarios.full;
	if (judged.mismatch || verdict === "unknown")
		return { kind: "not-evaluated", budget: budget.id };
	const least = budget.limit.low ?? 0;
	const most = demand.high ?? 0;
	// A shortfall of any scenario tells more of the same budget.
	const fits = Object.values(scenarios).every(
		(scenario) => scenario.verdict === "fits" || scenario.verdict === "unknown",
	);
	if (!fits || most * 100 < percent * least || most === 0)
		return { kind: "fine", budget: budget.id };
	return {
		kind: "violated",
		severity: "low",
		...amountsIn(judged, "full"),
		reasons: demandReasons(judged, "full"),
		remedies:
			cluster === null
				? []
				: moreRoomRemedies(cluster, judged.view, exitPercent),
	};
}
