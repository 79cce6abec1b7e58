import type { BudgetKind } from "../../shared/contract.ts";
import type { Inventory } from "../../shared/inventory/facts.ts";
import type {
	ClusterFacts,
	JudgedBudget,
	Outcome,
	Rule,
	Violation,
} from "../../shared/rules/rule.ts";
import { clusterOf, fleetOf, seen } from "../model/builders.ts";

export const thresholds = {
	nearlyFullPercent: 90,
	nearlyFullExitPercent: 85,
	runwayDays: 30,
	podsPerNode: 30,
	oversizedPercent: 5,
};

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

/** The same of a budget of cluster `a` in a fleet, with all that a rule may read of it. */
export function outcomeIn(
	rule: Rule,
	fleet: Partial<Inventory>,
	kind: BudgetKind = "subnet",
	overrides: Partial<ClusterFacts> = {},
): Outcome {
	const { cluster, kubenet } = clusterOf(fleetOf(fleet));
	return outcomeOf(rule, seen(fleet, kind), { cluster, kubenet, ...overrides });
}

/** What a violation gives as reasons, one text each. */
export function textsOf({ reasons }: Pick<Violation, "reasons">): string[] {
	return reasons.map(({ text }) => text);
}

export function violation(outcome: Outcome): Violation {
	if (outcome.kind !== "violated") throw new Error(`it is ${outcome.kind}`);
	return outcome;
}
