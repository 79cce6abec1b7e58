import type { ResolvedPool } from "../cluster.ts";
import { exactly } from "../range.ts";
import type { NodeDemand } from "./demand.ts";
import { nodeAddress } from "./nodeAddress.ts";

/** Pod subnet with static blocks: max pods and one address of its own, in whole /28 blocks, when the node starts. */
export function staticBlockPodSubnetDemands(pool: ResolvedPool): NodeDemand[] {
	return [
		nodeAddress,
		{
			kind: "pod-blocks",
			units: exactly(blocksPerNode(pool.maxPods)),
			source: pool.maxPodsAssumed ? "assumed" : "derived",
			reason: `max pods ${pool.maxPods} + 1 in blocks of 16`,
		},
	];
}

/** IPs of a block. */
export const blockSize = 16;

/** /28 blocks a node: 30 pods 2, 31 pods 2, 32 pods 3 (AKS pod subnet documentation). */
export function blocksPerNode(maxPods: number): number {
	return Math.ceil((maxPods + 1) / blockSize);
}
