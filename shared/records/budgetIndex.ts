import { networkOfBudget, subscriptionOfId } from "../arm.ts";
import { type BudgetKind, type Verdict, verdicts } from "../contract.ts";
import {
	type BudgetPlace,
	type ListedBudget,
	placeOfBudget,
} from "../model/budgetList.ts";
import type { BudgetFilter } from "./budgetsQuery.ts";
import { type ReclaimableInUse, reclaimableInUse } from "./reclaimable.ts";
import type { VerdictCounts } from "./verdictCounts.ts";

/*
 * The list of budgets is kept in parts, fullest first. The index says what is where, so that a page of a few budgets
 * reads a few parts. A budget's position is its number in the list, from 0.
 */

/** Budgets of a part: a large fleet has some thirty parts. */
export const budgetsInPart = 2000;

export interface BudgetIndex {
	/** The place of the first budget of each part. */
	readonly firstPlaces: readonly BudgetPlace[];
	readonly kind: Column<BudgetKind>;
	readonly verdict: Column<Verdict>;
	readonly subscription: Column<string | null>;
	readonly network: Column<string | null>;
	/** Absent in an index of a release that did not keep it. */
	readonly reclaimable?: ReclaimableInUse;
}

/** A value for each budget, as its number among the values that there are. */
interface Column<T> {
	readonly values: readonly T[];
	readonly numbers: readonly number[];
}

export function budgetIndex(budgets: readonly ListedBudget[]): BudgetIndex {
	return {
		firstPlaces: partsOf(budgets).flatMap(([first]) =>
			first === undefined ? [] : placeOfBudget(first),
		),
		kind: columnOf(budgets.map(({ kind }) => kind)),
		verdict: columnOf(budgets.map(({ verdict }) => verdict)),
		subscription: columnOf(budgets.map(({ id }) => subscriptionOfId(id))),
		network: columnOf(budgets.map(({ id }) => networkOfBudget(id))),
		reclaimable: reclaimableInUse(budgets),
	};
}

export function partsOf<T>(budgets: readonly T[]): T[][] {
	return Array.from(
		{ length: Math.ceil(budgets.length / budgetsInPart) },
		(_, part) =>
			budgets.slice(part * budgetsInPart, (part + 1) * budgetsInPart),
	);
}

function columnOf<T>(all: readonly T[]): Column<T> {
	const numbers = new Map<T, number>();
	const own = all.map((value) => {
		const number = numbers.get(value) ?? numbers.size;
		numbers.set(value, number);
		return number;
	});
	return { values: [...numbers.keys()], numbers: own };
}

/** The positions of the budgets that a filter means, at most so many, from a position on. */
export function positionsMeant(
	{ kind, verdict, subscription, network }: BudgetIndex,
	filter: BudgetFilter,
	from = 0,
	most = Number.POSITIVE_INFINITY,
): number[] {
	const tests = [
		testOf<BudgetKind>(kind, filter.kind),
		testOf<Verdict>(verdict, filter.verdict),
		testOf<string | null>(subscription, filter.subscription),
		testOf<string | null>(network, filter.network),
	];
	const meant: number[] = [];
	for (let at = from; at < kind.numbers.length && meant.length < most; at++)
		if (tests.every((isMeant) => isMeant(at))) meant.push(at);
	return meant;
}

function testOf<T>(
	{ values, numbers }: Column<T>,
	wanted: readonly T[] | undefined,
): (position: number) => boolean {
	if (wanted === undefined) return () => true;
	const isWanted = values.map((value) => wanted.includes(value));
	return (position) => isWanted[numbers[position] ?? -1] === true;
}

export function budgetVerdicts({ verdict }: BudgetIndex): VerdictCounts {
	const counts = verdict.values.map(() => 0);
	for (const number of verdict.numbers)
		counts[number] = (counts[number] ?? 0) + 1;
	return Object.fromEntries(
		verdicts.map((one) => [one, counts[verdict.values.indexOf(one)] ?? 0]),
	) as VerdictCounts;
}
