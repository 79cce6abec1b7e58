import type { Preflight, Verdict } from "../contract.ts";
import { type Budget, budgetOfCluster } from "./budget.ts";
import { budgetKinds } from "./budgetKinds.ts";
import type { ResolvedCluster, ResolvedPool } from "./cluster.ts";
import { type Entry, entriesOf } from "./entries.ts";
import type { FleetCluster } from "./fleet.ts";
import { preflightOf } from "./preflight.ts";
import { type Now, type View, viewOf } from "./view.ts";

/** A budget as one of its clusters sees it. */
export interface JudgedBudget {
	readonly view: View;
	readonly azure: Preflight;
	/** The models need more today than Azure would ever have allowed: data and model do not match. */
	readonly mismatch: boolean;
}

/** Every budget that the cluster uses, as it sees it. Throws where a shared one is missing from the snapshot. */
export function budgetsOf(
	one: FleetCluster,
	shared: ReadonlyMap<string, Budget>,
): JudgedBudget[] {
	const { cluster, budgets, shared: sharedIds, outlooks } = one;
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
			budgetOfCluster(cluster, name, own, outlooks) ?? present(known, name.id);
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
	const { now, scenarios } = view;
	const mismatch = isMismatch(budget, now, scenarios.today.verdict);
	return { view, azure, mismatch };
}

/** Azure would not have let it run over: where no observation confirms it, the model is wrong. */
export function isMismatch(
	{ kind }: Budget,
	{ isObserved }: Now,
	today: Verdict,
): boolean {
	return budgetKinds[kind].isGuarded && !isObserved && today === "short";
}

function present(budgets: ReadonlyMap<string, Budget>, id: string): Budget {
	const budget = budgets.get(id);
	if (budget === undefined)
		throw new Error(`the snapshot holds no budget ${id}`);
	return budget;
}

/** The cluster's pools that use a budget. */
export function poolsOn(
	cluster: ResolvedCluster,
	{ entries }: View,
): readonly ResolvedPool[] {
	const names = new Set(entries.map(({ pool }) => pool));
	return cluster.pools.filter(({ name }) => names.has(name));
}
