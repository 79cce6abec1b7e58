import type { BudgetKind } from "../../shared/contract.ts";
import type { Inventory } from "../../shared/inventory/facts.ts";
import { budgetIdOf } from "../../shared/judge/judge.ts";
import type { ResolvedCluster } from "../../shared/model/cluster.ts";
import type { JudgedBudget } from "../../shared/model/judgedBudget.ts";
import type {
	ClusterFacts,
	Outcome,
	Rule,
	Violation,
} from "../../shared/rules/rule.ts";
import { checkRule, withRemedies } from "../../shared/rules/runner.ts";
import { clusterOf, fleetOf, overlayCluster, seen } from "../model/builders.ts";

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

/** All that a rule says, with what would fix it. */
export function outcomesOf(rule: Rule, of: ClusterFacts): Outcome[] {
	return withRemedies(rule, of, checkRule(rule, of));
}

/** For rules that are asked about a budget alone. */
const withoutPools: ResolvedCluster = {
	...resolvedOf({ clusters: [overlayCluster()] }),
	pools: [],
};

function resolvedOf(fleet: Partial<Inventory>): ResolvedCluster {
	const { cluster } = clusterOf(fleetOf(fleet));
	if (cluster === null) throw new Error("it is not resolved");
	return cluster;
}

/** What a rule says of one budget alone. */
export function outcomeOf(
	rule: Rule,
	budget: JudgedBudget,
	overrides: Partial<ClusterFacts> = {},
): Outcome {
	const outcomes = outcomesOf(
		rule,
		facts({ cluster: withoutPools, budgets: [budget], ...overrides }),
	).filter((outcome) => budgetIdOf(outcome) === budget.view.budget.id);
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

/** The reasons of a violation, one text each. */
export function textsOf({ reasons }: Pick<Violation, "reasons">): string[] {
	return reasons.map(({ text }) => text);
}

export function violation(outcome: Outcome): Violation {
	if (outcome.kind !== "violated") throw new Error(`it is ${outcome.kind}`);
	return outcome;
}
