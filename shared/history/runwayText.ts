import type { Runway } from "../contract.ts";

/** "full in about 23 days (15 to 40), from 30 points over 29 days". */
export function runwayText(runway: Runway): string {
	const { days, points, overDays } = runway;
	const when = days === 0 ? "within a day" : `in about ${daysText(days)}`;
	return `full ${when}${spreadText(runway)}, from ${points} points over ${daysText(overDays)}`;
}

function spreadText({ low, high }: Runway): string {
	if (low === high) return "";
	return high === null ? ` (at least ${low})` : ` (${low} to ${high})`;
}

function daysText(days: number): string {
	return days === 1 ? "1 day" : `${days} days`;
}
