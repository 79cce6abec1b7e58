import type { Runway } from "../contract.ts";

/** "full in about 23 days (between 15 and 40), by 30 points over 29 days". */
export function runwayText(runway: Runway): string {
	const { days, points, overDays } = runway;
	const when = days === 0 ? "about now" : `in about ${daysText(days)}`;
	return `full ${when}${spreadText(runway)}, by ${points} points over ${daysText(overDays)}`;
}

function spreadText({ low, high }: Runway): string {
	if (low === high) return "";
	return high === null
		? ` (${low} at the least)`
		: ` (between ${low} and ${high})`;
}

function daysText(days: number): string {
	return days === 1 ? "1 day" : `${days} days`;
}
