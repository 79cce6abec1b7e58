import type { Range } from "../contract.ts";
import type { ResolvedPool } from "./cluster.ts";
import { add, exactly, nothing, notNegative, subtract } from "./range.ts";
import { type SurgeRule, surgeNodes, surgeOfRange } from "./surge.ts";

/** What a pool of so many nodes, so many at full scale, adds by growing and by being upgraded. */
export function growthOf(
	rule: SurgeRule,
	nodes: Range,
	full: Range,
	maxNodes: number | null,
): Pick<ResolvedPool, "growth" | "surge" | "surgeAtFull"> {
	return {
		growth: notNegative(subtract(full, nodes)),
		surge: rule.upgrading ? nothing : surgeOfRange(rule, nodes),
		surgeAtFull: surgeAtFull(rule, nodes, full, maxNodes),
	};
}

/** A pool that is upgrading holds some of its surge nodes already; they are not counted twice. */
function surgeAtFull(
	rule: SurgeRule,
	nodes: Range,
	full: Range,
	maxNodes: number | null,
): Range {
	if (!rule.upgrading || maxNodes === null)
		return rule.upgrading ? nothing : surgeOfRange(rule, full);
	const surge = surgeNodes(rule, maxNodes);
	return notNegative(
		subtract(add(exactly(maxNodes), surge), maximum(nodes, maxNodes)),
	);
}

export function maximum(nodes: Range, least: number): Range {
	return {
		low: Math.max(nodes.low ?? 0, least),
		high: nodes.high === null ? null : Math.max(nodes.high, least),
	};
}
