import { type Reason, type Remedy, scenarioNames } from "../contract.ts";
import { scenarioText } from "../model/amountText.ts";
import { withoutAutoProvisioning } from "../model/autoProvisioning.ts";
import type { NotJudged } from "../model/cluster.ts";
import { entryReason } from "../model/entryText.ts";
import type { JudgedBudget } from "../model/judgedBudget.ts";
import { concerns, openingText, unseenText } from "../model/opening.ts";
import { titleOf } from "../remedies/offer.ts";
import { capital } from "../text.ts";
import {
	type BudgetContext,
	type ClusterFacts,
	type Judgement,
	noAmounts,
	openKey,
	type Rule,
	type Violation,
} from "./rule.ts";

/** Missing data is never fine: what could not be judged is said, with what is missing. */
export const notEvaluated: Rule = {
	id: "not-evaluated",
	since: 1,
	arithmeticSince: 4,
	title: "Could not be evaluated",
	judgesMismatch: true,
	check: judgeBudget,
	checkCluster: judgeCluster,
	clusterRemedies: ({ cluster }) => giveAccess(cluster?.notJudged ?? []),
};

function giveAccess(notJudged: readonly NotJudged[]): Remedy[] {
	const places = [
		...new Set(notJudged.flatMap(({ accessTo }) => accessTo ?? [])),
	];
	if (places.length === 0) return [];
	const [first = ""] = places;
	return [
		{
			kind: "give-access",
			title: titleOf((short) =>
				places.length === 1
					? `Assign the auditor's identity Reader on ${short(first)}.`
					: `Assign the auditor's identity Reader in ${places.length} places.`,
			),
			detail: [
				...(places.length === 1 ? [] : places.map((place) => `On ${place}.`)),
				"Or assign it on a management group above all networks.",
			],
			command: [],
		},
	];
}

function judgeCluster({ notEvaluated, cluster }: ClusterFacts): Judgement {
	if (notEvaluated === null) return { kind: "fine" };
	const reasons = cluster?.notJudged ?? [
		{ reason: notEvaluated, accessTo: null, hidesBudgets: true },
	];
	return {
		hidesBudgets: reasons.some((one) => one.hidesBudgets),
		kind: "violated",
		severity: "medium",
		verdict: "unknown",
		reasons: reasons.map((one) => notKnown(one.reason)),
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
		reasons: rules.map((rule) =>
			notKnown(
				`Rule ${rule} could not be checked. Its findings here stay as they were.`,
			),
		),
		remedies: [
			{
				kind: "report-error",
				title:
					"Look for the error in the audit's log, and report it with the rule's name.",
				detail: [],
				command: [],
			},
		],
	};
}

/**
 * A failing scenario outweighs unknown ones, which are among its reasons. unbounded-growth reports auto-provisioning
 * without a maximum: unknown for that alone is not said twice. Nor is what a finding that stays as it was says, or the
 * reason why the whole cluster could not be judged.
 */
function judgeBudget(judged: JudgedBudget, facts: BudgetContext): Judgement {
	const { budget, scenarios } = judged.view;
	const known = withoutAutoProvisioning(judged.view).scenarios;
	const verdicts = scenarioNames.map((name) => scenarios[name].verdict);
	const violated = verdicts.some(
		(verdict) => verdict === "short" || verdict === "tight",
	);
	const unknown = scenarioNames.some(
		(name) => known[name].verdict === "unknown",
	);
	if (!judged.mismatch && (violated || !unknown)) return { kind: "fine" };
	const self = facts.cluster.id;
	const isSaidOfCluster =
		facts.notEvaluated !== null &&
		budget.open.every(
			({ kind, cluster }) =>
				kind === "not-read" && (cluster === null || cluster === self),
		);
	if (isSaidOfCluster) return { kind: "not-evaluated" };
	const shortBefore = openKey("capacity-shortfall", budget.id);
	if (budget.open.length > 0 && facts.openBefore.has(shortBefore))
		return { kind: "fine" };
	const scenario =
		scenarioNames.find((name) => scenarios[name].verdict === "unknown") ??
		"today";
	return {
		kind: "violated",
		severity: "medium",
		scenario,
		verdict: "unknown",
		alsoIn: scenarioNames.filter(
			(name) =>
				name !== scenario && judged.view.scenarios[name].verdict === "unknown",
		),
		reasons: reasons(judged, scenario, facts.cluster.id),
	};
}

/** The cause first: it is what findings are grouped by. */
function reasons(
	{ view, mismatch }: JudgedBudget,
	scenario: (typeof scenarioNames)[number],
	cluster: string,
): Reason[] {
	const { budget, entries } = view;
	if (mismatch)
		return [
			notKnown(
				`The nodes need more than there is (${budget.limitReason}). Azure would not have allowed this: model and data do not match.`,
			),
			...entries.map((entry) => entryReason(entry, budget.unit, "today")),
		];
	const openings = budget.open.filter((one) => concerns(one, cluster));
	const cause = openings[0]?.cause;
	const open = [
		...(cause === undefined ? [] : [cause]),
		...openings.map((one) =>
			one.cause === cause ? capital(unseenText(one)) : openingText(one),
		),
	];
	const unbounded = entries
		.filter(
			({ growth, nodes, missing }) =>
				missing === null && (growth.high === null || nodes.high === null),
		)
		.map(
			({ pool }) =>
				`pool ${pool}: maximum number of nodes is unknown (auto-provisioned, stopped, or not reported)`,
		);
	const reasons = [...new Set([...open, ...unbounded])];
	return [
		...(reasons.length > 0
			? reasons
			: ["A neighbor's growth has no known maximum"]),
		`How much is free ${scenarioText[scenario]} is not known`,
	].map(notKnown);
}

function notKnown(text: string): Reason {
	return { kind: "not-known", text };
}
