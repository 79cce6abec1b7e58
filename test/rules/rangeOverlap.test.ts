import { describe, expect, it } from "vitest";
import type { Severity } from "../../shared/contract.ts";
import { findingId } from "../../shared/findings/identity.ts";
import { transitions } from "../../shared/findings/lifecycle.ts";
import type {
	Cluster,
	Inventory,
	Network,
	Peering,
} from "../../shared/inventory/facts.ts";
import { rangeOverlap } from "../../shared/rules/rangeOverlap.ts";
import { noAmounts, type Outcome } from "../../shared/rules/rule.ts";
import { finding } from "../findings/builders.ts";
import {
	cluster,
	clusterId,
	clusterOf,
	fleetOf,
	kubenetCluster,
	network,
	networkId,
	nodeGroup,
	overlayCluster,
	pool,
	subnet,
	subnetId,
	subscription,
} from "../model/builders.ts";
import { facts, outcomesOf, violation } from "./facts.ts";

/** Nodes in 10.1.0.0/24 of 10.1.0.0/16, pods in 10.244.0.0/16, services in 10.0.0.0/16. */
function outcome(overrides: Partial<Inventory> = {}): Outcome {
	const { cluster, notEvaluated } = clusterOf(
		fleetOf({ clusters: [overlayCluster()], ...overrides }),
	);
	const [only, ...others] = outcomesOf(
		rangeOverlap,
		facts({ cluster, notEvaluated }),
	);
	if (only === undefined || others.length > 0)
		throw new Error(`${others.length + 1} outcomes of one cluster`);
	return only;
}

function severity(overrides: Partial<Inventory>): Severity | Outcome["kind"] {
	const one = outcome(overrides);
	return one.kind === "violated" ? one.severity : one.kind;
}

const pods = (podCidr: string, of: Partial<Cluster> = {}) => ({
	clusters: [overlayCluster({ podCidr, ...of })],
});
const services = (...serviceCidrs: string[]) => ({
	clusters: [overlayCluster({ serviceCidrs })],
});

/** The network is the node subnet alone. */
const bare = { networks: [network({ prefixes: ["10.1.0.0/24"] })] };
const database = {
	subnets: [
		subnet(),
		subnet({ id: subnetId("db"), prefixes: ["10.1.4.0/24"] }),
	],
};

function peeredWith(
	peering: Partial<Peering>,
	...others: readonly Network[]
): Partial<Inventory> {
	const one = {
		remote: networkId("remote"),
		connected: true,
		prefixes: [],
		...peering,
	};
	return { networks: [network({ peerings: [one] }), ...others] };
}

it("says fine of a cluster whose ranges are all apart", () => {
	expect(outcome()).toEqual({ kind: "fine", budget: null });
});

describe("what a range overlaps", () => {
	it.each<{
		what: string;
		of: Partial<Inventory>;
		is: Severity | "fine";
	}>([
		// 10.0.128.0 to 10.0.255.255 in 10.0.0.0 to 10.0.255.255.
		{ what: "pods and services", of: pods("10.0.128.0/17"), is: "high" },
		{
			what: "pods side by side with services",
			of: pods("10.0.128.0/17", { serviceCidrs: ["10.0.0.0/17"] }),
			is: "fine",
		},
		// 10.1.0.0 to 10.1.1.255 around 10.1.0.0 to 10.1.0.255.
		{
			what: "pods and their own nodes",
			of: { ...bare, ...pods("10.1.0.0/23") },
			is: "high",
		},
		{
			what: "pods right behind their own nodes",
			of: { ...bare, ...pods("10.1.1.0/24") },
			is: "fine",
		},
		{
			what: "pods and another subnet of the network",
			of: { ...database, ...pods("10.1.4.0/22") },
			is: "medium",
		},
		{
			what: "pods and free addresses of the network",
			of: { ...database, ...pods("10.1.8.0/22") },
			is: "low",
		},
		{
			what: "services and the nodes, in one address",
			of: { ...bare, ...services("10.1.0.255/32") },
			is: "high",
		},
		{
			what: "services and nothing, one address further",
			of: { ...bare, ...services("10.1.1.0/32") },
			is: "fine",
		},
		{
			what: "services and another subnet of the network",
			of: { ...database, ...services("10.1.4.0/22") },
			is: "high",
		},
		{
			what: "services and free addresses of the network",
			of: { ...database, ...services("10.1.8.0/22") },
			is: "low",
		},
		{
			what: "pods and a peered network",
			of: peeredWith({ prefixes: ["10.244.7.0/24"] }),
			is: "medium",
		},
		{
			what: "services and a peered network",
			of: peeredWith({ prefixes: ["10.0.0.0/20"] }),
			is: "medium",
		},
		{
			what: "pods and a peered network right behind them",
			of: peeredWith({ prefixes: ["10.245.0.0/16"] }),
			is: "fine",
		},
		{
			what: "pods and a network whose peering is not connected",
			of: peeredWith({ connected: false, prefixes: ["10.244.7.0/24"] }),
			is: "fine",
		},
		{
			what: "pods and a peered network that its own row tells of",
			of: peeredWith(
				{},
				network({ id: networkId("remote"), prefixes: ["10.244.7.0/24"] }),
			),
			is: "medium",
		},
		{
			what: "pods and a reserved range",
			of: pods("172.30.0.0/16"),
			is: "medium",
		},
		{
			what: "services and a reserved range",
			of: services("192.0.2.0/25"),
			is: "medium",
		},
		{
			what: "pods right behind the reserved ranges",
			of: pods("172.29.0.0/16"),
			is: "fine",
		},
		{
			what: "the nodes and a reserved range",
			of: {
				networks: [network({ prefixes: ["172.16.0.0/12"] })],
				subnets: [subnet({ prefixes: ["172.31.4.0/24"] })],
			},
			is: "medium",
		},
		{
			what: "the network, away from the nodes, and a reserved range",
			of: {
				networks: [network({ prefixes: ["172.16.0.0/12"] })],
				subnets: [subnet({ prefixes: ["172.16.0.0/24"] })],
			},
			is: "low",
		},
		{
			what: "several things: the worst of them",
			of: {
				networks: [
					network({
						peerings: [
							{
								remote: networkId("remote"),
								connected: true,
								prefixes: ["10.244.7.0/24"],
							},
						],
					}),
				],
				...pods("10.244.0.0/16", { serviceCidrs: ["10.244.9.0/24"] }),
			},
			is: "high",
		},
	])("$what: $is", ({ of, is }) => {
		expect(severity(of)).toBe(is);
	});

	it("is nothing where clusters have the same pod range, or the same services", () => {
		const clusters = [overlayCluster(), overlayCluster({ name: "b" })];
		expect(severity({ clusters })).toBe("fine");
	});

	it("leaves IPv6 alone", () => {
		expect(
			severity({
				networks: [network({ prefixes: ["10.1.0.0/16", "fd00::/48"] })],
				...services("10.0.0.0/16", "fd00::/108"),
			}),
		).toBe("fine");
	});
});

describe("which ranges there are", () => {
	const inside = "10.1.128.0/20";
	it.each([
		{ what: "overlay", of: overlayCluster({ podCidr: inside }), is: "low" },
		{ what: "kubenet", of: kubenetCluster({ podCidr: inside }), is: "low" },
		// Their pods have addresses of subnets, or of another vendor's CNI.
		{ what: "node subnet", of: cluster({ podCidr: inside }), is: "fine" },
		{
			what: "BYO CNI",
			of: cluster({ plugin: "none", podCidr: inside }),
			is: "fine",
		},
	])("of $what", ({ of, is }) => {
		expect(severity({ clusters: [of] })).toBe(is);
	});

	/** What AKS made until 2022: all of 10.0.0.0/8, its own pods and services in it. */
	const managed = `/subscriptions/${subscription}/resourcegroups/${nodeGroup().split("/")[1]}/providers/microsoft.network/virtualnetworks/aks-vnet-1`;
	const old = {
		networks: [network({ id: managed, prefixes: ["10.0.0.0/8"] })],
		clusters: [overlayCluster({ pools: [pool({ nodeSubnet: null })] })],
	};

	it("of a network that AKS made: its free addresses are nobody's", () => {
		const subnets = [
			subnet({
				id: `${managed}/subnets/aks-subnet`,
				prefixes: ["10.240.0.0/16"],
			}),
		];
		expect(severity({ ...old, subnets })).toBe("fine");
	});

	it("of a network that AKS made: its subnets count as any other", () => {
		const subnets = [
			subnet({
				id: `${managed}/subnets/aks-subnet`,
				prefixes: ["10.244.0.0/16"],
			}),
		];
		expect(severity({ ...old, subnets })).toBe("high");
	});
});

describe("what could not be read", () => {
	it.each<{ what: string; of: Partial<Inventory>; unseen: string }>([
		{
			what: "the network's row",
			of: { networks: [] },
			unseen: "The address space of network net could not be read",
		},
		{
			what: "its address space",
			of: { networks: [network({ prefixes: [] })] },
			unseen: "Only a part of network net was read",
		},
		{
			what: "one of its subnets",
			of: { networks: [network({ subnets: 2 })] },
			unseen: "Only a part of network net was read",
		},
		{
			what: "one of its peerings",
			of: { networks: [network({ peerings: null })] },
			unseen: "Only a part of the peerings of network net was read",
		},
		{
			what: "a peered network",
			of: peeredWith({ prefixes: [] }),
			unseen: "The address space of peered network remote is not known",
		},
		{
			what: "the pod range",
			of: { clusters: [overlayCluster({ podCidr: null })] },
			unseen: "Azure reports no pod CIDR",
		},
		{
			what: "the service range",
			of: services(),
			unseen: "Azure reports no service CIDR",
		},
		{
			what: "the cluster's network altogether",
			of: { subnets: [] },
			unseen: "Only a part of network net was read",
		},
	])("$what: not evaluated", ({ of, unseen }) => {
		expect(outcome(of)).toEqual({
			kind: "not-evaluated",
			budget: null,
			unseen: {
				cause: "Networks could not be fully read",
				unseen: [unseen],
			},
		});
	});

	it("a peered network that is not connected: fine", () => {
		expect(outcome(peeredWith({ connected: false })).kind).toBe("fine");
	});

	const high = finding({
		id: findingId("range-overlap", clusterId(), null),
		rule: "range-overlap",
		severity: "high",
		budget: null,
		...noAmounts,
	});

	it.each([
		// Free space of its own network is low. The worst that was found before may be what is hidden now.
		{ what: "a lesser overlap", pods: "10.1.8.0/22", is: "low" },
		// Pods in the cluster's own subnet are high: nothing is worse.
		{ what: "the worst", pods: "10.1.0.0/22", is: "high" },
	])("lets an open finding ease by nothing: $what", ({ pods: podCidr, is }) => {
		const hidden = {
			networks: [network({ peerings: null })],
			...pods(podCidr),
		};
		const found = outcome(hidden);
		const [made] = transitions(
			{ id: clusterId(), name: "a", subscription },
			[
				{
					rule: "range-overlap",
					outcome: found,
					unseen: found.unseen ?? null,
				},
			],
			[high],
			new Map(),
			{
				auditId: "2",
				at: "2026-11-02T05:00:00.000Z",
				last: { auditId: "1", rulesVersion: 4 },
			},
		);
		expect(found.kind).toBe("violated");
		expect(severity(hidden)).toBe(is);
		expect(made?.change).toBeNull();
		expect(made?.write).toEqual({
			...high,
			lastKnown: {
				auditId: "1",
				cause: "Networks could not be fully read",
				unseen: ["Only a part of the peerings of network net was read"],
			},
			auditId: "2",
		});
	});

	it("hides no overlap that was found, and is told beside it", () => {
		const found = violation(
			outcome({
				networks: [network({ peerings: null })],
				...pods("10.1.8.0/22"),
			}),
		);
		expect(found.reasons).toEqual([
			{
				kind: "cause",
				text: "Pod CIDR 10.1.8.0/22 overlaps free IPs of its network net (10.1.0.0/16)",
			},
			{
				kind: "cause",
				text: "Nothing is there yet. Pods cannot reach what is created there.",
			},
			{
				kind: "not-known",
				text: "Only a part of the peerings of network net was read. There may be more overlaps.",
			},
		]);
		expect(found.remedies[0]?.title).toContain("for example 10.244.0.0/22.");
		expect(found.remedies[0]?.detail).toContain(
			"Check the range first: not all networks that the cluster reaches could be read.",
		);
	});
});

describe("a finding", () => {
	it("names both ranges and what follows, the worst first", () => {
		const found = violation(
			outcome({
				...database,
				networks: [
					network({
						subnets: 2,
						peerings: [
							{
								remote: networkId("remote"),
								connected: true,
								prefixes: ["10.9.0.0/16", "10.2.0.0/16"],
							},
						],
					}),
				],
				...pods("10.2.0.0/18", { serviceCidrs: ["10.1.4.0/22"] }),
			}),
		);
		expect(found).toMatchObject({
			severity: "high",
			budget: null,
			scenario: null,
			verdict: null,
			limit: null,
			reasons: [
				{
					kind: "cause",
					text: "Service CIDR 10.1.4.0/22 overlaps subnet db (10.1.4.0/24) of its network",
				},
				{
					kind: "cause",
					text: "AKS refuses changes of the cluster (ServiceCidrOverlapExistingSubnetsCidr). Pods cannot reach the hosts there.",
				},
				{
					kind: "cause",
					text: "Pod CIDR 10.2.0.0/18 overlaps the peered network remote (10.2.0.0/16)",
				},
				{ kind: "cause", text: "Pods cannot reach the hosts there" },
			],
		});
		expect(found.remedies.map(({ kind }) => kind)).toEqual([
			"move-subnets",
			"other-pod-range",
			"other-service-range",
		]);
		expect(found.remedies[0]?.title).toBe("Remove subnet db from the network.");
		// The services' default is free again, the pods' as well: neither in 10.1.0.0/16 nor 10.2.0.0/16 nor 10.9.0.0/16.
		expect(found.remedies[1]?.title).toBe(
			"Rebuild the cluster with another pod CIDR, for example 10.244.0.0/18.",
		);
		expect(found.remedies[2]?.title).toBe(
			"Rebuild the cluster with another service CIDR, for example 10.0.0.0/22.",
		);
	});

	it("names five of many", () => {
		const peerings = Array.from({ length: 7 }, (_, index) => ({
			remote: networkId(`spoke-${index}`),
			connected: true,
			prefixes: [`10.244.${index}.0/24`],
		}));
		const [reason] = violation(
			outcome({ networks: [network({ peerings })] }),
		).reasons;
		expect(reason?.text).toBe(
			"Pod CIDR 10.244.0.0/16 overlaps the peered networks spoke-0 (10.244.0.0/24), spoke-1 (10.244.1.0/24), spoke-2 (10.244.2.0/24), spoke-3 (10.244.3.0/24), spoke-4 (10.244.4.0/24) and 2 more",
		);
	});

	it("offers another range where AKS's own default is taken", () => {
		// 10.244.0.0/16 is peered: the shared range of RFC 6598 comes next.
		const [remedy] = violation(
			outcome({
				clusters: [kubenetCluster()],
				...peeredWith({ prefixes: ["10.244.0.0/16"] }),
			}),
		).remedies;
		expect(remedy?.title).toBe(
			"Build a new cluster with Azure CNI Overlay and another pod CIDR, for example 100.64.0.0/16.",
		);
	});
});
