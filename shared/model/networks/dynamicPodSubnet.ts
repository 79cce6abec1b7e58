import type { ResolvedPool } from "../cluster.ts";
import { atLeast, between } from "../range.ts";
import type { NodeDemand } from "./demand.ts";
import { nodeAddress } from "./nodeAddress.ts";

/** Addresses of the first batch: without and with the network container's own. */
export const firstBatch = { low: 16, high: 17 } as const;

/**
 * Pod subnet with dynamic allocation: a node takes 16 addresses when it starts and 16 more when fewer than 8 are free.
 * One more for the network container was seen (azure-container-networking#2462): 17 at start.
 */
export function dynamicPodSubnetDemands(pool: ResolvedPool): NodeDemand[] {
	return [nodeAddress, podDemand(pool)];
}

function podDemand({ podsMissing, autoProvisioned }: ResolvedPool): NodeDemand {
	if (podsMissing !== null)
		return {
			kind: "pod-subnet",
			units: atLeast(firstBatch.low),
			source: "assumed",
			reason: "not understood",
			missing: podsMissing,
		};
	// ARM does not show which pod subnet auto-provisioned nodes use: it may be another one.
	if (autoProvisioned)
		return {
			kind: "pod-subnet",
			units: between(0, firstBatch.high),
			source: "assumed",
			reason: "first 16-IP batch, in this pod subnet or another",
		};
	return {
		kind: "pod-subnet",
		units: firstBatch,
		source: "derived",
		reason: "first 16-IP batch",
	};
}
