import type { Range, ScenarioName, Verdict } from "../contract.ts";
import {
	addedDemandIn,
	type Budget,
	demandNowIn,
	minusTotals,
	totalsOf,
} from "./budget.ts";
import type { Entry } from "./entries.ts";
import {
	add,
	between,
	freeAndVerdict,
	multiply,
	nothing,
	notNegative,
	subtract,
	sum,
} from "./range.ts";

/** A budget as one of its clusters sees it. */
export interface View {
	readonly budget: Budget;
	/** The cluster's own entries. */
	readonly entries: readonly Entry[];
	readonly now: Now;
	readonly scenarios: Readonly<Record<ScenarioName, Scenario>>;
	/** Pools of the cluster may grow, and none of them has room for one more node, even at least that it needs. */
	readonly exhausted: boolean;
}

export interface Scenario {
	readonly demand: Range;
	readonly free: Range;
	readonly verdict: Verdict;
	/** What turns `tight` into `fits`. Null for the other verdicts. */
	readonly decidedBy: Decision | null;
}

/**
 * `neighbors`: only if the other clusters grow as well; `pools-at-once`: only if all pools upgrade at once;
 * `documentation`: as documented, not as really allocated; `surge`: only with the full surge; `limit`: how much of the
 * budget is usable; `observation`: what uses IPs now.
 */
type Decision =
	| "neighbors"
	| "pools-at-once"
	| "neighbors-and-pools-at-once"
	| "documentation"
	| "surge"
	| "limit"
	| "observation"
	| "several";

/** What is used now: by observation where there is one, else by the models. */
export interface Now {
	readonly demand: Range;
	/** Used by something else than the counted nodes. */
	readonly otherResources: Range;
	/** False if the models replace an observation. */
	readonly isObserved: boolean;
	/** True where fewer addresses are seen than the nodes prove: rows of different age. */
	readonly olderThanNodes: boolean;
}

export function viewOf(budget: Budget, entries: readonly Entry[]): View {
	const now = demandToday(budget);
	const parts = partsOf(budget, entries, now.demand);
	const scenario = (name: ScenarioName) => scenarioOf(budget, parts, name);
	const today = scenario("today");
	return {
		budget,
		entries,
		now,
		scenarios: {
			today,
			upgrade: scenario("upgrade"),
			full: scenario("full"),
			"full-upgrade": scenario("full-upgrade"),
		},
		exhausted: isExhausted(entries, today),
	};
}

/** Whether all four scenarios fit for certain, without making a view of them: for searches that try many. */
export function fitsForCertain(
	budget: Budget,
	entries: readonly Entry[],
): boolean {
	const { high: now } = demandToday(budget).demand;
	const carried = (parts: readonly (number | null)[]) => {
		const high = addAll(parts);
		return high !== null && high <= (budget.limit.low ?? 0);
	};
	return (
		carried([fullAtMost(budget), allAtOnce(entries, "surgeAtFull")]) &&
		carried([now, allAtOnce(entries, "surge")])
	);
}

/** The same for the autoscaler's maximum alone. */
export function fullFitsForCertain(budget: Budget): boolean {
	const full = fullAtMost(budget);
	return full !== null && full <= (budget.limit.low ?? 0);
}

function fullAtMost(budget: Budget): number | null {
	const { high: now } = demandToday(budget).demand;
	const { high: growth } = addedDemandIn(budget.totals);
	return addAll([now, growth]);
}

function allAtOnce(
	entries: readonly Entry[],
	field: "surge" | "surgeAtFull",
): number | null {
	return addAll(
		entries.map((entry) => multiply(entry[field], entry.perNode).high),
	);
}

/** Observed use settles what the nodes are assumed to use. Less than they use for certain is an older row. */
export function demandToday(
	budget: Pick<Budget, "observed" | "totals" | "foreign">,
): Now {
	const attributed = demandNowIn(budget.totals);
	const { observed, foreign } = budget;
	if (observed === null)
		return {
			demand: add(attributed, foreign),
			otherResources: foreign,
			isObserved: false,
			olderThanNodes: false,
		};
	const least = attributed.low ?? 0;
	if (observed.high !== null && observed.high < least)
		return {
			demand: add(attributed, foreign),
			otherResources: foreign,
			isObserved: false,
			olderThanNodes: true,
		};
	return {
		demand: { low: Math.max(observed.low ?? 0, least), high: observed.high },
		otherResources: othersOf(observed, attributed),
		isObserved: observed.high !== null,
		olderThanNodes: false,
	};
}

/**
 * What would be seen of a budget if nodes needed one amount instead of another: the observation moves with them. Rows
 * older than the nodes do not tell what remains when nodes change: then the models alone do.
 */
export function observedAfter(
	budget: Pick<Budget, "observed" | "totals" | "foreign">,
	before: Range,
	after: Range,
): Range | null {
	const { observed } = budget;
	if (observed === null) return null;
	if (before.low === after.low && before.high === after.high) return observed;
	if (demandToday(budget).olderThanNodes) return null;
	return notNegative(add(subtract(observed, before), after));
}

function othersOf(observed: Range, attributed: Range): Range {
	const settled =
		observed.low !== null &&
		observed.high !== null &&
		attributed.high !== null &&
		observed.low >= (attributed.low ?? 0) &&
		observed.high <= attributed.high;
	return settled ? nothing : notNegative(subtract(observed, attributed));
}

/** The additions beyond today, each apart, so that one of them can be omitted to see what decides. */
interface Parts {
	readonly now: Range;
	readonly ownGrowth: Range;
	readonly ownGrowthHighAtLow: number | null;
	readonly othersGrowth: Range;
	readonly othersGrowthHighAtLow: number | null;
	readonly surge: SurgeParts;
	readonly surgeAtFull: SurgeParts;
}

interface SurgeParts {
	/** The pool that needs most, alone, with the fewest nodes that AKS may do with. */
	readonly low: number;
	/** All pools at once. */
	readonly all: number | null;
	/** The pool that needs most, alone, with its full surge. */
	readonly one: number | null;
	/** All pools at once, at least that a node needs. */
	readonly allAtLow: number | null;
	/** The pool that needs most, alone, with the fewest nodes that AKS may do with, each at most that it needs. */
	readonly fallback: number | null;
}

function partsOf(budget: Budget, entries: readonly Entry[], now: Range): Parts {
	const own = totalsOf(entries);
	const others = minusTotals(budget.totals, own);
	return {
		now,
		ownGrowth: addedDemandIn(own),
		ownGrowthHighAtLow: own.growthUnbounded > 0 ? null : own.growthHighAtLow,
		othersGrowth: addedDemandIn(others),
		othersGrowthHighAtLow:
			others.growthUnbounded > 0 ? null : others.growthHighAtLow,
		surge: surgeParts(entries, "surge"),
		surgeAtFull: surgeParts(entries, "surgeAtFull"),
	};
}

/** What an upgrade of one cluster adds: the pool that needs most, alone, at least; all pools at once at most. */
export function surgeOf(
	entries: readonly Entry[],
	field: "surge" | "surgeAtFull",
): Range {
	let low = 0;
	let all: number | null = 0;
	for (const entry of entries) {
		const demand = multiply(entry[field], entry.perNode);
		low = Math.max(low, demand.low ?? 0);
		all = all === null || demand.high === null ? null : all + demand.high;
	}
	return between(low, all);
}

function surgeParts(
	entries: readonly Entry[],
	field: "surge" | "surgeAtFull",
): SurgeParts {
	const demands = entries.map((entry) => multiply(entry[field], entry.perNode));
	const atLow = entries.map((entry) =>
		multiply(entry[field], { low: entry.perNode.low, high: entry.perNode.low }),
	);
	const fewest = entries.map((entry) =>
		multiply({ low: 0, high: entry[field].low }, entry.perNode),
	);
	return {
		low: Math.max(0, ...demands.map(({ low }) => low ?? 0)),
		all: sum(demands).high,
		one: highest(demands),
		allAtLow: sum(atLow).high,
		fallback: highest(fewest),
	};
}

function highest(ranges: readonly Range[]): number | null {
	return ranges.reduce<number | null>(
		(most, { high }) =>
			most === null || high === null ? null : Math.max(most, high),
		0,
	);
}

const noSurge: SurgeParts = {
	low: 0,
	all: 0,
	one: 0,
	allAtLow: 0,
	fallback: 0,
};

function scenarioOf(
	budget: Budget,
	parts: Parts,
	name: ScenarioName,
): Scenario {
	const grows = name === "full" || name === "full-upgrade";
	const surge =
		name === "upgrade"
			? parts.surge
			: name === "full-upgrade"
				? parts.surgeAtFull
				: noSurge;
	const demand = {
		low:
			(parts.now.low ?? 0) +
			(grows ? (parts.ownGrowth.low ?? 0) : 0) +
			surge.low,
		high: highEnd(parts, grows, surge, {}),
	};
	const { free, verdict } = freeAndVerdict(budget.limit, demand);
	return {
		demand,
		free,
		verdict,
		decidedBy:
			verdict === "tight" ? decisionOf(budget, parts, grows, surge) : null,
	};
}

interface LeaveOut {
	readonly neighbors?: boolean;
	readonly poolsAtOnce?: boolean;
	readonly documentation?: boolean;
	readonly surge?: boolean;
	readonly observation?: boolean;
}

function highEnd(
	parts: Parts,
	grows: boolean,
	surge: SurgeParts,
	without: LeaveOut,
): number | null {
	const now = without.observation ? parts.now.low : parts.now.high;
	const own = without.documentation
		? parts.ownGrowthHighAtLow
		: parts.ownGrowth.high;
	const others = without.neighbors
		? 0
		: without.documentation
			? parts.othersGrowthHighAtLow
			: parts.othersGrowth.high;
	const added = grows ? [own, others] : [];
	return addAll([now, ...added, surgeEnd(surge, without)]);
}

function surgeEnd(surge: SurgeParts, without: LeaveOut): number | null {
	if (without.surge) return surge.fallback;
	if (without.poolsAtOnce) return surge.one;
	return without.documentation ? surge.allAtLow : surge.all;
}

function addAll(parts: readonly (number | null)[]): number | null {
	return parts.reduce<number | null>(
		(total, part) => (total === null || part === null ? null : total + part),
		0,
	);
}

/** The first thing that, omitted alone, makes the scenario fit. What is not the cluster's own doing is tried first. */
function decisionOf(
	budget: Budget,
	parts: Parts,
	grows: boolean,
	surge: SurgeParts,
): Decision {
	const limit = budget.limit.low ?? 0;
	const fitsWithout = (without: LeaveOut) => {
		const high = highEnd(parts, grows, surge, without);
		return high !== null && high <= limit;
	};
	if (fitsWithout({ neighbors: true })) return "neighbors";
	if (fitsWithout({ poolsAtOnce: true })) return "pools-at-once";
	if (fitsWithout({ neighbors: true, poolsAtOnce: true }))
		return "neighbors-and-pools-at-once";
	if (fitsWithout({ surge: true })) return "surge";
	if (fitsWithout({ documentation: true })) return "documentation";
	if (fitsWithout({ observation: true })) return "observation";
	const high = highEnd(parts, grows, surge, {});
	return high !== null && high <= (budget.limit.high ?? 0)
		? "limit"
		: "several";
}

/** How many more nodes each pool of the cluster can get, if no other pool gets any. */
export function additionalNodes(
	{ entries, scenarios }: Pick<View, "entries" | "scenarios">,
	name: ScenarioName,
): Record<string, Range> {
	const { free } = scenarios[name];
	const left: Record<string, Range> = {};
	for (const { pool, perNode, mostNodes, nodes } of entries) {
		if (pool === null) continue;
		const ceiling = roomBelow(mostNodes, nodes);
		left[pool] = {
			low: least(wholeNodes(free.low ?? 0, perNode.high), ceiling.low),
			high: least(wholeNodes(free.high, perNode.low), ceiling.high),
		};
	}
	return left;
}

/** Nodes that the pool itself still takes. */
function roomBelow(most: number | null, { low, high }: Range): Range {
	if (most === null) return { low: null, high: null };
	return {
		low: Math.max(0, most - (high ?? most)),
		high: Math.max(0, most - (low ?? 0)),
	};
}

function least(a: number | null, b: number | null): number | null {
	if (a === null) return b;
	return b === null ? a : Math.min(a, b);
}

function wholeNodes(
	free: number | null,
	perNode: number | null,
): number | null {
	if (free === null || perNode === null || perNode === 0) return null;
	return Math.max(0, Math.floor(free / perNode));
}

function isExhausted(entries: readonly Entry[], today: Scenario): boolean {
	const growing = entries.filter(
		({ growth }) => growth.high === null || growth.high > 0,
	);
	if (growing.length === 0 || today.free.high === null) return false;
	const free = today.free.high;
	return growing.every(({ perNode }) => (perNode.low ?? 0) > free);
}
