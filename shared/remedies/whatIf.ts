import { type Range, type ScenarioName, scenarioNames } from "../contract.ts";
import { scenarioText, shortText, unitText } from "../model/amountText.ts";
import {
	type Budget,
	demandNowIn,
	minusTotals,
	plusTotals,
	totalsOf,
} from "../model/budget.ts";
import type { ResolvedCluster, ResolvedPool } from "../model/cluster.ts";
import { type Entry, entriesOf, poolEntries } from "../model/entries.ts";
import { nothing } from "../model/range.ts";
import {
	fitsForCertain,
	observedAfter,
	type View,
	viewOf,
} from "../model/view.ts";
import { grouped, listed } from "../text.ts";

/** Entries of the same budget instead of the cluster's own. */
export interface BudgetAfter {
	readonly budget: Budget;
	readonly entries: readonly Entry[];
}

/** The same budget, judged by the same sums, if these pools of the cluster were like this. */
export function withPools(
	cluster: ResolvedCluster,
	view: View,
	pools: readonly ResolvedPool[],
): BudgetAfter {
	const changed = new Map(pools.map((pool) => [pool.name, pool]));
	return withEntries(
		view,
		view.entries.flatMap((entry) => {
			const pool = changed.get(entry.pool ?? "");
			return pool === undefined
				? [entry]
				: ofSameBudget(view, poolEntries(cluster, pool));
		}),
	);
}

/** The same for pools that only grow otherwise: their nodes are those that there are, and need what they need. */
export function withGrowth(
	view: View,
	pools: readonly Pick<
		ResolvedPool,
		"name" | "growth" | "surge" | "surgeAtFull"
	>[],
): BudgetAfter {
	return withEntries(
		view,
		view.entries.map((entry) => {
			const pool = pools.find(({ name }) => name === entry.pool);
			if (pool === undefined) return entry;
			const { growth, surge, surgeAtFull } = pool;
			return { ...entry, growth, surge, surgeAtFull };
		}),
	);
}

/** The same budget, judged by the same sums, if the whole cluster were like this. */
export function withCluster(view: View, cluster: ResolvedCluster): BudgetAfter {
	return withEntries(view, ofSameBudget(view, entriesOf(cluster)));
}

function ofSameBudget(
	{ budget: { id, kind } }: View,
	entries: readonly Entry[],
): Entry[] {
	return entries.filter(
		({ budget }) => budget.id === id && budget.kind === kind,
	);
}

/** The neighbors stay as before. The observation moves with what the cluster's own nodes use. */
function withEntries(view: View, entries: readonly Entry[]): BudgetAfter {
	const before = totalsOf(view.entries);
	const after = totalsOf(entries);
	return {
		budget: {
			...view.budget,
			totals: plusTotals(minusTotals(view.budget.totals, before), after),
			observed: observedAfter(
				view.budget,
				demandNowIn(before),
				demandNowIn(after),
			),
		},
		entries,
	};
}

/** The cluster's own entries in a new budget of the same limit, where nobody else is. */
export function alone({ budget, entries }: View): BudgetAfter {
	return {
		budget: {
			...budget,
			observed: null,
			otherResourcesByKind: null,
			totals: totalsOf(entries),
			sharedBy: 1,
			foreign: nothing,
			open: [],
		},
		entries,
	};
}

/** Everybody as before, in a budget of that limit. */
export function withLimit(
	{ budget, entries }: View,
	limit: Range,
): BudgetAfter {
	return { budget: { ...budget, limit }, entries };
}

export function viewAfter({ budget, entries }: BudgetAfter): View {
	return viewOf(budget, entries);
}

function allFit({ budget, entries }: BudgetAfter): boolean {
	return fitsForCertain(budget, entries);
}

/** All scenarios fit, and autoscaler max with upgrade uses less than this percentage of it. */
export function carries(after: BudgetAfter, percent: number): boolean {
	if (percent === 100 || !allFit(after)) return allFit(after);
	const { high } = viewAfter(after).scenarios["full-upgrade"].demand;
	const limit = after.budget.limit.low ?? 0;
	return high !== null && high * 100 < percent * limit;
}

/** The finding goes: all that was violated fits for certain, what fitted still does, and nothing else turns out to be violated. */
export function fixes(before: View, after: View): boolean {
	return scenarioNames.every((name) =>
		before.scenarios[name].verdict === "unknown"
			? !isViolated(after, name)
			: after.scenarios[name].verdict === "fits",
	);
}

/** The same for searches that try many: a view of the change is made only where a scenario was unknown and may stay so. */
export function fixing(before: View): (after: BudgetAfter) => boolean {
	const isOpen = scenarioNames.some(
		(name) => before.scenarios[name].verdict === "unknown",
	);
	return (after) =>
		allFit(after) || (isOpen && fixes(before, viewAfter(after)));
}

/** Something that was violated fits for certain, and nothing that did fit is violated. */
export function improves(before: View, after: View): boolean {
	const fixed = (name: ScenarioName) =>
		isViolated(before, name) && after.scenarios[name].verdict === "fits";
	const broken = (name: ScenarioName) =>
		!isViolated(before, name) && isViolated(after, name);
	return scenarioNames.some(fixed) && !scenarioNames.some(broken);
}

export function isViolated({ scenarios }: View, name: ScenarioName): boolean {
	const { verdict } = scenarios[name];
	return verdict === "short" || verdict === "tight";
}

/** That a remedy fixes the finding. */
export const allFitText = "Then all four scenarios fit.";

/** The same where neighbors stay on the budget: their own upgrades are not in these sums. */
const allFitHereText =
	"Then all four scenarios of this cluster fit, with its neighbors at autoscaler max.";

/** What a change leads to, in sentences: that all fits, or how far it gets. */
export function outcomeText(after: View): string[] {
	if (allFit(after))
		return [after.budget.sharedBy > 1 ? allFitHereText : allFitText];
	const { scenarios, budget } = after;
	const fitting = scenarioNames.filter(
		(name) => scenarios[name].verdict === "fits",
	);
	const texts = fitting.map((name) => scenarioText[name]);
	return [
		...(texts.length > 0 ? [`Then it fits ${listed(texts)}.`] : []),
		...scenarioNames
			.filter((name) => !fitting.includes(name))
			.map((name) =>
				isViolated(after, name)
					? `It is still ${shortText(scenarios[name].free, budget.unit)} ${scenarioText[name]}.`
					: `Nobody can tell whether it fits ${scenarioText[name]}.`,
			),
	];
}

/** The neighbors that stay where the cluster's own pools were. Empty without neighbors. */
export function stayingText(view: View): string[] {
	const { sharedBy, limit, unit } = view.budget;
	if (sharedBy < 2) return [];
	const { demand } = viewAfter(withEntries(view, [])).scenarios.full;
	const most =
		demand.high === null || limit.low === null
			? `an unknown number of ${unitText(unit)}`
			: `up to ${grouped(demand.high)} of ${grouped(limit.low)} ${unitText(unit)}`;
	return [
		sharedBy === 2
			? `The neighbor stays and needs ${most} at autoscaler max.`
			: `The ${grouped(sharedBy - 1)} neighbors stay and need ${most} at autoscaler max.`,
	];
}

/** "Needs 238 of its 251 IPs, upgrades included." */
export function needsText(after: View, what: string): string {
	const { demand } = after.scenarios["full-upgrade"];
	return `Needs ${grouped(demand.high ?? 0)} of its ${grouped(after.budget.limit.low ?? 0)} ${what}, upgrades included.`;
}

/**
 * The largest whole number from `least` to `most` that will do, where all below it do as well. Null where none does.
 */
export function largest(
	least: number,
	most: number,
	does: (amount: number) => boolean,
): number | null {
	if (most < least || !does(least)) return null;
	let good = least;
	let bad = most + 1;
	while (bad - good > 1) {
		const middle = Math.floor((good + bad) / 2);
		if (does(middle)) good = middle;
		else bad = middle;
	}
	return good;
}
