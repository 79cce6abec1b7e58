import { scenarioNames, type Verdict } from "../../shared/contract.ts";
import { worstChecked } from "../../shared/model/verdictOrder.ts";
import { listed, plural } from "../../shared/text.ts";
import type { CheckAnswer } from "../data/answers.ts";

/** What comes out for the clusters that somebody asked about. */
export function sayingOf(verdict: Verdict, names: readonly string[]): string {
	const who =
		names.length === 0
			? "The change"
			: names.length > 3
				? plural(names.length, "cluster")
				: listed(names);
	const isOne = names.length < 2;
	switch (verdict) {
		case "fits":
			return `${who} ${isOne ? "fits" : "fit"} in all four scenarios.`;
		case "tight":
			return `${who} may not fit.`;
		case "short":
			return `${who} ${isOne ? "does" : "do"} not fit.`;
		case "unknown":
			return `Nobody can tell whether ${names.length === 0 ? "the change" : who} ${isOne ? "fits" : "fit"}.`;
	}
}

/** Of the clusters that somebody asked about. What could not be read counts against them, never for them. */
export function ownVerdict({
	verdict,
	clusters,
	gaps,
}: Pick<CheckAnswer, "verdict" | "clusters" | "gaps">): Verdict {
	const asked = clusters.filter((one) => one.asked);
	// Nothing was asked about by name: the answer is about all of them.
	if (asked.length === 0) return verdict;
	const own = worstChecked(asked.map((one) => one.verdict));
	const all = worstChecked(clusters.map((one) => one.verdict));
	if (verdict !== all) return verdict;
	return verdict === own || gaps.length === 0
		? own
		: worstChecked([own, "unknown"]);
}

/** A rotation needs more than before and after, and may be short for a while alone. */
export function isOnlyOnTheWay({ verdict, clusters }: CheckAnswer): boolean {
	const budgets = clusters.flatMap((one) => one.budgets);
	return (
		(verdict === "short" || verdict === "tight") &&
		clusters.every(({ notEvaluated }) => notEvaluated === null) &&
		budgets.every(({ after }) =>
			scenarioNames.every(
				(name) => (after?.scenarios[name]?.verdict ?? "fits") === "fits",
			),
		)
	);
}
