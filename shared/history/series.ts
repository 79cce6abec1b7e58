import type { BudgetName } from "../contract.ts";
import type { Budget } from "../model/budget.ts";
import { dayMs } from "../time.ts";

/** An amount whose both ends are known. */
export interface Known {
	readonly low: number;
	readonly high: number;
}

/** What one audit saw of a budget. */
export interface Point {
	/** When the audit started, in milliseconds since 1970: the key of its points. */
	readonly at: number;
	readonly demand: Known;
	/** With everybody on it at their maxima. High null where nobody knows these. */
	readonly full: { readonly low: number; readonly high: number | null };
	readonly limit: Known;
}

/** Every audit of this many days is kept, up to a maximum. Before that, one a day for a year. */
const recentDays = 7;
const mostRecent = 200;
export const mostDays = 365;

/** The trend looks back 90 days: these and a week stay where every audit reads them. */
const handyDays = 97;
/**
 * Older points are archived when there are this many days of them. Each bucket has its own number, so that few do it in
 * one night.
 */
const archiveAfterDays = 7;
const spreadDays = 16;

/** The points of a series that every audit reads. */
export function recentOf(points: readonly Point[]): Point[] {
	const from = handyFrom(points);
	return points.filter(({ at }) => at > from);
}

/** The points of a series that people read, beside the recent ones: up to a year. */
export function archiveOf(points: readonly Point[]): Point[] {
	const to = handyFrom(points);
	const newest = points.at(-1)?.at ?? 0;
	return points.filter(({ at }) => at <= to && at > newest - mostDays * dayMs);
}

function handyFrom(points: readonly Point[]): number {
	return (points.at(-1)?.at ?? 0) - handyDays * dayMs;
}

/** Whether one of a bucket's series has enough old points to be worth a write of the archive. */
export function isToArchive(
	all: readonly { readonly first: number; readonly newest: number }[],
	bucket: number,
): boolean {
	const days = handyDays + archiveAfterDays + (bucket % spreadDays);
	return all.some(({ first, newest }) => newest - first > days * dayMs);
}

/** Points of one budget, oldest first, those of one audit once: of two the later in the list. */
export function inOrder(points: readonly Point[]): Point[] {
	const byTime = new Map(points.map((point) => [point.at, point]));
	return [...byTime.values()].sort((a, b) => a.at - b.at);
}

/** A series with a point more, oldest first: one of the same audit is replaced, one that comes late finds its place. */
export function withPoint(points: readonly Point[], point: Point): Point[] {
	return bounded(inOrder([...points, point]));
}

/** Whether `withPoint` puts a point of this time behind those of `times`, which are in order, and removes none. */
export function staysWhole(times: readonly number[], at: number): boolean {
	const [first = at] = times;
	const { length } = times;
	const older = times.filter((time) => time <= at - recentDays * dayMs);
	return (
		(times.at(-1) ?? 0) < at &&
		first > at - mostDays * dayMs &&
		length - older.length < mostRecent &&
		older.every(
			(time, i) => i === 0 || dayOf(time) !== dayOf(older[i - 1] ?? 0),
		)
	);
}

function bounded(points: readonly Point[]): Point[] {
	const newest = points.at(-1)?.at ?? 0;
	const recent = points
		.filter(({ at }) => at > newest - recentDays * dayMs)
		.slice(-mostRecent);
	const older = points
		.slice(0, points.length - recent.length)
		.filter(({ at }) => at > newest - mostDays * dayMs);
	return [...oneADay(older), ...recent];
}

/** Of each day (UTC) the audit that saw the highest demand: a budget is full when its highest hour is. */
function oneADay(points: readonly Point[]): Point[] {
	const kept: Point[] = [];
	for (const point of points) {
		const last = kept.at(-1);
		if (last === undefined || dayOf(last.at) !== dayOf(point.at))
			kept.push(point);
		else if (point.demand.high > last.demand.high)
			kept[kept.length - 1] = point;
	}
	return kept;
}

/** Counts from 1970, UTC. */
export function dayOf(at: number): number {
	return Math.floor(at / dayMs);
}

/** The kept history of one budget, oldest point first. */
export interface Series extends BudgetName {
	readonly unit: Budget["unit"];
	readonly points: readonly Point[];
}

/** A budget with what an audit adds to its series. */
export interface Addition {
	readonly budget: Pick<Budget, "id" | "kind" | "name" | "unit">;
	readonly point: Point;
}
