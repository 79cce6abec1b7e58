import type { Range } from "../contract.ts";
import type { NodePool } from "../inventory/facts.ts";
import { atLeast, between, nothing } from "./range.ts";

/** What decides how many nodes an upgrade of a pool adds. */
export interface SurgeRule
	extends Pick<
		NodePool,
		| "surge"
		| "spot"
		| "type"
		| "kubernetesVersion"
		| "upgrading"
		| "deallocates"
	> {
	/** Nodes that the pool is set to, without those that an upgrade adds for a while. Null where that is not known. */
	readonly wantedNodes: number | null;
}

/**
 * Nodes that an upgrade of `nodes` nodes of the pool adds. Percentages are of the present nodes, rounded up. Low and
 * high differ if AKS can continue with fewer: from 1.35 it falls back to one surge node.
 */
export function surgeNodes(pool: SurgeRule, nodes: number): Range {
	if (pool.spot || nodes === 0) return nothing;
	if (pool.surge.kind === "unknown") return atLeast(0);
	const wanted = wantedNodes(pool, nodes);
	const low = atLeastVersion(pool.kubernetesVersion, 1, 35)
		? Math.min(1, wanted.low)
		: wanted.low;
	return between(Math.min(low, nodes), Math.min(wanted.high, nodes));
}

function wantedNodes(
	pool: SurgeRule,
	nodes: number,
): { low: number; high: number } {
	if (pool.type === "availability-set") return { low: 1, high: 1 };
	switch (pool.surge.kind) {
		case "unknown":
			return { low: 0, high: nodes };
		case "nodes":
			return { low: pool.surge.nodes, high: pool.surge.nodes };
		case "percent":
			return both(percentOf(pool.surge.percent, nodes));
		case "blue-green":
			return { low: 1, high: nodes };
		// 10 % from 1.32 on (changelog of 2025-03-16), one node before.
		case "default":
			return both(
				atLeastVersion(pool.kubernetesVersion, 1, 32)
					? percentOf(10, nodes)
					: 1,
			);
	}
}

/** Surge of a number of nodes that is known only within a range. */
export function surgeOfRange(pool: SurgeRule, nodes: Range): Range {
	const low = surgeNodes(pool, nodes.low ?? 0).low;
	if (nodes.high !== null)
		return { low, high: surgeNodes(pool, nodes.high).high };
	if (pool.spot) return nothing;
	return pool.surge.kind === "nodes"
		? { low, high: pool.surge.nodes }
		: { low, high: null };
}

export function atLeastVersion(
	version: string,
	major: number,
	minor: number,
): boolean {
	const match = /^v?(\d+)\.(\d+)/.exec(version);
	if (match === null) return false;
	const actualMajor = Number(match[1]);
	const actualMinor = Number(match[2]);
	return actualMajor > major || (actualMajor === major && actualMinor >= minor);
}

function percentOf(percent: number, nodes: number): number {
	return Math.ceil((percent * nodes) / 100);
}

function both(nodes: number): { low: number; high: number } {
	return { low: nodes, high: nodes };
}
