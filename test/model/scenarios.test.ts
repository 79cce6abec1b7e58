import { describe, expect, it } from "vitest";
import type { BudgetKind, Range } from "../../shared/contract.ts";
import type {
	Cluster,
	Inventory,
	NodePool,
} from "../../shared/inventory/facts.ts";
import { additionalNodes, type View, viewOf } from "../../shared/model/view.ts";
import {
	autoProvisionedNode,
	budgetIn,
	cluster,
	clusterId,
	fleetOf,
	judgedIn,
	kubenetCluster,
	nodeGroup,
	nodeInterface,
	nothingLost,
	overlayCluster,
	pool,
	range,
	routeTable,
	routeTableId,
	scaleSet,
	seen,
	subnet,
	subnetId,
	unreadableCluster,
	why,
} from "./builders.ts";

/** The scenario as modelled, with this many usable addresses and nothing observed. */
function modelled(usable: number, overrides: Partial<Cluster>): View {
	const { view } = seen({ clusters: [cluster(overrides)] });
	return viewOf(
		{ ...view.budget, limit: range(usable), observed: null },
		view.entries,
	);
}

const demand = ({ scenarios }: View): Record<string, Range> => ({
	today: scenarios.today.demand,
	upgrade: scenarios.upgrade.demand,
	full: scenarios.full.demand,
	"full-upgrade": scenarios["full-upgrade"].demand,
});
const verdicts = ({ scenarios }: View): string[] => [
	scenarios.today.verdict,
	scenarios.upgrade.verdict,
	scenarios.full.verdict,
	scenarios["full-upgrade"].verdict,
];

describe("an upgrade", () => {
	it.each([
		// 3 nodes x 29..31 today = 87..93. One surge node more while upgrading = 116..124.
		{ usable: 124, verdict: "fits", free: range(0, 8) },
		{ usable: 123, verdict: "tight", free: range(-1, 7) },
		{ usable: 116, verdict: "tight", free: range(-8, 0) },
		{ usable: 115, verdict: "short", free: range(-9, -1) },
	])(
		"with $usable usable addresses is $verdict",
		({ usable, verdict, free }) => {
			expect(modelled(usable, {}).scenarios.upgrade).toMatchObject({
				demand: range(116, 124),
				verdict,
				free,
			});
		},
	);

	it.each<{
		what: string;
		pools: Partial<NodePool>[];
		upgrade: Range;
	}>([
		// Overlay pools of one address a node: 3 + 2 + 1 nodes today.
		{
			what: "one pool alone, or all at once",
			pools: [
				{ surge: { kind: "nodes", nodes: 2 } },
				{ name: "b", reportedNodes: 2, surge: { kind: "nodes", nodes: 1 } },
				{ name: "c", reportedNodes: 1, surge: { kind: "nodes", nodes: 1 } },
			],
			upgrade: range(8, 10),
		},
		{
			what: "spot pools stay as they are",
			pools: [{ spot: true }, { name: "b", spot: true }],
			upgrade: range(6),
		},
		{
			what: "no surge: in place",
			pools: [{ surge: { kind: "nodes", nodes: 0 } }],
			upgrade: range(3),
		},
		{
			what: "blue-green",
			pools: [{ surge: { kind: "blue-green" } }],
			upgrade: range(4, 6),
		},
		{
			what: "1.35 does with one",
			pools: [
				{ kubernetesVersion: "1.35.0", surge: { kind: "nodes", nodes: 3 } },
			],
			upgrade: range(4, 6),
		},
		{
			what: "a pool without nodes",
			pools: [{ reportedNodes: 0 }],
			upgrade: range(0),
		},
	])("of $what", ({ pools, upgrade }) => {
		const { view } = seen(
			{ clusters: [overlayCluster({ pools: pools.map(pool) })] },
			"pod-range",
		);
		expect(view.scenarios.upgrade.demand).toEqual(upgrade);
	});

	it.each([
		// AKS upgrade options: max surge 5 on a version before 1.35 fails with capacity for 0 to 4.
		{ version: "1.34.2", free: 5, verdict: "fits", decidedBy: null },
		{ version: "1.34.2", free: 4, verdict: "short", decidedBy: null },
		{ version: "1.34.2", free: 0, verdict: "short", decidedBy: null },
		// From 1.35 it falls back to one.
		{ version: "1.35.0", free: 5, verdict: "fits", decidedBy: null },
		{ version: "1.35.0", free: 4, verdict: "tight", decidedBy: "surge" },
		{ version: "1.35.0", free: 1, verdict: "tight", decidedBy: "surge" },
		{ version: "1.35.0", free: 0, verdict: "short", decidedBy: null },
	])(
		"by five surge nodes on $version with room for $free is $verdict",
		({ version, free, verdict, decidedBy }) => {
			const view = modelled(10 + free, {
				overlay: true,
				podCidr: "10.244.0.0/16",
				pools: [
					pool({
						reportedNodes: 10,
						kubernetesVersion: version,
						surge: { kind: "nodes", nodes: 5 },
					}),
				],
			});
			expect(view.scenarios.upgrade).toMatchObject({ verdict, decidedBy });
		},
	);
});

describe("autoscaler max", () => {
	// 2 nodes today, 6 at most, surge 33 %: ceil(0.66) = 1 now, ceil(1.98) = 2 at the maximum.
	const growing = overlayCluster({
		pools: [
			pool({
				reportedNodes: 2,
				maxNodes: 6,
				surge: { kind: "percent", percent: 33 },
			}),
		],
	});

	it("adds the nodes to the autoscaler's maximum, and surge of the maximum", () => {
		const { view } = seen({ clusters: [growing] }, "pod-range");
		expect(demand(view)).toEqual({
			today: range(2),
			upgrade: range(3),
			full: range(6),
			"full-upgrade": range(8),
		});
	});

	it.each([
		// 256 blocks in a /16.
		{ maxNodes: 254, verdicts: ["fits", "fits", "fits", "fits"] },
		{ maxNodes: 255, verdicts: ["fits", "fits", "fits", "fits"] },
		{ maxNodes: 256, verdicts: ["fits", "fits", "fits", "short"] },
		{ maxNodes: 257, verdicts: ["fits", "fits", "short", "short"] },
	])(
		"of $maxNodes nodes in a pod range of 256: $verdicts",
		({ maxNodes, verdicts: expected }) => {
			const { view } = seen(
				{ clusters: [overlayCluster({ pools: [pool({ maxNodes })] })] },
				"pod-range",
			);
			expect(verdicts(view)).toEqual(expected);
		},
	);
});

describe("a subnet that clusters share", () => {
	// a: 3 nodes, at most 5; b: 2 nodes, at most 6; 29 addresses a node: 145 today.
	const shared: Partial<Inventory> = {
		clusters: [
			cluster({ name: "a", pools: [pool({ maxNodes: 5 })] }),
			cluster({ name: "b", pools: [pool({ reportedNodes: 2, maxNodes: 6 })] }),
		],
		subnets: [subnet({ ipConfigurations: 145 })],
		scaleSets: [
			scaleSet({ cluster: "a" }),
			scaleSet({ cluster: "b", capacity: 2 }),
		],
	};

	it("is judged with everyone in it: neighbors as they are, or at their maxima", () => {
		// a: 145 + 2 x 29 = 203; both: + 4 x 29 = 319; one surge node: 174.
		expect(demand(seen(shared, "subnet", "a").view)).toEqual({
			today: range(145),
			upgrade: range(174),
			full: range(203, 319),
			"full-upgrade": range(232, 348),
		});
		// b: 145 + 4 x 29 = 261; both 319.
		expect(demand(seen(shared, "subnet", "b").view)).toEqual({
			today: range(145),
			upgrade: range(174),
			full: range(261, 319),
			"full-upgrade": range(290, 348),
		});
	});

	it("is tight for one by its neighbors, short for the other", () => {
		const a = seen(shared, "subnet", "a").view.scenarios;
		const b = seen(shared, "subnet", "b").view.scenarios;
		expect(a.full).toMatchObject({
			verdict: "tight",
			decidedBy: "neighbors",
			free: range(-68, 48),
		});
		expect(b.full).toMatchObject({
			verdict: "short",
			decidedBy: null,
			free: range(-68, -10),
		});
	});

	it("is once in the fleet, and says who shares it", () => {
		const fleet = fleetOf(shared);
		expect(
			fleet.sharedBudgets.map(({ budget, clusters }) => [
				budget.id,
				budget.sharedBy,
				clusters,
			]),
		).toEqual([[subnetId(), 2, fleet.clusters.map(({ id }) => id)]]);
		expect(
			fleet.clusters.map(({ shared, budgets }) => [shared, budgets]),
		).toEqual([
			[[subnetId()], []],
			[[subnetId()], []],
		]);
	});

	it("counts a neighbor that is stopped with what it comes back with", () => {
		const { scenarios } = seen({
			...shared,
			clusters: [
				cluster({ name: "a" }),
				cluster({
					name: "b",
					stopped: true,
					pools: [pool({ reportedNodes: 4 })],
				}),
			],
			subnets: [subnet({ ipConfigurations: 87 })],
			scaleSets: [scaleSet({ cluster: "a" })],
		}).view;
		// 4 x 31 of b at most, which nothing measures.
		expect(scenarios.full.demand).toEqual(range(87, 211));
	});

	it("a neighbor that may grow without an end makes the high end unbounded", () => {
		const { scenarios } = seen({
			...shared,
			clusters: [
				cluster({ name: "a", pools: [pool({ maxNodes: 5 })] }),
				cluster({
					name: "b",
					autoProvisioning: true,
					pools: [pool({ reportedNodes: 2 })],
				}),
			],
		}).view;
		expect(scenarios.full).toMatchObject({
			demand: range(203, null),
			verdict: "unknown",
		});
		expect(scenarios.upgrade).toMatchObject({
			demand: range(174),
			verdict: "fits",
		});
	});

	it("a neighbor that cannot be evaluated may grow all the same", () => {
		// b has a second pool in a network that cannot be read: none of its pools is resolved, and it may grow by 4 nodes here.
		const { scenarios } = seen({
			...shared,
			clusters: [
				cluster({ name: "a", pools: [pool({ maxNodes: 5 })] }),
				cluster({
					name: "b",
					pools: [
						pool({ reportedNodes: 2, maxNodes: 6 }),
						pool({ name: "far", nodeSubnet: subnetId("nodes", "unreadable") }),
					],
				}),
			],
		}).view;
		// 203 without b, 319 with it, of 251.
		expect(scenarios.full.demand.low).toBe(203);
		expect(scenarios.full.verdict).not.toBe("fits");
	});

	it("a neighbor whose own row could not be read may grow without an end", () => {
		const { scenarios } = seen({
			...shared,
			clusters: [cluster({ name: "a", pools: [pool({ maxNodes: 5 })] })],
			unreadableClusters: [
				unreadableCluster({ id: clusterId("b"), subnets: [subnetId()] }),
			],
		}).view;
		expect(scenarios.full).toMatchObject({
			demand: range(203, null),
			verdict: "unknown",
		});
		expect(scenarios.upgrade).toMatchObject({
			demand: range(174),
			verdict: "fits",
		});
	});

	it("a neighbor whose unreadable row names another subnet has no trace here", () => {
		const { budget, scenarios } = seen({
			...shared,
			clusters: [cluster({ name: "a", pools: [pool({ maxNodes: 5 })] })],
			unreadableClusters: [
				unreadableCluster({
					id: clusterId("b"),
					nodeResourceGroup: "mc_b",
					subnets: [subnetId("others")],
				}),
			],
			scaleSets: [scaleSet({ cluster: "a" })],
		}).view;
		expect(budget.open).toEqual([]);
		expect(scenarios.full).toMatchObject({
			demand: range(203),
			verdict: "fits",
		});
	});
});

describe("pod subnets that clusters share", () => {
	const pods = subnetId("pods");
	const withPods = (name: string, nodes: number, staticBlocks: boolean) =>
		cluster({
			name,
			pools: [pool({ reportedNodes: nodes, podSubnet: pods, staticBlocks })],
		});

	it("are modelled: first batches of everybody's nodes", () => {
		const { view } = seen(
			{
				clusters: [withPods("a", 5, false), withPods("b", 4, false)],
				// Pods do not show in IP configurations.
				subnets: [
					subnet(),
					subnet({ id: pods, prefixes: ["10.1.4.0/25"], ipConfigurations: 0 }),
				],
			},
			"pod-subnet",
		);
		// 9 x 16 to 9 x 17 of 123.
		expect(view.scenarios.today).toMatchObject({
			demand: range(144, 153),
			free: range(-30, -21),
			verdict: "short",
		});
		expect(view.now.isObserved).toBe(false);
	});

	it("a /24 has room for the first batches of 14 nodes for certain and of 15 at best", () => {
		// 14 x 17 = 238; 15 x 16 = 240, 15 x 17 = 255 of 251; 16 x 16 = 256.
		const at = (nodes: number) =>
			seen(
				{
					clusters: [withPods("a", nodes, false)],
					subnets: [
						subnet({ prefixes: ["10.1.0.0/22"] }),
						subnet({ id: pods }),
					],
				},
				"pod-subnet",
			).view.scenarios.today.verdict;
		expect([at(14), at(15), at(16)]).toEqual(["fits", "tight", "short"]);
	});

	it("of static blocks count blocks, doubtful at the ends", () => {
		// A /26: 2 to 4 blocks; a node of max pods 30 takes 2.
		const at = (nodes: number) =>
			seen(
				{
					clusters: [withPods("a", nodes, true)],
					subnets: [subnet(), subnet({ id: pods, prefixes: ["10.1.4.0/26"] })],
				},
				"pod-blocks",
			).view.scenarios.today;
		expect(at(1)).toMatchObject({
			demand: range(2),
			free: range(0, 2),
			verdict: "fits",
		});
		expect(at(2)).toMatchObject({
			demand: range(4),
			free: range(-2, 0),
			verdict: "tight",
			decidedBy: "limit",
		});
		expect(at(3)).toMatchObject({
			demand: range(6),
			free: range(-4, -2),
			verdict: "short",
		});
	});
});

describe("observed use", () => {
	const observing = (
		ipConfigurations: number | null,
		overrides: Partial<Inventory> = {},
	) => seen({ subnets: [subnet({ ipConfigurations })], ...overrides }).view;

	it.each([
		// Three nodes of 29 to 31: 87 to 93, nothing measured.
		{ observed: 87, demand: range(87), others: range(0), older: false },
		{ observed: 88, demand: range(88), others: range(0), older: false },
		{ observed: 93, demand: range(93), others: range(0), older: false },
		// Beyond what the nodes can use: other resources.
		{ observed: 94, demand: range(94), others: range(1, 7), older: false },
		{ observed: 100, demand: range(100), others: range(7, 13), older: false },
		// Below what they use for certain: rows of different age, the nodes count.
		{ observed: 86, demand: range(87, 93), others: range(0), older: true },
		{ observed: 0, demand: range(87, 93), others: range(0), older: true },
	])(
		"of $observed where the nodes explain 87 to 93",
		({ observed, demand, others, older }) => {
			expect(observing(observed).now).toMatchObject({
				demand,
				otherResources: others,
				olderThanNodes: older,
			});
		},
	);

	it.each([
		{ observed: 87, others: 0 },
		{ observed: 90, others: 3 },
	])(
		"of $observed with 87 measured for the nodes: $others of other resources",
		({ observed, others }) => {
			expect(
				observing(observed, { scaleSets: [scaleSet()] }).now,
			).toMatchObject({
				demand: range(observed),
				otherResources: range(others),
				isObserved: true,
			});
		},
	);

	it("below what is measured for the nodes is older, and the nodes count", () => {
		expect(observing(86, { scaleSets: [scaleSet()] }).now).toMatchObject({
			demand: range(87),
			otherResources: range(0),
			olderThanNodes: true,
		});
	});

	it("is at least what the nodes use if Azure shows none, and at most unknown", () => {
		const { now, scenarios } = observing(null);
		expect(now).toMatchObject({ demand: range(87, null), isObserved: false });
		expect(scenarios.today).toMatchObject({
			free: range(null, 164),
			verdict: "unknown",
		});
	});

	describe("absent where nobody counted is there", () => {
		const empty = {
			clusters: [cluster({ pools: [pool({ reportedNodes: 0, maxNodes: 4 })] })],
		};

		it.each<{ what: string; of: Partial<Inventory>; today: Range }>([
			{ what: "no other row refers to it", of: {}, today: range(0) },
			{
				what: "a scale set at capacity 0 refers to it",
				of: { scaleSets: [scaleSet({ capacity: 0 })] },
				today: range(0),
			},
			{
				what: "an empty scale set of an unseen cluster refers to it",
				of: { scaleSets: [scaleSet({ cluster: "unseen", capacity: 0 })] },
				today: range(0),
			},
			// 2 x 29 in use, the rest unknown.
			{
				what: "a scale set of an unseen cluster refers to it",
				of: { scaleSets: [scaleSet({ cluster: "unseen", capacity: 2 })] },
				today: range(58, null),
			},
			{
				what: "a scale set of a pool that the cluster does not list refers to it",
				of: { scaleSets: [scaleSet({ pool: "gone", capacity: 2 })] },
				today: range(58, null),
			},
			{
				what: "an auto-provisioned node of an unseen cluster refers to it",
				of: {
					autoProvisionedNodes: [autoProvisionedNode({ cluster: "unseen" })],
				},
				today: range(30, null),
			},
		])("and $what", ({ of, today }) => {
			const { scenarios } = observing(null, { ...empty, ...of });
			expect(scenarios.today.demand).toEqual(today);
			expect(scenarios.today.verdict).toBe(
				today.high === null ? "unknown" : "fits",
			);
		});
	});

	describe("of a scale set of AKS whose cluster is not visible", () => {
		const unseen = (capacity: number) =>
			observing(145, {
				scaleSets: [scaleSet(), scaleSet({ cluster: "unseen", capacity })],
			});

		it("is explained by its nodes, and its growth has no end", () => {
			const { now, scenarios } = unseen(2);
			// 3 x 29 + 2 x 29.
			expect(now).toMatchObject({
				demand: range(145),
				otherResources: range(0),
			});
			expect(scenarios.upgrade).toMatchObject({
				demand: range(174),
				verdict: "fits",
			});
			expect(scenarios.full).toMatchObject({
				demand: range(145, null),
				verdict: "unknown",
			});
		});

		it("that has no node now may grow all the same", () => {
			expect(unseen(0).scenarios.full).toMatchObject({
				demand: range(145, null),
				verdict: "unknown",
			});
		});
	});
});

describe("an exhausted budget", () => {
	it.each([
		// 4 x 29 = 116 of 123: 7 free, the next node needs 29.
		{
			what: "no room for one more node",
			prefix: "10.1.0.0/25",
			nodes: 4,
			maxNodes: 8,
			exhausted: true,
		},
		{
			what: "room for one more node",
			prefix: "10.1.0.0/25",
			nodes: 3,
			maxNodes: 8,
			exhausted: false,
		},
		{
			what: "no room and no growth",
			prefix: "10.1.0.0/25",
			nodes: 4,
			maxNodes: 4,
			exhausted: false,
		},
		{
			what: "no room and no autoscaler",
			prefix: "10.1.0.0/25",
			nodes: 4,
			maxNodes: null,
			exhausted: false,
		},
	])("has $what: $exhausted", ({ prefix, nodes, maxNodes, exhausted }) => {
		const { view } = seen({
			clusters: [cluster({ pools: [pool({ maxNodes })] })],
			subnets: [subnet({ prefixes: [prefix], ipConfigurations: nodes * 29 })],
			scaleSets: [scaleSet({ capacity: nodes })],
		});
		expect(view.exhausted).toBe(exhausted);
	});

	it.each([
		// 251 - 8 x 29 = 19 free: nothing for a node of max pods 30, one of max pods 15 takes 14.
		{ what: "the smaller pool may grow", small: 4, exhausted: false },
		{ what: "only the larger pool may grow", small: null, exhausted: true },
	])("where two pools grow: $what", ({ small, exhausted }) => {
		const { view } = seen({
			clusters: [
				cluster({
					pools: [
						pool({ maxNodes: 10 }),
						pool({
							name: "small",
							reportedNodes: 0,
							maxPods: 15,
							maxNodes: small,
						}),
					],
				}),
			],
			subnets: [subnet({ ipConfigurations: 232 })],
			scaleSets: [scaleSet({ capacity: 8 })],
		});
		expect(view.exhausted).toBe(exhausted);
	});

	it("counts the low demand: 29 free is room for a node of 29 to 31", () => {
		const at = (observed: number) =>
			seen({
				clusters: [
					cluster({ pools: [pool({ reportedNodes: 7, maxNodes: 10 })] }),
				],
				subnets: [subnet({ ipConfigurations: observed })],
			}).view.exhausted;
		// 251 - 222 = 29, 251 - 223 = 28.
		expect([at(222), at(223)]).toEqual([false, true]);
	});
});

describe("what decides a tight scenario", () => {
	const overlay = (
		pools: Partial<NodePool>[],
		overrides: Partial<Cluster> = {},
	) =>
		({
			overlay: true,
			podCidr: "10.244.0.0/16",
			pools: pools.map(pool),
			...overrides,
		}) as const;

	it("documentation: max pods + 1 documented, max pods - 1 allocated", () => {
		// 0 nodes today, 2 at most: 58 to 62 of 59.
		const { scenarios } = modelled(59, {
			pools: [pool({ reportedNodes: 0, maxNodes: 2 })],
		});
		expect(scenarios.full).toMatchObject({
			demand: range(58, 62),
			verdict: "tight",
			decidedBy: "documentation",
		});
	});

	it("documentation: also where the surge node decides", () => {
		// 58 observed, one surge node of 29 to 31: 87 to 89 of 88.
		const { view } = seen({
			clusters: [cluster({ pools: [pool({ reportedNodes: 2 })] })],
			subnets: [subnet({ ipConfigurations: 58 })],
		});
		const { scenarios } = viewOf(
			{ ...view.budget, limit: range(88) },
			view.entries,
		);
		expect(scenarios.upgrade).toMatchObject({
			demand: range(87, 89),
			verdict: "tight",
			decidedBy: "documentation",
		});
	});

	it("all pools at once", () => {
		// 6 nodes and 1 surge node alone, 2 together, of 7.
		const { scenarios } = modelled(7, overlay([{}, { name: "b" }]));
		expect(scenarios.upgrade).toMatchObject({
			demand: range(7, 8),
			verdict: "tight",
			decidedBy: "pools-at-once",
		});
	});

	it("neighbors, or neighbors and all pools at once", () => {
		// a: 6 nodes in two pools, b: 1 node, at most 3: full 7 to 9, full-upgrade 8 to 11.
		const { view } = seen({
			clusters: [
				overlayCluster({ name: "a", pools: [pool(), pool({ name: "b" })] }),
				overlayCluster({
					name: "b",
					pools: [pool({ reportedNodes: 1, maxNodes: 3 })],
				}),
			],
			subnets: [subnet({ ipConfigurations: 7 })],
		});
		const { scenarios } = viewOf(
			{ ...view.budget, limit: range(8) },
			view.entries,
		);
		expect(scenarios.full).toMatchObject({
			demand: range(7, 9),
			verdict: "tight",
			decidedBy: "neighbors",
		});
		expect(scenarios["full-upgrade"]).toMatchObject({
			demand: range(8, 11),
			verdict: "tight",
			decidedBy: "neighbors-and-pools-at-once",
		});
	});

	it("the full surge, where AKS falls back to one", () => {
		// 3 nodes and 1 to 3 surge nodes of 5.
		const { scenarios } = modelled(
			5,
			overlay([
				{ kubernetesVersion: "1.35.0", surge: { kind: "nodes", nodes: 3 } },
			]),
		);
		expect(scenarios.upgrade).toMatchObject({
			demand: range(4, 6),
			verdict: "tight",
			decidedBy: "surge",
		});
	});

	it("how much of it is usable", () => {
		// A pod subnet /23: 30 to 32 blocks; 16 nodes of 2.
		const { view } = seen(
			{
				clusters: [
					cluster({
						pools: [
							pool({
								reportedNodes: 0,
								maxNodes: 16,
								podSubnet: subnetId("pods"),
								staticBlocks: true,
							}),
						],
					}),
				],
				subnets: [
					subnet(),
					subnet({ id: subnetId("pods"), prefixes: ["10.1.4.0/23"] }),
				],
			},
			"pod-blocks",
		);
		expect(view.scenarios.full).toMatchObject({
			demand: range(32),
			free: range(-2, 0),
			verdict: "tight",
			decidedBy: "limit",
		});
	});

	it("nothing, where it fits or is short", () => {
		const { scenarios } = modelled(251, {});
		expect(scenarios.today.decidedBy).toBeNull();
		expect(modelled(50, {}).scenarios.today.decidedBy).toBeNull();
	});
});

describe("additional nodes", () => {
	it("are whole nodes at their highest and lowest demand", () => {
		// 251 - 87 = 164: floor(164 / 31) = 5, floor(164 / 29) = 5; while upgrading 135 to 133 left.
		const { view } = seen({
			subnets: [subnet({ ipConfigurations: 87 })],
		});
		expect(additionalNodes(view, "today")).toEqual({ np: range(5) });
		// 251 - (87 + 31) = 133 -> 4. 251 - (87 + 29) = 135 -> 4.
		expect(additionalNodes(view, "upgrade")).toEqual({ np: range(4) });
	});

	it("differ by pool", () => {
		// 251 - 87 - 2 x 31 = 102: 3 of 29 (measured), 3 of 31.
		const { view } = seen({
			clusters: [
				cluster({
					pools: [
						pool(),
						pool({ name: "win", windows: true, reportedNodes: 2 }),
					],
				}),
			],
			subnets: [subnet({ ipConfigurations: 149 })],
			scaleSets: [
				scaleSet(),
				scaleSet({ pool: "win", capacity: 2, interfaces: [nodeInterface(31)] }),
			],
		});
		expect(additionalNodes(view, "today")).toEqual({
			np: range(3),
			win: range(3),
		});
	});

	it.each([
		// AKS#2531: kubenet in a /26 with 24 free: 24 more nodes are had, 30 are not.
		{ observed: 35, left: 24 },
		{ observed: 59, left: 0 },
		{ observed: 58, left: 1 },
	])("$left of a kubenet /26 with $observed taken", ({ observed, left }) => {
		const { view } = seen({
			clusters: [kubenetCluster()],
			subnets: [
				subnet({
					prefixes: ["10.1.0.0/26"],
					ipConfigurations: observed,
					routeTable: routeTableId(),
				}),
			],
			routeTables: [routeTable({ routes: 3 })],
			scaleSets: [scaleSet({ capacity: 3, interfaces: [nodeInterface(1)] })],
		});
		expect(additionalNodes(view, "today")).toEqual({ np: range(left) });
	});

	it("are never less than none", () => {
		// Nine first batches of 16 to 17 in a /25 of 123.
		const { view } = seen(
			{
				clusters: [
					cluster({
						pools: [pool({ reportedNodes: 9, podSubnet: subnetId("pods") })],
					}),
				],
				subnets: [
					subnet(),
					subnet({ id: subnetId("pods"), prefixes: ["10.1.4.0/25"] }),
				],
			},
			"pod-subnet",
		);
		expect(additionalNodes(view, "today")).toEqual({ np: range(0) });
	});

	it("are at least none, at most a number, if the use is unknown", () => {
		const { view } = seen({});
		// 251 - 87 = 164: at most 5.
		expect(additionalNodes(view, "today")).toEqual({ np: range(0, 5) });
	});
});

describe("an API server's subnet", () => {
	const api = subnetId("apiserver");
	const withApi = (name: string, subnet: string | null = api) =>
		cluster({ name, apiServer: { subnet } });

	it.each([
		// Nine addresses a cluster: 11 usable in a /28, 27 in a /27.
		{ clusters: ["a"], prefix: "10.1.8.0/28", demand: 9, verdict: "fits" },
		{
			clusters: ["a", "b"],
			prefix: "10.1.8.0/28",
			demand: 18,
			verdict: "short",
		},
		{
			clusters: ["a", "b", "c"],
			prefix: "10.1.8.0/27",
			demand: 27,
			verdict: "fits",
		},
		{
			clusters: ["a", "b", "c", "d"],
			prefix: "10.1.8.0/27",
			demand: 36,
			verdict: "short",
		},
	])(
		"of $prefix for $clusters is $verdict in all scenarios",
		({ clusters, prefix, demand: nine, verdict }) => {
			const { view, azure } = seen(
				{
					clusters: clusters.map((name) => withApi(name)),
					// Each API server has a frontend in the list, which is one of its nine.
					subnets: [
						subnet({ prefixes: ["10.1.0.0/22"] }),
						subnet({
							id: api,
							prefixes: [prefix],
							ipConfigurations: clusters.length,
						}),
					],
				},
				"api-server-subnet",
			);
			expect(demand(view)).toEqual({
				today: range(nine),
				upgrade: range(nine),
				full: range(nine),
				"full-upgrade": range(nine),
			});
			expect(verdicts(view)).toEqual([verdict, verdict, verdict, verdict]);
			// Nine for each API server. How Azure checks it is not known.
			expect(azure.change.requested).toEqual(range(9));
		},
	);

	it.each([
		{ what: "named and not visible", subnet: api },
		{ what: "made by AKS and not visible", subnet: null },
	])("$what is unknown", ({ subnet }) => {
		const { view } = budgetIn(
			fleetOf({ clusters: [withApi("a", subnet)] }),
			"api-server-subnet",
		);
		expect(view.scenarios.today.verdict).toBe("unknown");
	});

	it("that is not visible leaves the cluster's other budgets to be judged", () => {
		const fleet = fleetOf({
			clusters: [withApi("a")],
			subnets: [subnet({ ipConfigurations: 87 })],
		});
		expect(why(fleet)).toContain("its subnet apiserver is not visible");
		expect(
			judgedIn(fleet)
				.filter(({ view }) => view.budget.open.length > 0)
				.map(({ view }) => view.budget.id),
		).toEqual([api]);
	});
});

describe("routes of kubenet", () => {
	const withRoutes = (routes: number | null, nodes: Partial<NodePool>) =>
		seen(
			{
				clusters: [
					kubenetCluster({ podCidr: "10.240.0.0/14", pools: [pool(nodes)] }),
				],
				subnets: [
					subnet({
						prefixes: ["10.1.0.0/20"],
						routeTable: routeTableId(),
						ipConfigurations: nodes.reportedNodes ?? 0,
					}),
				],
				routeTables: [routeTable({ routes })],
			},
			"routes",
		).view;

	it("custom routes are other resources of the table", () => {
		const view = withRoutes(374, {
			reportedNodes: 362,
			maxNodes: 393,
			surge: { kind: "nodes", nodes: 5 },
		});
		// 362 node routes and 12 of people; 5 surge; 393 + 12 = 405 of 400.
		expect(view.budget).toMatchObject({
			id: routeTableId(),
			limit: range(400),
			observed: range(374),
		});
		expect(view.now).toMatchObject({
			demand: range(374),
			otherResources: range(12),
		});
		expect(demand(view)).toEqual({
			today: range(374),
			upgrade: range(379),
			full: range(405),
			"full-upgrade": range(410),
		});
		expect(verdicts(view)).toEqual(["fits", "fits", "short", "short"]);
	});

	it.each([
		{ nodes: 400, verdict: "fits" },
		{ nodes: 401, verdict: "short" },
	])("$nodes nodes without a custom route: $verdict", ({ nodes, verdict }) => {
		expect(
			withRoutes(3, { reportedNodes: 3, maxNodes: nodes }).scenarios.full
				.verdict,
		).toBe(verdict);
	});

	it("that Azure does not list are unknown beyond those of the nodes", () => {
		const view = withRoutes(null, { reportedNodes: 3 });
		expect(view.scenarios.today).toMatchObject({
			demand: range(3, null),
			verdict: "unknown",
		});
	});

	it("are found in the node resource group where AKS made the table", () => {
		const id = routeTableId("aks-agentpool-12345678-routetable").replace(
			"rg-net",
			"mc_a",
		);
		const { view } = seen(
			{
				clusters: [kubenetCluster()],
				subnets: [subnet({ ipConfigurations: 3 })],
				routeTables: [
					routeTable({
						id,
						group: `${cluster().subscription}/mc_a`,
						routes: 3,
					}),
				],
			},
			"routes",
		);
		expect(view.budget.id).toBe(id);
	});

	it("of two clusters in one table add up", () => {
		const { view } = seen(
			{
				clusters: [
					kubenetCluster({ name: "a", pools: [pool({ maxNodes: 5 })] }),
					kubenetCluster({
						name: "b",
						pools: [pool({ reportedNodes: 2, maxNodes: 4 })],
					}),
				],
				subnets: [subnet({ routeTable: routeTableId(), ipConfigurations: 5 })],
				routeTables: [routeTable({ routes: 8 })],
			},
			"routes",
		);
		expect(view.budget.sharedBy).toBe(2);
		expect(view.now.otherResources).toEqual(range(3));
		// 8 + 2. 8 + 2 + 2.
		expect(view.scenarios.full.demand).toEqual(range(10, 12));
	});
});

describe("a pod range", () => {
	it.each([
		{
			what: "reported",
			podCidr: "10.244.0.0/20",
			limit: range(16),
			verdict: "fits",
		},
		{
			what: "not reported",
			podCidr: null,
			limit: range(0, null),
			verdict: "unknown",
		},
	])("that is $what", ({ podCidr, limit, verdict }) => {
		const { view } = seen(
			{ clusters: [overlayCluster({ podCidr })] },
			"pod-range",
		);
		expect(view.budget.limit).toEqual(limit);
		expect(view.scenarios.today.verdict).toBe(verdict);
	});
});

describe("a cluster that cannot be evaluated", () => {
	it.each<{ what: string; of: Partial<Inventory>; reason: string }>([
		{
			what: "its network's subscription is not readable",
			of: {
				clusters: [
					cluster({
						pools: [
							pool({
								nodeSubnet: subnetId().replace(
									cluster().subscription,
									"00000000-0000-4000-8000-00000000000f",
								),
							}),
						],
					}),
				],
			},
			reason:
				"The virtual network is in subscription 00000000-0000-4000-8000-00000000000f, which is not visible",
		},
		{
			what: "its network is not visible",
			of: { subnets: [] },
			reason:
				"Virtual network net or its subnet nodes is not visible. The auditor needs Reader on it.",
		},
		{
			what: "its pod subnet is not visible",
			of: {
				clusters: [cluster({ pools: [pool({ podSubnet: subnetId("pods") })] })],
			},
			reason: "its subnet pods is not visible",
		},
		{
			what: "its managed network is not visible",
			of: { clusters: [cluster({ pools: [pool({ nodeSubnet: null })] })] },
			reason: "No virtual network is visible in the node resource group mc_a",
		},
		{
			what: "it shows no pools and makes none itself",
			of: { clusters: [cluster({ pools: [] })] },
			reason: "no node pools",
		},
		{
			what: "rows of subnets are missing",
			of: { subnets: [], lost: { ...nothingLost, subnets: null } },
			reason:
				"Subnet net/nodes is missing from the answer of Resource Graph, which lost rows",
		},
	])("because $what", ({ of, reason }) => {
		expect(why(fleetOf(of))).toContain(reason);
	});

	it.each<{ what: string; of: Partial<Inventory>; reason: string }>([
		{
			what: "rows of scale sets are missing, its own among them",
			of: { lost: { ...nothingLost, scaleSets: null } },
			reason:
				"pool np: its scale set is missing from the answer of Resource Graph, which lost rows",
		},
		{
			what: "a row of its node resource group could not be read",
			of: {
				unreadableGroups: new Map([
					[nodeGroup(), "row of aks-np could not be read: field capacity"],
				]),
			},
			reason: "pool np: row of aks-np could not be read: field capacity",
		},
		{
			what: "the scale set shows no size",
			of: { scaleSets: [scaleSet({ capacity: null })] },
			reason:
				"pool np: scale set aks-np-12345678-vmss shows no size (sku.capacity)",
		},
		{
			what: "what its nodes hold is among rows that are missing",
			of: { scaleSets: [scaleSet({ interfacesKnown: false })] },
			reason: "pool np: the rows with the IPs of its nodes are missing",
		},
	])("in the budgets of one pool alone, because $what", ({ of, reason }) => {
		const fleet = fleetOf({
			clusters: [
				overlayCluster({
					apiServer: { subnet: subnetId("api") },
					pools: [pool(), pool({ name: "vm", type: "virtual-machines" })],
				}),
			],
			subnets: [subnet(), subnet({ id: subnetId("api") })],
			...of,
		});
		expect(why(fleet)).toBeNull();
		expect(
			Object.fromEntries(
				judgedIn(fleet).map(({ view: { budget } }) => [
					budget.id,
					budget.open
						.filter(({ kind }) => kind === "not-read")
						.map((opening) => opening.reason)
						.filter((reason) => reason.startsWith("pool")),
				]),
			),
		).toEqual({
			[subnetId()]: [reason],
			[`${clusterId()}/pod-range`]: [reason],
			[`${clusterId()}/cluster-nodes`]: [reason],
			[`${clusterId()}/pool-nodes/np`]: [reason],
			[`${clusterId()}/pool-nodes/vm`]: [],
			[subnetId("api")]: [],
		});
	});

	it("is in the fleet with its ID and the reason when its row could not be read", () => {
		const { clusters } = fleetOf({
			clusters: [],
			unreadableClusters: [
				unreadableCluster({
					id: clusterId("bad"),
					reason: "field version: Invalid type",
				}),
			],
		});
		expect(clusters).toMatchObject([
			{
				id: cluster({ name: "bad" }).id,
				name: "bad",
				subscription: cluster().subscription,
				cluster: null,
				notEvaluated:
					"The row of the cluster could not be read: field version: Invalid type",
			},
		]);
	});

	it("does not touch the rest", () => {
		const fleet = fleetOf({
			clusters: [
				cluster({ name: "a" }),
				cluster({ name: "b", pools: [pool({ nodeSubnet: subnetId("gone") })] }),
			],
		});
		expect([why(fleet, "a"), why(fleet, "b") === null]).toEqual([null, false]);
	});

	it("needs no scale set of a pool without nodes, even where rows are missing", () => {
		expect(
			budgetIn(
				fleetOf({
					clusters: [cluster({ pools: [pool({ reportedNodes: 0 })] })],
					subnets: [subnet({ ipConfigurations: 0 })],
					lost: { ...nothingLost, scaleSets: null },
				}),
			).view.budget.open,
		).toEqual([]);
	});
});

describe("budgets of a cluster", () => {
	it.each<{ what: string; of: Cluster; kinds: BudgetKind[] }>([
		{
			what: "node subnet",
			of: cluster(),
			kinds: ["subnet", "cluster-nodes", "pool-nodes"],
		},
		{
			what: "overlay",
			of: overlayCluster(),
			kinds: ["subnet", "pod-range", "cluster-nodes", "pool-nodes"],
		},
		{
			what: "kubenet",
			of: kubenetCluster(),
			kinds: ["subnet", "pod-range", "routes", "cluster-nodes", "pool-nodes"],
		},
		{
			what: "BYO CNI with a pod range that AKS does not manage",
			of: cluster({ plugin: "none", podCidr: "10.244.0.0/16" }),
			kinds: ["subnet", "cluster-nodes", "pool-nodes"],
		},
	])("of $what", ({ of, kinds }) => {
		const fleet = fleetOf({ clusters: [of] });
		expect(why(fleet)).toBeNull();
		expect(
			kinds.map((kind) => seen({ clusters: [of] }, kind).view.budget.kind),
		).toEqual(kinds);
	});

	it("without an ARM id of their own are named after the cluster", () => {
		const ids = (["pod-range", "cluster-nodes", "pool-nodes"] as const).map(
			(kind) => seen({ clusters: [overlayCluster()] }, kind).view.budget.id,
		);
		const id = cluster().id;
		expect(ids).toEqual([
			`${id}/pod-range`,
			`${id}/cluster-nodes`,
			`${id}/pool-nodes/np`,
		]);
	});
});
