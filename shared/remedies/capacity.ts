import type { Remedy } from "../contract.ts";
import type { ResolvedCluster } from "../model/cluster.ts";
import type { View } from "../model/view.ts";
import { asCheck } from "./asCheck.ts";
import { deleteLeftovers } from "./deleteLeftovers.ts";
import { lowerMaxima } from "./lowerMaximum.ts";
import { lowerMaxPods } from "./lowerMaxPods.ts";
import { lowerSurge } from "./lowerSurge.ts";
import { moreRoom } from "./moreRoom.ts";
import { moveOthers } from "./moveOthers.ts";
import { inOrder, type Offer } from "./offer.ts";

/**
 * Remedies for a shortfall of this budget: those that fix it before those that help in part, and of these least effort
 * and risk first. The same sums as for the finding judge each: what does not help is not offered.
 */
export function capacityRemedies(
	cluster: ResolvedCluster,
	view: View,
): Remedy[] {
	return capacityOffers(cluster, view).map((one) => remedyOf(cluster, one));
}

function remedyOf(
	cluster: ResolvedCluster,
	{ remedy, changes }: Offer,
): Remedy {
	const change = asCheck(cluster, changes);
	return change === null ? remedy : { ...remedy, change };
}

/** The same with what each leads to. */
export function capacityOffers(cluster: ResolvedCluster, view: View): Offer[] {
	const others = (seen: View): Offer[] => [
		...lowerSurge(cluster, seen),
		...lowerMaxima(cluster, seen),
		...moveOthers(cluster, seen),
		...lowerMaxPods(cluster, seen),
		...moreRoom(cluster, seen),
	];
	return inOrder([...deleteLeftovers(view, others), ...others(view)]);
}

/** The capacity of which autoscaler max with upgrade uses less than this percentage. */
export function moreRoomRemedies(
	cluster: ResolvedCluster,
	view: View,
	percent: number,
): Remedy[] {
	const others = (seen: View) => moreRoom(cluster, seen, percent);
	return inOrder([
		...deleteLeftovers(view, others, percent),
		...others(view),
	]).map((one) => remedyOf(cluster, one));
}
