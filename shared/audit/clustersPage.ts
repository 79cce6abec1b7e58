import { lastName, subscriptionOfId } from "../arm.ts";
import { readBudgets } from "../azure/budgetStore.ts";
import { openFindings } from "../azure/findingBuckets.ts";
import type { Tables } from "../azure/tables.ts";
import type {
	BudgetName,
	Finding,
	Range,
	ScenarioName,
	Verdict,
} from "../contract.ts";
import { decidingFinding } from "../findings/ownVerdict.ts";
import { budgetKinds } from "../model/budgetKinds.ts";
import { freeAndVerdict } from "../model/range.ts";
import { compareVerdicts } from "../model/verdictOrder.ts";
import type { ClustersQuery } from "../records/clustersQuery.ts";
import { fromStored, type StoredBudget } from "../records/storedBudget.ts";
import { newestList, type ShownBudget } from "./budgetsPage.ts";

/** A cluster by the worst of what it uses. */
export interface ShownCluster {
	/** ARM ID, lower case. */
	readonly id: string;
	readonly name: string;
	readonly subscription: string | null;
	readonly verdict: Verdict;
	/** What its verdict follows from; of one that fits, its fullest budget. Null: it could not be evaluated as a whole. */
	readonly budget: (BudgetName & Pick<ShownBudget, "unit">) | null;
	/** The least demanding one with that verdict. */
	readonly scenario: ScenarioName | null;
	readonly free: Range | null;
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
	const [budgets, open] = await Promise.all([
		readBudgets(tables, snapshot),
		openFindings(tables),
	]);
	const all = clustersIn(budgets, open).filter(
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

/**
 * The clusters that use these budgets, fullest first, each by its own open findings. The verdict of a budget is that of all its
 * clusters at their maxima, and one of them alone may fit.
 */
export function clustersIn(
	budgets: readonly StoredBudget[],
	open: ReadonlyMap<string, readonly Finding[]>,
): ShownCluster[] {
	const fullest = new Map<string, StoredBudget>();
	for (const budget of budgets)
		for (const cluster of fromStored(budget).clusters) {
			const before = fullest.get(cluster);
			if (
				before === undefined ||
				(before.verdict !== "fits" && budget.verdict === "fits")
			)
				fullest.set(cluster, budget);
		}
	return [...fullest]
		.map(([id, budget]) => shown(id, budget, open.get(id) ?? []))
		.sort(
			(a, b) =>
				compareVerdicts(a.verdict, b.verdict) ||
				(a.name < b.name ? -1 : a.name > b.name ? 1 : 0) ||
				(a.id < b.id ? -1 : 1),
		);
}

function shown(
	id: string,
	stored: StoredBudget,
	open: readonly Finding[],
): ShownCluster {
	const deciding = decidingFinding(open);
	const named = { id, name: lastName(id), subscription: subscriptionOfId(id) };
	if (deciding !== null) {
		const { budget, scenario, free, verdict } = deciding;
		return {
			...named,
			verdict,
			budget: budget && { ...budget, unit: budgetKinds[budget.kind].unit },
			scenario,
			free,
		};
	}
	const { id: budget, kind, name, limit, demand } = fromStored(stored);
	return {
		...named,
		verdict: "fits",
		budget: { id: budget, kind, name, unit: budgetKinds[kind].unit },
		scenario: "full-upgrade",
		free: freeAndVerdict(limit, demand["full-upgrade"]).free,
	};
}
