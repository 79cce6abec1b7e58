import type { ResolvedCluster } from "../model/cluster.ts";
import type { View } from "../model/view.ts";
import { partOf } from "./changedPool.ts";
import { type Offer, titleOf } from "./offer.ts";
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
			? `Spread the nodes of pool ${name} over ${parts} pools of the same size.`
			: `Split the cluster into ${parts} clusters of the same size.`;
	const why = {
		"pool-nodes": "AKS itself limits the nodes of a pool.",
		"cluster-nodes": "AKS itself limits the nodes of a cluster.",
		"virtual-network":
			"Each needs a virtual network of its own, which has at most 65,536 IPs.",
		routes:
			"Each needs its own route table. More routes do not fit in one table.",
		"pod-range":
			"The pod CIDR of this cluster cannot be expanded, or not without an overlap.",
	}[kind];
	return [
		{
			effect: "fixes",
			after: null,
			changes: null,
			remedy: {
				kind: "split",
				title: titleOf(() => what),
				detail: [
					"Then all four scenarios fit in each part.",
					why,
					"Or use fewer, larger VMs.",
				],
				command: [],
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
