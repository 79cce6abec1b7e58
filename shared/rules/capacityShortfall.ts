import {
	type Reason,
	type ScenarioName,
	type Severity,
	scenarioNames,
	severities,
} from "../contract.ts";
import { scenarioText } from "../model/amountText.ts";
import type { ResolvedCluster } from "../model/cluster.ts";
import type { JudgedBudget } from "../model/judgedBudget.ts";
import type { Scenario } from "../model/view.ts";
import { capacityRemedies } from "../remedies/capacity.ts";
import { listed } from "../text.ts";
import type { BudgetContext, Judgement, Rule } from "./rule.ts";
import {
	azureText,
	decisionText,
	demandReasons,
	otherPoolsText,
	reason,
	stateText,
} from "./sums.ts";

/** A budget is too small for its nodes now, for an upgrade, or at autoscaler max. */
export const capacityShortfall: Rule = {
	id: "capacity-shortfall",
	since: 1,
	arithmeticSince: 4,
	title: "Short of IPs, blocks, routes or nodes",
	check: judgeBudget,
	remedies: (cluster, { view }) => capacityRemedies(cluster, view),
};

/** The least demanding violated scenario speaks, the worst severity counts. Unknown ones beside it are reasons. */
function judgeBudget(
	judged: JudgedBudget,
	{ cluster, budgets }: BudgetContext,
): Judgement {
	const { view } = judged;
	const violated = scenarioNames.filter(
		(scenario) => severityOf(judged, scenario) !== null,
	);
	const [scenario, ...alsoIn] = violated;
	if (scenario === undefined)
		return scenarioNames.some(
			(name) => view.scenarios[name].verdict === "unknown",
		)
			? { kind: "not-evaluated" }
			: { kind: "fine" };
	return {
		kind: "violated",
		severity: worst(judged, violated),
		scenario,
		alsoIn,
		reasons: [
			...reasons(judged, scenario, cluster, budgets),
			...reason("cluster-state", stateText(cluster)),
		],
	};
}

function worst(
	judged: JudgedBudget,
	violated: readonly ScenarioName[],
): Severity {
	const found = new Set(
		violated.map((scenario) => severityOf(judged, scenario)),
	);
	if (judged.view.exhausted) found.add("critical");
	return severities.find((severity) => found.has(severity)) ?? "low";
}

/**
 * Today short: nodes that never become ready. Upgrade short: security fixes cannot be installed. Full short: a
 * scale-out fails. Tight for the cluster's own reasons is medium, tight only if others move or all pools upgrade at
 * once is low.
 */
function severityOf(
	{ view }: JudgedBudget,
	name: ScenarioName,
): Severity | null {
	const scenario = view.scenarios[name];
	if (scenario.verdict === "tight") return severityOfTight(scenario);
	if (scenario.verdict !== "short") return null;
	if (view.budget.kind === "api-server-subnet") return "high";
	switch (name) {
		case "today":
		case "upgrade":
			return "critical";
		case "full":
			return "high";
		case "full-upgrade":
			return "medium";
	}
}

function severityOfTight({ decidedBy }: Scenario): Severity {
	switch (decidedBy) {
		case "neighbors":
		case "pools-at-once":
		case "neighbors-and-pools-at-once":
			return "low";
		case "documentation":
		case "surge":
		case "limit":
		case "observation":
		case "several":
		case null:
			return "medium";
	}
}

function reasons(
	judged: JudgedBudget,
	scenario: ScenarioName,
	cluster: ResolvedCluster,
	budgets: readonly JudgedBudget[],
): Reason[] {
	const { view } = judged;
	const unknown = scenarioNames.filter(
		(name) => view.scenarios[name].verdict === "unknown",
	);
	return [
		...demandReasons(judged, scenario),
		...reason("decided-by", decisionText(view, scenario)),
		...reason("exhausted", view.exhausted ? "No pool can add a node" : null),
		...reason("azure", azureText(judged, scenario, budgets)),
		...reason("azure", otherPoolsText(judged, scenario, cluster)),
		...reason(
			"not-known",
			unknown.length > 0
				? `Unknown ${listed(unknown.map((name) => scenarioText[name]))}: a node count has no known maximum`
				: null,
		),
	];
}
