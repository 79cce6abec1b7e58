import type { BudgetName } from "../contract.ts";
import { noTotals, plusTotals } from "./budget.ts";
import { budgetKinds } from "./budgetKinds.ts";
import type { Opening } from "./opening.ts";
import { nothing } from "./range.ts";
import type { Sum } from "./resourceBudget.ts";
import type { Using } from "./uses.ts";

export function addUp(using: readonly Using[]): Map<string, Sum> {
	const sums = new Map<string, Sum>();
	for (const { member, uses } of using)
		for (const { budget, totals, open, isMixed } of uses) {
			const sum = sumOf(sums, budget);
			sum.clusters.add(member.id);
			sum.totals = plusTotals(sum.totals, totals);
			sum.open.push(...open);
			sum.isMixed ||= isMixed;
		}
	return sums;
}

function sumOf(sums: Map<string, Sum>, name: BudgetName): Sum {
	const existing = sums.get(name.id);
	if (existing) return existing;
	const sum: Sum = {
		name,
		clusters: new Set(),
		open: [],
		remembered: nothing,
		proven: 0,
		isMixed: false,
		totals: noTotals,
	};
	sums.set(name.id, sum);
	return sum;
}

/** Azure shows what is used of it, so what is unseen is open for growth alone. What pods use of a subnet beside nodes is not shown. */
export function isShown({ name, isMixed }: Sum): boolean {
	return budgetKinds[name.kind].isObserved && !isMixed;
}

/** Somebody unseen uses the budget: at least so much, and nobody knows how much more. */
export function openUp(sum: Sum, opening: Opening, least: number): void {
	if (!sum.open.some(({ reason }) => reason === opening.reason))
		sum.open.push(opening);
	const observed = isShown(sum);
	sum.totals = plusTotals(sum.totals, {
		...noTotals,
		nowLow: observed ? 0 : least,
		nowHigh: observed ? 0 : least,
		nowUnbounded: observed ? 0 : 1,
		growthUnbounded: 1,
	});
}
