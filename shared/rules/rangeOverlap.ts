import { type Reason, type Severity, severities } from "../contract.ts";
import type { ResolvedCluster } from "../model/cluster.ts";
import type { NamedRange, Overlap, OwnRange } from "../model/surroundings.ts";
import { overlapRemedies } from "../remedies/otherRange.ts";
import type { Judgement, Rule, Unseen } from "./rule.ts";

/** Ranges that should have no address in common; what AKS refuses weighs more than what is out of reach. */
export const rangeOverlap: Rule = {
	id: "range-overlap",
	since: 3,
	arithmeticSince: 4,
	title: "Address ranges overlap",
	checkCluster: ({ cluster }) =>
		cluster === null
			? { kind: "not-evaluated" }
			: {
					...judgeRanges(cluster),
					// What was worse may be in what could not be read.
					...unseenIn(cluster.surroundings.unread),
				},
	clusterRemedies: ({ cluster }) =>
		cluster === null ? [] : overlapRemedies(cluster),
};

function unseenIn(unread: readonly string[]): { unseen?: Unseen } {
	if (unread.length === 0) return {};
	const cause = "networks that could not be read whole";
	return { unseen: { cause, unseen: unread } };
}

function judgeRanges(cluster: ResolvedCluster): Judgement {
	const { overlaps, unread } = cluster.surroundings;
	if (overlaps.length === 0)
		return { kind: unread.length > 0 ? "not-evaluated" : "fine" };
	const judged = overlaps
		.map((overlap) => ({ overlap, severity: severityOf(overlap) }))
		.sort((a, b) => rank(a.severity) - rank(b.severity));
	const severity = judged[0]?.severity ?? "low";
	return {
		kind: "violated",
		severity,
		reasons: [
			...judged.map(
				({ overlap }): Reason => ({ kind: "cause", text: sentence(overlap) }),
			),
			...unread.map(
				(what): Reason => ({
					kind: "not-known",
					text: `${what}: there may be more`,
				}),
			),
		],
	};
}

function rank(severity: Severity): number {
	return severities.indexOf(severity);
}

function severityOf({ range, met }: Overlap): Severity {
	switch (met) {
		case "services":
		case "own-subnet":
			return "high";
		case "other-subnet":
			return range === "services" ? "high" : "medium";
		case "peer":
			return "medium";
		case "reserved":
			return range === "network" ? "low" : "medium";
		case "free-space":
			return "low";
	}
}

const rangeText: Readonly<Record<OwnRange, string>> = {
	pods: "pod range",
	services: "service range",
	"own-subnet": "cluster's subnets",
	network: "network's address space",
};

/** "the pod range 10.1.0.0/20 overlaps subnet db (10.1.4.0/24) of its network: pods do not reach the hosts there". */
function sentence(overlap: Overlap): string {
	const { range, prefixes } = overlap;
	const own = `the ${rangeText[range]} ${prefixes.join(", ")}`;
	return `${own} ${range === "own-subnet" ? "overlap" : "overlaps"} ${metText(overlap)}: ${consequence(overlap)}`;
}

function metText({ met, places, more }: Overlap): string {
	const all = `${places.map(placeText).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
	const several = places.length > 1;
	switch (met) {
		case "services":
			return `the service range ${all}`;
		case "own-subnet":
			return `the cluster's own ${several ? "subnets" : "subnet"} ${all}`;
		case "other-subnet":
			return `${several ? "subnets" : "subnet"} ${all} of its network`;
		case "free-space":
			return `free addresses of its network ${all}`;
		case "peer":
			return `the peered ${several ? "networks" : "network"} ${all}`;
		case "reserved":
			return `${all}, which AKS keeps for itself`;
	}
}

function placeText({ name, prefixes }: NamedRange): string {
	const list = prefixes.join(", ");
	return name === "" ? list : `${name} (${list})`;
}

function consequence({ range, met }: Overlap): string {
	const refuses =
		"AKS refuses changes of the cluster (ServiceCidrOverlapExistingSubnetsCidr)";
	switch (met) {
		case "services":
			return "an address may be a pod's and a service's at once, and traffic goes to the wrong one";
		case "own-subnet":
		case "other-subnet":
			if (range === "services")
				return `${refuses}, and pods do not reach the hosts there`;
			return met === "own-subnet"
				? "AKS refuses this, and pods do not reach the nodes and endpoints there"
				: "pods do not reach the hosts there";
		case "free-space":
			return range === "services"
				? `nothing is there yet; once a subnet is, ${refuses}`
				: "nothing is there yet; whatever is put there is out of the pods' reach";
		case "peer":
			return "pods do not reach the hosts there";
		case "reserved":
			return "AKS does not allow it, and refuses it in new clusters";
	}
}
