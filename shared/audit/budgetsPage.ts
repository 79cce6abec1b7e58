import { networkOfBudget, subscriptionOfId } from "../arm.ts";
import { newestEnded } from "../azure/auditStore.ts";
import {
	budgetsAt,
	positionAfter,
	readBudgetIndex,
} from "../azure/budgetStore.ts";
import type { Tables } from "../azure/tables.ts";
import {
	type BudgetName,
	type Range,
	type Runway,
	type ScenarioName,
	scenarioNames,
	type Verdict,
} from "../contract.ts";
import { notFound } from "../http/problem.ts";
import type { Budget } from "../model/budget.ts";
import { budgetKinds } from "../model/budgetKinds.ts";
import {
	type BudgetPlace,
	fullPercent,
	type ListedBudget,
	placeOfBudget,
} from "../model/budgetList.ts";
import { freeAndVerdict } from "../model/range.ts";
import type { ResourcesOfKind } from "../model/resourcesByKind.ts";
import type { AuditRecord } from "../records/auditRecord.ts";
import { type BudgetIndex, positionsMeant } from "../records/budgetIndex.ts";
import type { BudgetFilter, BudgetsQuery } from "../records/budgetsQuery.ts";
import { fromStored } from "../records/storedBudget.ts";

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

/** A page of the budgets of the newest audit that ended, fullest first. Reads the parts of the list that it needs. */
export async function budgetsPage(
	tables: Tables,
	{ filter, continuation }: BudgetsQuery,
	pageSize: number,
): Promise<{
	auditId: string;
	budgets: ShownBudget[];
	continuation: string | null;
}> {
	const { auditId, snapshot, index } = await newestList(tables);
	if (continuation === undefined) refuseUnseen(auditId, index, filter);
	const from =
		continuation === undefined
			? 0
			: await positionAfter(
					tables,
					snapshot,
					index,
					JSON.parse(continuation) as BudgetPlace,
				);
	// One more than a page says that there is a next one.
	const meant = positionsMeant(index, filter, from, pageSize + 1);
	const onPage = meant.slice(0, pageSize);
	const page: ListedBudget[] = [];
	for await (const part of budgetsAt(tables, snapshot, onPage))
		page.push(...part.map(fromStored));
	const last = page.at(-1);
	return {
		auditId,
		budgets: page.map(shownBudget),
		continuation:
			meant.length > pageSize && last !== undefined
				? JSON.stringify(placeOfBudget(last))
				: null,
	};
}

/** The newest audit that ended, with the index of its list. Throws a Problem where there is no list yet. */
export async function newestList(tables: Tables): Promise<{
	readonly auditId: string;
	readonly audit: AuditRecord;
	readonly snapshot: string;
	readonly index: BudgetIndex;
}> {
	const audit = await newestEnded(tables);
	if (audit === null) throw notFound("No audit has completed yet.");
	const { auditId, snapshot } = audit;
	const index = snapshot && (await readBudgetIndex(tables, snapshot));
	if (!snapshot || !index)
		throw notFound(
			`Audit ${auditId} is of an earlier release and has no list of budgets. The next audit has one.`,
		);
	return { auditId, audit, snapshot, index };
}

/** An empty list of a subscription or a network that nobody looked at is no all-clear: throws a Problem that says so. */
export function refuseUnseen(
	auditId: string,
	index: BudgetIndex,
	{ subscription = [], network = [] }: BudgetFilter,
): void {
	for (const id of subscription)
		if (!index.subscription.values.includes(id))
			throw notFound(`Audit ${auditId} saw no budget in subscription ${id}.`);
	for (const id of network)
		if (!index.network.values.includes(id))
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
