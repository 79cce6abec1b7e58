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

/** The demand now grows, and reaches the limit within this many days if it continues. */
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

/** A history that settles nothing is not an all-clear: an open finding stays, and no new one is made. */
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
