import type { NetworkPlugin } from "../../inventory/facts.ts";
import type {
	NetworkModel,
	ResolvedCluster,
	ResolvedPool,
} from "../cluster.ts";
import { byoCniDraws } from "./byoCni.ts";
import type { NodeDraw } from "./draw.ts";
import { dynamicPodSubnetDraws } from "./dynamicPodSubnet.ts";
import { gatewayDraws } from "./gatewayPool.ts";
import { kubenetDraws } from "./kubenet.ts";
import { nodeSubnetDraws } from "./nodeSubnet.ts";
import { overlayDraws } from "./overlay.ts";
import { staticBlockPodSubnetDraws } from "./staticBlockPodSubnet.ts";
import { unknownModelDraws } from "./unknownModel.ts";

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

/** What a node of the pool draws by its network model, and by being a gateway. */
export function nodeDraws(
	cluster: ResolvedCluster,
	pool: ResolvedPool,
): NodeDraw[] {
	const draws = modelDraws(cluster, pool);
	return pool.gateway ? gatewayDraws(draws) : draws;
}

function modelDraws(cluster: ResolvedCluster, pool: ResolvedPool): NodeDraw[] {
	switch (pool.model) {
		case "kubenet":
			return kubenetDraws(cluster);
		case "node-subnet":
			return nodeSubnetDraws(pool);
		case "overlay":
			return overlayDraws();
		case "dynamic-pod-subnet":
			return dynamicPodSubnetDraws(pool);
		case "static-block-pod-subnet":
			return staticBlockPodSubnetDraws(pool);
		case "byo-cni":
			return byoCniDraws();
		case "unknown":
			return unknownModelDraws(cluster, pool);
	}
}
