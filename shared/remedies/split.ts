import type { ResolvedCluster } from "../model/cluster.ts";
import type { View } from "../model/view.ts";
import { partOf } from "./changedPool.ts";
import type { Offer } from "./offer.ts";
import { carries, withCluster } from "./whatIf.ts";

/** No cluster of AKS is worth more parts than this. */
const mostParts = 50;

/** Where a limit is AKS's own, or nothing else makes more room: into how many equal parts every scenario fits. */
export function split(
	cluster: ResolvedCluster,
	view: View,
	percent: number,
): Offer[] {
	const { kind, name } = view.budget;
	if (kind === "subnet" || kind === "pod-subnet") return [];
	if (kind === "pod-blocks" || kind === "api-server-subnet") return [];
	const parts = partsNeeded(cluster, view, percent);
	if (parts === null) return [];
	const what =
		kind === "pool-nodes"
			? `Spread the nodes of pool ${name} over ${parts} pools`
			: `Split the cluster into ${parts}`;
	const why = {
		"pool-nodes": "the number of nodes of a pool is AKS's own limit",
		"cluster-nodes": "the number of nodes of a cluster is AKS's own limit",
		"virtual-network":
			"each in a virtual network of its own, which hands out no more than 65,536 addresses",
		routes:
			"each cluster with a route table of its own, which takes no more routes",
		"pod-range":
			"the pod range of this cluster cannot be expanded, or not without an overlap",
	}[kind];
	return [
		{
			effect: "fixes",
			remedy: {
				kind: "split",
				text: `${what} of the same size, or take fewer and larger machines: then all four scenarios fit in each part; ${why}.`,
			},
		},
	];
}

function partsNeeded(
	cluster: ResolvedCluster,
	view: View,
	percent: number,
): number | null {
	for (let parts = 2; parts <= mostParts; parts++) {
		const pools = cluster.pools.map((pool) => partOf(pool, parts));
		if (carries(withCluster(view, { ...cluster, pools }), percent))
			return parts;
	}
	return null;
}
