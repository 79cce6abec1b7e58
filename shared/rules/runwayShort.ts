import type { Runway } from "../contract.ts";
import { hasHistory } from "../history/point.ts";
import { runwayText } from "../history/runwayText.ts";
import type { ResolvedCluster } from "../model/cluster.ts";
import type { View } from "../model/view.ts";
import { moreRoomRemedies } from "../remedies/capacity.ts";
import {
	amountsIn,
	type ClusterFacts,
	type JudgedBudget,
	type Outcome,
	openKey,
	type Rule,
	type Thresholds,
} from "./rule.ts";
import { demandReasons, reason } from "./sums.ts";

const id = "runway-short";

/** An estimate moves by some days every night: the finding leaves only above half as many days again. */
const exitFactor = 1.5;

/** Today's use grows, and will have reached the limit within so many days if it goes on. */
export const runwayShort: Rule = {
	id,
	title: "Will be full soon if it goes on filling as it did",
	check: ({ cluster, budgets, openBefore, thresholds }) =>
		budgets
			.filter(({ view }) => hasHistory(view.budget))
			.map((judged) =>
				judgeBudget(
					cluster,
					judged,
					daysFor(judged, openBefore, thresholds),
					thresholds.nearlyFullExitPercent,
				),
			),
};

function daysFor(
	{ view }: JudgedBudget,
	openBefore: ClusterFacts["openBefore"],
	{ runwayDays }: Thresholds,
): number {
	const wasOpen = openBefore.has(openKey(id, view.budget.id));
	return wasOpen ? runwayDays * exitFactor : runwayDays;
}

/** A history that settles nothing is no all-clear: an open finding stays, and none is made of it. */
function judgeBudget(
	cluster: ResolvedCluster | null,
	judged: JudgedBudget,
	days: number,
	percent: number,
): Outcome {
	const { view } = judged;
	const { id: budget, outlook } = view.budget;
	if (judged.mismatch) return { kind: "not-evaluated", budget };
	if (failsSooner(view)) return { kind: "fine", budget };
	switch (outlook.kind) {
		case "not-known":
			return { kind: "not-evaluated", budget };
		case "steady":
			return { kind: "fine", budget };
		case "filling":
			return outlook.runway.days > days
				? { kind: "fine", budget }
				: violation(cluster, judged, outlook.runway, percent);
	}
}

/** What is short now, or in the next upgrade, tells more of the same budget, with the same runway. */
function failsSooner({ scenarios }: View): boolean {
	return [scenarios.today, scenarios.upgrade].some(
		({ verdict }) => verdict === "short" || verdict === "tight",
	);
}

function violation(
	cluster: ResolvedCluster | null,
	judged: JudgedBudget,
	runway: Runway,
	percent: number,
): Outcome {
	return {
		kind: "violated",
		severity: "medium",
		...amountsIn(judged, "today"),
		reasons: [
			...reason("runway", runwayText(runway)),
			...demandReasons(judged, "today"),
		],
		remedies:
			cluster === null ? [] : moreRoomRemedies(cluster, judged.view, percent),
	};
}
