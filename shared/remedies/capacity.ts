import type { Remedy } from "../contract.ts";
import { smallestPrefixFor } from "../model/cidr.ts";
import type { ResolvedCluster, ResolvedPool } from "../model/cluster.ts";
import type { Entry } from "../model/entries.ts";
import type { View } from "../model/view.ts";
import { quoted } from "./shell.ts";

/** What mends a shortfall of this budget, least effort first; each figure follows from the same sums. */
export function capacityRemedies(
	cluster: ResolvedCluster,
	view: View,
): Remedy[] {
	return [...lowerMaxima(cluster, view), ...roomier(view)];
}

/** The largest autoscaler maximum of one pool, the others as they are, at which growth fits for certain. */
function lowerMaxima(cluster: ResolvedCluster, view: View): Remedy[] {
	const { free } = view.scenarios.full;
	if (free.low === null || free.low >= 0) return [];
	const missing = -free.low;
	return view.entries.flatMap((entry) => {
		const pool = cluster.pools.find(({ name }) => name === entry.pool);
		const most = pool && largestMaximum(entry, pool, missing);
		return pool && most !== null && most !== undefined
			? [lowerMaximum(cluster, pool, most)]
			: [];
	});
}

function largestMaximum(
	{ nodes, growth, perNode }: Entry,
	{ maxNodes, minNodes }: ResolvedPool,
	missing: number,
): number | null {
	if (maxNodes === null || nodes.high === null || growth.high === null)
		return null;
	const least = Math.max(nodes.high, minNodes ?? 0);
	const fewer = Math.ceil(missing / Math.max(1, perNode.high ?? 1));
	const most = nodes.high + growth.high - fewer;
	return most >= least ? most : null;
}

function lowerMaximum(
	cluster: ResolvedCluster,
	pool: ResolvedPool,
	most: number,
): Remedy {
	return {
		kind: "lower-autoscaler-maximum",
		text: `Lower the autoscaler's maximum of pool ${pool.name} from ${pool.maxNodes} to ${most}: growth fits then; the workloads must do with fewer nodes.`,
		command: [
			"az aks nodepool update",
			`--resource-group ${quoted(cluster.resourceGroup)}`,
			`--cluster-name ${quoted(cluster.name)}`,
			`--name ${quoted(pool.name)}`,
			"--update-cluster-autoscaler",
			`--min-count ${pool.minNodes ?? 0}`,
			`--max-count ${most}`,
		].join(" "),
	};
}

/** More of what runs out, by kind of budget; with `percent` only so much of it would be taken. */
export function roomier(view: View, percent = 100): Remedy[] {
	const { high } = view.scenarios["full-upgrade"].drawn;
	const needed = high === null ? null : Math.ceil((high * 100) / percent);
	switch (view.budget.kind) {
		case "subnet":
			return needed === null ? [] : [largerSubnet(needed)];
		case "api-server-subnet":
			return needed === null ? [] : [largerApiServerSubnet(needed)];
		case "pod-subnet":
			return needed === null
				? []
				: [largerPodSubnet(smallestPrefixFor(needed))];
		case "pod-blocks":
			return needed === null ? [] : [largerPodSubnet(prefixForBlocks(needed))];
		case "pod-range":
			return needed === null ? [] : [largerPodRange(needed)];
		case "routes":
			return [
				{
					kind: "split-or-migrate",
					text: "Migrate to Azure CNI Overlay, which needs no routes, or split the cluster: a route table cannot be made larger for kubenet.",
				},
			];
		case "cluster-nodes":
		case "pool-nodes":
			return [
				{
					kind: "split",
					text: "Spread the nodes over more pools or clusters, or take larger machines: the number of nodes is AKS's own limit.",
				},
			];
	}
}

function largerSubnet(addresses: number): Remedy {
	return {
		kind: "larger-subnet",
		text: `Move the pools to a subnet of at least /${smallestPrefixFor(addresses)} in the same network (new pool, drain, delete the old one): it carries ${addresses} addresses, full scale and upgrade included. A subnet in use cannot be resized.`,
	};
}

function largerApiServerSubnet(addresses: number): Remedy {
	return {
		kind: "larger-api-server-subnet",
		text: `Its clusters' API servers need an API server subnet of at least /${smallestPrefixFor(addresses)} (${addresses} addresses) in the same network, or several smaller ones: clusters that have no room get one of their own.`,
	};
}

/** First and last block are not counted on. */
function prefixForBlocks(blocks: number): number {
	return 28 - Math.ceil(Math.log2(blocks + 2));
}

function largerPodSubnet(prefix: number): Remedy {
	return {
		kind: "larger-pod-subnet",
		text: `Give new pools a pod subnet of at least /${prefix} in the same network, drain and delete the old ones: a pod subnet in use cannot be resized.`,
	};
}

function largerPodRange(blocks: number): Remedy {
	const prefix = 24 - Math.ceil(Math.log2(Math.max(1, blocks)));
	return {
		kind: "larger-pod-range",
		text: `The pods need a range of at least /${prefix} (a /24 a node, ${blocks} nodes): overlay clusters of Linux nodes can expand it to a larger range that contains the present one; kubenet cannot.`,
	};
}
