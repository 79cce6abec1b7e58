import { describe, expect, it } from "vitest";
import type { Inventory } from "../../shared/inventory/facts.ts";
import type {
	ResolvedCluster,
	ResolvedPool,
} from "../../shared/model/cluster.ts";
import type { KnownCluster } from "../../shared/model/known.ts";
import { placesOf } from "../../shared/model/places.ts";
import { autoProvisionedPool } from "../../shared/model/provisionedPools.ts";
import { resolveCluster } from "../../shared/model/resolve.ts";
import {
	autoProvisionedNode,
	budgetIn,
	cluster,
	clusterId,
	fleetOf,
	inventory,
	judgedIn,
	knownCluster,
	knownUse,
	kubenetCluster,
	memory,
	nodeGroup,
	nodeInterface,
	nothingLost,
	overlayCluster,
	pool,
	range,
	routeTable,
	routeTableId,
	scaleSet,
	subnet,
	subnetId,
} from "./builders.ts";

const other = subnetId("other");

/** Cluster `a`, with all that its rows refer to looked up. */
function resolved(
	of: Partial<Inventory>,
	known: readonly KnownCluster[] = [],
): ResolvedCluster {
	const all = inventory(of);
	const [row] = all.clusters;
	if (row === undefined) throw new Error("no cluster");
	return resolveCluster(
		row,
		placesOf(all, new Map(known.map((one) => [one.id, one]))),
	);
}

function only({ pools }: ResolvedCluster): ResolvedPool {
	const [one, ...others] = pools;
	if (one === undefined || others.length > 0)
		throw new Error(`${pools.length} pools`);
	return one;
}

describe("the one route table of a kubenet cluster", () => {
	const inGroup = (name: string) =>
		routeTableId(name).replace("rg-net", "mc_a");
	const own = (name: string, routes: number | null = 3) =>
		routeTable({ id: inGroup(name), group: nodeGroup(), routes });
	const aks = "aks-agentpool-12345678-routetable";
	const routed = subnet({ routeTable: routeTableId("firewall") });
	const two = kubenetCluster({
		pools: [pool(), pool({ name: "new", nodeSubnet: other })],
	});
	const tables = (of: Partial<Inventory>, known: KnownCluster[] = []) =>
		resolved({ clusters: [two], ...of }, known).pools.map(
			({ routeTable }) => routeTable,
		);

	it.each<{ what: string; of: Partial<Inventory>; table: string }>([
		{
			// Azure/AKS#1460: AKS goes on writing to its own, whatever hangs on the subnet.
			what: "AKS's own beside a firewall's on the subnet",
			of: {
				subnets: [routed, subnet({ id: other })],
				routeTables: [own(aks), routeTable({ id: routeTableId("firewall") })],
			},
			table: inGroup(aks),
		},
		{
			what: "the one that AKS names, not the fuller one of somebody in its group",
			of: { subnets: [routed], routeTables: [own("mine", 300), own(aks)] },
			table: inGroup(aks),
		},
		{
			what: "the fuller of two in its group",
			of: {
				subnets: [routed],
				routeTables: [own("x", null), own("y", 2), own("z", 9)],
			},
			table: inGroup("z"),
		},
		{
			// Azure/AKS#1500: a new pool's subnet gets it at the next update.
			what: "the one on a subnet, where the new pool's subnet has none yet",
			of: {
				subnets: [subnet({ id: other }), routed],
				routeTables: [routeTable({ id: routeTableId("firewall") })],
			},
			table: routeTableId("firewall"),
		},
		{
			what: "the one on a subnet, although its own row is not visible",
			of: { subnets: [routed, subnet({ id: other })] },
			table: routeTableId("firewall"),
		},
		{
			what: "a stand-in, where none is visible",
			of: { subnets: [subnet(), subnet({ id: other })] },
			table: `${clusterId()}/routes`,
		},
	])("is $what", ({ of, table }) => {
		expect(tables(of)).toEqual([table, table]);
	});

	it("is one budget of all of its nodes", () => {
		const fleet = fleetOf({
			clusters: [two],
			subnets: [routed, subnet({ id: other })],
			routeTables: [own(aks, 6)],
		});
		const routes = judgedIn(fleet).filter(
			({ view }) => view.budget.kind === "routes",
		);
		expect(routes.map(({ view }) => [view.budget.id, view.now.demand])).toEqual(
			[[inGroup(aks), range(6)]],
		);
		// 3 + 3 nodes.
		expect(routes[0]?.view.now.otherResources).toEqual(range(0));
	});

	it.each([
		{ what: "rows of tables are missing", lost: 1, table: inGroup(aks) },
		{ what: "all tables were read", lost: 0, table: routeTableId("firewall") },
	])("as it was known, where it is not seen and $what", ({ lost, table }) => {
		const found = resolved(
			{
				clusters: [kubenetCluster()],
				subnets: [routed],
				lost: { ...nothingLost, routeTables: lost },
			},
			[
				knownCluster({
					uses: [knownUse(range(3), { id: inGroup(aks), kind: "routes" })],
				}),
			],
		);
		expect(only(found)).toMatchObject({
			routeTable: table,
			missing:
				lost === 0
					? null
					: `route table ${aks} is missing from the answer of Resource Graph`,
		});
	});

	it("is none of a cluster of another model", () => {
		const found = resolved({ subnets: [routed], routeTables: [own(aks)] });
		expect(only(found).routeTable).toBeNull();
	});
});

describe("a subnet that is not among the rows", () => {
	it.each([
		{ plugin: "kubenet", hidesBudgets: true },
		{ plugin: "azure", hidesBudgets: false },
	] as const)(
		"hides a route table of $plugin: $hidesBudgets",
		({ plugin, hidesBudgets }) => {
			const { notJudged } = resolved({
				clusters: [plugin === "kubenet" ? kubenetCluster() : cluster()],
				subnets: [],
			});
			expect(notJudged).toMatchObject([{ hidesBudgets }]);
		},
	);
});

describe("a cluster whose system nodes Azure runs", () => {
	const system = subnetId("system");
	const workers = subnetId("workers");
	const automatic = overlayCluster({
		autoProvisioning: true,
		pools: [],
		hostedSystem: { systemSubnet: system, nodeSubnet: workers },
	});
	const subnets = [
		subnet({ id: system, prefixes: ["10.1.0.0/26"], ipConfigurations: 6 }),
		subnet({ id: workers, prefixes: ["10.1.1.0/24"], ipConfigurations: 2 }),
	];

	it("uses the subnet of these as its list shows, and the one of its workers without an end", () => {
		const { pools, notJudged } = resolved({ clusters: [automatic], subnets });
		expect(
			pools.map(({ name, nodeSubnet, nodes, growth }) => ({
				name,
				nodeSubnet,
				nodes,
				growth,
			})),
		).toEqual([
			{
				name: "(managed system nodes)",
				nodeSubnet: system,
				nodes: range(0, 6),
				growth: range(0, null),
			},
			{
				name: autoProvisionedPool,
				nodeSubnet: workers,
				nodes: range(0),
				growth: range(0, null),
			},
		]);
		expect(notJudged).toEqual([]);
	});

	it("uses nobody knows how much of a subnet whose list is not shown", () => {
		const [systemNodes] = resolved({
			clusters: [automatic],
			subnets: [
				subnet({ id: system, ipConfigurations: null }),
				subnets[1],
			].flatMap((one) => one ?? []),
		}).pools;
		expect(systemNodes?.nodes).toEqual(range(0, null));
	});

	it("keeps the pools that it had, and puts workers where it says", () => {
		const { pools } = resolved({
			clusters: [{ ...automatic, pools: [pool({ nodeSubnet: other })] }],
			subnets: [...subnets, subnet({ id: other })],
		});
		expect(pools.map(({ name, nodeSubnet }) => [name, nodeSubnet])).toEqual([
			["np", other],
			["(managed system nodes)", system],
			[autoProvisionedPool, workers],
		]);
	});

	it("says what is true where it names no subnet, and needs no role for it", () => {
		const { pools, notJudged } = resolved({
			clusters: [
				{
					...automatic,
					hostedSystem: { systemSubnet: null, nodeSubnet: null },
				},
			],
			subnets: [],
		});
		expect(pools.map(({ name }) => name)).toEqual([autoProvisionedPool]);
		expect(notJudged).toEqual([
			{
				reason:
					"Azure runs the system nodes in its own network. The cluster does not name it, and nobody else can read it.",
				accessTo: null,
				hidesBudgets: false,
			},
			{
				reason: "The cluster does not name the subnet of its nodes",
				accessTo: null,
				hidesBudgets: true,
			},
		]);
	});

	it("judges its API server's subnet all the same", () => {
		const api = subnetId("api");
		const fleet = fleetOf({
			clusters: [
				{
					...automatic,
					hostedSystem: { systemSubnet: null, nodeSubnet: null },
					apiServer: { subnet: api },
				},
			],
			subnets: [
				subnet({ id: api, prefixes: ["10.1.8.0/28"], ipConfigurations: 1 }),
			],
		});
		expect(
			budgetIn(fleet, "api-server-subnet").view.scenarios.today,
		).toMatchObject({ demand: range(9), verdict: "fits" });
	});
});

describe("the hidden pool of machines", () => {
	const machines = pool({
		name: "aksmanagedap",
		mode: "machines",
		reportedNodes: null,
		nodeSubnet: other,
	});
	const names = (of: Partial<Inventory>) =>
		resolved(of).pools.map(({ name, nodeSubnet, nodes }) => [
			name,
			nodeSubnet,
			nodes,
		]);

	it("has no node of its own: they are auto-provisioned", () => {
		expect(
			names({
				clusters: [
					cluster({ autoProvisioning: true, pools: [pool(), machines] }),
				],
			}),
		).toEqual([
			["np", subnetId(), range(3)],
			[autoProvisionedPool, subnetId(), range(0)],
		]);
	});

	it("says where they go, in a cluster without another pool", () => {
		expect(
			names({
				clusters: [cluster({ autoProvisioning: true, pools: [machines] })],
				subnets: [subnet({ id: other })],
			}),
		).toEqual([[autoProvisionedPool, other, range(0)]]);
	});
});

describe("nodes that Karpenter made", () => {
	const parts = (of: Partial<Inventory>) =>
		resolved(of)
			.pools.filter(({ autoProvisioned }) => autoProvisioned)
			.map(({ name, nodeSubnet, nodes, growth, addressesPerNode }) => ({
				name,
				nodeSubnet,
				nodes,
				grows: growth.high === null,
				addressesPerNode,
			}));
	const elsewhere = autoProvisionedNode({
		interface: nodeInterface(17, { subnet: other, entries: 2 }),
	});
	const subnets = [subnet(), subnet({ id: other })];

	it("grow in every subnet that has some, and where the cluster puts them", () => {
		expect(
			parts({
				clusters: [cluster({ autoProvisioning: true })],
				subnets,
				autoProvisionedNodes: [elsewhere, elsewhere],
			}),
		).toEqual([
			{
				name: "default",
				nodeSubnet: other,
				nodes: range(2),
				grows: false,
				// A block of 16 beside the primary address.
				addressesPerNode: range(17),
			},
			{
				name: autoProvisionedPool,
				nodeSubnet: other,
				nodes: range(0),
				grows: true,
				addressesPerNode: range(17),
			},
			{
				name: autoProvisionedPool,
				nodeSubnet: subnetId(),
				nodes: range(0),
				grows: true,
				addressesPerNode: null,
			},
		]);
	});

	it("grow only in subnets that have some, if the cluster's own auto-provisioning is off", () => {
		expect(
			parts({ subnets, autoProvisionedNodes: [elsewhere] }).map(
				({ name, nodeSubnet }) => [name, nodeSubnet],
			),
		).toEqual([
			["default", other],
			[autoProvisionedPool, other],
		]);
	});

	it("are none, where the cluster has none and makes none", () => {
		expect(parts({ subnets })).toEqual([]);
	});

	it("are not nodes, if no machine has the interface: it only uses its addresses", () => {
		const of = {
			clusters: [overlayCluster({ autoProvisioning: true })],
			subnets: [subnet({ ipConfigurations: 6 })],
			scaleSets: [scaleSet({ interfaces: [nodeInterface(1)] })],
			autoProvisionedNodes: [1, 2, 3].map((index) =>
				autoProvisionedNode({
					hasMachine: index === 1,
					interface: nodeInterface(1),
				}),
			),
		};
		const fleet = fleetOf(of);
		const { budget, now } = budgetIn(fleet).view;
		expect(now).toMatchObject({ demand: range(6), otherResources: range(2) });
		expect(budget.otherResourcesByKind).toEqual([
			{ kind: "leftover-interface", addresses: 2 },
		]);
		// 3 nodes of the pool and one machine take a block each.
		expect(budgetIn(fleet, "pod-range").view.now.demand).toEqual(range(4));
	});

	it("that were seen before are missed where rows of interfaces are lost", () => {
		const { pools } = resolved(
			{
				clusters: [cluster({ autoProvisioning: true })],
				autoProvisionedNodes: [autoProvisionedNode()],
				lost: { ...nothingLost, autoProvisionedNodes: null },
			},
			[knownCluster({ machines: { [subnetId()]: 4 } })],
		);
		expect(pools.find(({ missing }) => missing !== null)).toMatchObject({
			name: "(not read)",
			nodes: range(3, null),
			missing:
				"3 interfaces of auto-provisioned nodes are missing from the answer of Resource Graph, which lost rows",
		});
	});

	it("are missed where they were, though as many are elsewhere", () => {
		const { pools } = resolved(
			{
				clusters: [cluster({ autoProvisioning: true })],
				subnets,
				autoProvisionedNodes: [elsewhere, elsewhere],
				lost: { ...nothingLost, autoProvisionedNodes: null },
			},
			[knownCluster({ machines: { [subnetId()]: 2 } })],
		);
		expect(
			pools
				.filter(({ missing }) => missing !== null)
				.map(({ nodeSubnet, nodes }) => [nodeSubnet, nodes]),
		).toEqual([[subnetId(), range(2, null)]]);
	});

	it.each([
		{ what: "as many are seen as before", known: 1, lost: null },
		{ what: "no row of interfaces is lost", known: 4, lost: 0 },
	])("are not missed where $what", ({ known, lost }) => {
		const { pools } = resolved(
			{
				clusters: [cluster({ autoProvisioning: true })],
				autoProvisionedNodes: [autoProvisionedNode()],
				lost: { ...nothingLost, autoProvisionedNodes: lost },
			},
			[knownCluster({ machines: { [subnetId()]: known } })],
		);
		expect(pools.filter(({ missing }) => missing !== null)).toEqual([]);
	});
});

describe("further interfaces of a scale set's model", () => {
	it("use addresses in subnets of their own", () => {
		const of = {
			subnets: [
				subnet({ ipConfigurations: 87 }),
				subnet({ id: other, ipConfigurations: 7 }),
			],
			scaleSets: [
				scaleSet({
					interfaces: [nodeInterface(29), nodeInterface(2, { subnet: other })],
				}),
			],
		};
		expect(only(resolved(of))).toMatchObject({
			addressesPerNode: range(29),
			extraSubnets: [{ subnet: other, addresses: range(2) }],
		});
		const { view } = budgetIn(fleetOf(of), "subnet", "a", other);
		// 3 x 2 of the nodes, one of somebody else. A surge node takes two more.
		expect(view.now).toMatchObject({
			demand: range(7),
			otherResources: range(1),
		});
		expect(view.scenarios.upgrade.demand).toEqual(range(9));
	});

	it("are not known where their rows are missing", () => {
		const found = only(
			resolved({ scaleSets: [scaleSet({ interfacesKnown: false })] }),
		);
		expect(found).toMatchObject({
			addressesPerNode: null,
			extraSubnets: [],
			missing: "pool np: the rows with the IPs of its nodes are missing",
		});
	});
});

describe("a pool that cannot be read", () => {
	const pods = subnetId("pods");
	const odd = {
		name: "Odd",
		reason: 'agentPoolProfiles[1].mode is "hibernating"',
		nodeSubnet: other,
		podSubnet: pods,
	};
	const of = {
		clusters: [cluster({ unreadPools: [odd] })],
		subnets: [
			subnet({ ipConfigurations: 87 }),
			subnet({ id: other, ipConfigurations: 2 }),
			subnet({ id: pods }),
		],
	};
	const missing = `pool Odd: ${odd.reason}`;

	it("is where auto-provisioned nodes come to, where it is the only one", () => {
		const { pools, notJudged } = resolved({
			...of,
			clusters: [
				cluster({ pools: [], unreadPools: [odd], autoProvisioning: true }),
			],
		});
		expect(
			pools.find(({ name }) => name === autoProvisionedPool)?.nodeSubnet,
		).toBe(other);
		expect(notJudged).toEqual([]);
	});

	it("uses of its pod subnet at least what it used when it was seen", () => {
		const use = { id: pods, kind: "pod-subnet", name: "net/pods" } as const;
		const fleet = fleetOf(
			of,
			memory([knownCluster({ uses: [knownUse({ low: 48, high: 51 }, use)] })]),
		);
		const { scenarios } = budgetIn(fleet, "pod-subnet", "a", pods).view;
		expect(scenarios.today.demand).toEqual(range(48, null));
	});

	it.each([
		{
			what: "as many nodes as its scale set",
			scaleSets: [
				scaleSet({
					pool: "odd",
					capacity: 2,
					interfaces: [nodeInterface(1, { subnet: other })],
				}),
			],
			nodes: range(2),
			source: "measured",
		},
		{
			what: "any number of nodes, where its scale set shows no size",
			scaleSets: [scaleSet({ pool: "odd", capacity: null })],
			nodes: range(0, null),
			source: "assumed",
		},
		{
			what: "any number of nodes, where it has no scale set",
			scaleSets: [],
			nodes: range(0, null),
			source: "assumed",
		},
	])("has $what, and grows nobody knows how far", (row) => {
		const found = resolved({ ...of, scaleSets: row.scaleSets });
		expect(found.pools.find(({ name }) => name === "Odd")).toMatchObject({
			nodes: row.nodes,
			nodesSource: row.source,
			growth: range(0, null),
			surge: range(0, null),
			missing,
			podsMissing: missing,
		});
	});

	it("has at least the nodes that it had when its scale set was seen last", () => {
		const found = resolved(of, [knownCluster({ nodes: { Odd: 4 } })]);
		expect(found.pools.find(({ name }) => name === "Odd")).toMatchObject({
			nodes: range(4, null),
			nodesSource: "assumed",
		});
	});

	it("opens the subnets that it names, and leaves those of the other pools", () => {
		const fleet = fleetOf(of);
		const openOf = (id: string, kind: "subnet" | "pod-subnet" = "subnet") =>
			budgetIn(fleet, kind, "a", id).view.budget.open.map(
				({ reason }) => reason,
			);
		expect(openOf(subnetId())).toEqual([]);
		expect(openOf(other)).toContain(missing);
		expect(openOf(pods, "pod-subnet")).toContain(missing);
	});
});

describe("a network model that is not known", () => {
	const of = cluster({
		plugin: "unknown",
		modelUnknown: 'networkProfile.networkPlugin is "ebpf"',
		podCidr: "10.244.0.0/16",
		pools: [pool({ podSubnet: subnetId("pods") })],
	});
	const subnets = [
		subnet({ ipConfigurations: 87 }),
		subnet({ id: subnetId("pods") }),
	];

	it("is said of the cluster, and needs no role", () => {
		expect(resolved({ clusters: [of], subnets }).notJudged).toEqual([
			{
				reason:
					'networkProfile.networkPlugin is "ebpf", which the auditor does not know',
				accessTo: null,
				hidesBudgets: true,
			},
		]);
	});

	it("opens what a node takes, and leaves the numbers of nodes", () => {
		const opened = Object.fromEntries(
			judgedIn(fleetOf({ clusters: [of], subnets })).map(({ view }) => [
				view.budget.kind,
				[view.entries[0]?.perNode, view.budget.open.length > 0],
			]),
		);
		expect(opened).toEqual({
			subnet: [range(1, null), true],
			"pod-subnet": [range(16, null), true],
			"pod-range": [range(0, null), true],
			"cluster-nodes": [range(1), false],
			"pool-nodes": [range(1), false],
		});
	});

	it("leaves a subnet whose addresses the scale set counts", () => {
		const { view } = budgetIn(
			fleetOf({ clusters: [of], subnets, scaleSets: [scaleSet()] }),
		);
		expect(view.entries[0]?.perNode).toEqual(range(29));
		expect(view.budget.open).toEqual([]);
		// 87 + 29.
		expect(view.scenarios["full-upgrade"].demand).toEqual(range(116));
	});
});

describe("a scale set that is not among the rows", () => {
	const lost = { ...nothingLost, scaleSets: 1 };
	const missing =
		"pool np: its scale set is missing from the answer of Resource Graph, which lost rows";

	it.each<{
		what: string;
		known: KnownCluster[];
		reportedNodes: number | null;
		nodes: ReturnType<typeof range>;
		missing: string | null;
	}>([
		{
			what: "has at least the nodes that it had when it was seen last",
			known: [knownCluster({ nodes: { np: 4 } })],
			reportedNodes: 3,
			nodes: range(4, null),
			missing,
		},
		{
			what: "has any number of nodes, where the cluster was never seen",
			known: [],
			reportedNodes: 3,
			nodes: range(0, null),
			missing,
		},
		{
			what: "is not missed, where the cluster was never seen and reports no node",
			known: [],
			reportedNodes: 0,
			nodes: range(0),
			missing: null,
		},
		{
			what: "is not missed, where the cluster was seen without it",
			known: [knownCluster({ nodes: { another: 4 } })],
			reportedNodes: 3,
			nodes: range(3),
			missing: null,
		},
	])("$what", ({ known, reportedNodes, nodes, missing }) => {
		const clusters = [cluster({ pools: [pool({ reportedNodes })] })];
		expect(only(resolved({ clusters, lost }, known))).toMatchObject({
			nodes,
			missing,
		});
	});

	it("is not missed of a pool of machines, and where no row is lost", () => {
		const machines = [cluster({ pools: [pool({ type: "virtual-machines" })] })];
		const known = [knownCluster({ nodes: { np: 4 } })];
		expect(
			only(resolved({ clusters: machines, lost }, known)).missing,
		).toBeNull();
		expect(only(resolved({}, known))).toMatchObject({
			nodes: range(3),
			missing: null,
		});
	});

	it("grows nobody knows how far: the maximum is of a pool that is not seen", () => {
		const clusters = [cluster({ pools: [pool({ maxNodes: 6 })] })];
		expect(
			only(resolved({ clusters, lost }, [knownCluster({ nodes: { np: 4 } })]))
				.growth.high,
		).toBeNull();
	});
});

describe("nodes that scaling in stops and keeps", () => {
	const nodes = (of: Partial<Parameters<typeof pool>[0]>, capacity?: number) =>
		only(
			resolved({
				clusters: [cluster({ pools: [pool({ deallocates: true, ...of })] })],
				scaleSets: capacity === undefined ? [] : [scaleSet({ capacity })],
			}),
		).nodes;

	it.each([
		{
			what: "are counted by the scale set",
			of: { reportedNodes: 2 },
			capacity: 5,
			is: range(5),
		},
		{
			what: "may be as many as the maximum leaves, where the count alone is seen",
			of: { reportedNodes: 2, maxNodes: 6 },
			capacity: undefined,
			is: range(2, 6),
		},
		{
			what: "may be any number, where there is no maximum",
			of: { reportedNodes: 2 },
			capacity: undefined,
			is: range(2, null),
		},
		{
			what: "are never fewer than the count",
			of: { reportedNodes: 7, maxNodes: 6 },
			capacity: undefined,
			is: range(7),
		},
	])("$what", ({ of, capacity, is }) => {
		expect(nodes(of, capacity)).toEqual(is);
	});
});
