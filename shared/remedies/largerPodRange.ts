import { nodeBlocks } from "../cidr.ts";
import type { ResolvedCluster } from "../model/cluster.ts";
import { exactly } from "../model/range.ts";
import type { View } from "../model/view.ts";
import { updateCluster } from "./commands.ts";
import type { Offer } from "./offer.ts";
import { checkText, largerRange, smallestPodRange } from "./podRange.ts";
import {
	carries,
	needsText,
	outcomeText,
	viewAfter,
	withLimit,
} from "./whatIf.ts";

/**
 * Overlay can expand its pod CIDR: Linux nodes, IPv4 alone, to a range around the present one
 * (azure-cni-overlay-pod-expand).
 */
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
			after,
			changes: [
				{ kind: "cluster", cluster: cluster.id, set: { podCidr: range } },
			],
			remedy: {
				kind: "larger-pod-range",
				title: `Expand the pod CIDR from ${podCidr} to ${range}.`,
				detail: [
					needsText(after, "blocks of /24"),
					...outcomeText(after),
					"Azure expands a pod CIDR only to a range that contains it, with Linux nodes and IPv4 alone.",
					...knownText(cluster),
				],
				command: [updateCluster(cluster, `--pod-cidr ${range}`)],
			},
		},
	];
}

function knownText({ surroundings: { reached } }: ResolvedCluster): string[] {
	return reached === null
		? [checkText]
		: [
				"It overlaps neither the cluster's network, peered networks nor the service CIDR.",
				"Networks beyond them are not seen.",
			];
}
