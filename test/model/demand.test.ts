import { describe, expect, it } from "vitest";
import type { BudgetKind, Range } from "../../shared/contract.ts";
import type { Cluster, Inventory } from "../../shared/inventory/facts.ts";
import { blocksPerNode } from "../../shared/model/networks/staticBlockPodSubnet.ts";
import {
	autoProvisionedNode,
	cluster,
	judged,
	kubenetCluster,
	nodeInterface,
	overlayCluster,
	pool,
	range,
	routeTable,
	routeTableId,
	scaleSet,
	seen,
	subnet,
	subnetId,
} from "./builders.ts";

const pods = subnetId("pods");

/** What one node uses of each budget, except node limits. */
function perNode(overrides: Partial<Inventory>): Record<string, Range> {
	const demands: Record<string, Range> = {};
	for (const { view } of judged(overrides)) {
		if (view.budget.unit === "nodes") continue;
		for (const { perNode } of view.entries) demands[view.budget.kind] = perNode;
	}
	return demands;
}

describe("what a node needs by its network model", () => {
	it.each<{
		what: string;
		of: Cluster;
		demands: Partial<Record<BudgetKind, Range>>;
	}>([
		// Azure allocates max pods - 1 on Linux and documents max pods + 1.
		{
			what: "node subnet, Linux, max pods 30",
			of: cluster(),
			demands: { subnet: range(29, 31) },
		},
		{
			what: "node subnet, Linux, max pods 110",
			of: cluster({ pools: [pool({ maxPods: 110 })] }),
			demands: { subnet: range(109, 111) },
		},
		{
			what: "node subnet, Linux, max pods 250",
			of: cluster({ pools: [pool({ maxPods: 250 })] }),
			demands: { subnet: range(249, 251) },
		},
		{
			what: "node subnet, Windows, max pods 30",
			of: cluster({ pools: [pool({ windows: true })] }),
			demands: { subnet: range(31) },
		},
		{
			what: "overlay",
			of: overlayCluster(),
			demands: { subnet: range(1), "pod-range": range(1) },
		},
		{
			what: "overlay, max pods 250: a /24 all the same",
			of: overlayCluster({ pools: [pool({ maxPods: 250 })] }),
			demands: { subnet: range(1), "pod-range": range(1) },
		},
		{
			what: "overlay, max pods 10: a /24 all the same",
			of: overlayCluster({ pools: [pool({ maxPods: 10 })] }),
			demands: { subnet: range(1), "pod-range": range(1) },
		},
		{
			what: "overlay, Windows",
			of: overlayCluster({ pools: [pool({ windows: true })] }),
			demands: { subnet: range(1), "pod-range": range(1) },
		},
		{
			what: "overlay, dual stack: the pods' IPv6 is never the bottleneck",
			of: overlayCluster({ dualStack: true }),
			demands: { subnet: range(1), "pod-range": range(1) },
		},
		{
			what: "kubenet",
			of: kubenetCluster(),
			demands: { subnet: range(1), "pod-range": range(1), routes: range(1) },
		},
		{
			what: "kubenet, dual stack: a route per family",
			of: kubenetCluster({ dualStack: true }),
			demands: { subnet: range(1), "pod-range": range(1), routes: range(2) },
		},
		// 16 at start, 17 seen (azure-container-networking#2462).
		{
			what: "pod subnet, dynamic",
			of: cluster({ pools: [pool({ podSubnet: pods })] }),
			demands: { subnet: range(1), "pod-subnet": range(16, 17) },
		},
		{
			what: "pod subnet, dynamic, max pods 250: the first batch alone",
			of: cluster({ pools: [pool({ podSubnet: pods, maxPods: 250 })] }),
			demands: { subnet: range(1), "pod-subnet": range(16, 17) },
		},
		{
			what: "pod subnet, static blocks, max pods 30",
			of: cluster({ pools: [pool({ podSubnet: pods, staticBlocks: true })] }),
			demands: { subnet: range(1), "pod-blocks": range(2) },
		},
		{
			what: "bring your own CNI: pods are none of Azure's",
			of: cluster({ plugin: "none", podCidr: "10.244.0.0/16" }),
			demands: { subnet: range(1) },
		},
	])("$what", ({ of, demands }) => {
		expect(
			perNode({
				clusters: [of],
				subnets: [subnet(), subnet({ id: pods, prefixes: ["10.1.4.0/22"] })],
			}),
		).toEqual(demands);
	});

	it.each([
		// ceil((P + 1) / 16): the documentation's table, and max pods 250 (16 blocks, 256 addresses).
		{ maxPods: 10, blocks: 1 },
		{ maxPods: 15, blocks: 1 },
		{ maxPods: 16, blocks: 2 },
		{ maxPods: 30, blocks: 2 },
		{ maxPods: 31, blocks: 2 },
		{ maxPods: 32, blocks: 3 },
		{ maxPods: 110, blocks: 7 },
		{ maxPods: 250, blocks: 16 },
	])("static blocks at max pods $maxPods: $blocks", ({ maxPods, blocks }) => {
		expect(blocksPerNode(maxPods)).toBe(blocks);
	});

	it("max pods that Azure did not report are said to be assumed", () => {
		const { entries } = seen({
			clusters: [cluster({ pools: [pool({ maxPodsAssumed: true })] })],
		}).view;
		expect(entries).toMatchObject([
			{ perNode: range(29, 31), source: "assumed" },
		]);
	});
});

describe("nodes of node auto-provisioning", () => {
	const nap = cluster({ autoProvisioning: true });

	it("may come without an end, and need max pods each in a node subnet", () => {
		const { entries, scenarios } = seen({
			clusters: [nap],
			subnets: [subnet({ ipConfigurations: 87 })],
			scaleSets: [scaleSet()],
		}).view;
		expect(entries.map(({ perNode, growth }) => ({ perNode, growth }))).toEqual(
			[
				{ perNode: range(29), growth: range(0) },
				{ perNode: range(30), growth: range(0, null) },
			],
		);
		expect(scenarios.full).toMatchObject({
			demand: range(87, null),
			verdict: "unknown",
		});
	});

	it("that exist count what their interfaces use", () => {
		const { entries, now } = seen({
			clusters: [nap],
			// 3 x 29 + 2 x 30 = 147.
			subnets: [subnet({ ipConfigurations: 147 })],
			scaleSets: [scaleSet()],
			autoProvisionedNodes: [autoProvisionedNode(), autoProvisionedNode()],
		}).view;
		expect(entries[1]).toMatchObject({
			pool: "default",
			nodes: range(2),
			perNode: range(30),
			source: "measured",
		});
		expect(now).toMatchObject({ demand: range(147), otherResources: range(0) });
	});

	it("need one IP and one /24 each in Overlay", () => {
		const demands = judged({
			clusters: [overlayCluster({ autoProvisioning: true })],
			autoProvisionedNodes: [
				autoProvisionedNode({ interface: nodeInterface(1) }),
			],
		})
			.filter(({ view }) => view.budget.kind !== "cluster-nodes")
			.flatMap(({ view }) =>
				view.entries
					.filter(({ pool }) => pool === "default")
					.map(({ perNode }) => [view.budget.kind, perNode]),
			);
		expect(demands).toEqual([
			["subnet", range(1)],
			["pod-range", range(1)],
		]);
	});

	it("belong to no pool of AKS: the limit of a pool is not theirs, the cluster's is", () => {
		const kinds = judged({
			clusters: [cluster({ autoProvisioning: true, pools: [] })],
			subnets: [subnet({ id: managedSubnetId() })],
		}).map(({ view }) => view.budget.kind);
		expect(kinds).toEqual(["subnet", "cluster-nodes"]);
	});
});

function managedSubnetId(name = "aks-subnet"): string {
	return subnetId(name, "aks-vnet-12345678").replace("rg-net", "mc_a");
}

describe("the addresses of a node that its scale set's own model counts", () => {
	it("win over what is derived, for the nodes there are and for those to come", () => {
		const { entries, scenarios } = seen({
			clusters: [cluster({ pools: [pool({ maxNodes: 5 })] })],
			subnets: [subnet({ ipConfigurations: 93 })],
			scaleSets: [scaleSet({ interfaces: [nodeInterface(31)] })],
		}).view;
		expect(entries).toMatchObject([{ perNode: range(31), source: "measured" }]);
		// 93 + 31; 93 + 2 x 31; 155 + 31.
		expect(scenarios.upgrade.demand).toEqual(range(124));
		expect(scenarios.full.demand).toEqual(range(155));
		expect(scenarios["full-upgrade"].demand).toEqual(range(186));
	});

	it("are not a number for the budgets of other kinds", () => {
		const demands = perNode({
			clusters: [overlayCluster()],
			scaleSets: [scaleSet({ interfaces: [nodeInterface(2)] })],
		});
		expect(demands).toEqual({ subnet: range(2), "pod-range": range(1) });
	});

	it("are between those of two scale sets of one pool", () => {
		const { entries } = seen({
			scaleSets: [
				scaleSet({ capacity: 2 }),
				scaleSet({
					id: `${scaleSet().id}2`,
					capacity: 1,
					interfaces: [nodeInterface(31)],
				}),
			],
		}).view;
		expect(entries).toMatchObject([
			{ nodes: range(3), perNode: range(29, 31), source: "measured" },
		]);
	});

	it.each([
		{ what: "one of two scale sets shows none", second: null },
		{
			what: "one of two scale sets shows an empty list",
			second: [nodeInterface(0)],
		},
	])("are derived where $what", ({ second }) => {
		const { entries } = seen({
			scaleSets: [
				scaleSet({ capacity: 2 }),
				scaleSet({
					id: `${scaleSet().id}2`,
					capacity: 1,
					interfaces: second,
				}),
			],
		}).view;
		expect(entries).toMatchObject([
			{ nodes: range(3), perNode: range(29, 31), source: "derived" },
		]);
	});
});

describe("what is counted beside what the model expects", () => {
	const reasonOf = (counted: number, of: Cluster = cluster()) =>
		seen({
			clusters: [of],
			scaleSets: [scaleSet({ interfaces: [nodeInterface(counted)] })],
		}).view.entries[0]?.reason;

	it.each([29, 30, 31])("%i of 29 to 31 is as expected", (counted) => {
		expect(reasonOf(counted)).toBe(
			"counted on network interfaces, max pods 30",
		);
	});

	it.each([
		{ counted: 28, of: cluster(), expected: "29 to 31" },
		{ counted: 32, of: cluster(), expected: "29 to 31" },
		{ counted: 2, of: overlayCluster(), expected: "1" },
		{
			counted: 29,
			of: cluster({ pools: [pool({ windows: true })] }),
			expected: "31",
		},
	])("$counted where $expected are expected is said", (row) => {
		expect(reasonOf(row.counted, row.of)).toBe(
			`counted on network interfaces, max pods 30, expected ${row.expected}`,
		);
	});
});

describe("a static egress gateway", () => {
	const gateway = pool({ mode: "gateway", reportedNodes: 2 });

	it.each<{
		what: string;
		of: Cluster;
		counted: number;
		demands: Partial<Record<BudgetKind, Range>>;
	}>([
		{
			// Its own address and one for each of two configurations.
			what: "overlay, two configurations",
			of: overlayCluster({ pools: [gateway] }),
			counted: 3,
			demands: { subnet: range(3), "pod-range": range(1) },
		},
		{
			what: "overlay, no configuration yet",
			of: overlayCluster({ pools: [gateway] }),
			counted: 1,
			demands: { subnet: range(1), "pod-range": range(1) },
		},
		{
			what: "node subnet, one configuration",
			of: cluster({ pools: [gateway] }),
			counted: 30,
			demands: { subnet: range(30) },
		},
	])("holds what its scale set shows: $what", ({ of, counted, demands }) => {
		const facts = {
			clusters: [of],
			scaleSets: [
				scaleSet({ capacity: 2, interfaces: [nodeInterface(counted)] }),
			],
		};
		expect(perNode(facts)).toEqual(demands);
		expect(seen(facts).view.entries).toMatchObject([
			{
				source: "measured",
				reason: "counted on network interfaces, max pods 30",
			},
		]);
	});

	it.each([
		{ what: "overlay", of: overlayCluster({ pools: [gateway] }), low: 1 },
		{ what: "node subnet", of: cluster({ pools: [gateway] }), low: 29 },
	])(
		"may use all that an interface takes if nothing is shown: $what",
		({ of, low }) => {
			const [entry] = seen({ clusters: [of] }).view.entries;
			expect(entry).toMatchObject({
				perNode: range(low, 256),
				source: "assumed",
				reason: expect.stringContaining(
					"one for each static gateway configuration, whose number is not known",
				),
			});
		},
	);

	it("that is not measured is neither an all-clear nor a certain shortfall", () => {
		// Two nodes use 2 to 512 of 251, and a surge node at least one of its own.
		const { scenarios } = seen({
			clusters: [overlayCluster({ pools: [gateway] })],
		}).view;
		expect(scenarios.today).toMatchObject({
			demand: range(2, null),
			verdict: "unknown",
		});
		const observed = seen({
			clusters: [overlayCluster({ pools: [gateway] })],
			subnets: [subnet({ ipConfigurations: 6 })],
		}).view;
		// What is seen settles today. The surge node may take 1 to 256.
		expect(observed.scenarios.today.demand).toEqual(range(6));
		expect(observed.scenarios.upgrade).toMatchObject({
			demand: range(7, 262),
			verdict: "tight",
		});
	});
});

describe("dual stack", () => {
	const both = ["10.1.0.0/24", "fd00:10::/64"];
	const dualStackInterface = nodeInterface(1, { entries: 2, ipv6: 1 });

	it("counts the IPv4 configurations of a node alone", () => {
		const { view } = seen({
			clusters: [overlayCluster({ dualStack: true })],
			// Three nodes have an IPv4 and an IPv6 configuration each.
			subnets: [subnet({ prefixes: both, ipConfigurations: 6 })],
			scaleSets: [scaleSet({ interfaces: [dualStackInterface] })],
		});
		expect(view.entries).toMatchObject([{ perNode: range(1) }]);
		expect(view.now).toMatchObject({
			demand: range(3),
			otherResources: range(0),
		});
		expect(view.budget.limit).toEqual(range(251));
	});

	it("derives where the IPv6 configurations of the model were not read", () => {
		const { entries } = seen({
			clusters: [overlayCluster({ dualStack: true })],
			subnets: [subnet({ prefixes: both, ipConfigurations: 6 })],
			scaleSets: [scaleSet({ interfaces: [nodeInterface(2)] })],
		}).view;
		expect(entries).toMatchObject([{ perNode: range(1), source: "derived" }]);
	});

	it("takes what nobody explains for IPv4 at most and for IPv6 at least", () => {
		// 10 configurations, 3 of them IPv6 of the nodes, 3 IPv4 of the nodes: 4 may be of either family.
		const { now } = seen({
			clusters: [overlayCluster({ dualStack: true })],
			subnets: [subnet({ prefixes: both, ipConfigurations: 10 })],
			scaleSets: [scaleSet({ interfaces: [dualStackInterface] })],
		}).view;
		expect(now).toMatchObject({
			demand: range(3, 7),
			otherResources: range(0, 4),
		});
	});

	it("kubenet takes two routes a node", () => {
		const { scenarios } = seen(
			{
				clusters: [kubenetCluster({ dualStack: true })],
				subnets: [subnet({ routeTable: routeTableId(), ipConfigurations: 3 })],
				routeTables: [routeTable({ routes: 6 })],
			},
			"routes",
		).view;
		// 6 now, 2 for a surge node.
		expect(scenarios.today.demand).toEqual(range(6));
		expect(scenarios.upgrade.demand).toEqual(range(8));
	});
});

describe("a network that AKS made", () => {
	const managed = cluster({ pools: [pool({ nodeSubnet: null })] });

	it("is found in the node resource group", () => {
		const { budget } = seen({
			clusters: [managed],
			subnets: [
				subnet(),
				subnet({ id: managedSubnetId("aks-apiserver-subnet") }),
				subnet({ id: managedSubnetId(), prefixes: ["10.224.0.0/16"] }),
			],
		}).view;
		expect(budget.id).toBe(managedSubnetId());
		// 2^16 - 5.
		expect(budget.limit).toEqual(range(65_531));
	});

	it("is that of the scale set, if it is elsewhere", () => {
		const { budget } = seen({
			clusters: [managed],
			scaleSets: [scaleSet()],
		}).view;
		expect(budget.id).toBe(subnetId());
	});

	it("has the API server's subnet, if the cluster names none", () => {
		const { budget } = seen(
			{
				clusters: [cluster({ ...managed, apiServer: { subnet: null } })],
				subnets: [
					subnet({ id: managedSubnetId(), prefixes: ["10.224.0.0/16"] }),
					subnet({
						id: managedSubnetId("aks-apiserver-subnet"),
						prefixes: ["10.226.0.0/28"],
					}),
				],
			},
			"api-server-subnet",
		).view;
		expect(budget).toMatchObject({
			id: managedSubnetId("aks-apiserver-subnet"),
			limit: range(11),
		});
	});
});

describe("how many nodes there are", () => {
	const nodesOf = (overrides: Partial<Inventory>) => {
		const { entries } = seen(overrides).view;
		return entries.map(({ nodes, growth }) => ({ nodes, growth }));
	};

	// The count may be days old, or have been asked for and not come yet: then it may still come.
	it.each([
		{ count: 9, growth: range(5) },
		{ count: 5, growth: range(1) },
		{ count: 4, growth: range(0) },
		{ count: 2, growth: range(0) },
		{ count: 0, growth: range(0) },
	])(
		"says the scale set of four, not the cluster's count of $count",
		({ count, growth }) => {
			expect(
				nodesOf({
					clusters: [cluster({ pools: [pool({ reportedNodes: count })] })],
					scaleSets: [scaleSet({ capacity: 4 })],
				}),
			).toEqual([{ nodes: range(4), growth }]);
		},
	);

	it.each([
		{
			what: "as reported without a scale set",
			of: { reportedNodes: 9 },
			nodes: range(9),
			growth: range(0),
		},
		{
			what: "none reported, none set",
			of: { reportedNodes: null },
			nodes: range(0, null),
			growth: range(0, null),
		},
		{
			what: "none",
			of: { reportedNodes: 0 },
			nodes: range(0),
			growth: range(0),
		},
		{
			what: "autoscaled, and the maximum is not reported",
			of: { reportedNodes: 3, autoscaling: true },
			nodes: range(3),
			growth: range(0, null),
		},
		{
			what: "to its maximum",
			of: { reportedNodes: 3, maxNodes: 8 },
			nodes: range(3),
			growth: range(5),
		},
		{
			what: "from none to its maximum",
			of: { reportedNodes: 0, maxNodes: 8 },
			nodes: range(0),
			growth: range(8),
		},
		{
			what: "more than its maximum: never fewer than today",
			of: { reportedNodes: 9, maxNodes: 8 },
			nodes: range(9),
			growth: range(0),
		},
		{
			what: "stopped, with a maximum",
			of: { stopped: true, reportedNodes: 0, maxNodes: 8 },
			nodes: range(0),
			growth: range(8),
		},
		{
			what: "stopped, with the count that it stopped with",
			of: { stopped: true, reportedNodes: 4 },
			nodes: range(0),
			growth: range(4),
		},
		{
			what: "stopped, nobody knows with how many",
			of: { stopped: true, reportedNodes: 0 },
			nodes: range(0),
			growth: range(0, null),
		},
		{
			what: "stopped, with a number set",
			of: { stopped: true, reportedNodes: 0, configuredNodes: range(5) },
			nodes: range(0),
			growth: range(5),
		},
		{
			what: "of a VirtualMachines pool, as it is set",
			of: {
				type: "virtual-machines",
				reportedNodes: 2,
				configuredNodes: range(5),
			},
			nodes: range(2),
			growth: range(3),
		},
		{
			what: "of a VirtualMachines pool that reports none",
			of: {
				type: "virtual-machines",
				reportedNodes: null,
				configuredNodes: range(5),
			},
			nodes: range(5),
			growth: range(0),
		},
		{
			what: "of a VirtualMachines pool with autoscaler",
			of: { type: "virtual-machines", reportedNodes: 2, maxNodes: 6 },
			nodes: range(2),
			growth: range(4),
		},
	] as const)("$what", ({ of, nodes, growth }) => {
		expect(nodesOf({ clusters: [cluster({ pools: [pool(of)] })] })).toEqual([
			{ nodes, growth },
		]);
	});

	it("a stopped cluster has none, and comes back whole", () => {
		expect(
			nodesOf({
				clusters: [
					cluster({
						stopped: true,
						pools: [
							pool({ name: "sys", reportedNodes: 3 }),
							pool({ name: "np", reportedNodes: 2, maxNodes: 6 }),
						],
					}),
				],
				scaleSets: [scaleSet({ pool: "sys", capacity: 0 })],
			}),
		).toEqual([
			{ nodes: range(0), growth: range(3) },
			{ nodes: range(0), growth: range(6) },
		]);
	});

	it("of a deallocated pool counts the scale set: its nodes keep their addresses", () => {
		expect(
			nodesOf({
				clusters: [
					cluster({ pools: [pool({ stopped: true, reportedNodes: 0 })] }),
				],
				scaleSets: [scaleSet({ capacity: 2 })],
			})[0]?.nodes,
		).toEqual(range(2));
	});

	it("a pool that Azure hosts may take no address at all", () => {
		const { entries } = seen({
			clusters: [overlayCluster({ pools: [pool({ mode: "managed-system" })] })],
		}).view;
		expect(entries).toMatchObject([
			{ nodes: range(3), perNode: range(0, 1), source: "assumed" },
		]);
	});
});

describe("the limits of nodes", () => {
	it.each([
		{
			what: "a cluster of scale sets",
			type: "scale-set",
			cluster: 5000,
			pool: 1000,
		},
		{
			what: "a cluster of VirtualMachines pools",
			type: "virtual-machines",
			cluster: 5000,
			pool: 1000,
		},
		{
			what: "a cluster of an availability set",
			type: "availability-set",
			cluster: 100,
			pool: undefined,
		},
	] as const)("of $what", ({ type, cluster: most, pool: mostOfPool }) => {
		const found = new Map(
			judged({ clusters: [cluster({ pools: [pool({ type })] })] }).map(
				({ view }) => [view.budget.kind, view.budget.limit],
			),
		);
		expect(found.get("cluster-nodes")).toEqual(range(most));
		expect(found.get("pool-nodes")).toEqual(
			mostOfPool === undefined ? undefined : range(mostOfPool),
		);
	});
});
