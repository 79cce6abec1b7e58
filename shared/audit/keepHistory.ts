import { addToHistory, readRecent } from "../azure/historyStore.ts";
import type { Tables } from "../azure/tables.ts";
import type { CompactPoint } from "../history/compact.ts";
import { pointOf } from "../history/point.ts";
import type { Addition } from "../history/series.ts";
import { outlookOf } from "../history/trend.ts";
import { type Budget, budgetOfCluster } from "../model/budget.ts";
import { hasHistory, isOwn } from "../model/budgetKinds.ts";
import { entriesOf } from "../model/entries.ts";
import type { Fleet, FleetCluster } from "../model/fleet.ts";
import { notKnown, type Outlook } from "../model/outlook.ts";

/**
 * Adds what this audit sees of each budget of the clusters that it judges to the budget's history, and tells the budget
 * what its history says of its future.
 */
export async function keepHistory(
	tables: Tables,
	fleet: Fleet,
	isJudged: (cluster: FleetCluster) => boolean,
	audit: { readonly startedAt: string },
): Promise<Fleet> {
	const at = Date.parse(audit.startedAt);
	const { own, budgets } = withHistory(fleet, isJudged);
	const additions = budgets.flatMap((budget): Addition[] => {
		const point = pointOf(budget, at);
		return point === null ? [] : [{ budget, point }];
	});
	const outlooks = new Map<string, Outlook>();
	await addToHistory(tables, additions, outlooksInto(outlooks, at));
	return withOutlooks(fleet, own, outlooks);
}

/** Tells budgets what their histories say, and adds nothing: a shared one is its neighbors', too. */
export async function tellHistory(
	tables: Tables,
	fleet: Fleet,
	isJudged: (cluster: FleetCluster) => boolean,
	audit: { readonly startedAt: string },
): Promise<Fleet> {
	const { own, budgets } = withHistory(fleet, isJudged);
	const outlooks = new Map<string, Outlook>();
	await readRecent(
		tables,
		budgets.map(({ id }) => id),
		outlooksInto(outlooks, Date.parse(audit.startedAt)),
	);
	return withOutlooks(fleet, own, outlooks);
}

function withHistory(
	fleet: Fleet,
	isJudged: (cluster: FleetCluster) => boolean,
) {
	const judged = fleet.clusters.filter(isJudged);
	const own = new Map(judged.map((one) => [one.id, ownBudgets(one)]));
	const budgets = [...resourcesOf(fleet, judged), ...[...own.values()].flat()];
	return { own, budgets };
}

function outlooksInto(outlooks: Map<string, Outlook>, at: number) {
	return (budget: string, points: readonly CompactPoint[]) => {
		outlooks.set(budget, outlookOf(points, at));
	};
}

/** Each budget in a resource of its own once, of those that can fill up. */
function resourcesOf(
	{ sharedBudgets }: Fleet,
	judged: readonly FleetCluster[],
): Budget[] {
	const shared = new Set(judged.flatMap((cluster) => cluster.shared));
	return [
		...sharedBudgets
			.map(({ budget }) => budget)
			.filter(({ id }) => shared.has(id)),
		...judged.flatMap(({ budgets }) => budgets),
	].filter(hasHistory);
}

/** Those that follow from the cluster alone and can fill up. */
function ownBudgets({ cluster, outlooks }: FleetCluster): Budget[] {
	if (cluster === null) return [];
	const entries = Map.groupBy(
		entriesOf(cluster).filter(
			({ budget }) => isOwn(budget.kind) && hasHistory(budget),
		),
		({ budget }) => budget.id,
	);
	return [...entries.values()].flatMap((own) => {
		const [first] = own;
		return first === undefined
			? []
			: (budgetOfCluster(cluster, first.budget, own, outlooks) ?? []);
	});
}

function withOutlooks(
	fleet: Fleet,
	own: ReadonlyMap<string, readonly Budget[]>,
	outlooks: ReadonlyMap<string, Outlook>,
): Fleet {
	const told = (budget: Budget): Budget => ({
		...budget,
		outlook: outlooks.get(budget.id) ?? notKnown,
	});
	return {
		...fleet,
		clusters: fleet.clusters.map((one) => ({
			...one,
			budgets: one.budgets.map(told),
			outlooks: Object.fromEntries(
				(own.get(one.id) ?? []).map(({ id }) => [
					id,
					outlooks.get(id) ?? notKnown,
				]),
			),
		})),
		sharedBudgets: fleet.sharedBudgets.map(({ budget, clusters }) => ({
			budget: told(budget),
			clusters,
		})),
	};
}
