import { nodeBlocks } from "../cidr.ts";
import type { ResolvedCluster } from "../model/cluster.ts";
import { exactly } from "../model/range.ts";
import type { View } from "../model/view.ts";
import { updateCluster } from "./commands.ts";
import type { Offer } from "./offer.ts";
import { largerRange, smallestPodRange } from "./podRange.ts";
import { carries, outcomeText, viewAfter, withLimit } from "./whatIf.ts";

/** Overlay can expand its pod range: Linux nodes, IPv4 alone, to a range around the present one (azure-cni-overlay-pod-expand). */
export function largerPodRange(
	cluster: ResolvedCluster,
	view: View,
	percent: number,
): Offer[] {
	const { podCidr, kubenet, dualStack, pools } = cluster;
	if (!podCidr || kubenet || dualStack) return [];
	if (pools.some(({ windows }) => windows)) return [];
	const length = smallestPodRange((blocks) =>
		carries(withLimit(view, blocks), percent),
	);
	const range = length === null ? null : largerRange(cluster, podCidr, length);
	if (length === null || range === null) return [];
	const after = viewAfter(withLimit(view, exactly(nodeBlocks(range))));
	return [
		{
			effect: "fixes",
			remedy: {
				kind: "larger-pod-range",
				text: `Expand the pod range from ${podCidr} to ${range}: a range of at least /${length} carries ${after.scenarios["full-upgrade"].demand.high} nodes (a /24 a node), full scale and upgrade included; ${outcomeText(after)}. Only to a range that contains the present one, of clusters with Linux nodes and IPv4 alone; ${knownText(cluster)}.`,
				command: updateCluster(cluster, `--pod-cidr ${range}`),
			},
		},
	];
}

function knownText({ surroundings: { reached } }: ResolvedCluster): string {
	return reached === null
		? "it must overlap neither the networks that the cluster reaches, not all of which could be read, nor the service range"
		: "it overlaps neither the cluster's network, nor peered ones, nor the service range; networks beyond them are not seen";
}
