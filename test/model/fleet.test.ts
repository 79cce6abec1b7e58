import { describe, expect, it } from "vitest";
import type { BudgetKind } from "../../shared/contract.ts";
import type { Inventory, LostRows } from "../../shared/inventory/facts.ts";
import { budgetKinds } from "../../shared/model/budgetKinds.ts";
import type { KnownCluster } from "../../shared/model/known.ts";
import {
	budgetIn,
	cluster,
	clusterId,
	fleetOf,
	judgedIn,
	knownCluster,
	knownUse,
	kubenetCluster,
	listedOwner,
	memory,
	networkId,
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
	subscription,
	unreadableCluster,
} from "./builders.ts";

const silentSubscription = "00000000-0000-4000-8000-00000000000b";
const pods = subnetId("pods");
const api = subnetId("api");

const podUse = (low: number, high: number) =>
	knownUse(range(low, high), {
		id: pods,
		kind: "pod-subnet",
		name: "net/pods",
	});
const apiUse = knownUse(range(9), {
	id: api,
	kind: "api-server-subnet",
	name: "net/api",
});

/** Everybody but the silent subscription has answered. */
const answered = (id: string) => id !== silentSubscription;

/** Cluster b of another subscription, as it was seen last. */
function remembered(
	of: "silent" | "answered",
	overrides: Partial<KnownCluster> = {},
): KnownCluster {
	return knownCluster({
		name: "b",
		subscription: of === "silent" ? silentSubscription : subscription,
		...overrides,
	});
}

const b = clusterId("b");

/** Cluster a has three measured nodes in the shared subnet, where this many addresses are in use. */
function nodeSubnet(
	ipConfigurations: number | null,
	of: Partial<Inventory> = {},
): Partial<Inventory> {
	return {
		subnets: [subnet({ ipConfigurations })],
		scaleSets: [scaleSet()],
		...of,
	};
}

/** Three nodes of a take a first batch each, in a pod subnet of 251. */
const podSubnet: Partial<Inventory> = {
	clusters: [cluster({ pools: [pool({ podSubnet: pods })] })],
	subnets: [subnet({ ipConfigurations: 3 }), subnet({ id: pods })],
};

/** The API server of a, in a subnet of 27. */
const apiSubnet: Partial<Inventory> = {
	clusters: [cluster({ apiServer: { subnet: api } })],
	subnets: [
		subnet({ ipConfigurations: 87 }),
		subnet({ id: api, prefixes: ["10.1.8.0/27"], ipConfigurations: 1 }),
	],
};

describe("a remembered neighbor whose subscription is silent", () => {
	const silent = (use = knownUse(range(58))) =>
		memory([remembered("silent", { uses: [use] })], { answered });

	it("leaves what Azure shows certain, and growth open", () => {
		// 87 of a, 58 that b had.
		const { budget, now, scenarios } = budgetIn(
			fleetOf(nodeSubnet(145), silent()),
		).view;
		expect(now).toMatchObject({ demand: range(145), otherResources: range(0) });
		expect(scenarios.upgrade).toMatchObject({
			demand: range(174),
			verdict: "fits",
		});
		expect(scenarios.full).toMatchObject({
			demand: range(145, null),
			verdict: "unknown",
		});
		expect(budget.sharedBy).toBe(2);
		expect(budget.open).toEqual([
			{
				kind: "last-known",
				cluster: b,
				cause: `Subscription ${silentSubscription} did not answer`,
				reason: "cluster b",
				lastSeen: { auditId: "0", at: "2026-10-31T05:00:00.000Z" },
			},
		]);
	});

	it("explains no more of the list than it used", () => {
		// 150: 5 are neither a's nor what b had.
		const { now } = budgetIn(fleetOf(nodeSubnet(150), silent())).view;
		expect(now).toMatchObject({
			demand: range(150),
			otherResources: range(5, 63),
		});
	});

	it("forces nothing where the list is shorter than both", () => {
		const { now } = budgetIn(fleetOf(nodeSubnet(90), silent())).view;
		expect(now).toMatchObject({ demand: range(90), otherResources: range(0) });
	});

	it("is the low end of what no list shows, and the high end is open", () => {
		// 3 x 16 of a and 32 of b.
		const { scenarios } = budgetIn(
			fleetOf(podSubnet, silent(podUse(32, 34))),
			"pod-subnet",
		).view;
		expect(scenarios.today).toMatchObject({
			demand: range(80, null),
			verdict: "unknown",
		});
	});

	it("is short all the same where its low end is", () => {
		// 48 + 204 = 252 of 251.
		const { scenarios } = budgetIn(
			fleetOf(podSubnet, silent(podUse(204, 217))),
			"pod-subnet",
		).view;
		expect(scenarios.today.verdict).toBe("short");
	});

	it("keeps an API server's nine", () => {
		const { budget, scenarios } = budgetIn(
			fleetOf(apiSubnet, silent(apiUse)),
			"api-server-subnet",
		).view;
		expect(scenarios.today.demand).toEqual(range(18, null));
		expect(budget.sharedBy).toBe(2);
	});

	it("keeps a route in a table that shows them", () => {
		const routes = knownUse(range(2), { id: routeTableId(), kind: "routes" });
		const { budget, scenarios } = budgetIn(
			fleetOf(
				{
					clusters: [kubenetCluster()],
					subnets: [
						subnet({ routeTable: routeTableId(), ipConfigurations: 3 }),
					],
					routeTables: [routeTable({ routes: 5 })],
				},
				silent(routes),
			),
			"routes",
		).view;
		expect(scenarios.upgrade).toMatchObject({
			demand: range(6),
			verdict: "fits",
		});
		expect(scenarios.full.verdict).toBe("unknown");
		expect(budget.sharedBy).toBe(2);
	});

	it("opens nothing that it did not use", () => {
		const fleet = fleetOf(podSubnet, silent());
		expect(budgetIn(fleet, "pod-subnet").view.budget.open).toEqual([]);
	});

	it("is not a cluster of the fleet, and is still known", () => {
		const fleet = fleetOf(podSubnet, silent(podUse(32, 34)));
		expect(fleet.clusters.map(({ name }) => name)).toEqual(["a"]);
		expect(fleet.sharedBudgets).toEqual([]);
		expect(fleet.known.map(({ name, missed }) => [name, missed])).toEqual([
			["a", 0],
			["b", 0],
		]);
	});
});

describe("how long a neighbor is remembered", () => {
	/** Whether its budget is open, night after night. */
	function nights(
		count: number,
		of: Partial<Inventory>,
		kind: BudgetKind,
		first: KnownCluster,
	): boolean[] {
		let known: readonly KnownCluster[] = [first];
		return Array.from({ length: count }, () => {
			const fleet = fleetOf(of, memory(known, { answered }));
			({ known } = fleet);
			return budgetIn(fleet, kind).view.budget.open.length > 0;
		});
	}

	/** Three nodes of cluster a, in a table of this many routes. Cluster b had two, beside two custom routes. */
	const routed = (routes: number): Partial<Inventory> => ({
		clusters: [kubenetCluster()],
		subnets: [subnet({ routeTable: routeTableId(), ipConfigurations: 3 })],
		routeTables: [routeTable({ routes })],
	});
	const routeUse = {
		...knownUse(range(2), { id: routeTableId(), kind: "routes" }),
		otherRoutes: 2,
	};

	/** The list of the node subnet was read: it has nodes of a and, if asked for, one of b. */
	const listed = (withB: boolean): Partial<Inventory> =>
		nodeSubnet(89, {
			listed: new Map([
				[
					subnetId(),
					[
						listedOwner({ entries: 87 }),
						withB
							? listedOwner({ group: `${silentSubscription}/mc_b`, entries: 2 })
							: listedOwner({
									type: "privateendpoints",
									group: `${subscription}/rg`,
									name: "pe",
									entries: 2,
								}),
					],
				],
			]),
		});

	it.each<{
		what: string;
		of: Partial<Inventory>;
		kind: BudgetKind;
		from: KnownCluster;
		open: boolean[];
	}>([
		{
			what: "deleted, and rows explain the whole list: free at once",
			of: nodeSubnet(87),
			kind: "subnet",
			from: remembered("answered", { uses: [knownUse(range(58))] }),
			open: [false, false, false],
		},
		{
			what: "deleted, and the list names none of its nodes: free at once",
			of: listed(false),
			kind: "subnet",
			from: remembered("answered", { uses: [knownUse(range(58))] }),
			open: [false, false, false],
		},
		{
			what: "deleted, and its list was not read: free in the second answer",
			of: nodeSubnet(90),
			kind: "subnet",
			from: remembered("answered", { uses: [knownUse(range(58))] }),
			open: [true, false, false],
		},
		{
			what: "deleted, from a pod subnet: free in the second answer",
			of: podSubnet,
			kind: "pod-subnet",
			from: remembered("answered", { uses: [podUse(32, 34)] }),
			open: [true, false, false],
		},
		{
			what: "deleted, from an API server subnet: free in the second answer",
			of: apiSubnet,
			kind: "api-server-subnet",
			from: remembered("answered", { uses: [apiUse] }),
			open: [true, false, false],
		},
		{
			// 3 of a, and the 2 that were no node's before.
			what: "deleted, and its routes are gone from the table: free at once",
			of: routed(5),
			kind: "routes",
			from: remembered("answered", { uses: [routeUse] }),
			open: [false, false, false],
		},
		{
			what: "deleted, and a route is left that may be its: free in the second answer",
			of: routed(6),
			kind: "routes",
			from: remembered("answered", { uses: [routeUse] }),
			open: [true, false, false],
		},
		{
			what: "silent, and two reads of the table show none of its routes: free at the second",
			of: routed(5),
			kind: "routes",
			from: remembered("silent", { uses: [routeUse] }),
			open: [true, false, false],
		},
		{
			what: "silent, and its routes are in the table: as long as it is silent",
			of: routed(7),
			kind: "routes",
			from: remembered("silent", { uses: [routeUse] }),
			open: [true, true, true],
		},
		{
			what: "silent, from a pod subnet: as long as it is silent",
			of: podSubnet,
			kind: "pod-subnet",
			from: remembered("silent", { uses: [podUse(32, 34)] }),
			open: [true, true, true],
		},
		{
			what: "silent, and two lists name none of its nodes: free at the second",
			of: listed(false),
			kind: "subnet",
			from: remembered("silent", { uses: [knownUse(range(58))] }),
			open: [true, false, false],
		},
		{
			what: "silent, and the list names its nodes: as long as it does",
			of: listed(true),
			kind: "subnet",
			from: remembered("silent", { uses: [knownUse(range(58))] }),
			open: [true, true, true],
		},
		{
			what: "in an answer that lost rows of clusters: as if it were silent",
			of: { ...podSubnet, lost: { ...nothingLost, clusters: 1 } },
			kind: "pod-subnet",
			from: remembered("answered", { uses: [podUse(32, 34)] }),
			open: [true, true, true],
		},
	])("$what", ({ of, kind, from, open }) => {
		expect(nights(3, of, kind, from)).toEqual(open);
	});

	it("says that gone is believed when seen twice", () => {
		const fleet = fleetOf(
			podSubnet,
			memory([remembered("answered", { uses: [podUse(32, 34)] })]),
		);
		expect(
			budgetIn(fleet, "pod-subnet").view.budget.open.map(
				({ cause, reason }) => [cause, reason],
			),
		).toEqual([
			[
				"Clusters seen before are missing (two such audits mean deleted)",
				"cluster b",
			],
		]);
	});

	it("knows a cluster that is back as it is seen now", () => {
		const { known } = fleetOf(
			nodeSubnet(87),
			memory([knownCluster({ missed: 1, uses: [knownUse(range(58))] })]),
		);
		expect(known).toEqual([
			{
				id: clusterId(),
				name: "a",
				subscription,
				group: nodeGroup(),
				lastSeen: { auditId: "1", at: "2026-11-01T05:00:00.000Z" },
				missed: 0,
				nodes: { np: 3 },
				machines: {},
				ranges: ["10.0.0.0/16"],
				uses: [knownUse(range(87))],
			},
		]);
	});
});

describe("lost rows of clusters", () => {
	const elsewhere = `${silentSubscription.slice(0, -1)}c`;
	/** Two subscriptions used the pod subnet: a's, which is seen, and that of c, which has answered without it. */
	const both = [
		knownCluster({ uses: [knownUse(range(3)), podUse(48, 51)] }),
		knownCluster({
			name: "c",
			subscription: elsewhere,
			uses: [podUse(16, 17), knownUse(range(1))],
		}),
	];
	const openedBy = (
		lost: LostRows["clusters"],
		known: readonly KnownCluster[],
		kind: BudgetKind = "pod-subnet",
	) =>
		budgetIn(
			fleetOf(
				{ ...podSubnet, lost: { ...nothingLost, clusters: lost } },
				memory(known, { answered }),
			),
			kind,
		).view.budget.open.map(({ kind, reason }) => [kind, reason]);

	const gone = ["last-known", "cluster c"];

	it.each<{ lost: number | null; words: string | null }>([
		{ lost: 0, words: null },
		// c is the one.
		{ lost: 1, words: null },
		{ lost: 2, words: "2 rows, 1 of them known" },
		{
			lost: null,
			words: "an unknown number of rows, 1 of them known",
		},
	])("$lost, where one that was known is missing", ({ lost, words }) => {
		const opened = openedBy(lost, both);
		expect(opened.filter(([kind]) => kind === "lost-rows")).toEqual(
			words === null ? [] : [["lost-rows", words]],
		);
		if (lost !== 0) expect(opened).toContainEqual(gone);
	});

	it("do not open what Azure shows", () => {
		expect(
			openedBy(2, both, "subnet").filter(([kind]) => kind === "lost-rows"),
		).toEqual([]);
	});

	it("do not open what one subscription alone has used", () => {
		const [own] = both;
		if (own === undefined) throw new Error("none");
		expect(openedBy(5, [own])).toEqual([]);
		expect(
			openedBy(5, [
				own,
				remembered("answered", { uses: [podUse(16, 17)] }),
			]).map(([kind]) => kind),
		).toEqual(["last-known"]);
	});

	it("are not explained by clusters of a subscription that is silent as a whole", () => {
		const known = [
			...both.slice(0, 1),
			remembered("silent", { uses: [podUse(16, 17)] }),
		];
		expect(openedBy(1, known).map(([kind]) => kind)).toEqual([
			"last-known",
			"lost-rows",
		]);
	});
});

describe("clusters that a subnet's service association links name", () => {
	const linked = (
		of: Partial<Inventory>,
		id: string,
		known: KnownCluster[] = [],
	) =>
		fleetOf(
			{
				...of,
				subnets: (of.subnets ?? []).map((one) =>
					one.id === id ? { ...one, linkedClusters: [clusterId(), b] } : one,
				),
			},
			memory(known, { answered }),
		);
	const reason =
		"a service association link names cluster b, which is not visible";

	it("use nine addresses at least as an API server", () => {
		const { budget, scenarios } = budgetIn(
			linked(apiSubnet, api),
			"api-server-subnet",
		).view;
		expect(scenarios.today).toMatchObject({
			demand: range(18, null),
			verdict: "unknown",
		});
		expect(budget.open).toEqual([
			{
				kind: "seen-there",
				cluster: b,
				cause: "Nodes belong to clusters that are not visible",
				reason,
				lastSeen: null,
			},
		]);
	});

	it("use nobody knows how many as pods", () => {
		const { budget, scenarios } = budgetIn(
			linked(podSubnet, pods),
			"pod-subnet",
		).view;
		expect(scenarios.today.demand).toEqual(range(48, null));
		expect(budget.sharedBy).toBe(2);
	});

	it("are not news if they are visible or remembered", () => {
		const reasonsOf = (fleet: ReturnType<typeof fleetOf>) =>
			budgetIn(fleet, "pod-subnet").view.budget.open.map(({ kind }) => kind);
		const visible = {
			...podSubnet,
			clusters: [
				...(podSubnet.clusters ?? []),
				cluster({ name: "b", pools: [pool({ podSubnet: pods })] }),
			],
			subnets: [subnet({ ipConfigurations: 6 }), subnet({ id: pods })],
		};
		expect(reasonsOf(linked(visible, pods))).toEqual([]);
		expect(
			reasonsOf(
				linked(podSubnet, pods, [
					remembered("silent", { uses: [podUse(16, 17)] }),
				]),
			),
		).toEqual(["last-known"]);
	});
});

describe("nodes that the list of a subnet names and no row explains", () => {
	const withOwners = (
		owners: Parameters<typeof listedOwner>[0][],
		known: KnownCluster[] = [],
	) =>
		budgetIn(
			fleetOf(
				nodeSubnet(92, {
					listed: new Map([
						[
							subnetId(),
							[listedOwner({ entries: 87 }), ...owners.map(listedOwner)],
						],
					]),
				}),
				memory(known, { answered }),
			),
		).view;
	const hidden = {
		group: `${silentSubscription}/mc_hidden`,
		name: "aks-np-87654321-vmss",
	};

	it("open it, and count", () => {
		const { budget, now, scenarios } = withOwners([
			{ ...hidden, instance: "0", entries: 2 },
			{ ...hidden, instance: "1", entries: 3 },
		]);
		expect(budget.open).toEqual([
			{
				kind: "seen-there",
				cluster: null,
				cause: "Nodes belong to clusters that are not visible",
				reason:
					"5 IPs of nodes in resource group mc_hidden, whose cluster is not visible",
				lastSeen: null,
			},
		]);
		expect(now).toMatchObject({ demand: range(92), otherResources: range(0) });
		expect(scenarios.full.verdict).toBe("unknown");
		expect(scenarios.upgrade.verdict).toBe("fits");
	});

	it.each([
		{
			what: "are other resources where no name of AKS is theirs",
			owner: { ...hidden, name: "build-agents", entries: 5 },
		},
		{
			what: "are other resources where they are no nodes",
			owner: { ...hidden, type: "privateendpoints", name: "pe", entries: 5 },
		},
	])("$what", ({ owner }) => {
		const { budget, now } = withOwners([owner]);
		expect(budget.open).toEqual([]);
		expect(now.otherResources).toEqual(range(5));
	});

	it("are those of a remembered cluster where they are in its group", () => {
		const { budget } = withOwners(
			[{ group: `${silentSubscription}/mc_b`, entries: 5 }],
			[remembered("silent", { uses: [knownUse(range(5))] })],
		);
		expect(budget.open.map(({ kind }) => kind)).toEqual(["last-known"]);
	});

	it("are an API server where a frontend of one is", () => {
		const frontend = {
			subnet: api,
			type: "loadbalancers",
			name: "kube-apiserver",
		};
		const { budget, scenarios } = budgetIn(
			fleetOf({
				...apiSubnet,
				listed: new Map([
					[
						api,
						[
							listedOwner(frontend),
							listedOwner({ ...frontend, group: hidden.group }),
							listedOwner({
								...frontend,
								type: "privateendpoints",
								name: "pe",
								entries: 2,
							}),
						],
					],
				]),
			}),
			"api-server-subnet",
		).view;
		// Two of nine each, and two addresses of somebody else.
		expect(scenarios.today.demand).toEqual(range(20, null));
		expect(budget.open.map(({ reason }) => reason)).toEqual([
			"an API server in resource group mc_hidden, whose cluster is not visible",
		]);
	});
});

describe("a cluster whose row cannot be read", () => {
	const unread = (
		of: Partial<Inventory>,
		row: Partial<Parameters<typeof unreadableCluster>[0]>,
		known: KnownCluster[] = [],
	) =>
		fleetOf(
			{
				...of,
				unreadableClusters: [
					unreadableCluster({ id: b, nodeResourceGroup: "mc_b", ...row }),
				],
			},
			memory(known),
		);
	const lastKnown = (...uses: KnownCluster["uses"]) => [
		remembered("answered", { uses }),
	];

	it.each<{
		what: string;
		row: Parameters<typeof unreadableCluster>[0];
		known: KnownCluster[];
		/** 9 of a. 3 x 16 to 17 of a's pods. */
		api: ReturnType<typeof range>;
		pods: ReturnType<typeof range>;
	}>([
		{
			what: "that names an API server's subnet uses nine of it at least",
			row: { apiServerSubnets: [api] },
			known: [],
			api: range(18, null),
			pods: range(48, 51),
		},
		{
			what: "that names a subnet uses nobody knows how many of it",
			row: { subnets: [pods] },
			known: [],
			api: range(9),
			pods: range(48, null),
		},
		{
			what: "that names nothing uses what it did",
			row: {},
			known: lastKnown(podUse(32, 34), apiUse),
			api: range(18, null),
			pods: range(80, null),
		},
		{
			what: "that names what it used uses what it did at least",
			row: { subnets: [pods] },
			known: lastKnown(podUse(32, 34)),
			api: range(9),
			pods: range(80, null),
		},
		{
			what: "that names nothing and was never seen left no trace",
			row: {},
			known: [],
			api: range(9),
			pods: range(48, 51),
		},
	])("$what", ({ row = {}, known, ...expected }) => {
		const fleet = unread(
			{
				clusters: [
					cluster({
						apiServer: { subnet: api },
						pools: [pool({ podSubnet: pods })],
					}),
				],
				subnets: [...(apiSubnet.subnets ?? []), subnet({ id: pods })],
			},
			row,
			known,
		);
		const today = (kind: BudgetKind) =>
			budgetIn(fleet, kind).view.scenarios.today.demand;
		expect(today("api-server-subnet")).toEqual(expected.api);
		expect(today("pod-subnet")).toEqual(expected.pods);
	});

	it("is named with the reason, and with the audit that saw it last", () => {
		const { budget } = budgetIn(
			unread(podSubnet, { subnets: [pods] }, lastKnown(podUse(32, 34))),
			"pod-subnet",
		).view;
		expect(budget.open).toEqual([
			{
				kind: "not-read",
				cluster: b,
				cause: "Data is missing or not understood",
				reason:
					"the row of cluster b could not be read: maxPods is not a number",
				lastSeen: { auditId: "0", at: "2026-10-31T05:00:00.000Z" },
			},
		]);
		expect(budget.sharedBy).toBe(2);
	});

	it("goes on being known as it was", () => {
		const known = lastKnown(podUse(32, 34));
		expect(unread(podSubnet, {}, known).known.slice(-1)).toEqual(known);
	});
});

describe("a cluster that is seen in part", () => {
	const api9 = knownCluster({ uses: [knownUse(range(87)), apiUse] });
	const subnets = (entries: number) => [
		subnet({ ipConfigurations: 87 }),
		subnet({ id: api, ipConfigurations: entries }),
	];

	it("keeps its API server's subnet, although the profile is not in the list", () => {
		const { budget, scenarios } = budgetIn(
			fleetOf({ subnets: subnets(1) }, memory([api9])),
			"api-server-subnet",
		).view;
		expect(scenarios.today.demand.low).toBe(9);
		expect(scenarios.today.demand.high).toBeNull();
		expect(budget.open.map(({ reason }) => reason)).toEqual([
			"its API server's profile is not in the list, which proves nothing",
		]);
	});

	it("keeps it not where the subnet's list is empty", () => {
		const kinds = judgedIn(
			fleetOf({ subnets: subnets(0) }, memory([api9])),
		).map(({ view }) => view.budget.kind);
		expect(kinds).not.toContain("api-server-subnet");
	});

	it("keeps a subnet that a pool may still use which cannot be read", () => {
		const other = subnetId("other");
		const fleet = fleetOf(
			{
				clusters: [
					cluster({
						unreadPools: [
							{
								name: "odd",
								reason: "vnetSubnetID is a number",
								nodeSubnet: null,
								podSubnet: null,
							},
						],
					}),
				],
				subnets: [
					subnet({ ipConfigurations: 87 }),
					subnet({ id: other, ipConfigurations: 58 }),
				],
			},
			memory([
				knownCluster({
					uses: [knownUse(range(87)), knownUse(range(58), { id: other })],
				}),
			]),
		);
		const { budget, scenarios } = budgetIn(fleet, "subnet", "a", other).view;
		expect(scenarios.today).toMatchObject({
			demand: range(58),
			verdict: "fits",
		});
		expect(scenarios.full.verdict).toBe("unknown");
		expect(budget.open.map(({ reason }) => reason)).toEqual([
			"pool odd: vnetSubnetID is a number",
		]);
	});

	it("keeps its route table where its network plugin is not known", () => {
		const fleet = fleetOf(
			{
				clusters: [
					cluster({
						plugin: "unknown",
						modelUnknown: 'networkProfile.networkPlugin is "ebpf"',
					}),
				],
				subnets: [subnet({ ipConfigurations: 87, routeTable: routeTableId() })],
				routeTables: [routeTable({ routes: 3 })],
			},
			memory([
				knownCluster({
					uses: [
						knownUse(range(87)),
						knownUse(range(3), { id: routeTableId(), kind: "routes" }),
					],
				}),
			]),
		);
		const { now, scenarios } = budgetIn(fleet, "routes").view;
		expect(now.demand).toEqual(range(3));
		expect(scenarios.full.verdict).toBe("unknown");
	});

	it("no longer uses a subnet, if nothing of it is missing", () => {
		const fleet = fleetOf(
			{ subnets: [subnet({ ipConfigurations: 87 }), subnet({ id: pods })] },
			memory([knownCluster({ uses: [podUse(48, 51)] })]),
		);
		expect(judgedIn(fleet).map(({ view }) => view.budget.kind)).not.toContain(
			"pod-subnet",
		);
	});
});

describe("the addresses of a virtual network", () => {
	const networks = (of: Partial<Inventory>) =>
		judgedIn(fleetOf(of)).filter(
			({ view }) => view.budget.kind === "virtual-network",
		);
	const large = (prefix: string): Partial<Inventory> => ({
		...nodeSubnet(null),
		subnets: [subnet({ prefixes: [prefix], ipConfigurations: 100 })],
	});

	it.each([
		// 2^16 addresses together: the subnets end first.
		{ what: "a /16", of: large("10.0.0.0/16"), is: 0 },
		{ what: "a /15", of: large("10.0.0.0/15"), is: 1 },
		{
			what: "a /16 and a /28",
			of: {
				...large("10.0.0.0/16"),
				subnets: [
					...(large("10.0.0.0/16").subnets ?? []),
					subnet({ id: subnetId("db"), prefixes: ["10.1.0.0/28"] }),
				],
			},
			is: 1,
		},
	])("are a budget of $is, where its subnets are $what", ({ of, is }) => {
		expect(networks(of)).toHaveLength(is);
	});

	it("are 65,536, and everybody in it uses them", () => {
		// 87 of the nodes and 13 other IPs in their subnet, 40 in another.
		const [judged] = networks({
			...large("10.0.0.0/15"),
			subnets: [
				...(large("10.0.0.0/15").subnets ?? []),
				subnet({
					id: subnetId("db"),
					prefixes: ["10.4.0.0/24"],
					ipConfigurations: 40,
				}),
			],
		});
		expect(judged?.view.budget).toMatchObject({
			id: networkId(),
			kind: "virtual-network",
			name: "net",
			limit: range(65_536),
		});
		expect(judged?.view.now).toMatchObject({
			demand: range(140),
			otherResources: range(53),
		});
		expect(judged?.view.scenarios.upgrade).toMatchObject({
			demand: range(169),
			verdict: "fits",
		});
	});

	it("count a block once", () => {
		// Three nodes of one address each, and two blocks each for max pods 30.
		const [judged] = networks({
			clusters: [
				cluster({ pools: [pool({ podSubnet: pods, staticBlocks: true })] }),
			],
			subnets: [
				subnet({ prefixes: ["10.0.0.0/15"], ipConfigurations: 3 }),
				subnet({ id: pods, prefixes: ["10.4.0.0/24"] }),
			],
		});
		expect(judged?.view.now.demand).toEqual(range(9));
	});

	it("count a block on an interface once", () => {
		// 48 pods in three blocks beside the primary address: 49 addresses of the subnet, 4 of the network.
		const [judged] = networks({
			...large("10.0.0.0/15"),
			subnets: [subnet({ prefixes: ["10.0.0.0/15"], ipConfigurations: 12 })],
			scaleSets: [
				scaleSet({ interfaces: [nodeInterface(49, { entries: 4 })] }),
			],
		});
		expect(judged?.view.now.demand).toEqual(range(12));
	});

	it("are those of one cluster and of its neighbors together", () => {
		const fleet = fleetOf({
			clusters: [overlayCluster(), overlayCluster({ name: "b" })],
			subnets: [subnet({ prefixes: ["10.0.0.0/15"], ipConfigurations: 6 })],
		});
		const { budget, now } = budgetIn(fleet, "virtual-network").view;
		expect(budget.sharedBy).toBe(2);
		expect(now.demand).toEqual(range(6));
	});
});

describe("one subnet in two roles", () => {
	const kindsOf = (of: Partial<Inventory>, id: string, name = "a") =>
		judgedIn(fleetOf(of), name)
			.map(({ view }) => view)
			.filter(({ budget }) => budget.id === id)
			.map(({ budget, scenarios }) => ({
				kind: budget.kind,
				demand: scenarios.today.demand,
			}));

	it("is judged once, by what nodes of one cluster and pods of another use", () => {
		const of = {
			clusters: [
				overlayCluster({ pools: [pool({ nodeSubnet: pods })] }),
				cluster({ name: "b", pools: [pool({ podSubnet: pods })] }),
			],
			subnets: [subnet({ ipConfigurations: 3 }), subnet({ id: pods })],
		};
		// 3 nodes of a, and 3 first batches of b.
		const both = [{ kind: "subnet", demand: range(51, 54) }];
		expect(kindsOf(of, pods, "a")).toEqual(both);
		expect(kindsOf(of, pods, "b")).toEqual(both);
	});

	it("is judged once, where one pool has nodes and pods in it", () => {
		const of = {
			clusters: [cluster({ pools: [pool({ podSubnet: subnetId() })] })],
			subnets: [subnet({ ipConfigurations: 3 })],
		};
		// 3 x (1 + 16 to 17).
		expect(kindsOf(of, subnetId())).toEqual([
			{ kind: "subnet", demand: range(51, 54) },
		]);
	});

	it("counts blocks in addresses beside batches", () => {
		const of = {
			clusters: [
				cluster({
					pools: [
						pool({ podSubnet: pods }),
						pool({ name: "static", podSubnet: pods, staticBlocks: true }),
					],
				}),
			],
			subnets: [subnet({ ipConfigurations: 6 }), subnet({ id: pods })],
		};
		// 3 x 16 to 17, and 3 x 2 blocks of 16.
		expect(kindsOf(of, pods)).toEqual([
			{ kind: "pod-subnet", demand: range(144, 147) },
		]);
	});

	it("counts what the rows prove beside them, for the list shows no pods", () => {
		const of = {
			clusters: [cluster({ pools: [pool({ podSubnet: subnetId() })] })],
			subnets: [subnet({ ipConfigurations: 10 })],
			otherResources: [
				{
					kind: "private-endpoint",
					subnet: subnetId(),
					group: null,
					addresses: 7,
					entries: 7,
				} as const,
			],
		};
		expect(kindsOf(of, subnetId())[0]?.demand).toEqual(range(58, 61));
	});
});

describe("what else is in subnets of pods and of API servers", () => {
	it.each([
		{
			what: "an address each in a pod subnet",
			staticBlocks: false,
			listed: 5,
			demand: range(53, 56),
		},
		// 3 x 2 blocks. 20 addresses cost 2 blocks at least, 20 at most.
		{
			what: "a block or more of a static one",
			staticBlocks: true,
			listed: 20,
			demand: range(8, 26),
		},
	])("takes $what", ({ staticBlocks, listed, demand }) => {
		const fleet = fleetOf({
			clusters: [cluster({ pools: [pool({ podSubnet: pods, staticBlocks })] })],
			subnets: [
				subnet({ ipConfigurations: 3 }),
				subnet({ id: pods, ipConfigurations: listed }),
			],
		});
		expect(
			budgetIn(fleet, staticBlocks ? "pod-blocks" : "pod-subnet").view.now
				.demand,
		).toEqual(demand);
	});

	it.each([
		// One frontend is the API server's own. Its eight other IPs may be in the list, too.
		{ entries: 1, demand: range(9) },
		{ entries: 4, demand: range(9, 12) },
		{ entries: 12, demand: range(12, 20) },
	])(
		"takes what $entries entries of an API server's subnet leave open",
		(row) => {
			const fleet = fleetOf({
				...apiSubnet,
				subnets: [
					subnet({ ipConfigurations: 87 }),
					subnet({
						id: api,
						prefixes: ["10.1.8.0/27"],
						ipConfigurations: row.entries,
					}),
				],
			});
			expect(budgetIn(fleet, "api-server-subnet").view.now.demand).toEqual(
				row.demand,
			);
		},
	);
});

it("is observed what Azure shows: addresses of node subnets, and routes", () => {
	const kinds: BudgetKind[] = [
		"subnet",
		"pod-subnet",
		"pod-blocks",
		"pod-range",
		"routes",
		"api-server-subnet",
		"virtual-network",
		"cluster-nodes",
		"pool-nodes",
	];
	expect(kinds.filter((kind) => budgetKinds[kind].isObserved)).toEqual([
		"subnet",
		"routes",
	]);
});

describe("routes in a table that several may write to", () => {
	/** Three nodes of a, beside one custom route and one of a node. */
	const seen = (route: string, of: Partial<Inventory> = {}) => {
		const { budget } = budgetIn(
			fleetOf({
				clusters: [kubenetCluster()],
				subnets: [subnet({ routeTable: routeTableId(), ipConfigurations: 3 })],
				scaleSets: [scaleSet({ interfaces: [nodeInterface(1)] })],
				routeTables: [routeTable({ routes: 5 })],
				listedRoutes: new Map([
					[
						routeTableId(),
						[
							"aks-np-12345678-vmss000000",
							"aks-np-12345678-vmss000001",
							"aks-np-12345678-vmss000002",
							"to-firewall",
							route,
						],
					],
				]),
				...of,
			}),
			"routes",
		).view;
		return budget.open.map(({ kind, reason }) => `${kind}: ${reason}`);
	};

	it("name a cluster that nobody sees", () => {
		expect(seen("aks-web-87654321-vmss000000")).toEqual([
			"seen-there: routes of scale set aks-web-87654321-vmss, whose cluster is not visible",
		]);
	});

	it("may remain from nodes of the cluster itself", () => {
		expect(seen("aks-gone-12345678-vmss000009")).toEqual([]);
	});

	it("may be the cluster's own, where its scale sets are not visible", () => {
		expect(seen("aks-np-87654321-vmss000000", { scaleSets: [] })).toEqual([]);
	});
});

describe("an API server whose profile is not in the list", () => {
	const api = subnetId("api");
	const of: Partial<Inventory> = {
		clusters: [cluster()],
		scaleSets: [scaleSet()],
	};

	it("is where a service association link names its cluster", () => {
		const fleet = fleetOf({
			...of,
			subnets: [
				subnet({ ipConfigurations: 87 }),
				subnet({
					id: api,
					prefixes: ["10.1.9.0/28"],
					linkedClusters: [clusterId()],
				}),
			],
		});
		const { scenarios } = budgetIn(fleet, "api-server-subnet").view;
		expect(scenarios.today.demand).toEqual(range(9));
	});

	it("is where the list shows its frontend", () => {
		const fleet = fleetOf({
			...of,
			subnets: [
				subnet({ ipConfigurations: 87 }),
				subnet({ id: api, prefixes: ["10.1.9.0/28"], ipConfigurations: 1 }),
			],
			listed: new Map([
				[
					api,
					[
						listedOwner({
							subnet: api,
							type: "loadbalancers",
							name: "kube-apiserver",
							instance: "",
							entries: 1,
						}),
					],
				],
			]),
		});
		const { scenarios } = budgetIn(fleet, "api-server-subnet").view;
		expect(scenarios.today.demand).toEqual(range(9));
	});

	it("is not where pods of the cluster are", () => {
		const fleet = fleetOf({
			...of,
			clusters: [cluster({ pools: [pool({ podSubnet: api })] })],
			subnets: [
				subnet({ ipConfigurations: 3 }),
				subnet({ id: api, linkedClusters: [clusterId()] }),
			],
		});
		expect(judgedIn(fleet).map(({ view }) => view.budget.kind)).not.toContain(
			"api-server-subnet",
		);
	});
});

describe("other resources that are not known", () => {
	const world = (list: number): Partial<Inventory> => ({
		scaleSets: [scaleSet()],
		subnets: [subnet({ ipConfigurations: list })],
		otherResources: null,
	});

	it("count in the list of the subnet all the same", () => {
		const { budget, scenarios } = budgetIn(fleetOf(world(90))).view;
		expect(budget.open).toEqual([]);
		expect(scenarios.today.demand).toEqual(range(90));
	});

	it("are any number where the list is older than the nodes", () => {
		const { budget, scenarios } = budgetIn(fleetOf(world(60))).view;
		expect(budget.open.map(({ reason }) => reason)).toEqual([
			"What else uses the subnet is not known",
		]);
		expect(scenarios.today.demand).toEqual(range(87, null));
	});
});

describe("a list that was asked for and did not arrive", () => {
	const of = (ipConfigurations: number, unlisted: readonly string[]) =>
		budgetIn(
			fleetOf(nodeSubnet(ipConfigurations, { unlisted: new Set(unlisted) })),
		).view;

	it("opens a subnet with more in it than rows explain", () => {
		// 87 of a's three nodes, 5 of somebody.
		const { budget, scenarios } = of(92, [subnetId()]);
		expect(scenarios.today).toMatchObject({
			demand: range(92),
			verdict: "fits",
		});
		expect(scenarios.full.verdict).toBe("unknown");
		expect(budget.open.map(({ reason }) => reason)).toEqual([
			"who uses its IPs could not be read",
		]);
	});

	it.each([
		{ what: "rows explain it all", entries: 87, unlisted: [subnetId()] },
		{ what: "it arrived", entries: 92, unlisted: [] },
	])("opens nothing where $what", ({ entries, unlisted }) => {
		expect(of(entries, unlisted).budget.open).toEqual([]);
	});
});

describe("a cluster that is remembered for another budget", () => {
	const known = memory(
		[
			remembered("silent", {
				uses: [knownUse(range(58), { id: subnetId("other") })],
			}),
		],
		{ answered },
	);
	const group = remembered("silent").group;

	it("is seen for the first time in a list that names its nodes", () => {
		const owners = [
			listedOwner({ group, name: "aks-np-87654321-vmss", entries: 29 }),
		];
		const { budget, scenarios } = budgetIn(
			fleetOf(
				nodeSubnet(116, { listed: new Map([[subnetId(), owners]]) }),
				known,
			),
		).view;
		expect(budget.open).toHaveLength(1);
		expect(scenarios.full.verdict).toBe("unknown");
	});

	it("is seen for the first time by a link that names it", () => {
		const { budget, scenarios } = budgetIn(
			fleetOf(
				{
					subnets: [subnet({ ipConfigurations: 87, linkedClusters: [b] })],
					scaleSets: [scaleSet()],
				},
				known,
			),
		).view;
		expect(budget.open.map(({ reason }) => reason)).toEqual([
			"a service association link names cluster b, which is not visible",
		]);
		expect(scenarios.full.verdict).toBe("unknown");
	});
});

describe("a subnet that a silent neighbor uses for pods beside nodes of other clusters", () => {
	// b has 32 pod addresses there, which no list shows as b's.
	const silent = memory(
		[
			remembered("silent", {
				uses: [knownUse(range(32), { kind: "pod-subnet" })],
			}),
		],
		{ answered },
	);

	it("keeps what the neighbor had, though Azure shows the nodes", () => {
		const { scenarios } = budgetIn(fleetOf(nodeSubnet(87), silent)).view;
		expect(scenarios.today.demand.low).toBe(87 + 32);
		expect(scenarios.full.verdict).toBe("unknown");
	});
});
