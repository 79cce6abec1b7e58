import type { NetworkPlugin } from "../../inventory/facts.ts";
import type { NetworkModel, ResolvedPool, UsingCluster } from "../cluster.ts";
import { byoCniDemands } from "./byoCni.ts";
import type { NodeDemand } from "./demand.ts";
import { dynamicPodSubnetDemands } from "./dynamicPodSubnet.ts";
import { gatewayDemands } from "./gatewayPool.ts";
import { kubenetDemands } from "./kubenet.ts";
import { nodeSubnetDemands } from "./nodeSubnet.ts";
import { overlayDemands } from "./overlay.ts";
import { staticBlockPodSubnetDemands } from "./staticBlockPodSubnet.ts";
import { unknownModelDemands } from "./unknownModel.ts";

/** Cilium is a dataplane over any of these and changes none of the sums. */
export function networkModelOf(
	cluster: { readonly plugin: NetworkPlugin; readonly overlay: boolean },
	pool: {
		readonly podSubnet: string | null;
		readonly staticBlocks: boolean | null;
	},
): NetworkModel {
	if (cluster.plugin === "unknown") return "unknown";
	if (cluster.plugin === "kubenet") return "kubenet";
	if (cluster.plugin === "none") return "byo-cni";
	if (cluster.overlay) return "overlay";
	if (pool.podSubnet === null) return "node-subnet";
	return pool.staticBlocks ? "static-block-pod-subnet" : "dynamic-pod-subnet";
}

/** What a node of the pool needs by its network model, and by being a gateway. */
export function nodeDemands(
	cluster: UsingCluster,
	pool: ResolvedPool,
): NodeDemand[] {
	const demands = modelDemands(cluster, pool);
	return pool.gateway ? gatewayDemands(demands) : demands;
}

function modelDemands(cluster: UsingCluster, pool: ResolvedPool): NodeDemand[] {
	switch (pool.model) {
		case "kubenet":
			return kubenetDemands(cluster);
		case "node-subnet":
			return nodeSubnetDemands(pool);
		case "overlay":
			return overlayDemands();
		case "dynamic-pod-subnet":
			return dynamicPodSubnetDemands(pool);
		case "static-block-pod-subnet":
			return staticBlockPodSubnetDemands(pool);
		case "byo-cni":
			return byoCniDemands();
		case "unknown":
			return unknownModelDemands(cluster, pool);
	}
}
