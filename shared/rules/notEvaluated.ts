import { scenarioNames } from "../contract.ts";
import { withoutAutoProvisioning } from "../model/autoProvisioning.ts";
import { scenarioWords } from "../model/words.ts";
import {
	amountsIn,
	type JudgedBudget,
	noAmounts,
	type Outcome,
	type Rule,
	type Violation,
} from "./rule.ts";
import { entryWords } from "./sums.ts";

/** Missing data is never fine: what could not be judged is said, with what is missing. */
export const notEvaluated: Rule = {
	id: "not-evaluated",
	title: "Could not be evaluated",
	check: ({ notEvaluated, budgets }) => {
		if (notEvaluated !== null) return [ofCluster(notEvaluated)];
		return [
			{ kind: "fine", budget: null },
			...budgets.map((judged) => judgeBudget(judged)),
		];
	},
};

function ofCluster(reason: string): Violation {
	return {
		kind: "violated",
		severity: "medium",
		budget: null,
		...noAmounts,
		verdict: "unknown",
		because: [reason],
		remedies: [
			{
				kind: "give-access",
				text: "Give the auditor's identity Reader where the reason says, at best on a management group above all networks.",
			},
		],
	};
}

/** What is said of a cluster that was judged while some of its rules threw. */
export function rulesNotChecked(rules: readonly string[]): Violation {
	return {
		kind: "violated",
		severity: "medium",
		budget: null,
		...noAmounts,
		verdict: "unknown",
		because: rules.map(
			(rule) =>
				`rule ${rule} could not be checked; its findings here stay as they were`,
		),
		remedies: [
			{
				kind: "report-error",
				text: "Look for the error in the log of the audit, and report it with the name of the rule.",
			},
		],
	};
}

/**
 * A violated scenario outweighs unknown ones; they stand among its reasons. That auto-provisioning has no maximum is
 * named by unbounded-growth: unknown for that alone is not said twice.
 */
function judgeBudget(judged: JudgedBudget): Outcome {
	const { budget, scenarios } = judged.view;
	const known = withoutAutoProvisioning(judged.view).scenarios;
	const verdicts = scenarioNames.map((name) => scenarios[name].verdict);
	const violated = verdicts.some(
		(verdict) => verdict === "short" || verdict === "tight",
	);
	const unknown = scenarioNames.some(
		(name) => known[name].verdict === "unknown",
	);
	if (!judged.mismatch && (violated || !unknown))
		return { kind: "fine", budget: budget.id };
	const scenario =
		scenarioNames.find((name) => scenarios[name].verdict === "unknown") ??
		"today";
	return {
		kind: "violated",
		severity: "medium",
		...amountsIn(judged, scenario),
		verdict: "unknown",
		alsoIn: scenarioNames.filter(
			(name) =>
				name !== scenario && judged.view.scenarios[name].verdict === "unknown",
		),
		because: because(judged, scenario),
		remedies: [],
	};
}

function because(
	{ view, mismatch }: JudgedBudget,
	scenario: (typeof scenarioNames)[number],
): string[] {
	const { budget, entries } = view;
	if (mismatch)
		return [
			`the nodes would draw more than there is (${budget.limitReason}), which Azure would not have allowed: model and data do not match`,
			...entries.map((entry) => entryWords(entry, budget.unit, "today")),
		];
	const reasons = [
		budget.limit.high === null ? budget.limitReason : null,
		budget.observed !== null && budget.observed.high === null
			? "Azure shows no ip configurations or routes here although nodes are there: what holds the rest is not known"
			: null,
		budget.unseen.length > 0
			? `${budget.unseen.length} clusters or scale sets draw on it that are not visible or not evaluated: how they grow is not known`
			: null,
		...entries
			.filter(
				({ growth, nodes }) => growth.high === null || nodes.high === null,
			)
			.map(
				(entry) =>
					`pool ${entry.pool}: how many nodes it may have is not known (auto-provisioned, stopped, or not reported)`,
			),
	].filter((reason) => reason !== null);
	return [
		`${scenarioWords[scenario]} an unbounded number decides`,
		...(reasons.length > 0
			? reasons
			: ["a neighbour's growth has no known maximum"]),
	];
}
