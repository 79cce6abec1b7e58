import type { Budget } from "../model/budget.ts";
import type { FleetCluster } from "../model/fleet.ts";
import { budgetsOf, type JudgedBudget } from "../model/judgedBudget.ts";
import { concerns, openingText } from "../model/opening.ts";
import { notEvaluated, rulesNotChecked } from "../rules/notEvaluated.ts";
import { rules } from "../rules/registry.ts";
import type {
	ClusterFacts,
	Outcome,
	Rule,
	Thresholds,
	Unseen,
} from "../rules/rule.ts";
import { checkRule, withRemedies } from "../rules/runner.ts";

/** What every rule said of one cluster. */
export interface RuleOutcome {
	readonly rule: string;
	readonly outcome: Outcome;
	/** What is unseen on the budget that the rule looked at, in words: then it neither resolves nor eases a finding. */
	readonly unseen: Unseen;
	/** What the rule threw: it could not be checked, and what it found before stays as it was. */
	readonly error?: unknown;
	/** Not the cluster, only some of its rules: it counts as evaluated. */
	readonly partly?: true;
}

/**
 * Judges one cluster alone: its entries against its budgets, each rule's outcomes in the order of the registry. A rule
 * that throws costs only itself.
 */
export function judgeCluster(
	cluster: FleetCluster,
	shared: ReadonlyMap<string, Budget>,
	openBefore: ReadonlySet<string>,
	thresholds: Thresholds,
): RuleOutcome[] {
	const facts = factsOf(cluster, shared, openBefore, thresholds);
	const unseen = unseenByBudget(cluster.id, facts.budgets);
	const all = rules.flatMap((rule) => checkAlone(rule, facts, unseen));
	return withBroken(all);
}

function checkAlone(
	rule: Rule,
	facts: ClusterFacts,
	unseen: ReadonlyMap<string | null, Unseen>,
): RuleOutcome[] {
	try {
		const outcomes = withRemedies(rule, facts, checkRule(rule, facts));
		return outcomes.map((outcome) => ({
			rule: rule.id,
			outcome,
			unseen:
				outcome.unseen ??
				(unseen.size > 0 ? unseen.get(budgetIdOf(outcome)) : null) ??
				null,
		}));
	} catch (error) {
		const outcome = { kind: "not-evaluated", budget: null } as const;
		return [{ rule: rule.id, outcome, unseen: null, error }];
	}
}

/** One finding names the rules that could not be checked, beside what else could not be judged of the cluster. */
function withBroken(outcomes: readonly RuleOutcome[]): RuleOutcome[] {
	const broken = outcomes.filter(({ error }) => error !== undefined);
	if (broken.length === 0) return [...outcomes];
	const whole = outcomes.find(
		({ rule, outcome, error }) =>
			error === undefined &&
			rule === notEvaluated.id &&
			budgetIdOf(outcome) === null,
	);
	const said = rulesNotChecked(broken.map(({ rule }) => rule));
	const rest = outcomes.filter((one) => one !== whole);
	if (whole?.outcome.kind !== "violated")
		return [
			...rest,
			{ rule: notEvaluated.id, outcome: said, unseen: null, partly: true },
		];
	const reasons = [...whole.outcome.reasons, ...said.reasons];
	return [...rest, { ...whole, outcome: { ...whole.outcome, reasons } }];
}

function unseenByBudget(
	cluster: string,
	budgets: readonly JudgedBudget[],
): ReadonlyMap<string | null, Unseen> {
	const unseen = new Map<string, Unseen>();
	for (const { view } of budgets) {
		const open = view.budget.open.filter((one) => concerns(one, cluster));
		const [first] = open;
		if (first !== undefined)
			unseen.set(view.budget.id, {
				cause: first.cause,
				unseen: [...new Set(open.map(openingText))],
			});
	}
	return unseen;
}

/** The budget that an outcome is about, by id. Null: the cluster itself. */
export function budgetIdOf(outcome: Outcome): string | null {
	return outcome.kind === "violated"
		? (outcome.budget?.id ?? null)
		: outcome.budget;
}

/** What the rules read of one cluster. */
export function factsOf(
	cluster: FleetCluster,
	shared: ReadonlyMap<string, Budget>,
	openBefore: ReadonlySet<string>,
	thresholds: Thresholds,
): ClusterFacts {
	return {
		cluster: cluster.cluster,
		kubenet: cluster.kubenet,
		notEvaluated: cluster.notEvaluated,
		budgets: budgetsOf(cluster, shared),
		openBefore,
		thresholds,
	};
}
