import type { ResolvedPool, UsingCluster } from "../cluster.ts";
import { atLeast } from "../range.ts";
import type { NodeDemand } from "./demand.ts";
import { firstBatch } from "./dynamicPodSubnet.ts";

/**
 * A plugin or mode that is not understood: a node needs at least one IP. Pods need something in the subnet or range
 * that is set for them.
 */
export function unknownModelDemands(
	cluster: UsingCluster,
	pool: ResolvedPool,
): NodeDemand[] {
	const missing = pool.podsMissing ?? "its network model is not understood";
	const open = {
		source: "assumed",
		reason: "not understood",
		missing,
	} as const;
	return [
		{ kind: "subnet", units: atLeast(1), ...open },
		...(pool.podSubnet === null
			? []
			: [
					{
						kind: "pod-subnet",
						units: atLeast(firstBatch.low),
						...open,
					} as const,
				]),
		...(cluster.podCidr === null
			? []
			: [{ kind: "pod-range", units: atLeast(0), ...open } as const]),
	];
}
