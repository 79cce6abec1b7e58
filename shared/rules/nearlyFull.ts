import type { JudgedBudget } from "../model/judgedBudget.ts";
import { moreRoomRemedies } from "../remedies/capacity.ts";
import type { BudgetContext, Judgement, Rule } from "./rule.ts";
import { demandReasons } from "./sums.ts";

/** Little is free at autoscaler max. Opens and resolves at different percentages, so that it does not flap. */
export const nearlyFull: Rule = {
	id: "nearly-full",
	since: 1,
	arithmeticSince: 4,
	title: "Nearly full at autoscaler max",
	check: judgeBudget,
	remedies: (cluster, { view }, { nearlyFullExitPercent }) =>
		moreRoomRemedies(cluster, view, nearlyFullExitPercent),
};

function judgeBudget(
	judged: JudgedBudget,
	{ wasOpen, thresholds }: BudgetContext,
): Judgement {
	const percent = wasOpen
		? thresholds.nearlyFullExitPercent
		: thresholds.nearlyFullPercent;
	const { budget, scenarios } = judged.view;
	const { demand, verdict } = scenarios.full;
	if (verdict === "unknown") return { kind: "not-evaluated" };
	const least = budget.limit.low ?? 0;
	const most = demand.high ?? 0;
	// A shortfall of any scenario tells more of the same budget.
	const fits = Object.values(scenarios).every(
		(scenario) => scenario.verdict === "fits" || scenario.verdict === "unknown",
	);
	if (!fits || most * 100 < percent * least || most === 0)
		return { kind: "fine" };
	return {
		kind: "violated",
		severity: "low",
		scenario: "full",
		reasons: demandReasons(judged, "full"),
	};
}
