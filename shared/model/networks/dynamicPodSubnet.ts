import type { NodeDraw } from "./draw.ts";
import { nodeAddress } from "./nodeAddress.ts";

/** Addresses of the first batch: without and with the network container's own. */
export const firstBatch = { low: 16, high: 17 } as const;

/**
 * Pod subnet with dynamic allocation: a node takes 16 addresses when it starts and 16 more when fewer than 8 are left.
 * One more for the network container was seen (azure-container-networking#2462): 17 at start.
 */
export function dynamicPodSubnetDraws(): NodeDraw[] {
	return [
		nodeAddress,
		{
			kind: "pod-subnet",
			units: firstBatch,
			source: "derived",
			reason: "the first batch of a node",
		},
	];
}
