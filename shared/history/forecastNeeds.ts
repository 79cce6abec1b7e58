import type { Range } from "../contract.ts";
import { dayMs } from "../time.ts";

/** Three of each weekday, so that a week is compared with two more. A weekly audit needs ten weeks. In days. */
export const leastSpan = 20;
/** Days with an audit. */
export const leastDays = 10;
/** Days that the trend looks back, at most: older growth says little, and the work stays bounded. */
export const windowDays = 90;

/** How far a history is from a forecast. */
export interface ForecastNeeds {
	/** Days with an audit so far, since the capacity last changed. */
	readonly days: number;
	/** The earliest day of a forecast if there is an audit each day. ISO 8601. */
	readonly from: string;
	readonly hasNewCapacity: boolean;
}

/** `points`: oldest first. Null: there are enough of them, or none. */
export function forecastNeeds(
	points: readonly { readonly at: string; readonly limit: Range }[],
): ForecastNeeds | null {
	const newest = points.at(-1);
	if (newest === undefined) return null;
	const { low, high } = newest.limit;
	const changed = points.findLastIndex(
		({ limit }) => limit.low !== low || limit.high !== high,
	);
	const last = dayOf(newest.at);
	const days = new Set(
		points
			.slice(changed + 1)
			.map(({ at }) => dayOf(at))
			.filter((day) => day > last - windowDays),
	);
	const first = Math.min(...days);
	if (days.size >= leastDays && last - first >= leastSpan) return null;
	const from = Math.max(first + leastSpan, last + leastDays - days.size);
	return {
		days: days.size,
		from: new Date(from * dayMs).toISOString(),
		hasNewCapacity: changed >= 0,
	};
}

function dayOf(at: string): number {
	return Math.floor(Date.parse(at) / dayMs);
}
