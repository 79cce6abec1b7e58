import { ipv4PrefixLength } from "../cidr.ts";
import type { Remedy } from "../contract.ts";
import type { ResolvedCluster } from "../model/cluster.ts";
import type { Met, Overlap, OwnRange } from "../model/surroundings.ts";
import { grouped, listed } from "../text.ts";
import { titleOf } from "./offer.ts";
import { checkText, freePodRange, freeServiceRange } from "./podRange.ts";

/**
 * What fixes ranges that overlap: a range is chosen when the cluster is made, so most of it is choosing better next
 * time.
 */
export function overlapRemedies(cluster: ResolvedCluster): Remedy[] {
	const { overlaps } = cluster.surroundings;
	const has = (range: OwnRange, ...met: readonly Met[]) =>
		overlaps.some(
			(one) =>
				one.range === range && (met.length === 0 || met.includes(one.met)),
		);
	return [
		...(has("services", "own-subnet", "other-subnet")
			? [moveSubnets(overlaps)]
			: []),
		...(has("pods") ? [otherPodRange(cluster)] : []),
		...(has("services") ? [otherServiceRange(cluster)] : []),
		...(has("own-subnet") || has("network") ? [otherNetwork] : []),
	];
}

const mostInTitle = 2;

function moveSubnets(overlaps: readonly Overlap[]): Remedy {
	const met = overlaps.filter(
		(one) =>
			one.range === "services" &&
			(one.met === "own-subnet" || one.met === "other-subnet"),
	);
	const names = met.flatMap(({ places }) => places.map(({ name }) => name));
	const count = met.reduce((sum, { more }) => sum + more, names.length);
	return {
		kind: "move-subnets",
		title: titleOf((short) =>
			count > mostInTitle
				? `Remove the ${grouped(count)} subnets in the service CIDR from the network.`
				: `Remove ${count === 1 ? "subnet" : "subnets"} ${listed(names.map(short))} from the network.`,
		),
		detail: [
			"Check first that nothing uses them.",
			"Then AKS accepts changes of the cluster again.",
		],
		command: [],
	};
}

const otherNetwork: Remedy = {
	kind: "other-network",
	title: "Put new pools into subnets outside the reserved range.",
	detail: [
		"Remove the range from the network's address space once nothing is in it.",
	],
	command: [],
};

function otherPodRange(cluster: ResolvedCluster): Remedy {
	const { podCidr, kubenet } = cluster;
	const length = ipv4PrefixLength(podCidr ?? "") ?? 16;
	const range = freePodRange(cluster, length);
	return {
		kind: "other-pod-range",
		title: kubenet
			? `Build a new cluster with Azure CNI Overlay and another pod CIDR${example(range)}.`
			: `Rebuild the cluster with another pod CIDR${example(range)}.`,
		detail: [
			...checked(range, cluster),
			...(kubenet
				? [
						"The pod CIDR cannot be changed in place, and a migration to Overlay keeps it.",
						"Users reported in 2026 that Azure refused --pod-cidr there.",
					]
				: [
						"A pod CIDR can be expanded, not changed.",
						"Until then, keep what the pods must reach out of the range.",
					]),
		],
		command: [],
	};
}

function otherServiceRange(cluster: ResolvedCluster): Remedy {
	const [present = ""] = cluster.surroundings.services;
	const length = ipv4PrefixLength(present) ?? 16;
	const range = freeServiceRange(cluster, length);
	return {
		kind: "other-service-range",
		title: `Rebuild the cluster with another service CIDR${example(range)}.`,
		detail: [
			...checked(range, cluster),
			"A service CIDR cannot be changed. Several clusters may use the same one.",
		],
		command: [],
	};
}

function example(range: string | null): string {
	return range === null ? "" : `, for example ${range}`;
}

function checked(
	range: string | null,
	{ surroundings: { reached } }: ResolvedCluster,
): string[] {
	return range !== null && reached === null ? [checkText] : [];
}
