import type { JudgedBudget } from "../model/judgedBudget.ts";
import {
	amountsIn,
	type BudgetContext,
	type ClusterFacts,
	type Judgement,
	nameOf,
	noAmounts,
	type Outcome,
	openKey,
	type Rule,
} from "./rule.ts";

/** An outcome, with the budget that it is of. Null: the cluster itself. */
export interface Checked {
	readonly judged: JudgedBudget | null;
	readonly outcome: Outcome;
}

/** What a rule says of the cluster and of each budget of its kinds, without what would fix it. */
export function checkRule(rule: Rule, facts: ClusterFacts): Checked[] {
	const checked: Checked[] = [];
	const ofCluster = rule.checkCluster?.(facts);
	if (ofCluster !== undefined)
		checked.push({ judged: null, outcome: outcomeOf(ofCluster, null) });
	if (rule.check === undefined || facts.cluster === null) return checked;
	const { cluster, budgets, openBefore } = facts;
	const context: BudgetContext = { ...facts, cluster, wasOpen: false };
	for (const judged of budgets) {
		const { id, kind } = judged.view.budget;
		if (rule.kinds?.includes(kind) === false) continue;
		const wasOpen = openBefore.size > 0 && openBefore.has(openKey(rule.id, id));
		const said: Judgement =
			judged.mismatch && !rule.judgesMismatch
				? { kind: "not-evaluated" }
				: rule.check(judged, wasOpen ? { ...context, wasOpen } : context);
		checked.push({ judged, outcome: outcomeOf(said, judged) });
	}
	return checked;
}

/** The same outcomes, with what would fix those that are violated. */
export function withRemedies(
	rule: Rule,
	facts: ClusterFacts,
	checked: readonly Checked[],
): Outcome[] {
	return checked.map(({ judged, outcome }) =>
		outcome.kind === "violated"
			? { ...outcome, remedies: remediesFor(rule, facts, judged) }
			: outcome,
	);
}

function remediesFor(
	rule: Rule,
	facts: ClusterFacts,
	judged: JudgedBudget | null,
) {
	const { cluster, thresholds } = facts;
	if (judged === null) return rule.clusterRemedies?.(facts) ?? [];
	if (cluster === null) return [];
	return rule.remedies?.(cluster, judged, thresholds) ?? [];
}

function outcomeOf(said: Judgement, judged: JudgedBudget | null): Outcome {
	if (said.kind !== "violated")
		return { ...said, budget: judged?.view.budget.id ?? null };
	const { scenario, ...rest } = said;
	return {
		...amountsOf(judged, scenario),
		...rest,
		remedies: [],
	};
}

function amountsOf(
	judged: JudgedBudget | null,
	scenario: Parameters<typeof amountsIn>[1] | undefined,
) {
	if (judged === null) return { ...noAmounts, budget: null };
	return scenario === undefined
		? { ...noAmounts, budget: nameOf(judged.view.budget) }
		: amountsIn(judged, scenario);
}
