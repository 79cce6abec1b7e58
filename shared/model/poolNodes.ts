import { groupKey, lastName } from "../arm.ts";
import type { Range } from "../contract.ts";
import type { Cluster, NodePool, ScaleSet } from "../inventory/facts.ts";
import type { Source } from "./cluster.ts";
import { maximum } from "./growth.ts";
import type { Places } from "./places.ts";
import { atLeast, exactly, nothing } from "./range.ts";

/** What of a pool's rows is known to be missing, in words. Null where nothing is. */
export function whyNodesMissing(
	cluster: Cluster,
	pool: NodePool,
	scaleSets: readonly ScaleSet[],
	places: Places,
): string | null {
	const sizeless = scaleSets.find(({ capacity }) => capacity === null);
	if (sizeless)
		return `pool ${pool.name}: scale set ${lastName(sizeless.id)} shows no size (sku.capacity)`;
	if (scaleSets.some(({ interfacesKnown }) => !interfacesKnown))
		return `pool ${pool.name}: the rows with the IPs of its nodes are missing`;
	if (scaleSets.length > 0 || pool.type !== "scale-set") return null;
	const group = groupKey(cluster.subscription, cluster.nodeResourceGroup);
	const unreadable = places.unreadableGroups.get(group);
	if (unreadable !== undefined) return `pool ${pool.name}: ${unreadable}`;
	if (places.lost.scaleSets === 0 || !hadScaleSet(cluster, pool, places))
		return null;
	return `pool ${pool.name}: its scale set is missing from the answer of Resource Graph, which lost rows`;
}

function hadScaleSet(
	cluster: Cluster,
	pool: NodePool,
	places: Places,
): boolean {
	const known = places.known.get(cluster.id);
	return known === undefined
		? pool.reportedNodes !== 0
		: Object.hasOwn(known.nodes, pool.name);
}

export function leastNodes(
	cluster: Cluster,
	pool: NodePool,
	scaleSets: readonly ScaleSet[],
	places: Places,
): number {
	if (scaleSets.length > 0) return capacityOf(scaleSets).low ?? 0;
	return places.known.get(cluster.id)?.nodes[pool.name] ?? 0;
}

export function capacityOf(scaleSets: readonly ScaleSet[]): Range {
	const low = scaleSets.reduce((total, set) => total + (set.capacity ?? 0), 0);
	const isKnown = scaleSets.every(({ capacity }) => capacity !== null);
	return { low, high: isKnown ? low : null };
}

/**
 * The scale sets know how many nodes there are. The cluster's own count may be days old (azure-rest-api-specs#12078).
 */
export function nodesNow(
	cluster: Cluster,
	pool: NodePool,
	scaleSets: readonly ScaleSet[],
): { nodes: Range; source: Source } {
	if (scaleSets.length > 0)
		return { nodes: capacityOf(scaleSets), source: "measured" };
	if (pool.stopped || cluster.stopped)
		return { nodes: nothing, source: "derived" };
	if (pool.reportedNodes !== null)
		return {
			nodes: reportedRange(pool, pool.reportedNodes),
			source: "derived",
		};
	return pool.configuredNodes === null
		? { nodes: atLeast(0), source: "assumed" }
		: {
				nodes: pool.configuredNodes,
				source: pool.configuredNodes.high === null ? "assumed" : "derived",
			};
}

/** A count leaves out nodes that scaling in has stopped and kept. */
function reportedRange(
	{ deallocates, maxNodes }: NodePool,
	count: number,
): Range {
	return deallocates
		? { low: count, high: maxNodes === null ? null : Math.max(count, maxNodes) }
		: exactly(count);
}

/**
 * Never fewer than there are, nor than the pool is set to: what was asked for may still come. A stopped pool comes back
 * with its maximum, or the count it stopped with where that is known.
 */
export function nodesAtFull(
	cluster: Cluster,
	pool: NodePool,
	nodes: Range,
): Range {
	if (pool.autoscaling && pool.maxNodes === null)
		return { low: nodes.low, high: null };
	const reported = pool.reportedNodes ?? 0;
	if (pool.maxNodes !== null)
		return maximum(nodes, Math.max(pool.maxNodes, reported));
	if (pool.configuredNodes !== null) {
		const { low, high } = pool.configuredNodes;
		const least = maximum(nodes, Math.max(low ?? 0, reported));
		return high === null ? { low: least.low, high: null } : least;
	}
	if ((pool.stopped || cluster.stopped) && reported === 0)
		return { low: nodes.low, high: null };
	return maximum(nodes, reported);
}

/** "If autoscaler is enabled, the max-count from each node pool is counted" (InsufficientSubnetSize). */
export function countedByAzure(pool: NodePool, nodes: Range): Range {
	if (pool.autoscaling && pool.maxNodes === null)
		return { low: nodes.low, high: null };
	return pool.maxNodes === null
		? pool.reportedNodes === null
			? nodes
			: exactly(pool.reportedNodes)
		: exactly(pool.maxNodes);
}
