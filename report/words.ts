import type { Range, Runway } from "../shared/contract.ts";
import { amount, shortText } from "../shared/model/amountText.ts";
import type { Unit } from "../shared/model/budgetKinds.ts";
import { plural } from "../shared/text.ts";
import { dayMs, hourMs } from "../shared/time.ts";

const clock = new Intl.DateTimeFormat("en-GB", {
	hour: "2-digit",
	minute: "2-digit",
	timeZone: "UTC",
});
const day = new Intl.DateTimeFormat("en-GB", {
	day: "numeric",
	month: "short",
	timeZone: "UTC",
});
const dayOfYear = new Intl.DateTimeFormat("en-GB", {
	day: "numeric",
	month: "short",
	year: "numeric",
	timeZone: "UTC",
});

/** "28 Nov 08:16 UTC": the same for everybody who reads it. The year is there where it is another one. */
export function timeText(at: string, now = new Date()): string {
	return `${dayText(at, now)} ${clock.format(new Date(at))} UTC`;
}

/** "28 Nov", "28 Nov 2027". */
export function dayText(at: string | Date, now = new Date()): string {
	const date = new Date(at);
	const isThisYear = date.getUTCFullYear() === now.getUTCFullYear();
	return (isThisYear ? day : dayOfYear).format(date);
}

/** "3 hours ago", "12 minutes ago". */
export function agoText(hours: number): string {
	if (hours >= 48) return `${plural(Math.floor(hours / 24), "day")} ago`;
	if (hours >= 1) return `${plural(Math.floor(hours), "hour")} ago`;
	const minutes = Math.floor(hours * 60);
	return minutes < 1 ? "just now" : `${plural(minutes, "minute")} ago`;
}

export function hoursSince(at: string): number {
	return (Date.now() - Date.parse(at)) / hourMs;
}

/** "12 to 30 IPs short", "up to 3 IPs short", "40 IPs free". */
export function freeText(free: Range, unit: Unit): string {
	if (free.low !== null && free.low >= 0) return `${amount(free, unit)} free`;
	if (free.low === null && (free.high === null || free.high >= 0))
		return "Demand not known";
	return shortText(free, unit);
}

/** When a budget is full: "21 Dec (15 Dec to 7 Jan)". `from`: the audit that the days count from. */
export function fullDateText({ days, low, high }: Runway, from: string) {
	const date = (after: number) =>
		dayText(new Date(Date.parse(from) + after * dayMs));
	if (low === high) return { date: date(days), spread: null };
	const spread =
		high === null ? `${date(low)} or later` : `${date(low)} to ${date(high)}`;
	return { date: date(days), spread };
}
