import type { UsingCluster } from "../cluster.ts";
import { exactly } from "../range.ts";
import type { NodeDemand } from "./demand.ts";
import { nodeAddress, nodeBlock } from "./nodeAddress.ts";

/** Kubenet: a node takes one address, one /24 of the pod CIDR and one route per IP family; pods are behind the node. */
export function kubenetDemands(cluster: UsingCluster): NodeDemand[] {
	return [
		nodeAddress,
		nodeBlock,
		{
			kind: "routes",
			units: exactly(cluster.dualStack ? 2 : 1),
			source: "derived",
			reason: cluster.dualStack
				? "one route per IP family, dual stack"
				: "one route per node",
		},
	];
}
