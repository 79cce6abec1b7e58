import type { Remedy } from "../contract.ts";
import type { ResolvedCluster } from "../model/cluster.ts";
import type { View } from "../model/view.ts";
import { lowerMaxima } from "./lowerMaximum.ts";
import { lowerMaxPods } from "./lowerMaxPods.ts";
import { lowerSurge } from "./lowerSurge.ts";
import { moveOthers } from "./moveOthers.ts";
import { roomier } from "./roomier.ts";

/**
 * What mends a shortfall of this budget, least effort and risk first. Each was judged by the same sums as the finding: what
 * helps nothing is not offered, and what helps in part says how far it gets.
 */
export function capacityRemedies(
	cluster: ResolvedCluster,
	view: View,
): Remedy[] {
	return [
		...lowerSurge(cluster, view),
		...lowerMaxima(cluster, view),
		...moveOthers(view),
		...lowerMaxPods(cluster, view),
		...roomier(cluster, view),
	];
}
