import { addToHistory } from "../azure/historyStore.ts";
import type { Tables } from "../azure/tables.ts";
import { hasHistory, pointOf } from "../history/point.ts";
import type { Addition } from "../history/series.ts";
import { outlookOf } from "../history/trend.ts";
import { type Budget, budgetOfCluster } from "../model/budget.ts";
import { entriesOf, podRangeId } from "../model/entries.ts";
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
	const judged = fleet.clusters.filter(isJudged);
	const additions = budgetsOf(fleet, judged).flatMap((budget): Addition[] => {
		const point = pointOf(budget, at);
		return point === null ? [] : [{ budget, point }];
	});
	const outlooks = new Map<string, Outlook>();
	await addToHistory(tables, additions, (budget, points) =>
		// Of an audit that comes late, the newest point is another's.
		outlooks.set(budget, outlookOf(points.filter((point) => point.at <= at))),
	);
	return withOutlooks(fleet, outlooks);
}

/** Each budget once that can fill up: those in resources of their own, and the pod ranges of the clusters. */
function budgetsOf(
	{ sharedBudgets }: Fleet,
	judged: readonly FleetCluster[],
): Budget[] {
	const shared = new Set(judged.flatMap((cluster) => cluster.shared));
	return [
		...sharedBudgets
			.map(({ budget }) => budget)
			.filter(({ id }) => shared.has(id)),
		...judged.flatMap(({ budgets }) => budgets),
		...judged.flatMap(podRangeOf),
	].filter(hasHistory);
}

function podRangeOf({ cluster, podRangeOutlook }: FleetCluster): Budget[] {
	if (cluster === null || cluster.podCidr === null) return [];
	const entries = entriesOf(cluster).filter(
		({ budget }) => budget.kind === "pod-range",
	);
	const [first] = entries;
	if (first === undefined) return [];
	const { budget } = first;
	const own = budgetOfCluster(cluster, budget, entries, podRangeOutlook);
	return own === null ? [] : [own];
}

function withOutlooks(
	fleet: Fleet,
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
			podRangeOutlook: outlooks.get(podRangeId(one.id)) ?? notKnown,
		})),
		sharedBudgets: fleet.sharedBudgets.map(({ budget, clusters }) => ({
			budget: told(budget),
			clusters,
		})),
	};
}
