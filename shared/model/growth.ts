import type { Range } from "../contract.ts";
import type { ResolvedPool } from "./cluster.ts";
import { add, exactly, notNegative, subtract } from "./range.ts";
import { type SurgeRule, surgeOfRange } from "./surge.ts";

/** What a pool adds by growing and by being upgraded, from its nodes now and at autoscaler max. */
export function poolGrowth(
	rule: SurgeRule,
	nodes: Range,
	full: Range,
	maxNodes: number | null,
): Pick<ResolvedPool, "nodesAtFull" | "growth" | "surge" | "surgeAtFull"> {
	return {
		nodesAtFull: full,
		growth: notNegative(subtract(full, nodes)),
		surge: surgeNow(rule, nodes),
		surgeAtFull: surgeAtFull(rule, nodes, full, maxNodes),
	};
}

/**
 * A pool that is upgrading may have some of its surge nodes already: those above its set count. They are not counted
 * twice. The missing ones still count.
 */
function surgeNow(rule: SurgeRule, nodes: Range): Range {
	const whole = surgeOfRange(rule, nodes);
	if (!rule.upgrading || rule.wantedNodes === null) return whole;
	const planned = surgeOfRange(rule, exactly(rule.wantedNodes));
	const added = notNegative(subtract(nodes, exactly(rule.wantedNodes)));
	const left = notNegative(subtract(planned, added));
	return isAddedByUpgrade(rule, planned, added)
		? left
		: { low: left.low, high: whole.high };
}

/**
 * More nodes than the upgrade may add are not surge nodes: the count is an older one, or some of them are deallocated.
 */
function isAddedByUpgrade(
	{ deallocates }: SurgeRule,
	planned: Range,
	added: Range,
): boolean {
	if (added.high === 0) return true;
	if (deallocates || added.high === null || planned.high === null) return false;
	return added.high <= planned.high;
}

function surgeAtFull(
	rule: SurgeRule,
	nodes: Range,
	full: Range,
	maxNodes: number | null,
): Range {
	const whole = surgeOfRange(rule, full);
	const target = maxNodes ?? rule.wantedNodes;
	if (!rule.upgrading || target === null) return whole;
	const planned = surgeOfRange(rule, exactly(target));
	const added = notNegative(subtract(nodes, exactly(target)));
	const left = notNegative(
		subtract(add(exactly(target), planned), maximum(nodes, target)),
	);
	return isAddedByUpgrade(rule, planned, added)
		? left
		: { low: left.low, high: whole.high };
}

export function maximum(nodes: Range, least: number): Range {
	return {
		low: Math.max(nodes.low ?? 0, least),
		high: nodes.high === null ? null : Math.max(nodes.high, least),
	};
}
