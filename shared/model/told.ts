import type { Budget } from "./budget.ts";
import type { FleetCluster, SharedBudget } from "./fleet.ts";
import { notKnown, type Outlook } from "./outlook.ts";
import { fillingEntries } from "./uses.ts";

/** What histories say of the future of budgets, by ID. What is not in it is not known. */
export type HistoryOutlooks = ReadonlyMap<string, Outlook>;

/** The cluster, told what the histories of its budgets say. */
export function toldCluster(
	one: FleetCluster,
	outlooks: HistoryOutlooks,
): FleetCluster {
	const own = new Set(
		(one.cluster === null ? [] : fillingEntries(one.cluster)).map(
			({ budget }) => budget.id,
		),
	);
	return {
		...one,
		budgets: one.budgets.map((budget) => told(budget, outlooks)),
		outlooks: Object.fromEntries(
			[...own].map((id) => [id, outlooks.get(id) ?? notKnown]),
		),
	};
}

export function toldShared(
	{ budget, clusters }: SharedBudget,
	outlooks: HistoryOutlooks,
): SharedBudget {
	return { budget: told(budget, outlooks), clusters };
}

function told(budget: Budget, outlooks: HistoryOutlooks): Budget {
	return { ...budget, outlook: outlooks.get(budget.id) ?? notKnown };
}
