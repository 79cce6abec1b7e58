import type { OtherResourceKind, Range, ScenarioName } from "../contract.ts";
import type { Unit } from "./budgetKinds.ts";
import { words } from "./range.ts";

/** Scenarios and amounts in words, the same in findings, in remedies, on the card and in the report. */

export const scenarioText: Readonly<Record<ScenarioName, string>> = {
	today: "now",
	upgrade: "for an upgrade",
	full: "at autoscaler max",
	"full-upgrade": "for an upgrade at autoscaler max",
};

/** Scenarios as labels, for readers of the report. */
export const scenarioLabels: Readonly<Record<ScenarioName, string>> = {
	today: "Now",
	upgrade: "Upgrade",
	full: "Autoscaler max",
	"full-upgrade": "Upgrade at autoscaler max",
};

/** "12 to 30 IPs short", "up to 3 IPs short". */
export function shortText(free: Range, unit: Unit): string {
	const most = free.low === null ? null : -free.low;
	if (free.high !== null && free.high < 0)
		return `${amount({ low: -free.high, high: most }, unit)} short`;
	return most === null
		? `an unknown number of ${unitText(unit)} short`
		: `up to ${amount({ low: most, high: most }, unit)} short`;
}

/** "1 IP", "12 to 30 IPs". */
export function amount(range: Range, unit: Unit): string {
	const figure = words(range);
	const text = unitText(unit);
	return `${figure} ${figure === "1" ? text.replace(/s$/, "") : text}`;
}

/** The API counts "addresses". People read "IPs". */
export const unitTexts: Readonly<Record<Unit, string>> = {
	addresses: "IPs",
	blocks: "blocks",
	routes: "routes",
	nodes: "nodes",
};

export function unitText(unit: Unit): string {
	return unitTexts[unit];
}

/** One of them, and several. */
export const otherResourceNames = {
	"private-endpoint": ["private endpoint", "private endpoints"],
	"load-balancer-frontend": [
		"load balancer frontend",
		"load balancer frontends",
	],
	"private-link-service": ["Private Link Service", "Private Link Services"],
	"virtual-machine": ["virtual machine", "virtual machines"],
	"scale-set": ["in a scale set outside AKS", "in scale sets outside AKS"],
	"leftover-interface": [
		"leftover network interface",
		"leftover network interfaces",
	],
	other: ["of unknown type", "of unknown type"],
} as const satisfies Record<OtherResourceKind, readonly [string, string]>;
