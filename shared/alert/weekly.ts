import { dayMs } from "../time.ts";

/** Days of the week as `ALERT_WEEKLY_DAY` names them, in the order of `Date.getUTCDay`. */
export const weekdays = [
	"sunday",
	"monday",
	"tuesday",
	"wednesday",
	"thursday",
	"friday",
	"saturday",
] as const;
export type Weekday = (typeof weekdays)[number];

/**
 * Whether the weekly summary is due: there was a 00:00 UTC of its day between the last one and this audit. So a missed
 * Monday is made up for on Tuesday. Null: never sent, or not to be sent.
 */
export function weeklyDue(
	lastSaid: string | null,
	at: string,
	weekday: Weekday | null,
): boolean {
	if (weekday === null) return false;
	return lastSaid === null || Date.parse(lastSaid) < lastMidnight(at, weekday);
}

function lastMidnight(at: string, weekday: Weekday): number {
	const time = new Date(at);
	const since = (time.getUTCDay() - weekdays.indexOf(weekday) + 7) % 7;
	return Math.floor(time.getTime() / dayMs) * dayMs - since * dayMs;
}
