import { lastName, subscriptionOfId } from "../arm.ts";
import { readBudgets } from "../azure/budgetStore.ts";
import type { Tables } from "../azure/tables.ts";
import {
	type BudgetName,
	type Range,
	type ScenarioName,
	scenarioNames,
	type Verdict,
} from "../contract.ts";
import { budgetKinds } from "../model/budgetKinds.ts";
import { freeAndVerdict } from "../model/range.ts";
import type { ClustersQuery } from "../records/clustersQuery.ts";
import { fromStored, type StoredBudget } from "../records/storedBudget.ts";
import { newestList, type ShownBudget } from "./budgetsPage.ts";
import { worstFirst } from "./fleetCounts.ts";

/** A cluster by the worst budget that it uses. */
export interface ShownCluster {
	/** ARM ID, lower case. */
	readonly id: string;
	readonly name: string;
	readonly subscription: string | null;
	readonly verdict: Verdict;
	/** The fullest of its budgets with that verdict. */
	readonly budget: BudgetName & Pick<ShownBudget, "unit">;
	/** The least demanding one with that verdict. */
	readonly scenario: ScenarioName;
	readonly free: Range;
}

/** A page of the clusters that the newest audit judged, worst first, then by name. */
export async function clustersPage(
	tables: Tables,
	{ verdict, continuation }: ClustersQuery,
	pageSize: number,
): Promise<{
	auditId: string;
	clusters: ShownCluster[];
	continuation: string | null;
}> {
	const { auditId, snapshot } = await newestList(tables);
	const all = clustersIn((await readBudgets(tables, snapshot)) ?? []).filter(
		(one) => verdict === undefined || verdict.includes(one.verdict),
	);
	const from = continuation === undefined ? 0 : Number(continuation);
	const to = from + pageSize;
	return {
		auditId,
		clusters: all.slice(from, to),
		continuation: to < all.length ? String(to) : null,
	};
}

/** `budgets`: fullest first. */
export function clustersIn(budgets: readonly StoredBudget[]): ShownCluster[] {
	const worst = new Map<string, StoredBudget>();
	for (const budget of budgets)
		for (const cluster of fromStored(budget).clusters) {
			const before = worst.get(cluster);
			if (before === undefined || isWorse(budget.verdict, before.verdict))
				worst.set(cluster, budget);
		}
	return [...worst]
		.map(([id, budget]) => shown(id, budget))
		.sort(
			(a, b) =>
				worstFirst.indexOf(a.verdict) - worstFirst.indexOf(b.verdict) ||
				(a.name < b.name ? -1 : a.name > b.name ? 1 : 0) ||
				(a.id < b.id ? -1 : 1),
		);
}

function isWorse(verdict: Verdict, before: Verdict): boolean {
	return worstFirst.indexOf(verdict) < worstFirst.indexOf(before);
}

function shown(id: string, stored: StoredBudget): ShownCluster {
	const { id: budget, kind, name, verdict, limit, demand } = fromStored(stored);
	const scenario =
		verdict === "fits"
			? "full-upgrade"
			: (scenarioNames.find(
					(one) => freeAndVerdict(limit, demand[one]).verdict === verdict,
				) ?? "full-upgrade");
	return {
		id,
		name: lastName(id),
		subscription: subscriptionOfId(id),
		verdict,
		budget: { id: budget, kind, name, unit: budgetKinds[kind].unit },
		scenario,
		free: freeAndVerdict(limit, demand[scenario]).free,
	};
}
