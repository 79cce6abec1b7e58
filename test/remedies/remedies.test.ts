import { describe, expect, it } from "vitest";
import { type Remedy, scenarioNames } from "../../shared/contract.ts";
import type {
	Cluster,
	Inventory,
	NodePool,
	OtherResource,
} from "../../shared/inventory/facts.ts";
import type { ResolvedCluster } from "../../shared/model/cluster.ts";
import { viewOf } from "../../shared/model/view.ts";
import { capacityRemedies } from "../../shared/remedies/capacity.ts";
import { quoted } from "../../shared/remedies/shell.ts";
import {
	cluster,
	clusterOf,
	fleetOf,
	kubenetCluster,
	network,
	networkId,
	nodeInterface,
	overlayCluster,
	pool,
	routeTable,
	routeTableId,
	scaleSet,
	seen,
	subnet,
	subnetId,
} from "../model/builders.ts";

/** Without their changes: asCheck.test.ts has those. */
function remedies(
	overrides: Partial<Inventory>,
	kind: Parameters<typeof seen>[1] = "subnet",
): Remedy[] {
	const all = capacityRemedies(
		resolvedOf(overrides),
		seen(overrides, kind).view,
	);
	return all.map(({ change: _, ...remedy }) => remedy);
}

function resolvedOf(overrides: Partial<Inventory>): ResolvedCluster {
	const resolved = clusterOf(fleetOf(overrides)).cluster;
	if (resolved === null) throw new Error("not resolved");
	return resolved;
}

/** A route table of 400 with up to 450 nodes and a surge node. */
function kubenetRoutes(of: Partial<Cluster>): Partial<Inventory> {
	return {
		clusters: [kubenetCluster({ pools: [pool({ maxNodes: 450 })], ...of })],
		subnets: [
			subnet({ prefixes: ["10.1.0.0/20"], routeTable: routeTableId() }),
		],
		routeTables: [routeTable({ routes: 3 })],
	};
}

/** Nodes of 29 addresses in a /25 of 123, of which this many exist. */
function flat(nodes: number, of: Partial<NodePool>): Partial<Inventory> {
	return {
		clusters: [cluster({ pools: [pool({ minNodes: 1, ...of })] })],
		subnets: [
			subnet({ prefixes: ["10.1.0.0/25"], ipConfigurations: nodes * 29 }),
		],
		scaleSets: [scaleSet({ capacity: nodes })],
	};
}

/** What the rule says of the budget once the facts have changed. */
function violatedAfter(
	overrides: Partial<Inventory>,
	kind: Parameters<typeof seen>[1] = "subnet",
): boolean {
	const { view } = seen(overrides, kind);
	return scenarioNames.some((name) => view.scenarios[name].verdict !== "fits");
}

/** All that it says, in one text. */
function said(remedy: Remedy | undefined): string | undefined {
	return remedy && [remedy.title, ...remedy.detail].join(" ");
}

/** All its commands, in one text. */
function typed(remedy: Remedy | undefined): string | undefined {
	return remedy?.command.join("\n");
}

function ofKind(found: readonly Remedy[], kind: string): Remedy | undefined {
	return found.find((remedy) => remedy.kind === kind);
}

describe("lowering the autoscaler's maximum", () => {
	it.each([
		// (3 + a surge node) x 29 = 116 of 123. 5 x 29 = 145 is too much.
		{
			what: "to what fits with an upgrade",
			nodes: 2,
			of: { maxNodes: 8 },
			most: 3,
		},
		{ what: "by one", nodes: 1, of: { maxNodes: 4 }, most: 3 },
		// No surge: 4 x 29 = 116.
		{
			what: "further without surge",
			nodes: 2,
			of: { maxNodes: 8, surge: { kind: "nodes", nodes: 0 } as const },
			most: 4,
		},
		{
			what: "not below the autoscaler's minimum",
			nodes: 2,
			of: { maxNodes: 8, minNodes: 5 },
			most: null,
		},
		{
			what: "not below the count, whose nodes may still come",
			nodes: 2,
			of: { maxNodes: 8, reportedNodes: 5 },
			most: null,
		},
		{
			what: "not where there is none",
			nodes: 3,
			of: { maxNodes: null },
			most: null,
		},
		{
			what: "not where all fits",
			nodes: 2,
			of: { maxNodes: 3 },
			most: null,
		},
	])("$what", ({ nodes, of, most }) => {
		const found = ofKind(remedies(flat(nodes, of)), "lower-autoscaler-maximum");
		if (most === null) {
			expect(found).toBeUndefined();
			return;
		}
		expect(found).toEqual({
			kind: "lower-autoscaler-maximum",
			title: `Lower the autoscaler max of pool np from ${of.maxNodes} to ${most}.`,
			detail: [
				"Then all four scenarios fit.",
				`Pool np gets at most ${most} nodes.`,
			],
			command: [
				`az aks nodepool update --resource-group rg-aks --cluster-name a --name np --update-cluster-autoscaler --min-count 1 --max-count ${most}`,
			],
		});
		expect(violatedAfter(flat(nodes, { ...of, maxNodes: most }))).toBe(false);
		expect(violatedAfter(flat(nodes, { ...of, maxNodes: most + 1 }))).toBe(
			true,
		);
	});

	it("says how far it gets where an upgrade does not fit even so", () => {
		// 4 nodes now, 116 of 123: no surge node of 29 has room (116 + 29 = 145).
		const found = ofKind(
			remedies(flat(4, { maxNodes: 8 })),
			"lower-autoscaler-maximum",
		);
		expect(found?.title).toBe(
			"Lower the autoscaler max of pool np from 8 to 4.",
		);
		expect(found?.detail).toEqual([
			"Then it fits now and at autoscaler max.",
			"It is still 22 IPs short for an upgrade.",
			"It is still 22 IPs short for an upgrade at autoscaler max.",
			"Pool np gets at most 4 nodes.",
		]);
	});

	it("of several pools together where no one of them alone is enough", () => {
		const two = (first: number, second: number): Partial<Inventory> => ({
			clusters: [
				cluster({
					pools: [
						pool({ name: "one", reportedNodes: 1, maxNodes: first }),
						pool({ name: "two", reportedNodes: 1, maxNodes: second }),
					],
				}),
			],
			subnets: [
				subnet({ prefixes: ["10.1.0.0/24"], ipConfigurations: 2 * 29 }),
			],
			scaleSets: ["one", "two"].map((name) =>
				scaleSet({ pool: name, capacity: 1 }),
			),
		});
		// 8 x 29 = 232 of 251: two surge nodes leave six for both.
		const [found] = remedies(two(9, 9)).filter(
			({ kind }) => kind === "lower-autoscaler-maximum",
		);
		expect(found?.title).toBe(
			"Lower the autoscaler max of pool one from 9 to 3 and pool two from 9 to 3.",
		);
		expect(found?.detail).toEqual([
			"Then all four scenarios fit.",
			"These pools get at most 6 nodes together.",
		]);
		expect(found?.command).toHaveLength(2);
		expect(violatedAfter(two(3, 3))).toBe(false);
		expect(violatedAfter(two(4, 3))).toBe(true);
	});
});

describe("lowering the surge", () => {
	const surging = (nodes: number, mode: "user" | "system" = "user") =>
		flat(3, { mode, surge: { kind: "nodes", nodes } });

	it("to one where one has room", () => {
		// (3 + 1) x 29 = 116 of 123, (3 + 2) x 29 = 145.
		const [found] = remedies(surging(2));
		expect(found).toMatchObject({
			kind: "lower-surge",
			title: "Set max surge 1 on pool np.",
			detail: ["Then all four scenarios fit.", "Upgrades take longer."],
			command: [
				"az aks nodepool update --resource-group rg-aks --cluster-name a --name np --max-surge 1",
			],
		});
		expect(violatedAfter(surging(2))).toBe(true);
		expect(violatedAfter(surging(1))).toBe(false);
	});

	it("to none where not even one has room, on user pools alone", () => {
		const tight = (mode: "user" | "system") =>
			flat(4, { mode, surge: { kind: "nodes", nodes: 1 } });
		const found = ofKind(remedies(tight("user")), "lower-surge");
		expect(found?.title).toBe(
			"Set max surge 0 and max unavailable 1 on pool np.",
		);
		expect(typed(found)).toContain(
			"--name np --max-surge 0 --max-unavailable 1",
		);
		expect(ofKind(remedies(tight("system")), "lower-surge")).toBeUndefined();
		expect(violatedAfter(flat(4, { surge: { kind: "nodes", nodes: 0 } }))).toBe(
			false,
		);
	});

	it("not if autoscaler max fails as well", () => {
		expect(
			ofKind(remedies(flat(2, { maxNodes: 8 })), "lower-surge"),
		).toBeUndefined();
	});
});

describe("a new pool with fewer max pods", () => {
	it.each([
		// 4 nodes and one surge node: 5 x (P + 1) <= 123 up to P = 23.
		{ nodes: 4, most: 23 },
		// 3 and one fit as they are. 7 and one: 8 x (P + 1) <= 123 up to P = 14.
		{ nodes: 7, most: 14 },
		// 11 and one: 12 x (9 + 1) = 120: max pods 10 do not fit, fewer are not allowed.
		{ nodes: 11, most: null },
	])("of $nodes nodes may have $most", ({ nodes, most }) => {
		const found = ofKind(remedies(flat(nodes, {})), "new-pool-lower-max-pods");
		if (most === null) {
			expect(found).toBeUndefined();
			return;
		}
		expect(found?.title).toBe(
			`Replace pool np with a new pool of max pods ${most} (now 30).`,
		);
		expect(found?.command).toEqual([
			`az aks nodepool add --resource-group rg-aks --cluster-name a --name np2 --mode User --node-vm-size Standard_D4s_v5 --vnet-subnet-id ${subnetId()} --max-surge 1 --node-count ${nodes} --max-pods ${most}`,
		]);
		expect(found?.detail).toContain("Max pods cannot be changed on a pool.");
		const world = (maxPods: number): Partial<Inventory> => ({
			clusters: [
				cluster({
					pools: [pool({ name: "np2", maxPods, reportedNodes: nodes })],
				}),
			],
			subnets: [subnet({ prefixes: ["10.1.0.0/25"] })],
			scaleSets: [
				scaleSet({
					pool: "np2",
					capacity: nodes,
					interfaces: [nodeInterface(maxPods + 1)],
				}),
			],
		});
		const counted = (maxPods: number): Partial<Inventory> => ({
			...world(maxPods),
			subnets: [
				subnet({
					prefixes: ["10.1.0.0/25"],
					ipConfigurations: nodes * (maxPods + 1),
				}),
			],
		});
		expect(violatedAfter(counted(most))).toBe(false);
		expect(violatedAfter(counted(most + 1))).toBe(true);
	});

	it("has a name of its own, also where two are cut to the same", () => {
		// 2 + 2 nodes and a surge node each: 6 x (P + 1) <= 251 up to 40.
		const found = remedies({
			clusters: [
				cluster({
					pools: ["winnpa", "winnpb"].map((name) =>
						pool({ name, windows: true, reportedNodes: 2, maxPods: 110 }),
					),
				}),
			],
			subnets: [subnet({ ipConfigurations: 4 * 111 })],
		});
		const command = typed(ofKind(found, "new-pool-lower-max-pods"));
		expect(command).toContain("--name winnp2 --mode User --os-type Windows");
		expect(command).toContain("--name winnp3 --mode User --os-type Windows");
		expect(command?.match(/--max-pods 40/g)).toHaveLength(2);
	});

	it("of one node has room for 30 pods", () => {
		// 1 node and one surge node of 59: fewer than 30 would fit a /27, and Azure does not take them.
		const found = remedies({
			clusters: [cluster({ pools: [pool({ reportedNodes: 1, maxPods: 60 })] })],
			subnets: [subnet({ prefixes: ["10.1.0.0/27"], ipConfigurations: 61 })],
		});
		expect(ofKind(found, "new-pool-lower-max-pods")).toBeUndefined();
	});

	it("fills whole blocks where they are static", () => {
		const pods = subnetId("pods");
		const world = (maxPods: number): Partial<Inventory> => ({
			clusters: [
				cluster({
					pools: [
						pool({
							reportedNodes: 9,
							maxPods,
							podSubnet: pods,
							staticBlocks: true,
						}),
					],
				}),
			],
			subnets: [subnet(), subnet({ id: pods, prefixes: ["10.1.4.0/23"] })],
		});
		// A /23 has 30 blocks for certain: 10 nodes x 3 blocks, 47 pods and the node's own address.
		const found = ofKind(
			remedies(world(64), "pod-blocks"),
			"new-pool-lower-max-pods",
		);
		expect(typed(found)).toContain("--pod-ip-allocation-mode StaticBlock");
		expect(typed(found)).toContain("--max-pods 47");
		expect(violatedAfter(world(47), "pod-blocks")).toBe(false);
		expect(violatedAfter(world(48), "pod-blocks")).toBe(true);
	});
});

describe("moving other resources", () => {
	// 3 nodes and one surge node x 29 = 116 of 123: 7 other IPs have room.
	const crowded = (others: number): Partial<Inventory> => ({
		clusters: [cluster()],
		subnets: [
			subnet({ prefixes: ["10.1.0.0/25"], ipConfigurations: 87 + others }),
		],
		scaleSets: [scaleSet()],
	});

	it.each([
		{ others: 8, move: "1 of the 8" },
		{ others: 20, move: "13 of the 20" },
	])("moves $move", ({ others, move }) => {
		const found = ofKind(remedies(crowded(others)), "move-others");
		expect(found?.title).toBe(
			`Move ${move} IPs of other resources to another subnet.`,
		);
		expect(violatedAfter(crowded(7))).toBe(false);
		expect(violatedAfter(crowded(8))).toBe(true);
	});

	it.each<{ kind: OtherResource["kind"]; names: string; annotation: boolean }>([
		{
			kind: "private-endpoint",
			names: "6 private endpoints, 2 of unknown type",
			annotation: false,
		},
		{
			kind: "load-balancer-frontend",
			names: "6 load balancer frontends, 2 of unknown type",
			annotation: true,
		},
	])("names what there is to move: $names", ({ kind, names, annotation }) => {
		const otherResources = [
			{ kind, subnet: subnetId(), group: null, addresses: 6, entries: 6 },
		];
		const found = ofKind(
			remedies({ ...crowded(8), otherResources }),
			"move-others",
		);
		expect(found?.detail).toEqual([
			`They are used by: ${names}.`,
			"Then all four scenarios fit.",
			...(annotation
				? [
						"Move an internal load balancer with the annotation azure-load-balancer-internal-subnet.",
					]
				: []),
		]);
	});

	it.each([
		// Without a scale set nobody counts stopped nodes: they can look like other resources.
		{ deallocates: true, measured: false, offered: false },
		{ deallocates: true, measured: true, offered: true },
		{ deallocates: false, measured: false, offered: true },
	])(
		"of a pool that deallocates: $deallocates, counted by a scale set: $measured, is offered: $offered",
		({ deallocates, measured, offered }) => {
			// 2 nodes of 29 to 31 and 40 other IPs: 102, and 133 with a surge node, of 123.
			const of = {
				clusters: [cluster({ pools: [pool({ reportedNodes: 2 })] })],
				scaleSets: measured ? [scaleSet({ capacity: 2 })] : [],
				subnets: [
					subnet({ prefixes: ["10.1.0.0/25"], ipConfigurations: 62 + 40 }),
				],
			};
			const resolved = resolvedOf(of);
			const pools = resolved.pools.map((one) => ({ ...one, deallocates }));
			const found = capacityRemedies({ ...resolved, pools }, seen(of).view);
			expect(ofKind(found, "move-others") !== undefined).toBe(offered);
		},
	);

	it("moves nothing where even all of them are too few", () => {
		expect(
			ofKind(
				remedies({
					...flat(5, {}),
					subnets: [
						subnet({ prefixes: ["10.1.0.0/25"], ipConfigurations: 147 }),
					],
				}),
				"move-others",
			),
		).toBeUndefined();
	});
});

describe("migrating to overlay", () => {
	it("takes a pod CIDR for all nodes at autoscaler max and their surge", () => {
		// 8 nodes and one: 9 blocks of /24, a /20.
		const found = ofKind(
			remedies(flat(2, { maxNodes: 8 })),
			"migrate-to-overlay",
		);
		expect(found?.title).toBe(
			"Migrate to Azure CNI Overlay with pod CIDR 10.244.0.0/20.",
		);
		expect(found?.detail).toEqual([
			"Then all four scenarios fit.",
			"Nodes take one IP each.",
			"Needs 9 of its 16 blocks of /24, upgrades included.",
			"It overlaps neither the cluster's network, peered networks nor the service CIDR.",
			"Users reported in 2026 that Azure refused --pod-cidr here.",
			"Try it on a test cluster, or build a new cluster with Overlay.",
			"It cannot be undone, and all pools are reimaged at once.",
			"It needs Kubernetes 1.27 or later.",
			"Uninstall the network policy engine first.",
			"Turn off node auto-provisioning during the migration.",
			"Change to the Cilium data plane in a separate step.",
		]);
		expect(found?.command).toEqual([
			"az aks update --resource-group rg-aks --name a --network-plugin-mode overlay --pod-cidr 10.244.0.0/20",
		]);
	});

	it("frees kubenet of its routes, with the pod range that it has", () => {
		const found = remedies(
			{
				clusters: [
					kubenetCluster({
						pools: [pool({ maxNodes: 450 })],
						podCidr: "10.244.0.0/14",
					}),
				],
				subnets: [subnet({ prefixes: ["10.1.0.0/20"] })],
			},
			"routes",
		);
		expect(ofKind(found, "migrate-to-overlay")?.command).toEqual([
			"az aks update --resource-group rg-aks --name a --network-plugin azure --network-plugin-mode overlay",
		]);
		expect(ofKind(found, "split")).toBeUndefined();
	});

	it.each([
		// 450 nodes and a surge node, a /24 each: a /16 has 256, a /15 512.
		{ podCidr: "10.244.0.0/15", fixes: true, blocks: 512 },
		{ podCidr: "10.244.0.0/16", fixes: false, blocks: 256 },
	])(
		"keeps kubenet's pod range $podCidr of $blocks blocks: a fix is $fixes",
		({ podCidr, fixes, blocks }) => {
			const found = remedies(kubenetRoutes({ podCidr }), "routes");
			const migration = ofKind(found, "migrate-to-overlay");
			const figures = `${blocks} blocks of /24 for 451 nodes, upgrades included`;
			expect(migration?.detail).toContain(
				fixes
					? `It keeps the pod CIDR ${podCidr}: ${figures}.`
					: `It keeps the pod CIDR ${podCidr}, which is too small: ${figures}.`,
			);
			expect(migration?.detail.includes("Then all four scenarios fit.")).toBe(
				fixes,
			);
			expect(migration?.command).toHaveLength(fixes ? 1 : 0);
			// What cannot fix it comes last, and does not replace a split.
			expect(found.at(-1)?.kind === "migrate-to-overlay").toBe(true);
			expect(ofKind(found, "split") === undefined).toBe(fixes);
		},
	);

	it("does not make kubenet's pod range larger", () => {
		// 17 nodes and a surge node of the 16 blocks of a /20.
		const found = remedies(
			{
				clusters: [
					kubenetCluster({
						podCidr: "10.244.0.0/20",
						pools: [pool({ minNodes: 1, maxNodes: 17 })],
					}),
				],
			},
			"pod-range",
		);
		expect(found.map(({ kind }) => kind)).toEqual([
			"lower-autoscaler-maximum",
			"split",
			"migrate-to-overlay",
		]);
		expect(found[2]).toEqual({
			kind: "migrate-to-overlay",
			title:
				"Plan for a pod CIDR other than 10.244.0.0/20: Azure CNI Overlay alone does not fix this.",
			detail: [
				"It keeps the pod CIDR 10.244.0.0/20, which is too small: 16 blocks of /24 for 18 nodes, upgrades included.",
				"Once on Overlay, a cluster with Linux nodes and IPv4 alone can expand it.",
			],
			command: [],
		});
	});

	it.each<{ names: string[]; words: string | null }>([
		{ names: [], words: null },
		{
			names: ["snet-agw"],
			words:
				"Azure refuses it while subnet snet-agw is on the cluster's route table.",
		},
		{
			names: ["a", "b", "c", "d", "e", "f", "g"],
			words:
				"Azure refuses it while subnets a, b, c, d, e and 2 more are on the cluster's route table.",
		},
	])("names what on the route table blocks it: $names", ({ names, words }) => {
		const of = kubenetRoutes({ podCidr: "10.244.0.0/15" });
		const resolved = resolvedOf(of);
		const found = capacityRemedies(
			{
				...resolved,
				surroundings: { ...resolved.surroundings, onRouteTable: names },
			},
			seen(of, "routes").view,
		);
		const migration = ofKind(found, "migrate-to-overlay");
		if (words === null) expect(said(migration)).not.toContain("Azure refuses");
		else
			expect(said(migration)).toContain(
				`${words} Detach the route table there first.`,
			);
	});

	it("does not help if a node takes one address already", () => {
		const found = remedies({
			clusters: [overlayCluster({ pools: [pool({ maxNodes: 300 })] })],
		});
		expect(found.length).toBeGreaterThan(0);
		expect(ofKind(found, "migrate-to-overlay")).toBeUndefined();
	});
});

describe("splitting", () => {
	it.each([
		// 1,000 and one surge node. 500 and one.
		{ maxNodes: 1000, parts: 2 },
		// 2 x (999 + 1) = 2000 pools' nodes at most.
		{ maxNodes: 1998, parts: 2 },
		{ maxNodes: 1999, parts: 3 },
	])("spreads a pool of $maxNodes nodes over $parts", ({ maxNodes, parts }) => {
		const found = remedies(
			{
				clusters: [overlayCluster({ pools: [pool({ maxNodes })] })],
				subnets: [subnet({ prefixes: ["10.0.0.0/16"] })],
			},
			"pool-nodes",
		);
		expect(found.at(-1)).toMatchObject({
			kind: "split",
			title: `Spread the nodes of pool np over ${parts} pools of the same size.`,
			command: [],
		});
	});
});

describe("the remedies of a budget", () => {
	it("come in the order of effort and risk", () => {
		// 6 nodes and a surge node: 7 x (16 + 1) = 119 of 123.
		const kinds = remedies(flat(2, { maxNodes: 6 })).map(({ kind }) => kind);
		expect(kinds).toEqual([
			"lower-autoscaler-maximum",
			"new-pool-lower-max-pods",
			"larger-subnet",
			"migrate-to-overlay",
		]);
	});

	it("begin with one that fixes it: what leaves it short comes after, whatever the effort", () => {
		// 4 nodes now, 116 of 123: with 4 at most an upgrade is still short by 22. 9 x (12 + 1) = 117.
		const found = remedies(flat(4, { mode: "system", maxNodes: 8 }));
		expect(found.map(({ kind }) => kind)).toEqual([
			"new-pool-lower-max-pods",
			"larger-subnet",
			"migrate-to-overlay",
			"lower-autoscaler-maximum",
		]);
		expect(found[0]?.detail).toContain("Then all four scenarios fit.");
		expect(said(found[3])).toContain("still 22 IPs short");
	});

	it("say what becomes of the neighbors of a shared subnet", () => {
		// 4 nodes of 29 are there. Each cluster can have 8 nodes and a surge node of 29: 493 of 251 for both.
		const shared = (maxNodes: number): Partial<Inventory> => ({
			clusters: ["a", "b"].map((name) =>
				cluster({
					name,
					pools: [pool({ minNodes: 1, maxNodes: name === "a" ? maxNodes : 4 })],
				}),
			),
			subnets: [
				subnet({ prefixes: ["10.1.0.0/24"], ipConfigurations: 4 * 29 }),
			],
			scaleSets: ["a", "b"].map((name) =>
				scaleSet({ cluster: name, capacity: 2 }),
			),
		});
		const found = remedies(shared(8));
		// The neighbor at its 4 nodes: 116 of 251.
		expect(ofKind(found, "larger-subnet")?.detail).toContain(
			"The neighbor stays and needs up to 116 of 251 IPs at autoscaler max.",
		);
		expect(ofKind(found, "lower-autoscaler-maximum")?.detail).toContain(
			"Then all four scenarios of this cluster fit, with its neighbors at autoscaler max.",
		);
	});

	it("fix what is short, where something else is not known and stays so", () => {
		// 3 nodes of 29, and one surge node each: 145 of 123 if both pools upgrade at once. Nobody knows how unseen nodes grow.
		const of: Partial<Inventory> = {
			clusters: [
				cluster({
					pools: [
						pool({ name: "one", reportedNodes: 2 }),
						pool({ name: "two", reportedNodes: 1 }),
					],
				}),
			],
			subnets: [subnet({ prefixes: ["10.1.0.0/25"], ipConfigurations: 87 })],
			scaleSets: [
				scaleSet({ pool: "one", capacity: 2 }),
				scaleSet({ pool: "two", capacity: 1 }),
			],
		};
		const { view } = seen(of);
		const [first] = capacityRemedies(
			resolvedOf(of),
			viewOf(
				{
					...view.budget,
					totals: { ...view.budget.totals, growthUnbounded: 1 },
				},
				view.entries,
			),
		);
		expect(first?.title).toBe(
			"Set max surge 0 and max unavailable 1 on pool one.",
		);
		expect(first?.detail.slice(0, 2)).toEqual([
			"Then it fits now and for an upgrade.",
			"Nobody can tell whether it fits at autoscaler max.",
		]);
	});

	it("name the pools that grow first", () => {
		const pools = [
			pool({ name: "fixed", reportedNodes: 2, maxPods: 40 }),
			pool({ name: "grows", reportedNodes: 3, minNodes: 3, maxNodes: 4 }),
		];
		// 3 x 39 + 5 x 29 = 262 of 246 with all surge. 3 x (32 + 1) + 145 = 244, 117 + 5 x (24 + 1) = 242.
		const found = remedies({
			clusters: [cluster({ pools })],
			subnets: [
				subnet({
					prefixes: ["10.1.0.0/25", "10.1.4.0/25"],
					ipConfigurations: 2 * 39 + 3 * 29,
				}),
			],
			scaleSets: [
				scaleSet({
					pool: "fixed",
					capacity: 2,
					interfaces: [nodeInterface(39)],
				}),
				scaleSet({ pool: "grows", capacity: 3 }),
			],
		});
		const named = found
			.filter(({ kind }) => kind === "new-pool-lower-max-pods")
			.map(({ title }) =>
				/pool (\w+) with .* max pods (\d+) /.exec(title)?.slice(1),
			);
		expect(named).toEqual([
			["grows", "24"],
			["fixed", "32"],
		]);
	});

	it("quote the names", () => {
		const found = remedies({
			...flat(2, { maxNodes: 8 }),
			clusters: [
				cluster({
					resourceGroup: "rg (old)",
					pools: [pool({ minNodes: 1, maxNodes: 8 })],
				}),
			],
		});
		const commands = found.flatMap(({ command }) => command);
		expect(commands.length).toBeGreaterThan(0);
		for (const command of commands)
			if (command.startsWith("az aks"))
				expect(command).toContain("--resource-group 'rg (old)'");
	});
});

describe("a larger budget", () => {
	it.each([
		// 8 nodes and a surge node of 29: 261 + 5 > 256.
		{ maxNodes: 8, length: 23 },
		// 7 nodes and a surge node of 29: 232 + 5 <= 256.
		{ maxNodes: 7, length: 24 },
	])(
		"a subnet of /$length has room for $maxNodes nodes and surge",
		({ maxNodes, length }) => {
			expect(
				ofKind(remedies(flat(2, { maxNodes })), "larger-subnet")?.title,
			).toContain(`new /${length} subnet;`);
		},
	);

	it.each([
		// 17 nodes and a surge node: 18 blocks, 2^5; 32 and one: 33, 2^6.
		{ maxNodes: 17, length: 19 },
		{ maxNodes: 31, length: 19 },
		{ maxNodes: 32, length: 18 },
	])(
		"a pod CIDR of /$length has room for $maxNodes nodes and surge",
		({ maxNodes, length }) => {
			const [remedy] = remedies(
				{
					clusters: [
						overlayCluster({
							podCidr: "10.244.0.0/20",
							pools: [pool({ maxNodes })],
						}),
					],
				},
				"pod-range",
			).filter(({ kind }) => kind === "larger-pod-range");
			const range = length === 19 ? "10.244.0.0/19" : "10.244.0.0/18";
			expect(remedy?.title).toBe(
				`Expand the pod CIDR from 10.244.0.0/20 to ${range}.`,
			);
			expect(remedy?.command).toEqual([
				`az aks update --resource-group rg-aks --name a --pod-cidr ${range}`,
			]);
		},
	);

	it.each([
		{
			what: "Windows nodes",
			of: { pools: [pool({ windows: true, maxNodes: 17 })] },
		},
		{
			what: "dual stack",
			of: { dualStack: true, pools: [pool({ maxNodes: 17 })] },
		},
	])("a pod range with $what is not expanded", ({ of }) => {
		const found = remedies(
			{ clusters: [overlayCluster({ podCidr: "10.244.0.0/20", ...of })] },
			"pod-range",
		);
		expect(found.map(({ kind }) => kind)).not.toContain("larger-pod-range");
		expect(found.at(-1)?.kind).toBe("split");
	});

	it.each([
		// Max pods 30: two blocks a node. A /22 has 62 for certain, a /21 126.
		{ nodes: 31, length: 22 },
		{ nodes: 32, length: 21 },
	])(
		"a pod subnet of /$length has room for static blocks of $nodes nodes",
		({ nodes, length }) => {
			const pods = subnetId("pods");
			const [remedy] = remedies(
				{
					clusters: [
						cluster({
							pools: [
								pool({
									reportedNodes: nodes,
									podSubnet: pods,
									staticBlocks: true,
									surge: { kind: "nodes", nodes: 0 },
								}),
							],
						}),
					],
					subnets: [subnet(), subnet({ id: pods, prefixes: ["10.1.4.0/23"] })],
				},
				"pod-blocks",
			);
			expect(remedy?.title).toContain(`new /${length} pod subnet`);
		},
	);

	it("of an API server moves no pool", () => {
		const api = subnetId("api");
		const found = remedies(
			{
				clusters: ["a", "b"].map((name) =>
					cluster({ name, apiServer: { subnet: api } }),
				),
				subnets: [subnet(), subnet({ id: api, prefixes: ["10.1.8.0/28"] })],
			},
			"api-server-subnet",
		);
		expect(found.length).toBeGreaterThan(0);
		for (const { title } of found) expect(title).not.toMatch(/^Move pools?/);
	});
});

describe("a larger subnet", () => {
	it("has more usable IPs than the present one, also if the cluster alone would need fewer", () => {
		// Two clusters of 2 nodes and a surge node of 29 in a /25: 145 of 123. Alone each needs 87 + 5, a /25.
		const names = ["a", "b"];
		const found = remedies({
			clusters: names.map((name) =>
				cluster({ name, pools: [pool({ reportedNodes: 2 })] }),
			),
			subnets: [
				subnet({ prefixes: ["10.1.0.0/25"], ipConfigurations: 4 * 29 }),
			],
			scaleSets: names.map((name) => scaleSet({ cluster: name, capacity: 2 })),
		});
		expect(ofKind(found, "larger-subnet")?.title).toBe(
			"Move pool np to a new /24 subnet; 10.1.1.0/24 is free.",
		);
	});

	it.each([
		// 59 + 59 = 118: a /25 has 123.
		{ prefixes: ["10.1.0.0/26", "10.1.1.0/26"], length: 25 },
		// 123 + 11 = 134: a /24 has 251.
		{ prefixes: ["10.1.0.0/25", "10.1.1.0/28"], length: 24 },
	])("of /$length has more than all of $prefixes", ({ prefixes, length }) => {
		// A node and a surge node of 29, and 80 or 100 other IPs: alone 58 are enough.
		const found = remedies({
			clusters: [cluster({ pools: [pool({ reportedNodes: 1 })] })],
			subnets: [subnet({ prefixes, ipConfigurations: 29 + 100 })],
			scaleSets: [scaleSet({ capacity: 1 })],
		});
		expect(ofKind(found, "larger-subnet")?.title).toContain(
			`new /${length} subnet;`,
		);
	});

	it("for pods has more blocks", () => {
		// 16 and 16 blocks, four of them doubtful, of two /24: a /23 has 32 as well, a /22 64.
		const pods = subnetId("pods");
		const of = (name: string) =>
			cluster({
				name,
				pools: [
					pool({ reportedNodes: 9, podSubnet: pods, staticBlocks: true }),
				],
			});
		const found = remedies(
			{
				clusters: [of("a"), of("b")],
				subnets: [
					subnet(),
					subnet({ id: pods, prefixes: ["10.1.4.0/24", "10.1.8.0/24"] }),
				],
			},
			"pod-blocks",
		);
		expect(ofKind(found, "larger-pod-subnet")?.title).toContain(
			"new /22 pod subnet",
		);
	});
});

describe("leftover interfaces", () => {
	const left = (addresses: number): OtherResource => ({
		kind: "leftover-interface",
		subnet: subnetId(),
		group: null,
		addresses,
		entries: addresses,
	});
	// 3 nodes and one surge node x 29 = 116 of 123: 7 other IPs have room.
	const world = (
		addresses: number,
		of: Partial<NodePool> = {},
	): Partial<Inventory> => ({
		clusters: [cluster({ pools: [pool({ minNodes: 1, ...of })] })],
		subnets: [
			subnet({ prefixes: ["10.1.0.0/25"], ipConfigurations: 87 + addresses }),
		],
		scaleSets: [scaleSet()],
		otherResources: [left(addresses)],
	});

	it("are deleted first, and that fixes it", () => {
		const found = remedies(world(30));
		expect(found[0]).toEqual({
			kind: "delete-leftover-interfaces",
			title:
				"Delete Karpenter's leftover interfaces in net/nodes; that frees 30 IPs.",
			detail: [
				"Then all four scenarios fit.",
				"No VM has these interfaces any more. Leave out those of VMs that are being created.",
			],
			command: ["az network nic delete --ids <ids of the interfaces>"],
		});
		expect(ofKind(found, "move-others")).toBeUndefined();
	});

	it("are deleted first where that is not enough, with what fixes the rest", () => {
		// Without them 87 today, 4 x 29 = 116 with an upgrade, but 5 x 29 = 145 at autoscaler max. At most 3 nodes fit.
		const [first] = remedies(world(30, { maxNodes: 5 }));
		expect(first?.kind).toBe("delete-leftover-interfaces");
		expect(first?.detail).toEqual([
			"That alone is not enough.",
			"No VM has these interfaces any more. Leave out those of VMs that are being created.",
			"Then do this as well.",
			"Lower the autoscaler max of pool np from 5 to 3.",
			"Then all four scenarios fit.",
			"Pool np gets at most 3 nodes.",
		]);
		expect(first?.command).toEqual([
			"az network nic delete --ids <ids of the interfaces>",
			"az aks nodepool update --resource-group rg-aks --cluster-name a --name np --update-cluster-autoscaler --min-count 1 --max-count 3",
		]);
	});

	it("are not a remedy if there are none", () => {
		const found = remedies({ ...world(30), otherResources: [] });
		expect(ofKind(found, "delete-leftover-interfaces")).toBeUndefined();
		expect(ofKind(found, "move-others")).toBeDefined();
	});
});

describe("room for a larger subnet", () => {
	const larger = (overrides: Partial<Inventory> = {}) =>
		ofKind(
			remedies({ ...flat(2, { maxNodes: 8 }), ...overrides }),
			"larger-subnet",
		);
	/** 8 nodes and a surge node of 29: a /23. The /25 of the nodes is 10.1.0.0 to 10.1.0.127. */
	const create = (prefix: string, name = "nodes-a") =>
		`az network vnet subnet create --resource-group rg-net --vnet-name net --name ${name} --address-prefixes ${prefix}`;
	const nodesAnd = (name: string, prefix: string) => ({
		subnets: [
			subnet({ prefixes: ["10.1.0.0/25"], ipConfigurations: 58 }),
			subnet({ id: subnetId(name), prefixes: [prefix] }),
		],
	});

	it("is the lowest range of the length that no subnet has, and a command makes subnet and pool", () => {
		// Free below it: 10.1.0.128/25 and 10.1.1.0/24, both too small.
		const found = larger();
		expect(found).toEqual({
			kind: "larger-subnet",
			title: "Move pool np to a new /23 subnet; 10.1.2.0/23 is free.",
			detail: [
				// 2 x 29 are there, 7 more nodes with the surge node of 29 each.
				"Needs 261 of its 507 IPs, upgrades included.",
				"Then all four scenarios fit.",
				"Add the replacement pool, drain the old one, delete it.",
				"The commands set VM size, zones, labels and taints; add what else the old pools are set to.",
				"A subnet in use cannot be resized.",
				"The new subnet is nodes-a in network net.",
				"It has no network security group, NAT gateway or route table yet: add those of the present one.",
			],
			command: [
				create("10.1.2.0/23"),
				`az aks nodepool add --resource-group rg-aks --cluster-name a --name np2 --mode User --node-vm-size Standard_D4s_v5 --vnet-subnet-id ${subnetId("nodes-a")} --max-surge 1 --node-count 2 --enable-cluster-autoscaler --min-count 1 --max-count 8 --max-pods 30`,
			],
		});
	});

	it.each<{ what: string; of: Partial<Inventory>; prefix: string }>([
		{
			what: "what other subnets have",
			of: nodesAnd("db", "10.1.2.0/28"),
			prefix: "10.1.4.0/23",
		},
		{
			what: "a second prefix of the network before the larger one",
			of: {
				networks: [
					network({ prefixes: ["10.9.0.0/16", "10.1.0.0/24", "10.2.0.0/23"] }),
				],
			},
			prefix: "10.2.0.0/23",
		},
		{
			what: "reserved ranges",
			of: {
				networks: [
					network({
						prefixes: ["10.1.0.0/24", "172.30.0.0/15", "172.32.0.0/16"],
					}),
				],
			},
			prefix: "172.32.0.0/23",
		},
	])("keeps to $what", ({ of, prefix }) => {
		expect(larger(of)?.command[0]).toBe(create(prefix));
	});

	it("keeps out of pod and service ranges in the network", () => {
		const own = cluster({
			pools: [pool({ minNodes: 1, maxNodes: 8 })],
			serviceCidrs: ["10.1.2.0/23"],
		});
		const other = overlayCluster({
			name: "b",
			podCidr: "10.1.4.0/22",
			pools: [pool({ nodeSubnet: subnetId("b") })],
		});
		const found = larger({
			clusters: [own, other],
			...nodesAnd("b", "10.1.1.0/24"),
		});
		expect(found?.title).toContain("; 10.1.8.0/23 is free.");
	});

	it("has a name that no subnet has", () => {
		expect(larger(nodesAnd("nodes-a", "10.1.8.0/24"))?.command[0]).toBe(
			create("10.1.2.0/23", "nodes-a-2"),
		);
	});

	it("has the cluster's name: Azure refuses the same range twice, and accepts the same subnet twice", () => {
		const fleet = fleetOf({
			clusters: ["a", "B"].map((name) => cluster({ name })),
		});
		expect(
			["a", "B"].map(
				(name) => clusterOf(fleet, name).cluster?.surroundings.successors,
			),
		).toEqual([{ [subnetId()]: "nodes-a" }, { [subnetId()]: "nodes-b" }]);
	});

	it("has a name of at most 80 characters, with the cluster's at its end", () => {
		const long = "n".repeat(80);
		const nodes = subnetId(long);
		const found = remedies({
			clusters: [
				cluster({
					pools: [pool({ nodeSubnet: nodes, minNodes: 1, maxNodes: 8 })],
				}),
			],
			subnets: [subnet({ id: nodes, prefixes: ["10.1.0.0/25"] })],
		});
		expect(ofKind(found, "larger-subnet")?.command[0]).toBe(
			create("10.1.2.0/23", `${"n".repeat(78)}-a`),
		);
	});

	it("is not there: the network needs another address space", () => {
		const found = larger({
			networks: [network({ prefixes: ["10.1.0.0/23"] })],
		});
		expect(found?.title).toBe(
			"Move pool np to a new /23 subnet; network net has no free /23.",
		);
		expect(said(found)).toContain(
			"Add an address space to network net first. Run az aks update before a pool uses it.",
		);
		expect(found?.command).toEqual([]);
	});

	it.each<{ what: string; of: Partial<Inventory> }>([
		{ what: "the network's row is missing", of: { networks: [] } },
		{
			what: "one of its subnets is missing",
			of: { networks: [network({ subnets: 2 })] },
		},
	])("is not known where $what", ({ of }) => {
		const found = larger(of);
		expect(found?.title).toBe("Move pool np to a new /23 subnet.");
		expect(found?.detail).toContain(
			"Look for a free range in network net: not all of it could be read.",
		);
		expect(found?.command).toEqual([]);
	});

	it("is not a way out of a subnet that AKS made, beside which it takes no other", () => {
		const id = `${networkId().replace("rg-net", "mc_a")}`;
		const found = remedies({
			clusters: [
				cluster({
					pools: [pool({ nodeSubnet: null, minNodes: 1, maxNodes: 8 })],
				}),
			],
			networks: [network({ id })],
			subnets: [
				subnet({
					id: `${id}/subnets/aks-subnet`,
					prefixes: ["10.1.0.0/25"],
					ipConfigurations: 3 * 29,
				}),
			],
		});
		expect(found.map(({ kind }) => kind)).toContain("migrate-to-overlay");
		expect(ofKind(found, "larger-subnet")).toBeUndefined();
	});

	it("in another subscription is asked for there, by its quoted names", () => {
		const id = networkId("net (old)")
			.replace("000000000001", "000000000002")
			.replace("rg-net", "it's");
		const nodes = `${id}/subnets/nodes`;
		const found = remedies({
			clusters: [
				cluster({
					pools: [pool({ nodeSubnet: nodes, minNodes: 1, maxNodes: 8 })],
				}),
			],
			networks: [network({ id })],
			subnets: [subnet({ id: nodes, prefixes: ["10.1.0.0/25"] })],
		});
		expect(ofKind(found, "larger-subnet")?.command[0]).toBe(
			"az network vnet subnet create --subscription 00000000-0000-4000-8000-000000000002 --resource-group 'it'\\''s' --vnet-name 'net (old)' --name nodes-a --address-prefixes 10.1.2.0/23",
		);
	});

	it("for kubenet has the route table of the present one", () => {
		const kubenet = (routeTable: string | null) =>
			ofKind(
				remedies({
					clusters: [
						kubenetCluster({ pools: [pool({ minNodes: 1, maxNodes: 30 })] }),
					],
					subnets: [
						subnet({
							prefixes: ["10.1.0.0/28"],
							ipConfigurations: 3,
							routeTable,
						}),
					],
				}),
				"larger-subnet",
			);
		// 30 and a surge node, 5 reserved: 36, a /26.
		const withTable = kubenet(routeTableId());
		expect(withTable?.command[0]).toBe(
			`${create("10.1.0.64/26")} --route-table ${routeTableId()}`,
		);
		expect(withTable?.command[1]).toMatch(/^az aks nodepool add /);
		expect(withTable?.detail).toContain(
			"It has no network security group or NAT gateway yet: add those of the present one.",
		);
		// A table that cannot be seen cannot be named.
		expect(kubenet(null)?.detail).toContain(
			"It needs the route table of the present one.",
		);
		expect(kubenet(null)?.command).toEqual([]);
	});

	it("for pods takes the pod subnet's place, the nodes stay where they are", () => {
		const pods = subnetId("pods");
		const [found] = remedies(
			{
				clusters: [
					cluster({
						pools: [
							pool({
								reportedNodes: 31,
								podSubnet: pods,
								staticBlocks: true,
								surge: { kind: "nodes", nodes: 0 },
							}),
						],
					}),
				],
				subnets: [subnet(), subnet({ id: pods, prefixes: ["10.1.4.0/23"] })],
			},
			"pod-blocks",
		).filter(({ kind }) => kind === "larger-pod-subnet");
		// 62 blocks, a /22: 10.1.0.0 has the nodes, 10.1.4.0 the pods.
		expect(found?.command).toEqual([
			create("10.1.8.0/22", "pods-a"),
			`az aks nodepool add --resource-group rg-aks --cluster-name a --name np2 --mode User --node-vm-size Standard_D4s_v5 --vnet-subnet-id ${subnetId()} --pod-subnet-id ${subnetId("pods-a")} --pod-ip-allocation-mode StaticBlock --max-surge 0 --max-unavailable 1 --node-count 31 --max-pods 30`,
		]);
	});

	it("of an API server is named, without a command", () => {
		const api = subnetId("api");
		const found = ofKind(
			remedies(
				{
					clusters: ["a", "b"].map((name) =>
						cluster({ name, apiServer: { subnet: api } }),
					),
					subnets: [subnet(), subnet({ id: api, prefixes: ["10.1.8.0/28"] })],
				},
				"api-server-subnet",
			),
			"larger-api-server-subnet",
		);
		// 2 x 9 + 5: a /27.
		expect(found?.title).toBe(
			"Rebuild the clusters that do not fit, in a /27 API server subnet; 10.1.1.0/27 is free.",
		);
		expect(found?.command).toEqual([]);
	});

	// Azure CLI: "node-count is not in the range of min-count and max-count"; a system pool of AKS has one node at least.
	it.each<{ what: string; of: Partial<NodePool>; begins: string }>([
		{
			what: "below its minimum, with that",
			of: { minNodes: 4, maxNodes: 8 },
			begins: "--node-count 4 --enable-cluster-autoscaler --min-count 4",
		},
		{
			what: "above its maximum, with that",
			of: { minNodes: 0, maxNodes: 1 },
			begins: "--node-count 1 --enable-cluster-autoscaler --min-count 0",
		},
		{
			what: "of the system that has none now, with one",
			of: { mode: "system", stopped: true },
			begins: "--max-surge 1 --node-count 1 --max-pods",
		},
		{
			what: "of spot machines, as such",
			of: { spot: true, maxNodes: 8 },
			begins: "--priority Spot --node-count 2",
		},
	])("begins in the place of a pool $what", ({ of, begins }) => {
		const nodes = of.stopped ? 0 : 2;
		const found = ofKind(
			remedies({
				...flat(nodes, of),
				subnets: [
					subnet({ prefixes: ["10.1.0.0/27"], ipConfigurations: nodes * 29 }),
				],
			}),
			"larger-subnet",
		);
		expect(typed(found)).toContain(begins);
	});

	it.each([
		{ nodes: 2, prefix: 31 },
		{ nodes: 3, prefix: 30 },
		{ nodes: 4, prefix: 30 },
		{ nodes: 5, prefix: 29 },
		// A /28 has 16 addresses.
		{ nodes: 16, prefix: 28 },
	])(
		"proposes a public prefix of /$prefix for $nodes gateways",
		({ nodes, prefix }) => {
			const found = ofKind(
				remedies({
					clusters: [
						overlayCluster({
							pools: [pool({ mode: "gateway", reportedNodes: nodes })],
						}),
					],
					scaleSets: [
						scaleSet({ capacity: nodes, interfaces: [nodeInterface(2)] }),
					],
					subnets: [
						subnet({ prefixes: ["10.1.0.0/29"], ipConfigurations: 2 * nodes }),
					],
				}),
				"larger-subnet",
			);
			expect(typed(found)).toContain(
				`--gateway-prefix-size ${prefix} --node-count ${nodes} `,
			);
		},
	);

	it.each<{ what: string; of: Partial<NodePool>; words: string }>([
		{
			what: "as it is",
			of: {
				nodeSettings: {
					vmSize: "Standard_D8ds_v5",
					osSku: "AzureLinux",
					zones: ["1", "2"],
					labels: ["team=web", "empty="],
					taints: ["a=b:NoSchedule", "c:NoExecute"],
				},
			},
			words:
				"--mode User --node-vm-size Standard_D8ds_v5 --os-sku AzureLinux --zones 1 2 --labels team=web empty= --node-taints 'a=b:NoSchedule,c:NoExecute' --vnet-subnet-id",
		},
		{
			what: "with placeholders for what is not known",
			of: {
				nodeSettings: {
					vmSize: null,
					osSku: null,
					zones: [],
					labels: null,
					taints: null,
				},
			},
			words:
				"--mode User --node-vm-size <VM size of pool np> --labels <labels of pool np> --node-taints <taints of pool np> --vnet-subnet-id",
		},
		{
			what: "with its max surge in percent",
			of: { surge: { kind: "percent", percent: 33 } },
			words: " --max-surge 33% --node-count 3 ",
		},
		{
			what: "with AKS's default surge, unasked",
			of: { surge: { kind: "default" } },
			words: `/subnets/nodes-a --node-count 3 `,
		},
	])("makes a pool $what", ({ of, words }) => {
		const found = ofKind(
			remedies({
				clusters: [cluster({ pools: [pool(of)] })],
				subnets: [subnet({ prefixes: ["10.1.0.0/26"], ipConfigurations: 87 })],
			}),
			"larger-subnet",
		);
		expect(found?.command[1]).toContain(words);
	});

	it("names long names by their ends in a title of 100 characters", () => {
		const pools = ["systempool01", "executorpool"];
		const long = `vnet-${"x".repeat(70)}-weu`;
		const nodes = subnetId("nodes", long);
		const found = ofKind(
			remedies({
				clusters: [
					cluster({
						pools: pools.map((name) => pool({ name, nodeSubnet: nodes })),
					}),
				],
				networks: [network({ id: networkId(long), prefixes: ["10.1.0.0/25"] })],
				subnets: [subnet({ id: nodes, prefixes: ["10.1.0.0/25"] })],
			}),
			"larger-subnet",
		);
		// 6 nodes and 2 surge nodes of 31: 248.
		expect(found?.title).toHaveLength(100);
		expect(found?.title).toMatch(
			/^Move pools systempool01 and executorpool to a new \/24 subnet; network vnet-x+…x+-weu has no free \/24\.$/,
		);
	});

	it("comes after the migration of availability sets, which take no second pool", () => {
		// 4 nodes and the one of an upgrade: 5 x 31 + 5 = 160 of 123, a /24.
		const found = remedies({
			clusters: [
				cluster({
					pools: [pool({ type: "availability-set", reportedNodes: 4 })],
				}),
			],
			subnets: [subnet({ prefixes: ["10.1.0.0/25"], ipConfigurations: 116 })],
		});
		expect(found.map(({ kind }) => kind)).toEqual(["larger-subnet"]);
		expect(said(found[0])).toContain("az aks update --migrate-vmas-to-vms");
		expect(found[0]?.command).toEqual([create("10.1.1.0/24")]);
	});

	it.each([
		{ pools: 3, added: 3 },
		{ pools: 4, added: 0 },
	])(
		"of $pools pools: the command makes $added of them",
		({ pools, added }) => {
			const found = ofKind(
				remedies({
					clusters: [
						cluster({
							pools: Array.from({ length: pools }, (_, index) =>
								pool({
									name: `p${index}`,
									mode: index === 0 ? "gateway" : "user",
								}),
							),
						}),
					],
					subnets: [subnet({ ipConfigurations: pools * 87 })],
				}),
				"larger-subnet",
			);
			expect(found?.command).toHaveLength(1 + added);
			for (const line of found?.command ?? []) expect(line).not.toContain("\n");
			if (added > 0)
				expect(found?.command[1]).toContain("--name p02 --mode Gateway");
			expect(found?.title).toMatch(
				added > 0 ? /^Move pools p0, p1 and p2 to/ : /^Move 4 pools to/,
			);
			expect(found?.detail.includes("These are p0, p1, p2 and p3.")).toBe(
				added === 0,
			);
		},
	);
});

describe("a pod range that is proposed", () => {
	const peering = (...prefixes: string[]) => ({
		networks: [
			network({
				peerings: [{ remote: networkId("remote"), connected: true, prefixes }],
			}),
		],
	});
	const migration = (overrides: Partial<Inventory>) =>
		ofKind(
			remedies({ ...flat(2, { maxNodes: 8 }), ...overrides }),
			"migrate-to-overlay",
		);

	it.each<{ what: string; of: Partial<Inventory>; podCidr: string }>([
		{ what: "nothing near", of: {}, podCidr: "10.244.0.0/20" },
		{
			what: "a peered network right behind it",
			of: peering("10.244.16.0/20"),
			podCidr: "10.244.0.0/20",
		},
		{
			what: "its first address peered",
			of: peering("10.244.0.0/29"),
			podCidr: "100.64.0.0/20",
		},
		{
			what: "the shared range peered as well",
			of: peering("10.0.0.0/8", "100.64.0.0/10"),
			podCidr: "172.16.0.0/20",
		},
		{
			// 172.16.0.0 to 172.29.255.255 are peered, 172.30 and 172.31 reserved.
			what: "all but reserved ranges and the last peered",
			of: peering(
				"10.0.0.0/8",
				"100.64.0.0/10",
				"172.16.0.0/13",
				"172.24.0.0/14",
				"172.28.0.0/15",
			),
			podCidr: "192.168.0.0/20",
		},
	])("with $what is $podCidr", ({ of, podCidr }) => {
		const found = migration(of);
		expect(typed(found)).toContain(`--pod-cidr ${podCidr}`);
		expect(found?.detail).toContain(
			"It overlaps neither the cluster's network, peered networks nor the service CIDR.",
		);
	});

	it("is none if nothing private is free", () => {
		expect(
			migration(
				peering(
					"10.0.0.0/8",
					"100.64.0.0/10",
					"172.16.0.0/12",
					"192.168.0.0/16",
				),
			),
		).toBeUndefined();
	});

	it("says so where not all ranges are known", () => {
		const found = migration({ networks: [] });
		expect(typed(found)).toContain("--pod-cidr 10.244.0.0/20");
		expect(found?.detail).toContain(
			"Check the range first: not all networks that the cluster reaches could be read.",
		);
	});

	it("is kubenet's own, which stays: if that overlaps, migrating is not a way out", () => {
		const kubenet = (podCidr: string) =>
			ofKind(
				remedies(
					{
						clusters: [
							kubenetCluster({ pools: [pool({ maxNodes: 450 })], podCidr }),
						],
						subnets: [subnet({ prefixes: ["10.1.0.0/20"] })],
						...peering("10.250.0.0/16"),
					},
					"routes",
				),
				"migrate-to-overlay",
			);
		// A /14 ends at 10.247.255.255, a /13 from 10.248.0.0 has 10.250 in it.
		expect(typed(kubenet("10.244.0.0/14"))).not.toContain("--pod-cidr");
		expect(kubenet("10.248.0.0/13")).toEqual({
			kind: "migrate-to-overlay",
			title:
				"Plan for a pod CIDR other than 10.248.0.0/13: Azure CNI Overlay alone does not fix this.",
			detail: [
				"It keeps the pod CIDR 10.248.0.0/13, which overlaps other ranges (see finding range-overlap).",
				"Another pod CIDR needs a new cluster.",
			],
			command: [],
		});
	});

	it.each<{ what: string; of: Partial<Inventory>; offered: boolean }>([
		// 10.244.0.0/20 to the /19, which ends at 10.244.31.255.
		{
			what: "a peered network behind it",
			of: peering("10.244.32.0/20"),
			offered: true,
		},
		{
			what: "a peered network in it",
			of: peering("10.244.31.0/24"),
			offered: false,
		},
		{
			what: "services in it",
			of: {
				clusters: [
					overlayCluster({
						podCidr: "10.244.0.0/20",
						serviceCidrs: ["10.244.16.0/24"],
						pools: [pool({ maxNodes: 17 })],
					}),
				],
			},
			offered: false,
		},
	])("as a larger one with $what: $offered", ({ of, offered }) => {
		const found = remedies(
			{
				clusters: [
					overlayCluster({
						podCidr: "10.244.0.0/20",
						pools: [pool({ maxNodes: 17 })],
					}),
				],
				...of,
			},
			"pod-range",
		);
		expect(ofKind(found, "larger-pod-range") !== undefined).toBe(offered);
		expect(ofKind(found, "split") !== undefined).toBe(!offered);
	});
});

describe("a name in a command", () => {
	it.each([
		{ name: "aks-prod_1.weu", word: "aks-prod_1.weu" },
		{ name: "rg (old)", word: "'rg (old)'" },
		{ name: "it's", word: "'it'\\''s'" },
		{ name: "$(rm -rf ~)", word: "'$(rm -rf ~)'" },
		{ name: "a;b", word: "'a;b'" },
		{ name: "a\nb", word: "'a\nb'" },
		{ name: "", word: "''" },
	])("$name is one word of a shell", ({ name, word }) => {
		expect(quoted(name)).toBe(word);
	});
});
