import type { OtherResourceKind, Range, ScenarioName } from "../contract.ts";
import { words } from "./range.ts";
import { otherResourcesExceed, resourcesByKind } from "./resourcesByKind.ts";
import type { View } from "./view.ts";

/** Scenarios and amounts in words, the same in findings, in remedies, on the card and in the report. */

export const scenarioText: Readonly<Record<ScenarioName, string>> = {
	today: "at the time of the audit",
	upgrade: "during an upgrade",
	full: "at full scale",
	"full-upgrade": "during an upgrade at full scale",
};

/** "short by 12 to 30 addresses", "short by up to 3 addresses". */
export function shortText(free: Range, unit: string): string {
	const most = free.low === null ? null : -free.low;
	if (free.high !== null && free.high < 0)
		return `short by ${amount({ low: -free.high, high: most }, unit)}`;
	return most === null
		? `short of ${unit} by an unknown number`
		: `short by up to ${amount({ low: most, high: most }, unit)}`;
}

/** "1 address", "12 to 30 addresses". */
export function amount(range: Range, unit: string): string {
	const figure = words(range);
	return `${figure} ${figure === "1" ? singular(unit) : unit}`;
}

function singular(unit: string): string {
	return unit === "addresses" ? "address" : unit.replace(/s$/, "");
}

const otherResourceNames = {
	"private-endpoint": "private endpoints",
	"load-balancer-frontend": "load balancer frontends",
	"private-link-service": "Private Link Services",
	"virtual-machine": "virtual machines",
	"scale-set": "scale sets that are not AKS's",
	"leftover-interface": "leftover interfaces",
	other: "other",
} as const satisfies Record<OtherResourceKind, string>;

/** "private endpoints 3, load balancer frontends 2, other 1"; null where there are none, or where no subnet is meant. */
export function otherResourcesText(view: View): string | null {
	if (view.budget.kind !== "subnet") return null;
	const otherResourcesByKind = resourcesByKind(view);
	if (otherResourcesByKind === null)
		return "by what is not known: not all rows were answered";
	if (otherResourcesByKind.length === 0) return null;
	return otherResourcesByKind
		.map(
			({ kind, addresses }) =>
				`${otherResourceNames[kind]} ${words(addresses)}`,
		)
		.join(", ");
}

/** Why the kinds hold more than the others' number says; null where they do not. */
export function otherResourcesExceedText(view: View): string | null {
	switch (otherResourcesExceed(view)) {
		case "nodes":
			return "known by kind is more than this: the nodes hold less than the high end of their models";
		case "age":
			return "known by kind is more than the nodes leave of what is seen in the subnet: the rows are of different age";
		case null:
			return null;
	}
}
