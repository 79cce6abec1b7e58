import type {
	ClusterFacts,
	JudgedBudget,
	Outcome,
	Rule,
	Violation,
} from "../../shared/rules/rule.ts";

export const thresholds = { nearlyFullPercent: 90, nearlyFullExitPercent: 85 };

/** What a rule reads, of a cluster that can be evaluated and has nothing to say. */
export function facts(overrides: Partial<ClusterFacts> = {}): ClusterFacts {
	return {
		cluster: null,
		kubenet: false,
		notEvaluated: null,
		budgets: [],
		openBefore: new Set(),
		thresholds,
		...overrides,
	};
}

/** What a rule says of one budget alone. */
export function outcomeOf(
	rule: Rule,
	budget: JudgedBudget,
	overrides: Partial<ClusterFacts> = {},
): Outcome {
	const outcomes = rule
		.check(facts({ budgets: [budget], ...overrides }))
		.filter(
			(outcome) =>
				(outcome.kind === "violated" ? outcome.budget?.id : outcome.budget) ===
				budget.view.budget.id,
		);
	const [outcome] = outcomes;
	if (outcome === undefined || outcomes.length > 1)
		throw new Error(`${outcomes.length} outcomes of one budget`);
	return outcome;
}

export function violation(outcome: Outcome): Violation {
	if (outcome.kind !== "violated") throw new Error(`it is ${outcome.kind}`);
	return outcome;
}
