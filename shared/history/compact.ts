import type { Point } from "./series.ts";

/**
 * A point as it is kept: milliseconds since the one before, then its amounts, cut after the last that differs from the
 * one before. A year of a budget that does not move takes about 4,000 characters, and never more than 45,000.
 */
export type CompactPoint = readonly (number | null)[];

export function compact(points: readonly Point[]): CompactPoint[] {
	let before: CompactPoint = [];
	let time = 0;
	return points.map((point) => {
		const amounts = amountsOf(point);
		const last = amounts.findLastIndex((amount, i) => amount !== before[i]);
		const row = [point.at - time, ...amounts.slice(0, last + 1)];
		before = amounts;
		time = point.at;
		return row;
	});
}

export function pointsFrom(rows: readonly CompactPoint[]): Point[] {
	let amounts: CompactPoint = [];
	let at = 0;
	return rows.map(([since, ...changed]) => {
		amounts = [...changed, ...amounts.slice(changed.length)];
		at += since ?? 0;
		return pointOf(at, amounts);
	});
}

function amountsOf({ demand, full, limit }: Point): CompactPoint {
	return [demand.low, demand.high, full.low, full.high, limit.low, limit.high];
}

function pointOf(at: number, amounts: CompactPoint): Point {
	const [demandLow, demandHigh, fullLow, fullHigh, limitLow, limitHigh] =
		amounts;
	return {
		at,
		demand: { low: known(demandLow), high: known(demandHigh) },
		full: { low: known(fullLow), high: fullHigh ?? null },
		limit: { low: known(limitLow), high: known(limitHigh) },
	};
}

function known(amount: number | null | undefined): number {
	if (amount === null || amount === undefined)
		throw new Error("a point of a series lacks an amount");
	return amount;
}
