import { describe, expect, it } from "vitest";
import { type Remedy, scenarioNames } from "../../shared/contract.ts";
import type {
	Holding,
	Inventory,
	NodePool,
} from "../../shared/inventory/facts.ts";
import { capacityRemedies } from "../../shared/remedies/capacity.ts";
import { quoted } from "../../shared/remedies/shell.ts";
import {
	cluster,
	clusterOf,
	fleetOf,
	kubenetCluster,
	overlayCluster,
	pool,
	scaleSet,
	seen,
	subnet,
	subnetId,
} from "../model/builders.ts";

function remedies(
	overrides: Partial<Inventory>,
	kind: Parameters<typeof seen>[1] = "subnet",
): Remedy[] {
	const resolved = clusterOf(fleetOf(overrides)).cluster;
	if (resolved === null) throw new Error("not resolved");
	return capacityRemedies(resolved, seen(overrides, kind).view);
}

/** Nodes of 29 addresses in a /25 of 123, of which so many are there. */
function flat(nodes: number, of: Partial<NodePool>): Partial<Inventory> {
	return {
		clusters: [cluster({ pools: [pool({ minNodes: 1, ...of })] })],
		subnets: [
			subnet({ prefixes: ["10.1.0.0/25"], ipConfigurations: nodes * 29 }),
		],
		scaleSets: [scaleSet({ capacity: nodes })],
	};
}

/** What the rule says of the budget once the facts are others. */
function violatedAfter(
	overrides: Partial<Inventory>,
	kind: Parameters<typeof seen>[1] = "subnet",
): boolean {
	const { view } = seen(overrides, kind);
	return scenarioNames.some((name) => view.scenarios[name].verdict !== "fits");
}

function ofKind(found: readonly Remedy[], kind: string): Remedy | undefined {
	return found.find((remedy) => remedy.kind === kind);
}

describe("lowering the autoscaler's maximum", () => {
	it.each([
		// (3 + a surge node) x 29 = 116 of 123; 5 x 29 = 145 is too much.
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
		expect(found?.text).toContain("then all four scenarios fit");
		expect(found?.command).toBe(
			`az aks nodepool update --resource-group rg-aks --cluster-name a --name np --update-cluster-autoscaler --min-count 1 --max-count ${most}`,
		);
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
		expect(found?.text).toContain("from 8 to 4: then it fits");
		expect(found?.text).toContain(
			"during an upgrade at full scale it is still short by 22 addresses",
		);
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
		expect(found?.text).toContain(
			"of pool one from 9 to 3, pool two from 9 to 3: then all four scenarios fit",
		);
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
			text: expect.stringContaining("then all four scenarios fit"),
			command:
				"az aks nodepool update --resource-group rg-aks --cluster-name a --name np --max-surge 1",
		});
		expect(violatedAfter(surging(2))).toBe(true);
		expect(violatedAfter(surging(1))).toBe(false);
	});

	it("to none where not even one has room, on user pools alone", () => {
		const tight = (mode: "user" | "system") =>
			flat(4, { mode, surge: { kind: "nodes", nodes: 1 } });
		expect(ofKind(remedies(tight("user")), "lower-surge")?.command).toContain(
			"--name np --max-surge 0 --max-unavailable 1",
		);
		expect(ofKind(remedies(tight("system")), "lower-surge")).toBeUndefined();
		expect(violatedAfter(flat(4, { surge: { kind: "nodes", nodes: 0 } }))).toBe(
			false,
		);
	});

	it("not where full scale fails as well", () => {
		expect(
			ofKind(remedies(flat(2, { maxNodes: 8 })), "lower-surge"),
		).toBeUndefined();
	});
});

describe("a new pool with fewer max pods", () => {
	it.each([
		// 4 nodes and one surge node: 5 x (P + 1) <= 123 up to P = 23.
		{ nodes: 4, most: 23 },
		// 3 and one fit as they are; 7 and one: 8 x (P + 1) <= 123 up to P = 14.
		{ nodes: 7, most: 14 },
		// 11 and one: 12 x (9 + 1) = 120: max pods 10 do not fit, fewer are not allowed.
		{ nodes: 11, most: null },
	])("of $nodes nodes may have $most", ({ nodes, most }) => {
		const found = ofKind(remedies(flat(nodes, {})), "new-pool-lower-max-pods");
		if (most === null) {
			expect(found).toBeUndefined();
			return;
		}
		expect(found?.command).toBe(
			`az aks nodepool add --resource-group rg-aks --cluster-name a --name np2 --mode User --vnet-subnet-id ${subnetId()} --node-count ${nodes} --max-pods ${most}`,
		);
		expect(found?.text).toContain("Max pods cannot be changed on a pool");
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
					ipConfigurations: maxPods + 1,
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
		const command = ofKind(found, "new-pool-lower-max-pods")?.command;
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
		expect(found?.command).toContain("--pod-ip-allocation-mode StaticBlock");
		expect(found?.command).toContain("--max-pods 47");
		expect(violatedAfter(world(47), "pod-blocks")).toBe(false);
		expect(violatedAfter(world(48), "pod-blocks")).toBe(true);
	});
});

describe("moving what is no node", () => {
	// 3 nodes and one surge node x 29 = 116 of 123: 7 others have room.
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
		expect(found?.text).toContain(`Move ${move} addresses`);
		expect(violatedAfter(crowded(7))).toBe(false);
		expect(violatedAfter(crowded(8))).toBe(true);
	});

	it.each<{ kind: Holding["kind"]; names: string; annotation: boolean }>([
		{
			kind: "private-endpoint",
			names: "(private endpoints 6, other 2)",
			annotation: false,
		},
		{
			kind: "load-balancer-frontend",
			names: "(load balancer frontends 6, other 2)",
			annotation: true,
		},
	])("names what there is to move: $names", ({ kind, names, annotation }) => {
		const holdings = [{ kind, subnet: subnetId(), group: null, addresses: 6 }];
		const text = ofKind(
			remedies({ ...crowded(8), holdings }),
			"move-others",
		)?.text;
		expect(text).toContain(
			`Move 1 of the 8 addresses that are no AKS node's ${names} to another subnet`,
		);
		expect(text?.includes("azure-load-balancer-internal-subnet")).toBe(
			annotation,
		);
	});

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
	it("takes a pod range for all nodes at full scale and their surge", () => {
		// 8 nodes and one: 9 blocks of /24, a /20.
		const found = ofKind(
			remedies(flat(2, { maxNodes: 8 })),
			"migrate-to-overlay",
		);
		expect(found?.text).toContain("at least /20");
		expect(found?.text).toContain("then all four scenarios fit");
		expect(found?.text).toContain("cannot be undone");
		expect(found?.command).toBe(
			"az aks update --resource-group rg-aks --name a --network-plugin-mode overlay --pod-cidr 10.244.0.0/20",
		);
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
		expect(ofKind(found, "migrate-to-overlay")?.command).toBe(
			"az aks update --resource-group rg-aks --name a --network-plugin azure --network-plugin-mode overlay",
		);
		expect(ofKind(found, "split")).toBeUndefined();
	});

	it("is no help where a node takes one address already", () => {
		const found = remedies({
			clusters: [overlayCluster({ pools: [pool({ maxNodes: 300 })] })],
		});
		expect(found.length).toBeGreaterThan(0);
		expect(ofKind(found, "migrate-to-overlay")).toBeUndefined();
	});
});

describe("splitting", () => {
	it.each([
		// 1,000 and one surge node; 500 and one.
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
			text: expect.stringContaining(`over ${parts} pools`),
		});
	});
});

describe("the remedies of a budget", () => {
	it("stand in the order of effort and risk", () => {
		// 6 nodes and a surge node: 7 x (16 + 1) = 119 of 123.
		const kinds = remedies(flat(2, { maxNodes: 6 })).map(({ kind }) => kind);
		expect(kinds).toEqual([
			"lower-autoscaler-maximum",
			"new-pool-lower-max-pods",
			"larger-subnet",
			"migrate-to-overlay",
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
		for (const { command } of found)
			if (command) expect(command).toContain("--resource-group 'rg (old)'");
	});
});

describe("a roomier budget", () => {
	it.each([
		// 8 nodes and a surge node of 29: 261 + 5 > 256.
		{ maxNodes: 8, length: 23 },
		// 7 nodes and a surge node of 29: 232 + 5 <= 256.
		{ maxNodes: 7, length: 24 },
	])(
		"a subnet of /$length carries $maxNodes nodes and surge",
		({ maxNodes, length }) => {
			expect(
				ofKind(remedies(flat(2, { maxNodes })), "larger-subnet")?.text,
			).toContain(`/${length} `);
		},
	);

	it.each([
		// 17 nodes and a surge node: 18 blocks, 2^5; 32 and one: 33, 2^6.
		{ maxNodes: 17, length: 19 },
		{ maxNodes: 31, length: 19 },
		{ maxNodes: 32, length: 18 },
	])(
		"a pod range of /$length carries $maxNodes nodes and surge",
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
			expect(remedy?.text).toContain(`/${length} `);
			expect(remedy?.command).toBe(
				`az aks update --resource-group rg-aks --name a --pod-cidr ${length === 19 ? "10.244.0.0/19" : "10.244.0.0/18"}`,
			);
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
		"a pod subnet of /$length carries static blocks of $nodes nodes",
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
			expect(remedy?.text).toContain(`/${length} `);
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
		for (const { text } of found)
			expect(text).not.toMatch(/pools? to a subnet/);
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
