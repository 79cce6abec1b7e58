import type { Runway } from "../contract.ts";
import { runwayText } from "../history/runwayText.ts";
import { kindsWithHistory } from "../model/budgetKinds.ts";
import type { JudgedBudget } from "../model/judgedBudget.ts";
import type { View } from "../model/view.ts";
import { moreRoomRemedies } from "../remedies/capacity.ts";
import type { BudgetContext, Judgement, Rule } from "./rule.ts";
import { demandReasons, reason } from "./sums.ts";

/** An estimate moves by some days every night: the finding leaves only above half as many days again. */
const exitFactor = 1.5;

/** Today's use grows, and will have reached the limit within so many days if it goes on. */
export const runwayShort: Rule = {
	id: "runway-short",
	since: 3,
	arithmeticSince: 4,
	title: "Will be full soon if it grows as before",
	kinds: kindsWithHistory,
	check: judgeBudget,
	remedies: (cluster, { view }, { nearlyFullExitPercent }) =>
		moreRoomRemedies(cluster, view, nearlyFullExitPercent),
};

/** A history that settles nothing is no all-clear: an open finding stays, and none is made of it. */
function judgeBudget(
	judged: JudgedBudget,
	{ thresholds: { runwayDays }, wasOpen }: BudgetContext,
): Judgement {
	const { view } = judged;
	const { outlook } = view.budget;
	const days = wasOpen ? runwayDays * exitFactor : runwayDays;
	if (failsSooner(view)) return { kind: "fine" };
	switch (outlook.kind) {
		case "not-known":
			return { kind: "not-evaluated" };
		case "steady":
			return { kind: "fine" };
		case "filling":
			return outlook.runway.days > days
				? { kind: "fine" }
				: violation(judged, outlook.runway);
	}
}

/** What is short now, or in the next upgrade, tells more of the same budget, with the same runway. */
function failsSooner({ scenarios }: View): boolean {
	return [scenarios.today, scenarios.upgrade].some(
		({ verdict }) => verdict === "short" || verdict === "tight",
	);
}

function violation(judged: JudgedBudget, runway: Runway): Judgement {
	return {
		kind: "violated",
		severity: "medium",
		scenario: "today",
		reasons: [
			...reason("runway", runwayText(runway)),
			...demandReasons(judged, "today"),
		],
	};
}
