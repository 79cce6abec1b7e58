import type { OtherResourceKind, Range, ScenarioName } from "../contract.ts";
import type { Unit } from "./budgetKinds.ts";
import { words } from "./range.ts";
import { otherResourcesExceed, resourcesByKind } from "./resourcesByKind.ts";
import type { View } from "./view.ts";

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

/**
 * "3 private endpoints, 2 load balancer frontends, 1 of unknown type". Null where there are none, or where no subnet is meant.
 */
export function otherResourcesText(view: View): string | null {
	if (view.budget.kind !== "subnet") return null;
	const otherResourcesByKind = resourcesByKind(view);
	if (otherResourcesByKind === null)
		return "unknown which ones, since rows are missing";
	if (otherResourcesByKind.length === 0) return null;
	return otherResourcesByKind
		.map(({ kind, addresses }) => {
			const figure = words(addresses);
			const [one, several] = otherResourceNames[kind];
			return `${figure} ${figure === "1" ? one : several}`;
		})
		.join(", ");
}

/** Why the kinds add up to more than the number of other resources. Null where they do not. */
export function otherResourcesExceedText(view: View): string | null {
	switch (otherResourcesExceed(view)) {
		case "nodes":
			return "The kinds add up to more than this number. The nodes use less than the high end of their models.";
		case "age":
			return "The kinds add up to more than the nodes leave free. The data differs in age.";
		case null:
			return null;
	}
}
