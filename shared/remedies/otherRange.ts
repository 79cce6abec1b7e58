import { ipv4PrefixLength } from "../cidr.ts";
import type { Remedy } from "../contract.ts";
import type { ResolvedCluster } from "../model/cluster.ts";
import type { Met, OwnRange } from "../model/surroundings.ts";
import { freePodRange, freeServiceRange } from "./podRange.ts";

/** What mends ranges that overlap: a range is chosen when the cluster is made, so most of it is choosing better next time. */
export function overlapRemedies(cluster: ResolvedCluster): Remedy[] {
	const { overlaps } = cluster.surroundings;
	const has = (range: OwnRange, ...met: readonly Met[]) =>
		overlaps.some(
			(one) =>
				one.range === range && (met.length === 0 || met.includes(one.met)),
		);
	return [
		...(has("services", "own-subnet", "other-subnet") ? [moveSubnets] : []),
		...(has("pods") ? [otherPodRange(cluster)] : []),
		...(has("services") ? [otherServiceRange(cluster)] : []),
		...(has("own-subnet") || has("network") ? [otherNetwork] : []),
	];
}

const moveSubnets: Remedy = {
	kind: "move-subnets",
	text: "Take the subnets that lie in the service range out of the network, where nothing needs them there: AKS accepts changes of the cluster again.",
};

const otherNetwork: Remedy = {
	kind: "other-network",
	text: "Put new pools into subnets outside of the reserved range, and take the range out of the network's address space once nothing is in it.",
};

function otherPodRange(cluster: ResolvedCluster): Remedy {
	const { podCidr, kubenet } = cluster;
	const length = ipv4PrefixLength(podCidr ?? "") ?? 16;
	const range = example(freePodRange(cluster, length), cluster);
	return {
		kind: "other-pod-range",
		text: kubenet
			? `Take another pod range${range}, in a new cluster with Azure CNI Overlay: in place it cannot be changed, and a migration to Overlay keeps it (Azure refused --pod-cidr there in reports of 2026).`
			: `Build the cluster anew with another pod range${range}: a pod range can be expanded, but not changed. Until then, keep what the pods must reach out of the range.`,
	};
}

function otherServiceRange(cluster: ResolvedCluster): Remedy {
	const [present = ""] = cluster.surroundings.services;
	const length = ipv4PrefixLength(present) ?? 16;
	const range = example(freeServiceRange(cluster, length), cluster);
	return {
		kind: "other-service-range",
		text: `Build the cluster anew with another service range${range}: it cannot be changed in a cluster. Clusters may use the same one.`,
	};
}

function example(
	range: string | null,
	{ surroundings: { reached } }: ResolvedCluster,
): string {
	if (range === null) return "";
	return reached === null
		? `, for example ${range} (not all ranges around it could be read: check it first)`
		: `, for example ${range}`;
}
