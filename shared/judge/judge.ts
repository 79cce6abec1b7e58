import { type Budget, budgetOfCluster } from "../model/budget.ts";
import type { ResolvedCluster } from "../model/cluster.ts";
import { type Entry, entriesOf } from "../model/entries.ts";
import type { FleetCluster } from "../model/fleet.ts";
import { concerns, openingWords } from "../model/opening.ts";
import { preflightOf } from "../model/preflight.ts";
import { type View, viewOf } from "../model/view.ts";
import { rules } from "../rules/registry.ts";
import type {
	ClusterFacts,
	JudgedBudget,
	Outcome,
	Thresholds,
	Unseen,
} from "../rules/rule.ts";

/** What every rule said of one cluster. */
export interface RuleOutcome {
	readonly rule: string;
	readonly outcome: Outcome;
	/** What is unseen of what the rule looked at, in words: then it neither resolves nor eases a finding. */
	readonly unseen: Unseen;
}

/** Judges one cluster alone: its entries against its budgets, each rule's outcomes in the order of the registry. */
export function judgeCluster(
	cluster: FleetCluster,
	shared: ReadonlyMap<string, Budget>,
	openBefore: ReadonlySet<string>,
	thresholds: Thresholds,
): RuleOutcome[] {
	const facts = factsOf(cluster, shared, openBefore, thresholds);
	const unseen = unseenByBudget(cluster.id, facts.budgets);
	return rules.flatMap(({ id, check }) =>
		check(facts).map((outcome) => ({
			rule: id,
			outcome,
			unseen: outcome.unseen ?? unseen.get(budgetIdOf(outcome)) ?? null,
		})),
	);
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
				unseen: [...new Set(open.map(openingWords))],
			});
	}
	return unseen;
}

/** The budget that an outcome is about, by id; null: the cluster itself. */
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

/** Every budget that the cluster draws on, as it sees it. Throws where a shared one is missing from the snapshot. */
export function budgetsOf(
	one: FleetCluster,
	shared: ReadonlyMap<string, Budget>,
): JudgedBudget[] {
	const { cluster, budgets, shared: sharedIds, podRangeOutlook } = one;
	if (cluster === null) return [];
	const known = new Map(budgets.map((budget) => [budget.id, budget]));
	for (const id of sharedIds) known.set(id, present(shared, id));
	const entries = Map.groupBy(
		entriesOf(cluster),
		({ budget }) => `${budget.kind}\n${budget.id}`,
	);
	return [...entries.values()].map((own) => {
		const { budget: name } = firstOf(own);
		const budget =
			budgetOfCluster(cluster, name, own, podRangeOutlook) ??
			present(known, name.id);
		return judgeBudget(cluster, budget, own);
	});
}

function firstOf(entries: readonly Entry[]): Entry {
	const [first] = entries;
	if (first === undefined) throw new Error("a budget without entries");
	return first;
}

function judgeBudget(
	cluster: ResolvedCluster,
	budget: Budget,
	entries: readonly Entry[],
): JudgedBudget {
	const view = viewOf(budget, entries);
	const azure = preflightOf(cluster, view);
	return { view, azure, mismatch: isMismatch(view) };
}

/** Azure would not have let a subnet or a pod range run over: where no observation confirms it, the model is wrong. */
function isMismatch({ budget, now, scenarios }: View): boolean {
	const guarded = budget.kind === "subnet" || budget.kind === "pod-range";
	return guarded && !now.isObserved && scenarios.today.verdict === "short";
}

function present(budgets: ReadonlyMap<string, Budget>, id: string): Budget {
	const budget = budgets.get(id);
	if (budget === undefined)
		throw new Error(`the snapshot holds no budget ${id}`);
	return budget;
}
