import { networkOfBudget, subscriptionOfId } from "../arm.ts";
import { newestEnded } from "../azure/auditStore.ts";
import { readBudgets } from "../azure/budgetStore.ts";
import type { Tables } from "../azure/tables.ts";
import {
	type BudgetName,
	type Range,
	type Runway,
	type ScenarioName,
	scenarioNames,
	type Verdict,
} from "../contract.ts";
import { isAmong } from "../findings/query.ts";
import { notFound } from "../http/problem.ts";
import type { Budget } from "../model/budget.ts";
import { budgetKinds } from "../model/budgetKinds.ts";
import {
	type BudgetPlace,
	compareFullestFirst,
	fullPercent,
	type ListedBudget,
	placeOfBudget,
} from "../model/budgetList.ts";
import { freeAndVerdict } from "../model/range.ts";
import type { ResourcesOfKind } from "../model/resourcesByKind.ts";
import type { AuditRecord } from "../records/auditRecord.ts";
import type { BudgetFilter, BudgetsQuery } from "../records/budgetsQuery.ts";
import { fromStored, type StoredBudget } from "../records/storedBudget.ts";

/** A budget as it is shown in the list. */
export interface ShownBudget extends BudgetName {
	readonly unit: Budget["unit"];
	/** Of the budget itself: a subnet may lie in another one than its clusters. */
	readonly subscription: string | null;
	/** Null where it lies in no virtual network. */
	readonly network: string | null;
	readonly verdict: Verdict;
	/** Demand at the autoscaler's maximum, at its high end, in percent of the capacity at its low end. */
	readonly fullPercent: number | null;
	readonly limit: Range;
	readonly scenarios: Readonly<
		Record<
			ScenarioName,
			{
				readonly demand: Range;
				readonly free: Range;
				readonly verdict: Verdict;
			}
		>
	>;
	readonly clusters: {
		readonly count: number;
		readonly ids: readonly string[];
	};
	readonly otherResources: Range;
	readonly otherResourcesByKind: readonly ResourcesOfKind[] | null;
	readonly runway: Runway | null;
}

/** A page of the budgets of the newest audit that ended, fullest first. */
export async function budgetsPage(
	tables: Tables,
	{ filter, continuation }: BudgetsQuery,
	pageSize: number,
): Promise<{
	auditId: string;
	budgets: ShownBudget[];
	continuation: string | null;
}> {
	const { auditId, budgets } = await newestBudgets(tables);
	if (continuation === undefined) refuseUnseen(auditId, budgets, filter);
	const after =
		continuation === undefined
			? null
			: (JSON.parse(continuation) as BudgetPlace);
	const page: ListedBudget[] = [];
	for (const one of budgetsMeant(budgets, filter)) {
		const budget = fromStored(one);
		if (
			after !== null &&
			compareFullestFirst(placeOfBudget(budget), after) <= 0
		)
			continue;
		const last = page.at(-1);
		if (page.length === pageSize && last !== undefined)
			return {
				auditId,
				budgets: page.map(shownBudget),
				continuation: JSON.stringify(placeOfBudget(last)),
			};
		page.push(budget);
	}
	return { auditId, budgets: page.map(shownBudget), continuation: null };
}

/** Throws a Problem where there is no list yet. */
export async function newestBudgets(tables: Tables): Promise<{
	readonly auditId: string;
	readonly audit: AuditRecord;
	readonly budgets: readonly StoredBudget[];
}> {
	const audit = await newestEnded(tables);
	if (audit === null) throw notFound("No audit has completed yet.");
	const { auditId, snapshot } = audit;
	const budgets = snapshot && (await readBudgets(tables, snapshot));
	if (!budgets)
		throw notFound(
			`Audit ${auditId} is of an earlier release and has no list of budgets. The next audit has one.`,
		);
	return { auditId, audit, budgets };
}

export function budgetsMeant(
	budgets: readonly StoredBudget[],
	{ kind, verdict, subscription, network }: BudgetFilter,
): StoredBudget[] {
	return budgets.filter(
		(budget) =>
			isAmong(budget.kind, kind) &&
			isAmong(budget.verdict, verdict) &&
			(subscription === undefined ||
				isAmong(subscriptionOfId(budget.id), subscription)) &&
			(network === undefined || isAmong(networkOfBudget(budget.id), network)),
	);
}

/** An empty list of a subscription or a network that nobody looked at is no all-clear: throws a Problem that says so. */
export function refuseUnseen(
	auditId: string,
	budgets: readonly StoredBudget[],
	{ subscription = [], network = [] }: BudgetFilter,
): void {
	for (const id of subscription)
		if (!budgets.some((one) => subscriptionOfId(one.id) === id))
			throw notFound(`Audit ${auditId} saw no budget in subscription ${id}.`);
	for (const id of network)
		if (!budgets.some((one) => networkOfBudget(one.id) === id))
			throw notFound(
				`Audit ${auditId} saw no budget in virtual network ${id}.`,
			);
}

export function shownBudget(budget: ListedBudget): ShownBudget {
	const { id, kind, name, limit, demand, verdict, clusters } = budget;
	return {
		id,
		kind,
		name,
		unit: budgetKinds[kind].unit,
		subscription: subscriptionOfId(id),
		network: networkOfBudget(id),
		verdict,
		fullPercent: fullPercent(budget),
		limit,
		scenarios: Object.fromEntries(
			scenarioNames.map((name) => [
				name,
				{ demand: demand[name], ...freeAndVerdict(limit, demand[name]) },
			]),
		) as ShownBudget["scenarios"],
		clusters: { count: clusters.length, ids: clusters },
		otherResources: budget.otherResources,
		otherResourcesByKind: budget.otherResourcesByKind,
		runway: budget.runway,
	};
}
