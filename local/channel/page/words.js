import { budgetKinds } from "./budgetKinds.js";
import { scenarioLabels, unitTexts } from "./vocabulary.js";

/** How a budget is called: "pod subnet net/pods". */
export function kindText(kind) {
	return budgetKinds[kind]?.noun ?? kind;
}

export function scenarioText(name) {
	return scenarioLabels[name] ?? name;
}

export function unitText(unit) {
	return unitTexts[unit] ?? unit;
}

/** "1 IP", "12 to 30 IPs". */
export function amount(value, unit) {
	const figure = range(value);
	const text = unitText(unit);
	return `${figure} ${figure === "1" ? text.replace(/s$/, "") : text}`;
}

/** "12", "12 to 30", "at least 12"; null stands for an end that is not known. */
export function range(value) {
	if (!value) return "–";
	const { low, high } = value;
	if (low === null && high === null) return "not known";
	if (high === null) return `at least ${number(low)}`;
	if (low === null) return `at most ${number(high)}`;
	return low === high ? number(low) : `${number(low)} to ${number(high)}`;
}

export function number(value) {
	return value.toLocaleString("en-US");
}

/** "12 to 30 short" where that is certain, "up to 4 short, up to 11 free" where it is not. */
export function freeText(free) {
	if (!free) return "–";
	const { low, high } = free;
	if (high !== null && high < 0)
		return `${range({ low: -high, high: low === null ? null : -low })} short`;
	if (low === null || low >= 0) return `${range(free)} free`;
	const most = high === null ? "" : `, up to ${number(high)} free`;
	return `up to ${number(-low)} short${most}`;
}

/** The program has the same sentence in shared/history/runwayText.ts. */
export function runwayText({ days, low, high, points, overDays }) {
	const when = days === 0 ? "less than a day" : `about ${plural(days, "day")}`;
	const bounds = high === null ? `at least ${low}` : `${low} to ${high}`;
	const spread = days === 0 || low === high ? "" : ` (${bounds})`;
	return `Full in ${when}${spread}, from ${plural(points, "point")} over ${plural(overDays, "day")}`;
}

export function plural(count, noun) {
	return count === 1 ? `1 ${noun}` : `${number(count)} ${noun}s`;
}

/** "2 new, 1 resolved": numbers by name, with other words for the names where there are any. */
export function counts(record, order = Object.keys(record), texts = {}) {
	const words = order
		.filter((key) => record[key] > 0)
		.map((key) => `${number(record[key])} ${texts[key] ?? key}`);
	return words.length > 0 ? words.join(", ") : "none";
}

/** The day, with the time in UTC where it is not midnight, so that everybody reads the same. */
export function untilText(expiry) {
	const [day, clock] = new Date(expiry).toISOString().split("T");
	return clock === "00:00:00.000Z" ? day : `${day} ${clock.slice(0, 5)} UTC`;
}

export function time(text) {
	return new Date(text).toLocaleString([], {
		dateStyle: "medium",
		timeStyle: "short",
	});
}
