import { type Known, type Point, staysWhole, withPoint } from "./series.ts";

/**
 * A point as it is kept: milliseconds since the one before, then its amounts, cut after the last that differs from the
 * one before. A year of a budget that does not move takes about 4,000 characters, and never more than 45,000.
 */
export type CompactPoint = readonly (number | null)[];

export function compact(points: readonly Point[]): CompactPoint[] {
	let before: Amounts = { at: 0, amounts: [] };
	return points.map((point) => {
		const row = rowAfter(before, point);
		before = { at: point.at, amounts: amountsOf(point) };
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

/**
 * `withPoint` of points as they are kept. A fleet has millions of them, so they are not unfolded where the new one only
 * comes behind them.
 */
export function withCompact(
	rows: readonly CompactPoint[],
	point: Point,
): readonly CompactPoint[] {
	return staysWhole(timesOf(rows), point.at)
		? [...rows, rowAfter(newestOf(rows), point)]
		: compact(withPoint(pointsFrom(rows), point));
}

/** When each point was, in milliseconds since 1970. */
function timesOf(rows: readonly CompactPoint[]): number[] {
	let at = 0;
	return rows.map((row) => {
		at += row[0] ?? 0;
		return at;
	});
}

/** When the newest point was, in milliseconds since 1970. 0 without points. */
export function newestTime(rows: readonly CompactPoint[]): number {
	let at = 0;
	for (const row of rows) at += row[0] ?? 0;
	return at;
}

/** What the trend needs of each point, without the points. */
export interface Uses {
	readonly times: readonly number[];
	/** The high end of the demand. */
	readonly demand: readonly number[];
	/** The same object as long as it does not change. */
	readonly limit: readonly Known[];
}

export function usesOf(rows: readonly CompactPoint[]): Uses {
	const demand: number[] = [];
	const limit: Known[] = [];
	let high: number | null | undefined;
	let room: Known | undefined;
	for (const row of rows) {
		if (row.length > 2) high = row[2];
		room = limitAfter(room, row);
		demand.push(known(high));
		limit.push(room);
	}
	return { times: timesOf(rows), demand, limit };
}

function limitAfter(before: Known | undefined, row: CompactPoint): Known {
	if (before !== undefined && row.length <= 5) return before;
	const high = row.length > 6 ? row[6] : before?.high;
	return { low: known(row[5]), high: known(high) };
}

/** When a point was, and its amounts in the order of a row. */
interface Amounts {
	readonly at: number;
	readonly amounts: CompactPoint;
}

function newestOf(rows: readonly CompactPoint[]): Amounts {
	const amounts: (number | null)[] = [];
	for (const row of rows)
		for (let i = 1; i < row.length; i++) amounts[i - 1] = row[i] ?? null;
	return { at: newestTime(rows), amounts };
}

function rowAfter(before: Amounts, point: Point): CompactPoint {
	const amounts = amountsOf(point);
	const last = amounts.findLastIndex(
		(amount, i) => amount !== before.amounts[i],
	);
	return [point.at - before.at, ...amounts.slice(0, last + 1)];
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
