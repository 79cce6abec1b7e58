import type {
	BudgetName,
	Range,
	Runway,
	ScenarioName,
	Verdict,
} from "../contract.ts";
import { addedDemandIn, type Budget, budgetOfCluster } from "./budget.ts";
import { isOwn } from "./budgetKinds.ts";
import type { ResolvedCluster, ResolvedPool } from "./cluster.ts";
import { type Entry, entriesOf } from "./entries.ts";
import type { FleetCluster, SharedBudget } from "./fleet.ts";
import { isMismatch } from "./judgedBudget.ts";
import { clustersNamedIn } from "./opening.ts";
import { runwayOf } from "./outlook.ts";
import { add, freeAndVerdict } from "./range.ts";
import { type ResourcesOfKind, resourcesByKind } from "./resourcesByKind.ts";
import { worstVerdict } from "./verdictOrder.ts";
import { demandToday, surgeOf } from "./view.ts";
import { wonBackBy } from "./wonBack.ts";

/** One budget of the fleet, with everybody who uses it. */
export interface ListedBudget extends BudgetName {
	readonly limit: Range;
	readonly demand: Readonly<Record<ScenarioName, Range>>;
	/** The worst of the four scenarios; unknown where Azure would not have let today come about. */
	readonly verdict: Verdict;
	/** Ids of the clusters that use it, those that are only remembered among them. */
	readonly clusters: readonly string[];
	readonly otherResources: Range;
	readonly otherResourcesByKind: readonly ResourcesOfKind[] | null;
	readonly runway: Runway | null;
	/** IPs that it gets back if pools are built anew with another max pods. */
	readonly wonBack: number;
}

/** Lists the budgets of clusters that are looked at one by one. */
export interface BudgetLister {
	/** A neighbor is not judged: only what it adds to shared budgets counts. */
	readonly add: (cluster: FleetCluster, isJudged: boolean) => void;
	/** Every budget of the clusters that are judged, fullest first. */
	readonly all: () => ListedBudget[];
}

export function budgetLister(
	sharedBudgets: readonly SharedBudget[],
): BudgetLister {
	const shared = new Map(sharedBudgets.map((one) => [one.budget.id, one]));
	const used = new Set<string>();
	const surges = new Map<string, Surge>();
	const wonBack = new Map<string, number>();
	const listed: ListedBudget[] = [];
	const add: BudgetLister["add"] = (one, isJudged) => {
		const { cluster, outlooks } = one;
		if (cluster === null) return;
		const own = new Map(one.budgets.map((budget) => [budget.id, budget]));
		const entries = Map.groupBy(entriesOf(cluster), ({ budget }) => budget.id);
		for (const [id, uses] of entries) {
			const [first] = uses;
			if (first === undefined) continue;
			const common = shared.get(id);
			if (common !== undefined) {
				surges.set(id, worse(surges.get(id), surgeIn(uses)));
				if (!isJudged) continue;
				used.add(id);
				const more = wonBackBy(poolsOf(cluster, uses), common.budget);
				wonBack.set(id, (wonBack.get(id) ?? 0) + more);
				continue;
			}
			if (!isJudged) continue;
			const budget = isOwn(first.budget.kind)
				? budgetOfCluster(cluster, first.budget, uses, outlooks)
				: own.get(id);
			if (budget)
				listed.push(
					listedBudget(
						budget,
						[one.id],
						surgeIn(uses),
						wonBackBy(poolsOf(cluster, uses), budget),
					),
				);
		}
	};
	return {
		add,
		all: () =>
			fullestFirst([
				...listed,
				...sharedBudgets
					.filter(({ budget }) => used.has(budget.id))
					.map(({ budget, clusters }) =>
						listedBudget(
							budget,
							clusters,
							surges.get(budget.id) ?? noSurge,
							wonBack.get(budget.id) ?? 0,
						),
					),
			]),
	};
}

function poolsOf(
	{ pools }: ResolvedCluster,
	entries: readonly Entry[],
): ResolvedPool[] {
	const names = new Set(entries.map(({ pool }) => pool));
	return pools.filter(({ name }) => names.has(name));
}

/** What an upgrade of one cluster adds, now and at its autoscaler's maximum. */
interface Surge {
	readonly now: Range;
	readonly atFull: Range;
}

const noSurge: Surge = {
	now: { low: 0, high: 0 },
	atFull: { low: 0, high: 0 },
};

function surgeIn(entries: readonly Entry[]): Surge {
	return {
		now: surgeOf(entries, "surge"),
		atFull: surgeOf(entries, "surgeAtFull"),
	};
}

/** Clusters are not upgraded all at once: the one that adds most counts, at either end. */
function worse(a: Surge | undefined, b: Surge): Surge {
	return a === undefined
		? b
		: { now: most(a.now, b.now), atFull: most(a.atFull, b.atFull) };
}

function most(a: Range, b: Range): Range {
	return {
		low: Math.max(a.low ?? 0, b.low ?? 0),
		high: a.high === null || b.high === null ? null : Math.max(a.high, b.high),
	};
}

function listedBudget(
	budget: Budget,
	clusters: readonly string[],
	surge: Surge,
	wonBack: number,
): ListedBudget {
	const { id, kind, name, limit, open, outlook } = budget;
	const now = demandToday(budget);
	const today = { low: now.demand.low ?? 0, high: now.demand.high };
	const full = add(today, addedDemandIn(budget.totals));
	const demand = {
		today,
		upgrade: add(today, surge.now),
		full,
		"full-upgrade": add(full, surge.atFull),
	};
	return {
		id,
		kind,
		name,
		limit,
		demand,
		verdict: isMismatch(budget, now, freeAndVerdict(limit, today).verdict)
			? "unknown"
			: worstOf(limit, Object.values(demand)),
		clusters:
			open.length === 0
				? clusters
				: [...new Set([...clusters, ...clustersNamedIn(open)])].sort(),
		otherResources: now.otherResources,
		otherResourcesByKind: resourcesByKind({ budget, now }),
		runway: runwayOf(outlook),
		wonBack,
	};
}

function worstOf(limit: Range, demands: readonly Range[]): Verdict {
	const verdicts = demands.map(
		(demand) => freeAndVerdict(limit, demand).verdict,
	);
	return worstVerdict(verdicts) ?? "fits";
}

/**
 * Where a budget comes in the list: no two have the same place. First those that need something and have nothing (0),
 * then those whose share is known (1), then the others by the share that is certain (2).
 */
export interface BudgetPlace {
	readonly group: 0 | 1 | 2;
	/** Of the capacity at its low end, at the autoscaler's maximum at its high end. */
	readonly share: number;
	readonly id: string;
}

export function placeOfBudget({
	id,
	limit,
	demand,
}: Pick<ListedBudget, "id" | "limit" | "demand">): BudgetPlace {
	const { low, high } = demand.full;
	const capacity = limit.low ?? 0;
	if (high === null || limit.high === null)
		return { group: 2, share: capacity > 0 ? (low ?? 0) / capacity : 0, id };
	if (capacity > 0) return { group: 1, share: high / capacity, id };
	return { group: high > 0 ? 0 : 1, share: 0, id };
}

export function compareFullestFirst(a: BudgetPlace, b: BudgetPlace): number {
	return (
		a.group - b.group ||
		b.share - a.share ||
		(a.id < b.id ? -1 : a.id > b.id ? 1 : 0)
	);
}

function fullestFirst(listed: readonly ListedBudget[]): ListedBudget[] {
	return listed
		.map((budget) => ({ budget, place: placeOfBudget(budget) }))
		.sort((a, b) => compareFullestFirst(a.place, b.place))
		.map(({ budget }) => budget);
}

/** In percent, to a tenth; null where it is not known, and where there is no capacity at all. */
export function fullPercent(budget: ListedBudget): number | null {
	const { group, share } = placeOfBudget(budget);
	return group === 1 ? Math.round(share * 1000) / 10 : null;
}
