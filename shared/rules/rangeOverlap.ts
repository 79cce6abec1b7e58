import { type Reason, type Severity, severities } from "../contract.ts";
import type { ResolvedCluster } from "../model/cluster.ts";
import type { NamedRange, Overlap, OwnRange } from "../model/surroundings.ts";
import { overlapRemedies } from "../remedies/otherRange.ts";
import type { Judgement, Rule, Unseen } from "./rule.ts";

/** Ranges that should have no address in common. What AKS refuses weighs more than what is out of reach. */
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
	const cause = "Networks could not be fully read";
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
			...judged.flatMap(({ overlap }) => [
				cause(overlapText(overlap)),
				cause(consequence(overlap)),
			]),
			...unread.map(
				(what): Reason => ({
					kind: "not-known",
					text: `${what}. There may be more overlaps.`,
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
	pods: "Pod CIDR",
	services: "Service CIDR",
	"own-subnet": "The cluster's subnet",
	network: "The network's range",
};

/** "Pod CIDR 10.1.0.0/20 overlaps subnet db (10.1.4.0/24) of its network". */
function overlapText(overlap: Overlap): string {
	const { range, prefixes } = overlap;
	const several = prefixes.length > 1;
	const own = `${rangeText[range]}${several ? "s" : ""} ${prefixes.join(", ")}`;
	return `${own} ${several ? "overlap" : "overlaps"} ${metText(overlap)}`;
}

function cause(text: string): Reason {
	return { kind: "cause", text };
}

function metText({ met, places, more }: Overlap): string {
	const all = `${places.map(placeText).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
	const several = places.length > 1;
	switch (met) {
		case "services":
			return `the service CIDR ${all}`;
		case "own-subnet":
			return `the cluster's own ${several ? "subnets" : "subnet"} ${all}`;
		case "other-subnet":
			return `${several ? "subnets" : "subnet"} ${all} of its network`;
		case "free-space":
			return `free IPs of its network ${all}`;
		case "peer":
			return `the peered ${several ? "networks" : "network"} ${all}`;
		case "reserved":
			return `${all}, which AKS reserves`;
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
			return "Pods and services can have the same IP, and traffic goes to the wrong one";
		case "own-subnet":
		case "other-subnet":
			if (range === "services")
				return `${refuses}. Pods cannot reach the hosts there.`;
			return met === "own-subnet"
				? "AKS refuses this. Pods cannot reach the nodes and endpoints there."
				: "Pods cannot reach the hosts there";
		case "free-space":
			return range === "services"
				? `Nothing is there yet. After a subnet is created there, ${refuses}.`
				: "Nothing is there yet. Pods cannot reach what is created there.";
		case "peer":
			return "Pods cannot reach the hosts there";
		case "reserved":
			return "AKS does not allow this, and refuses it in new clusters";
	}
}
