import { lastName } from "../arm.ts";
import type { BudgetName, Range } from "../contract.ts";
import type { ListedBudget } from "../model/budgetList.ts";
import { freeAndVerdict } from "../model/range.ts";

/*
 * The list of clusters is kept beside that of budgets: which clusters there are, and what each shows if it fits. Whether
 * it fits follows from the findings that are open when somebody asks.
 */

/** Clusters of a part. */
export const clustersInPart = 1000;

export interface ListedCluster {
	/** ARM ID, lower case. */
	readonly id: string;
	/** The fullest budget that fits all its clusters. Of a cluster without such a one, the fullest. */
	readonly budget: BudgetName;
	/** Of that budget, for an upgrade at the autoscaler's maximum. */
	readonly free: Range;
}

/** The clusters that use these budgets, by name. `budgets`: fullest first. */
export function listedClusters(
	budgets: readonly ListedBudget[],
): ListedCluster[] {
	const chosen = new Map<string, ListedBudget>();
	for (const budget of budgets)
		for (const cluster of budget.clusters) {
			const before = chosen.get(cluster);
			if (
				before === undefined ||
				(before.verdict !== "fits" && budget.verdict === "fits")
			)
				chosen.set(cluster, budget);
		}
	return [...chosen]
		.map(([id, budget]) => ({ id, name: lastName(id), budget }))
		.sort(
			(a, b) =>
				(a.name < b.name ? -1 : a.name > b.name ? 1 : 0) ||
				(a.id < b.id ? -1 : 1),
		)
		.map(({ id, budget: { id: budget, kind, name, limit, demand } }) => ({
			id,
			budget: { id: budget, kind, name },
			free: freeAndVerdict(limit, demand["full-upgrade"]).free,
		}));
}
