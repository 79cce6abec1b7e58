import type { ResolvedPool } from "../cluster.ts";
import { between, exactly } from "../range.ts";
import type { NodeDemand } from "./demand.ts";

/**
 * Flat node subnet: a node takes its own IP and one per pod slot when it joins, whether or not the pods ever run. Azure
 * documents maxPods + 1 and has allocated maxPods - 1 on Linux since January 2022 (host-network pods need none).
 * Windows nodes need maxPods + 1, auto-provisioned ones maxPods (karpenter-provider-azure).
 */
export function nodeSubnetDemands(pool: ResolvedPool): NodeDemand[] {
	return [
		{
			kind: "subnet",
			units: units(pool),
			source: pool.maxPodsAssumed ? "assumed" : "derived",
			reason: `max pods ${pool.maxPods}${pool.windows ? ", Windows" : ""}`,
		},
	];
}

function units({ maxPods, windows, autoProvisioned }: ResolvedPool) {
	if (autoProvisioned) return exactly(maxPods);
	return windows ? exactly(maxPods + 1) : between(maxPods - 1, maxPods + 1);
}
