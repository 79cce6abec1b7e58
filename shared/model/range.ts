import type { Range, Verdict } from "../contract.ts";
import { grouped } from "../text.ts";

/**
 * Amounts are ranges of whole numbers: `low` is the least that Azure will take, `high` what a careful planner must allow.
 * A null low or high is unbounded at that end, and stays so under every operation.
 */
export const nothing: Range = { low: 0, high: 0 };

/** A fleet has millions of small amounts, most of them the same few: one object each is less to make and to keep. */
const small: readonly Range[] = Array.from({ length: 1024 }, (_, amount) => ({
	low: amount,
	high: amount,
}));

export function exactly(amount: number): Range {
	return small[amount] ?? { low: amount, high: amount };
}

export function between(low: number | null, high: number | null): Range {
	return low !== null && low === high ? exactly(low) : { low, high };
}

export function atLeast(low: number): Range {
	return { low, high: null };
}

export function add(a: Range, b: Range): Range {
	return between(addEnds(a.low, b.low), addEnds(a.high, b.high));
}

export function subtract(a: Range, b: Range): Range {
	return between(
		a.low === null || b.high === null ? null : a.low - b.high,
		a.high === null || b.low === null ? null : a.high - b.low,
	);
}

/** Both ends of `a` times the same end of `b`. Amounts are never negative, and zero of something unbounded is zero. */
export function multiply(a: Range, b: Range): Range {
	return between(timesEnds(a.low, b.low), timesEnds(a.high, b.high));
}

export function sum(ranges: Iterable<Range>): Range {
	let total = nothing;
	for (const range of ranges) total = add(total, range);
	return total;
}

/** Not below zero at either end. */
export function notNegative(a: Range): Range {
	return between(
		a.low === null ? 0 : Math.max(0, a.low),
		a.high === null ? null : Math.max(0, a.high),
	);
}

/** What is free, and whether that is enough: `tight` is enough at one end only, `unknown` where an unbounded end decides. */
export function freeAndVerdict(
	limit: Range,
	demand: Range,
): { free: Range; verdict: Verdict } {
	const free = subtract(limit, demand);
	return { free, verdict: verdictOfFree(free) };
}

function verdictOfFree(free: Range): Verdict {
	if (free.low !== null && free.low >= 0) return "fits";
	if (free.high !== null && free.high < 0) return "short";
	return free.low === null || free.high === null ? "unknown" : "tight";
}

/** "29", "29 to 31", "at least 1,019". */
export function words(range: Range): string {
	if (range.low === null)
		return range.high === null
			? "an unknown number of"
			: `at most ${grouped(range.high)}`;
	if (range.high === null) return `at least ${grouped(range.low)}`;
	return range.low === range.high
		? grouped(range.low)
		: `${grouped(range.low)} to ${grouped(range.high)}`;
}

function addEnds(a: number | null, b: number | null): number | null {
	return a === null || b === null ? null : a + b;
}

function timesEnds(a: number | null, b: number | null): number | null {
	if (a === 0 || b === 0) return 0;
	return a === null || b === null ? null : a * b;
}
