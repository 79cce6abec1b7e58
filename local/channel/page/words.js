import { budgetKinds } from "./budgetKinds.js";

export const severities = ["critical", "high", "medium", "low", "info"];

/** How a budget is called: "pod subnet net/pods". */
export function kindText(kind) {
	return budgetKinds[kind]?.noun ?? kind;
}

export const otherResourceKinds = {
	"private-endpoint": "private endpoints",
	"load-balancer-frontend": "load balancer frontends",
	"private-link-service": "Private Link Services",
	"virtual-machine": "virtual machines",
	"scale-set": "scale sets that are not AKS's",
	"leftover-interface": "leftover interfaces",
	other: "something else",
};

export const scenarios = {
	today: "at the time of the audit",
	upgrade: "upgrade",
	full: "full scale",
	"full-upgrade": "upgrade at full scale",
};

const minus = "\u2212";

/** "12", "12 to 30", "12 or more"; null stands for an end that is not known. */
export function range(amount) {
	if (!amount) return "–";
	const { low, high } = amount;
	if (low === null && high === null) return "not known";
	if (high === null) return `${number(low)} or more`;
	if (low === null) return `${number(high)} or less`;
	return low === high ? number(low) : `${number(low)} to ${number(high)}`;
}

export function number(value) {
	const digits = Math.abs(value).toLocaleString("en-US");
	return value < 0 ? `${minus}${digits}` : digits;
}

/** "short by 12 to 30" where that is certain, otherwise what is free. */
export function freeText(free) {
	if (!free) return null;
	const { low, high } = free;
	if (high !== null && high < 0)
		return `short by ${range({ low: -high, high: low === null ? null : -low })}`;
	return `${range(free)} free`;
}

/** As `runwayWords` of the program says it. */
export function runwayText({ days, low, high, points, overDays }) {
	const when = days === 0 ? "about now" : `in about ${plural(days, "day")}`;
	const bounds =
		high === null ? `${low} at the least` : `between ${low} and ${high}`;
	const spread = low === high ? "" : ` (${bounds})`;
	return `full ${when}${spread}, by ${plural(points, "point")} over ${plural(overDays, "day")}`;
}

export function plural(count, noun) {
	return count === 1 ? `1 ${noun}` : `${number(count)} ${noun}s`;
}

export function counts(record, order = Object.keys(record)) {
	const words = order
		.filter((key) => record[key] > 0)
		.map((key) => `${number(record[key])} ${key}`);
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
