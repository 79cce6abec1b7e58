import { subnetName } from "../arm.ts";
import type { BudgetKind, BudgetName, Range } from "../contract.ts";
import type { ResolvedCluster, ResolvedPool, Source } from "./cluster.ts";
import type { NodeDraw } from "./networks/draw.ts";
import { nodeDraws } from "./networks/networkModel.ts";
import { exactly, multiply, nothing, words } from "./range.ts";

/** What one pool (or a cluster's API server) draws on one budget, now and as it may grow. */
export interface Entry {
	readonly budget: BudgetName;
	readonly cluster: string;
	readonly pool: string | null;
	readonly nodes: Range;
	readonly growth: Range;
	readonly surge: Range;
	readonly surgeAtFull: Range;
	/** Units a node. */
	readonly perNode: Range;
	/** Units drawn whatever the nodes. */
	readonly fixed: number;
	readonly source: Source;
	readonly reason: string;
}

/** The API server takes at least nine addresses of its delegated subnet (AKS API server VNet integration). */
const apiServerAddresses = 9;

/** Everything that a cluster draws on. */
export function entriesOf(cluster: ResolvedCluster): Entry[] {
	const pools = cluster.pools.flatMap((pool) => poolEntries(cluster, pool));
	return cluster.apiServerSubnet === null
		? pools
		: [...pools, apiServerEntry(cluster, cluster.apiServerSubnet)];
}

/** Everything that the nodes of one pool draw on. */
export function poolEntries(
	cluster: ResolvedCluster,
	pool: ResolvedPool,
): Entry[] {
	const draws = [...nodeDraws(cluster, pool), ...nodeLimits(cluster, pool)];
	return draws.map((draw) => {
		const measured = measuredDraw(pool, draw);
		return {
			budget: budgetOf(cluster, pool, draw.kind),
			cluster: cluster.id,
			pool: pool.name,
			nodes: pool.nodes,
			growth: pool.growth,
			surge: pool.surge,
			surgeAtFull: pool.surgeAtFull,
			perNode: pool.hosted ? { ...measured.units, low: 0 } : measured.units,
			fixed: 0,
			source: sourceOf(pool, measured),
			reason: pool.hosted
				? `${measured.reason}; hosted by Azure, may take none`
				: measured.reason,
		};
	});
}

/**
 * The scale set's own model counts the addresses that a node holds in its subnet: nothing derived outranks that. Where
 * the sum of the network model misses it, the reader is told.
 */
function measuredDraw(pool: ResolvedPool, draw: NodeDraw): NodeDraw {
	const { addressesPerNode, maxPods } = pool;
	if (draw.kind !== "subnet" || addressesPerNode === null) return draw;
	const counted = `counted on its network interfaces, max pods ${maxPods}`;
	return {
		...draw,
		units: addressesPerNode,
		source: "measured",
		reason: isWithin(addressesPerNode, draw.units)
			? counted
			: `${counted}, where the network model expects ${words(draw.units)}`,
	};
}

function isWithin(inner: Range, outer: Range): boolean {
	const reach = (end: number | null) => end ?? Number.POSITIVE_INFINITY;
	return (
		(inner.low ?? 0) >= (outer.low ?? 0) &&
		reach(inner.high) <= reach(outer.high)
	);
}

function sourceOf(pool: ResolvedPool, draw: NodeDraw): Source {
	if (pool.hosted || pool.nodesSource === "assumed") return "assumed";
	if (draw.source === "assumed") return "assumed";
	return draw.source === "measured" && pool.nodesSource === "measured"
		? "measured"
		: "derived";
}

/** Nodes themselves are finite: 5,000 a cluster, 1,000 a pool. Auto-provisioned ones belong to no pool of AKS. */
function nodeLimits(cluster: ResolvedCluster, pool: ResolvedPool): NodeDraw[] {
	const one = { units: exactly(1), source: "derived", reason: "" } as const;
	const ofCluster: NodeDraw = { kind: "cluster-nodes", ...one };
	return pool.autoProvisioned || cluster.availabilitySet
		? [ofCluster]
		: [ofCluster, { kind: "pool-nodes", ...one }];
}

function apiServerEntry(cluster: ResolvedCluster, subnet: string): Entry {
	return {
		budget: {
			id: subnet === "" ? `${cluster.id}/api-server-subnet` : subnet,
			kind: "api-server-subnet",
			name: subnet === "" ? "API server subnet" : subnetName(subnet),
		},
		cluster: cluster.id,
		pool: null,
		nodes: nothing,
		growth: nothing,
		surge: nothing,
		surgeAtFull: nothing,
		perNode: nothing,
		fixed: apiServerAddresses,
		source: "derived",
		reason: `the API server takes ${apiServerAddresses}`,
	};
}

function budgetOf(
	cluster: ResolvedCluster,
	pool: ResolvedPool,
	kind: BudgetKind,
): BudgetName {
	switch (kind) {
		case "subnet":
		case "api-server-subnet":
			return { id: pool.nodeSubnet, kind, name: subnetName(pool.nodeSubnet) };
		case "pod-subnet":
		case "pod-blocks":
			return {
				id: pool.podSubnet ?? `${cluster.id}/${kind}/${pool.name}`,
				kind,
				name:
					pool.podSubnet === null
						? `pods of ${pool.name}`
						: subnetName(pool.podSubnet),
			};
		case "routes": {
			const id = pool.routeTable ?? `${cluster.id}/routes`;
			return { id, kind, name: id.split("/").at(-1) ?? id };
		}
		case "pod-range":
			return {
				id: podRangeId(cluster.id),
				kind,
				name: cluster.podCidr || "(not reported)",
			};
		case "cluster-nodes":
			return {
				id: `${cluster.id}/cluster-nodes`,
				kind,
				name: cluster.name,
			};
		case "pool-nodes":
			return {
				id: `${cluster.id}/pool-nodes/${pool.name}`,
				kind,
				name: pool.name,
			};
	}
}

export function podRangeId(cluster: string): string {
	return `${cluster}/pod-range`;
}

export function drawnNow(entry: Entry): Range {
	return plus(multiply(entry.nodes, entry.perNode), entry.fixed);
}

export function grown(entry: Entry): Range {
	return multiply(entry.growth, entry.perNode);
}

function plus(range: Range, units: number): Range {
	return {
		low: (range.low ?? 0) + units,
		high: range.high === null ? null : range.high + units,
	};
}
