import { describe, expect, it } from "vitest";
import type { BudgetKind, Range, Verdict } from "../../shared/contract.ts";
import type {
	Cluster,
	Inventory,
	NodePool,
} from "../../shared/inventory/facts.ts";
import { azureAnswer } from "../../shared/model/preflight.ts";
import {
	autoProvisionedNode,
	cluster,
	kubenetCluster,
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

/** What Azure's own check says of any change of the cluster, by its message: "requested exceeds available". */
function change(
	overrides: Partial<Inventory>,
	kind: BudgetKind = "subnet",
	name = "a",
) {
	const { azure } = seen(overrides, kind, name);
	if (azure === null) throw new Error(`no check of Azure on ${kind}`);
	return azure.change;
}

/** One pool that may have this many nodes, of which none exists yet, in a subnet of its own. */
function flat(
	nodes: number,
	maxPods: number,
	prefix: string,
	overrides: Partial<NodePool> = {},
): Partial<Inventory> {
	return {
		clusters: [
			cluster({
				pools: [
					pool({ reportedNodes: 0, maxNodes: nodes, maxPods, ...overrides }),
				],
			}),
		],
		subnets: [subnet({ prefixes: [prefix] })],
	};
}

function podRange(
	nodes: number,
	podCidr: string,
	of: (overrides: Partial<Cluster>) => Cluster = overlayCluster,
): Partial<Inventory> {
	return {
		clusters: [
			of({ podCidr, pools: [pool({ reportedNodes: 0, maxNodes: nodes })] }),
		],
		subnets: [subnet({ prefixes: ["10.1.0.0/20"] })],
	};
}

function staticBlocks(nodes: number, maxPods: number, prefix: string) {
	return {
		clusters: [
			cluster({
				pools: [
					pool({
						reportedNodes: nodes,
						maxPods,
						podSubnet: pods,
						staticBlocks: true,
					}),
				],
			}),
		],
		subnets: [subnet(), subnet({ id: pods, prefixes: [prefix] })],
	};
}

describe("Azure's check before a change: what people were told", () => {
	it.each<{
		source: string;
		of: Partial<Inventory>;
		kind?: BudgetKind;
		requested: number;
		available: number;
		verdict: Verdict;
	}>([
		{
			source: "AKS-Construction#357: kubenet /24, autoscaler to 3, 3 x 256",
			of: podRange(3, "10.244.0.0/24", kubenetCluster),
			kind: "pod-range",
			requested: 768,
			available: 256,
			verdict: "short",
		},
		{
			source: "33 overlay nodes in a /19, 33 x 256",
			of: podRange(33, "10.244.0.0/19"),
			kind: "pod-range",
			requested: 8448,
			available: 8192,
			verdict: "short",
		},
		{
			source: "32 overlay nodes in a /19, 32 x 256",
			of: podRange(32, "10.244.0.0/19"),
			kind: "pod-range",
			requested: 8192,
			available: 8192,
			verdict: "fits",
		},
		{
			source: "AKS#4467: 128 overlay nodes in a /17",
			of: podRange(128, "10.128.0.0/17"),
			kind: "pod-range",
			requested: 32_768,
			available: 32_768,
			verdict: "fits",
		},
		{
			source: "AKS#4467: 129 overlay nodes in a /17",
			of: podRange(129, "10.128.0.0/17"),
			kind: "pod-range",
			requested: 33_024,
			available: 32_768,
			verdict: "short",
		},
		{
			source: "two nodes of max pods 250 in a /16, 2 x 249",
			of: flat(2, 250, "10.1.0.0/16"),
			requested: 498,
			available: 65_531,
			verdict: "fits",
		},
		{
			source: "one node of max pods 250 in a /24",
			of: flat(1, 250, "10.1.0.0/24"),
			requested: 249,
			available: 251,
			verdict: "fits",
		},
		{
			source: "two nodes of max pods 250 in a /24, 2 x 249",
			of: flat(2, 250, "10.1.0.0/24"),
			requested: 498,
			available: 251,
			verdict: "short",
		},
		{
			source: "one node of max pods 30 in a /27",
			of: flat(1, 30, "10.1.0.0/27"),
			requested: 29,
			available: 27,
			verdict: "short",
		},
		// A pod subnet is counted in addresses, 16 a node, of all that are usable: 2^6 - 5.
		{
			source: "ten nodes of static blocks in a /26, 10 x 16",
			of: staticBlocks(10, 30, "10.1.4.0/26"),
			kind: "pod-blocks",
			requested: 160,
			available: 59,
			verdict: "short",
		},
		{
			source: "three nodes of static blocks, max pods 250, in a /26, 3 x 16",
			of: staticBlocks(3, 250, "10.1.4.0/26"),
			kind: "pod-blocks",
			requested: 48,
			available: 59,
			verdict: "fits",
		},
		// Derived from the formula, /24 and max pods 30 or 110.
		{
			source: "8 x 29 in a /24",
			of: flat(8, 30, "10.1.0.0/24"),
			requested: 232,
			available: 251,
			verdict: "fits",
		},
		{
			source: "9 x 29 in a /24",
			of: flat(9, 30, "10.1.0.0/24"),
			requested: 261,
			available: 251,
			verdict: "short",
		},
		{
			source: "2 x 109 in a /24",
			of: flat(2, 110, "10.1.0.0/24"),
			requested: 218,
			available: 251,
			verdict: "fits",
		},
		{
			source: "3 x 109 in a /24",
			of: flat(3, 110, "10.1.0.0/24"),
			requested: 327,
			available: 251,
			verdict: "short",
		},
		{
			source: "17 x 29 in a /23",
			of: flat(17, 30, "10.1.0.0/23"),
			requested: 493,
			available: 507,
			verdict: "fits",
		},
		{
			source: "2 x 29 in a /26",
			of: flat(2, 30, "10.1.0.0/26"),
			requested: 58,
			available: 59,
			verdict: "fits",
		},
		{
			source: "Windows nodes count max pods + 1: 8 x 31",
			of: flat(8, 30, "10.1.0.0/24", { windows: true }),
			requested: 248,
			available: 251,
			verdict: "fits",
		},
	])(
		"$source: $requested of $available",
		({ of, kind, requested, available, verdict }) => {
			expect(change(of, kind)).toEqual({
				verdict,
				requested: range(requested),
				available: range(available),
			});
		},
	);

	it("three nodes of static blocks in a /26 are accepted and never become ready", () => {
		const { view, azure } = seen(
			staticBlocks(3, 250, "10.1.4.0/26"),
			"pod-blocks",
		);
		// 3 x 16 blocks of 2 to 4.
		expect(view.scenarios.today).toMatchObject({
			demand: range(48),
			verdict: "short",
		});
		expect(azure && azureAnswer(azure.change)).toBe("accepts");
	});

	it("one node of max pods 250 in a /24 is exactly full as documented, and fits", () => {
		const { full } = seen(flat(1, 250, "10.1.0.0/24")).view.scenarios;
		expect(full).toMatchObject({
			demand: range(249, 251),
			free: range(0, 2),
			verdict: "fits",
		});
	});
});

describe("sums of the documentation", () => {
	const upgrade = (nodes: number) => {
		const { view } = seen({
			clusters: [cluster({ pools: [pool({ reportedNodes: nodes })] })],
			subnets: [subnet({ prefixes: ["10.1.0.0/21"] })],
		});
		return view.scenarios.upgrade.demand;
	};

	it.each([
		// 51 x 29 to 51 x 31, 61 x 29 to 61 x 31: (n + surge) x (max pods + 1) as documented.
		{ nodes: 50, low: 1479, documented: 1581 },
		{ nodes: 60, low: 1769, documented: 1891 },
	])(
		"$nodes nodes and one surge node: $documented",
		({ nodes, low, documented }) => {
			expect(upgrade(nodes).low).toBe(low);
			const { view } = seen({
				clusters: [
					cluster({ pools: [pool({ reportedNodes: 0, maxNodes: nodes })] }),
				],
				subnets: [subnet({ prefixes: ["10.1.0.0/21"] })],
			});
			// All of them yet to come, and a surge node of the maximum.
			expect(view.scenarios["full-upgrade"]).toMatchObject({
				demand: range(low, documented),
				verdict: "fits",
			});
		},
	);

	it.each([
		{
			what: "kubenet nodes in a /24",
			of: kubenetCluster,
			nodes: 251,
			verdict: "fits",
		},
		{
			what: "kubenet nodes in a /24",
			of: kubenetCluster,
			nodes: 252,
			verdict: "short",
		},
		// 8 x 31 = 248, 9 x 29 = 261.
		{
			what: "flat nodes of max pods 30 in a /24",
			of: cluster,
			nodes: 8,
			verdict: "fits",
		},
		{
			what: "flat nodes of max pods 30 in a /24",
			of: cluster,
			nodes: 9,
			verdict: "short",
		},
		{
			what: "overlay nodes in a /29",
			of: overlayCluster,
			nodes: 3,
			verdict: "fits",
			prefix: "10.1.0.0/29",
		},
		{
			what: "overlay nodes in a /29",
			of: overlayCluster,
			nodes: 4,
			verdict: "short",
			prefix: "10.1.0.0/29",
		},
		// 16 x 29..31 = 464..496, 17 x 29..31 = 493..527 of 507.
		{
			what: "flat nodes of max pods 30 in a /23",
			of: cluster,
			nodes: 16,
			verdict: "fits",
			prefix: "10.1.0.0/23",
		},
		{
			what: "flat nodes of max pods 30 in a /23",
			of: cluster,
			nodes: 17,
			verdict: "tight",
			prefix: "10.1.0.0/23",
		},
		// 2 x 29..31 = 58..62 of 59.
		{
			what: "flat nodes of max pods 30 in a /26",
			of: cluster,
			nodes: 2,
			verdict: "tight",
			prefix: "10.1.0.0/26",
		},
	])(
		"$nodes $what: $verdict",
		({ of, nodes, verdict, prefix = "10.1.0.0/24" }) => {
			const { full } = seen({
				clusters: [
					of({ pools: [pool({ reportedNodes: 0, maxNodes: nodes })] }),
				],
				subnets: [subnet({ prefixes: [prefix] })],
			}).view.scenarios;
			expect(full.verdict).toBe(verdict);
		},
	);

	it.each([
		// Routes: 400 a table, one or two a node; pod CIDR: 2^(24 - length).
		{
			what: "kubenet",
			dualStack: false,
			kind: "routes",
			nodes: 400,
			verdict: "fits",
		},
		{
			what: "kubenet",
			dualStack: false,
			kind: "routes",
			nodes: 401,
			verdict: "short",
		},
		{
			what: "kubenet of dual stack",
			dualStack: true,
			kind: "routes",
			nodes: 200,
			verdict: "fits",
		},
		{
			what: "kubenet of dual stack",
			dualStack: true,
			kind: "routes",
			nodes: 201,
			verdict: "short",
		},
		{
			what: "kubenet",
			dualStack: false,
			kind: "pod-range",
			nodes: 512,
			verdict: "fits",
		},
		{
			what: "kubenet",
			dualStack: false,
			kind: "pod-range",
			nodes: 513,
			verdict: "short",
		},
	] as const)(
		"$nodes nodes of $what by their $kind: $verdict",
		({ dualStack, kind, nodes, verdict }) => {
			const { full } = seen(
				{
					clusters: [
						kubenetCluster({
							dualStack,
							podCidr: "10.244.0.0/15",
							pools: [pool({ reportedNodes: 0, maxNodes: nodes })],
						}),
					],
					subnets: [
						subnet({ prefixes: ["10.1.0.0/20"], routeTable: routeTableId() }),
					],
					routeTables: [routeTable({ routes: 0 })],
				},
				kind,
			).view.scenarios;
			expect(full.verdict).toBe(verdict);
		},
	);
});

describe("what Azure's check counts", () => {
	it("all pools of the cluster, each at its maximum or its reported count, without surge", () => {
		const three = {
			clusters: [
				cluster({
					pools: [
						pool({ name: "sys" }),
						pool({ name: "np", reportedNodes: 1, maxNodes: 4 }),
						pool({ name: "win", reportedNodes: 1, windows: true }),
					],
				}),
			],
		};
		// 3 x 29 + 4 x 29 + 1 x 31 = 234.
		expect(change(three)).toMatchObject({
			requested: range(234),
			verdict: "unknown",
		});
	});

	it("one address a node if pods use another budget", () => {
		const { azure } = seen({
			clusters: [overlayCluster({ pools: [pool({ maxNodes: 7 })] })],
			subnets: [subnet({ ipConfigurations: 3 })],
		});
		expect(azure?.change).toMatchObject({
			requested: range(7),
			available: range(251),
		});
	});

	it("16 addresses a node of a pod subnet", () => {
		const found = change(
			{
				clusters: [
					cluster({ pools: [pool({ podSubnet: pods, maxNodes: 10 })] }),
				],
				subnets: [subnet(), subnet({ id: pods, prefixes: ["10.1.4.0/25"] })],
			},
			"pod-subnet",
		);
		expect(found).toEqual({
			requested: range(160),
			available: range(123),
			verdict: "short",
		});
	});

	it("not the nodes of auto-provisioning: they count as used by others", () => {
		// 251 - 2 x 30.
		expect(
			change({
				clusters: [cluster({ autoProvisioning: true })],
				subnets: [subnet({ ipConfigurations: 147 })],
				scaleSets: [scaleSet()],
				autoProvisionedNodes: [autoProvisionedNode(), autoProvisionedNode()],
			}),
		).toMatchObject({ requested: range(87), available: range(191) });
	});

	it("other resources as used, the cluster's own nodes not", () => {
		// A private cluster's endpoint: 250 of 251.
		expect(
			change({
				subnets: [subnet({ ipConfigurations: 88 })],
				scaleSets: [scaleSet()],
			}),
		).toMatchObject({ requested: range(87), available: range(250) });
	});

	it("neighbors as they are, not at their maxima", () => {
		// 251 - 2 x 29 of b.
		const found = change({
			clusters: [
				cluster({ name: "a", pools: [pool({ maxNodes: 6 })] }),
				cluster({
					name: "b",
					pools: [pool({ reportedNodes: 2, maxNodes: 9 })],
				}),
			],
			subnets: [subnet({ ipConfigurations: 145 })],
			scaleSets: [scaleSet(), scaleSet({ cluster: "b", capacity: 2 })],
		});
		expect(found).toEqual({
			requested: range(174),
			available: range(193),
			verdict: "fits",
		});
	});

	it("unseen neighbors as taken", () => {
		const found = change({
			subnets: [subnet({ ipConfigurations: 145 })],
			scaleSets: [scaleSet(), scaleSet({ cluster: "unseen", capacity: 2 })],
		});
		expect(found.available).toEqual(range(193));
	});
});

describe("Azure's check before an upgrade", () => {
	it.each<{
		what: string;
		pools: Partial<NodePool>[];
		requested: Range;
		verdict: Verdict;
	}>([
		// Without surge at the low end, with the surge of the maximum at the high end, of 251.
		{
			what: "may count surge",
			pools: [{ maxNodes: 8 }],
			requested: range(232, 261),
			verdict: "tight",
		},
		{
			what: "fits with surge",
			pools: [{ maxNodes: 7 }],
			requested: range(203, 232),
			verdict: "fits",
		},
		{
			what: "is short without",
			pools: [{ maxNodes: 9 }],
			requested: range(261, 290),
			verdict: "short",
		},
		{
			what: "counts the surge of all pools at most",
			pools: [{ maxNodes: 4 }, { name: "b", reportedNodes: 2 }],
			requested: range(174, 232),
			verdict: "fits",
		},
		{
			what: "counts no surge of a pool in place",
			pools: [{ maxNodes: 8, surge: { kind: "nodes", nodes: 0 } }],
			requested: range(232),
			verdict: "fits",
		},
	])("$what", ({ pools, requested, verdict }) => {
		const { azure } = seen({
			clusters: [cluster({ pools: pools.map(pool) })],
			subnets: [subnet({ ipConfigurations: pools.length === 1 ? 87 : 145 })],
			scaleSets: [
				scaleSet(),
				...(pools.length === 1 ? [] : [scaleSet({ pool: "b", capacity: 2 })]),
			],
		});
		expect(azure?.upgrade).toEqual({
			requested,
			available: range(251),
			verdict,
		});
	});
});

describe("what Azure is not known to check is available without bound", () => {
	it.each<{ kind: BudgetKind; of: Cluster; least: number; upgrade: Range }>([
		// Routes are checked at create and upgrade, at 400.
		{ kind: "routes", of: kubenetCluster(), least: 400, upgrade: range(400) },
		{
			kind: "cluster-nodes",
			of: cluster(),
			least: 5000,
			upgrade: { low: 5000, high: null },
		},
	])("$kind", ({ kind, of, least, upgrade }) => {
		const { azure } = seen({ clusters: [of] }, kind);
		expect(azure.change.available).toEqual({ low: least, high: null });
		expect(azure.upgrade.available).toEqual(upgrade);
		expect(azure.change.verdict).toBe("fits");
	});

	it("pool-nodes: size and surge above 1,000 are rejected before the start", () => {
		const { azure } = seen(
			{ clusters: [cluster({ pools: [pool({ maxNodes: 1001 })] })] },
			"pool-nodes",
		);
		expect(azure.change).toEqual({
			verdict: "short",
			requested: range(1001),
			available: range(1000),
		});
	});
});

describe("Azure's answer", () => {
	it.each([
		{ verdict: "short", answer: "refuses" },
		{ verdict: "fits", answer: "accepts" },
		{ verdict: "tight", answer: "unsettled" },
		{ verdict: "unknown", answer: "unknown" },
	] as const)("$verdict: $answer", ({ verdict, answer }) => {
		expect(
			azureAnswer({ verdict, requested: range(1), available: range(1) }),
		).toBe(answer);
	});
});
