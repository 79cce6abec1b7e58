import type { Range, Reason, ScenarioName } from "../contract.ts";
import { amount } from "./amountText.ts";
import type { Entry } from "./entries.ts";
import { add } from "./range.ts";
import type { View } from "./view.ts";

/** The sum of one entry, as a reason. */
export function entryReason(
	entry: Entry,
	unit: View["budget"]["unit"],
	name: ScenarioName,
): Reason {
	const kind = entry.pool === null ? "demand" : "pool";
	return { kind, text: entryText(entry, unit, name) };
}

/** The sum of one entry in a scenario: "pool np1: 3 nodes x 29 to 31 IPs (max pods 30)". */
function entryText(
	entry: Entry,
	unit: View["budget"]["unit"],
	name: ScenarioName,
): string {
	if (entry.pool === null) return entry.reason;
	const reason = entry.reason === "" ? "" : ` (${entry.reason})`;
	const nodes = `pool ${entry.pool}: ${amount(nodesIn(entry, name), "nodes")}`;
	return unit === "nodes"
		? `${nodes}${reason}`
		: `${nodes} x ${amount(entry.perNode, unit)}${reason}`;
}

/** Nodes of an entry in a scenario, its own surge included. */
export function nodesIn(entry: Entry, name: ScenarioName): Range {
	switch (name) {
		case "today":
			return entry.nodes;
		case "upgrade":
			return add(entry.nodes, entry.surge);
		case "full":
			return add(entry.nodes, entry.growth);
		case "full-upgrade":
			return add(add(entry.nodes, entry.growth), entry.surgeAtFull);
	}
}
