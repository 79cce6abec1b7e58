import { median, quantile } from "simple-statistics";
import { notKnown, type Outlook, steady } from "../model/outlook.ts";
import { type CompactPoint, type Uses, usesOf } from "./compact.ts";
import { leastDays, leastSpan, windowDays } from "./forecastNeeds.ts";
import { dayOf } from "./series.ts";

/** Equal weekdays are compared with each other: most fleets have a weekly rhythm. */
const season = 7;
/** The newest days that must rise as well: growth that has ended is not a trend. */
const recentDays = 28;
/** Nobody plans by a line of 90 days further than a year. */
const horizonDays = 365;
/** The normal quantile of an interval of 90 %: five of a hundred are below it. */
const z = 1.645;

/** Highest use of a day. `day` counts from 1970. */
interface Day {
	readonly day: number;
	readonly demand: number;
}

interface Trend {
	readonly low: number;
	readonly middle: number;
	readonly high: number;
}

/**
 * When today's use (its high end) reaches the limit (its low end), as seen from the newest point. Points after `until`
 * do not count: where an audit comes late, they are another's.
 */
export function outlookOf(
	points: readonly CompactPoint[],
	until = Number.POSITIVE_INFINITY,
): Outlook {
	const { days, limit } = comparable(usesOf(points), until);
	if (days.length < leastDays || spanOf(days) < leastSpan) return notKnown;
	if (days.every(({ demand }) => demand === days[0]?.demand)) return steady;
	const slope = slopeOf(days);
	if (slope === null) return notKnown;
	if (slope.middle <= 0 || slope.recent <= 0) return steady;
	if (slope.low <= 0 || isOneStep(days, slope.middle)) return notKnown;
	return untilFull(days, slope, limit);
}

/** A day's highest use each, since the limit last changed: a budget of another size has another story. */
function comparable(
	{ times, demand, limit }: Uses,
	until: number,
): { readonly days: readonly Day[]; readonly limit: number } {
	const newest = times.findLastIndex((at) => at <= until);
	const { low, high } = limit[newest] ?? { low: 0, high: 0 };
	const changed = limit.findLastIndex(
		(one, i) => i <= newest && (one.low !== low || one.high !== high),
	);
	const from = dayOf(times[newest] ?? 0) - windowDays;
	const days: Day[] = [];
	for (let i = changed + 1; i <= newest; i++) {
		const seen = { day: dayOf(times[i] ?? 0), demand: demand[i] ?? 0 };
		if (seen.day <= from) continue;
		const last = days.at(-1);
		if (last?.day !== seen.day) days.push(seen);
		else if (seen.demand > last.demand) days[days.length - 1] = seen;
	}
	return { days, limit: low };
}

function spanOf(days: readonly Day[]): number {
	return (days.at(-1)?.day ?? 0) - (days[0]?.day ?? 0);
}

/**
 * Units a day: the seasonal slope of Sen, the median over all pairs of equal weekdays (Hirsch, Slack and Smith 1982).
 * Its interval of 90 % follows from the order of the pairs (Sen 1968, as `theilslopes` of SciPy has it). Equal values
 * are not subtracted from the variance, which makes the interval wider. If the newest weeks rise more or less, the
 * interval includes that.
 */
function slopeOf(days: readonly Day[]): (Trend & { recent: number }) | null {
	const weekdays = [...Map.groupBy(days, ({ day }) => day % season).values()];
	const { slopes, lately } = slopesOf(weekdays, days.at(-1)?.day ?? 0);
	const variance = weekdays.reduce(
		(sum, { length: n }) => sum + (n * (n - 1) * (2 * n + 5)) / 18,
		0,
	);
	const first = (slopes.length - z * Math.sqrt(variance)) / 2 - 1;
	if (first < 0 || lately.length === 0) return null;
	const share = first / (slopes.length - 1);
	const [low = 0, middle = 0, high = 0] = quantile(slopes, [
		share,
		0.5,
		1 - share,
	]);
	const recent = median(lately);
	return {
		low: Math.min(low, recent),
		middle,
		high: Math.max(high, recent),
		recent,
	};
}

/** Of all pairs of equal weekdays, and of those in the newest weeks. Loops, since a fleet has millions of pairs. */
function slopesOf(weekdays: readonly (readonly Day[])[], newest: number) {
	const slopes: number[] = [];
	const lately: number[] = [];
	for (const same of weekdays)
		for (const [i, later] of same.entries())
			for (const { day, demand } of same.slice(0, i)) {
				const slope = (later.demand - demand) / (later.day - day);
				slopes.push(slope);
				if (day > newest - recentDays) lately.push(slope);
			}
	return { slopes, lately };
}

/** A new pool makes one jump and no trend: two levels come at least as close to the days as the line does. */
function isOneStep(days: readonly Day[], slope: number): boolean {
	const line = distance(days.map(({ day, demand }) => demand - slope * day));
	const demand = days.map((day) => day.demand);
	return demand.some(
		(_, i) =>
			i > 0 && distance(demand.slice(0, i)) + distance(demand.slice(i)) <= line,
	);
}

function distance(values: readonly number[]): number {
	let total = 0;
	for (const value of values) total += value;
	const middle = total / values.length;
	let distance = 0;
	for (const value of values) distance += Math.abs(value - middle);
	return distance;
}

/** The level of the last week without its trend: its lowest and highest day are the rhythm and the noise. */
function untilFull(days: readonly Day[], slope: Trend, limit: number): Outlook {
	const today = days.at(-1)?.day ?? 0;
	const week = days
		.filter(({ day }) => day > today - season)
		.map(({ day, demand }) => demand + slope.middle * (today - day));
	const until = (level: number, perDay: number) =>
		Math.max(0, (limit - level) / perDay);
	const middle = Math.round(until(median(week), slope.middle));
	if (middle > horizonDays) return steady;
	const high = Math.ceil(until(Math.min(...week), slope.low));
	return {
		kind: "filling",
		runway: {
			days: middle,
			low: Math.floor(until(Math.max(...week), slope.high)),
			high: high > horizonDays ? null : high,
			points: days.length,
			overDays: spanOf(days),
		},
	};
}
