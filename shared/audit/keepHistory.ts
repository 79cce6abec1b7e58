import { addToHistory, readRecent } from "../azure/historyStore.ts";
import type { Tables } from "../azure/tables.ts";
import type { CompactPoint } from "../history/compact.ts";
import { pointOf } from "../history/point.ts";
import type { Addition } from "../history/series.ts";
import { outlookOf } from "../history/trend.ts";
import type { Budget } from "../model/budget.ts";
import { hasHistory } from "../model/budgetKinds.ts";
import type { AddedUp, Fleet, FleetCluster } from "../model/fleet.ts";
import type { Outlook } from "../model/outlook.ts";
import type { HistoryOutlooks } from "../model/told.ts";
import { fillingBudgets, type Member } from "../model/uses.ts";

/** Adds what this audit sees of each of these budgets to its history, and returns what the histories say. */
export async function keepHistory(
	tables: Tables,
	budgets: readonly Budget[],
	audit: { readonly startedAt: string },
): Promise<HistoryOutlooks> {
	const at = Date.parse(audit.startedAt);
	const additions = budgets.flatMap((budget): Addition[] => {
		const point = pointOf(budget, at);
		return point === null ? [] : [{ budget, point }];
	});
	const outlooks = new Map<string, Outlook>();
	await addToHistory(tables, additions, outlooksInto(outlooks, at));
	return outlooks;
}

/** What the histories say, and nothing is added: of a shared budget, the one is its neighbors', too. */
export async function readOutlooks(
	tables: Tables,
	budgets: readonly Budget[],
	audit: { readonly startedAt: string },
): Promise<HistoryOutlooks> {
	const outlooks = new Map<string, Outlook>();
	await readRecent(
		tables,
		budgets.map(({ id }) => id),
		outlooksInto(outlooks, Date.parse(audit.startedAt)),
	);
	return outlooks;
}

function outlooksInto(outlooks: Map<string, Outlook>, at: number) {
	return (budget: string, points: readonly CompactPoint[]) => {
		outlooks.set(budget, outlookOf(points, at));
	};
}

/** Each budget of these members once, of those that can fill up. */
export function fillingOfMembers(
	members: readonly Member[],
	{ budgets, own }: Pick<AddedUp, "budgets" | "own">,
): Budget[] {
	const used = new Set(members.flatMap(({ budgets }) => budgets));
	return [
		...[...used].flatMap((id) => budgets.get(id) ?? []).filter(hasHistory),
		...members.flatMap(({ id }) => own.get(id) ?? []),
	];
}

/** The same of these clusters of a fleet. */
export function fillingOfClusters(
	clusters: readonly FleetCluster[],
	{ sharedBudgets }: Pick<Fleet, "sharedBudgets">,
): Budget[] {
	const shared = new Set(clusters.flatMap(({ shared }) => shared));
	const inResources = [
		...sharedBudgets
			.map(({ budget }) => budget)
			.filter(({ id }) => shared.has(id)),
		...clusters.flatMap(({ budgets }) => budgets),
	];
	return [
		...inResources.filter(hasHistory),
		...clusters.flatMap(({ cluster }) =>
			cluster === null ? [] : fillingBudgets(cluster),
		),
	];
}
