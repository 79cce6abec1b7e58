import type { Runway } from "../contract.ts";

/** "Full in about 23 days (15 to 40), from 30 points over 29 days". */
export function runwayText(runway: Runway): string {
	const { points, overDays } = runway;
	return `Full ${whenFullText(runway)}, from ${points} points over ${daysText(overDays)}`;
}

/** "in about 23 days (15 to 40)". */
export function whenFullText(runway: Runway): string {
	const { days, low, high } = runway;
	if (days === 0) return "in less than a day";
	const about = `in about ${daysText(days)}`;
	if (low === high) return about;
	return `${about} (${high === null ? `at least ${low}` : `${low} to ${high}`})`;
}

function daysText(days: number): string {
	return days === 1 ? "1 day" : `${days} days`;
}
