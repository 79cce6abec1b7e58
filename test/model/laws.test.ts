import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ClusterSpec } from "../../local/fleet/clusterSpec.ts";
import { fleet as rawFleet } from "../../local/fleet/fleet.ts";
import { subnetId as rawSubnetId } from "../../local/fleet/ids.ts";
import type { RawResource } from "../../local/fleet/rawResource.ts";
import { type Range, scenarioNames } from "../../shared/contract.ts";
import type {
	Cluster,
	Inventory,
	NodePool,
	OtherResource,
	ScaleSet,
	SurgeSetting,
} from "../../shared/inventory/facts.ts";
import { judgeCluster } from "../../shared/judge/judge.ts";
import { buildFleet, type Fleet } from "../../shared/model/fleet.ts";
import {
	budgetsOf,
	type JudgedBudget,
} from "../../shared/model/judgedBudget.ts";
import { resourcesByKind } from "../../shared/model/resourcesByKind.ts";
import { additionalNodes } from "../../shared/model/view.ts";
import { gathered } from "../inventory/tenant.ts";
import { thresholds } from "../rules/facts.ts";
import {
	cluster,
	clusterOf,
	inventory,
	limits,
	memory,
	nodeGroup,
	nodeInterface,
	pool,
	range,
	routeTable,
	routeTableId,
	scaleSet,
	sharedOf,
	subnet,
	subnetId,
} from "./builders.ts";

const runs = { numRuns: 150 };
const pods = subnetId("pods");
const blocks = subnetId("blocks");
const api = subnetId("api");

const surge: fc.Arbitrary<SurgeSetting> = fc.oneof(
	fc.record({ kind: fc.constant("nodes" as const), nodes: fc.nat(6) }),
	fc.record({ kind: fc.constant("percent" as const), percent: fc.nat(100) }),
	fc.constant({ kind: "default" } as const),
	fc.constant({ kind: "blue-green" } as const),
);

function poolNamed(name: string): fc.Arbitrary<NodePool> {
	return fc
		.record({
			reportedNodes: fc.option(fc.nat(40), { nil: null }),
			maxNodes: fc.option(fc.nat(60), { nil: null }),
			maxPods: fc.integer({ min: 10, max: 250 }),
			windows: fc.boolean(),
			spot: fc.boolean(),
			stopped: fc.boolean(),
			upgrading: fc.boolean(),
			podSubnet: fc.constantFrom(null, pods),
			surge,
			kubernetesVersion: fc.constantFrom("1.31.4", "1.34.2", "1.35.0"),
		})
		.map((facts) => pool({ name, ...facts }));
}

const pools: fc.Arbitrary<NodePool[]> = fc
	.integer({ min: 1, max: 3 })
	.chain((count) =>
		fc.tuple(
			...Array.from({ length: count }, (_, index) => poolNamed(`p${index}`)),
		),
	);

function clusterNamed(name: string): fc.Arbitrary<Cluster> {
	return fc
		.record({
			model: fc.constantFrom("node-subnet", "overlay", "kubenet", "none"),
			pools,
			stopped: fc.boolean(),
			autoProvisioning: fc.boolean(),
			dualStack: fc.boolean(),
			apiServer: fc.constantFrom(null, { subnet: api }),
		})
		.map(({ model, pools, ...facts }) =>
			cluster({
				name,
				...facts,
				plugin: model === "kubenet" || model === "none" ? model : "azure",
				overlay: model === "overlay",
				podCidr: "10.244.0.0/18",
				pools:
					model === "node-subnet"
						? pools
						: pools.map((one) => ({ ...one, podSubnet: null })),
			}),
		);
}

/** Scale sets of some of the pools, with a number of nodes and addresses of their own. */
function scaleSetsOf(clusters: readonly Cluster[]): fc.Arbitrary<ScaleSet[]> {
	const all = clusters.flatMap(({ name, pools }) =>
		pools.map((one) =>
			fc.option(
				fc
					.record({
						capacity: fc.nat(40),
						interfaces: fc.option(
							fc
								.integer({ min: 1, max: 250 })
								.map((count) => [nodeInterface(count)]),
							{ nil: null },
						),
					})
					.map((facts) =>
						scaleSet({ cluster: name, pool: one.name, ...facts }),
					),
				{ nil: null },
			),
		),
	);
	return fc.tuple(...all).map((sets) => sets.filter((set) => set !== null));
}

const otherResources: fc.Arbitrary<OtherResource[]> = fc.array(
	fc
		.record({
			kind: fc.constantFrom(
				"private-endpoint" as const,
				"load-balancer-frontend" as const,
				"virtual-machine" as const,
			),
			subnet: fc.constantFrom(subnetId(), pods),
			group: fc.constantFrom(null, nodeGroup("c0"), "s/rg-tools"),
			addresses: fc.nat(40),
		})
		.map((facts) => ({ ...facts, entries: facts.addresses })),
	{ maxLength: 5 },
);

const tenants: fc.Arbitrary<Inventory> = fc
	.integer({ min: 1, max: 3 })
	.chain((count) =>
		fc.tuple(
			...Array.from({ length: count }, (_, index) => clusterNamed(`c${index}`)),
		),
	)
	.chain((clusters) =>
		fc.record({
			clusters: fc.constant(clusters),
			scaleSets: fc.tuple(
				scaleSetsOf(clusters),
				fc.constantFrom([], [scaleSet({ cluster: "unseen", capacity: 2 })]),
			),
			observed: fc.option(fc.nat(3000), { nil: null }),
			dual: fc.boolean(),
			routes: fc.option(fc.nat(450), { nil: null }),
			otherResources: fc.option(otherResources, { nil: null }),
		}),
	)
	.map(({ clusters, scaleSets, observed, dual, routes, otherResources }) =>
		inventory({
			clusters,
			otherResources,
			scaleSets: scaleSets.flat(),
			subnets: [
				subnet({
					prefixes: dual ? ["10.1.0.0/22", "fd00::/64"] : ["10.1.0.0/22"],
					ipConfigurations: observed,
					routeTable: routeTableId(),
				}),
				subnet({ id: pods, prefixes: ["10.1.8.0/23"] }),
				subnet({ id: blocks, prefixes: ["10.1.12.0/23"] }),
				subnet({ id: api, prefixes: ["10.1.16.0/27"] }),
			],
			routeTables: [routeTable({ routes })],
		}),
	);

const fleetOf = (facts: Inventory): Fleet =>
	buildFleet(facts, memory(), limits);

function everyBudget(fleet: Fleet): JudgedBudget[] {
	return fleet.clusters.flatMap((one) => budgetsOf(one, sharedOf(fleet)));
}

function rangesOf({ view, azure }: JudgedBudget): Range[] {
	return [
		view.budget.limit,
		view.now.demand,
		view.now.otherResources,
		...(resourcesByKind(view) ?? []).map(({ addresses }) => addresses),
		...scenarioNames.flatMap((name) => {
			const { demand, free } = view.scenarios[name];
			return [demand, free, ...Object.values(additionalNodes(view, name))];
		}),
		...(azure === null
			? []
			: [azure.change, azure.upgrade].flatMap(({ requested, available }) => [
					requested,
					available,
				])),
		...view.entries.flatMap(
			({ nodes, growth, surge, surgeAtFull, perNode }) => [
				nodes,
				growth,
				surge,
				surgeAtFull,
				perNode,
			],
		),
	];
}

describe("laws of ranges", () => {
	it("low is never above high, and every end is whole", () => {
		fc.assert(
			fc.property(tenants, (facts) => {
				for (const judged of everyBudget(fleetOf(facts)))
					for (const { low, high } of rangesOf(judged)) {
						if (low !== null) expect(Number.isSafeInteger(low)).toBe(true);
						if (high !== null) expect(Number.isSafeInteger(high)).toBe(true);
						if (low !== null && high !== null)
							expect(low).toBeLessThanOrEqual(high);
					}
			}),
			runs,
		);
	});

	it("a more demanding scenario needs no less", () => {
		fc.assert(
			fc.property(tenants, (facts) => {
				for (const { view } of everyBudget(fleetOf(facts))) {
					const demand = (name: (typeof scenarioNames)[number]) =>
						view.scenarios[name].demand;
					for (const [less, more] of [
						["today", "upgrade"],
						["today", "full"],
						["full", "full-upgrade"],
					] as const)
						expect(noLess(demand(more), demand(less))).toBe(true);
				}
			}),
			runs,
		);
	});
});

describe("what is known of neighbors", () => {
	const judgedWith = (
		facts: Inventory,
		otherResources: Inventory["otherResources"],
	) => everyBudget(fleetOf({ ...facts, otherResources }));

	it("changes no sum and no verdict, where the list is as new as the nodes", () => {
		const demand = (
			facts: Inventory,
			otherResources: Inventory["otherResources"],
		) =>
			judgedWith(facts, otherResources)
				.filter(({ view }) => !view.now.olderThanNodes)
				.map(({ view, azure, mismatch }) => [
					view.budget.id,
					view.now,
					view.scenarios,
					azure,
					mismatch,
				]);
		fc.assert(
			fc.property(tenants, (facts) => {
				expect(demand(facts, facts.otherResources)).toEqual(
					demand(facts, null),
				);
			}),
			runs,
		);
	});

	it("is what counts of them where the list is older, and unknown where rows are missing", () => {
		fc.assert(
			fc.property(tenants, (facts) => {
				const groups = new Set(
					facts.clusters.map(({ name }) => nodeGroup(name)),
				);
				const proven = (facts.otherResources ?? [])
					.filter(({ subnet }) => subnet === subnetId())
					.filter(({ group }) => group === null || !groups.has(group))
					.reduce((total, { addresses }) => total + addresses, 0);
				for (const { view } of everyBudget(fleetOf(facts))) {
					if (!view.now.olderThanNodes || view.budget.kind !== "subnet")
						continue;
					expect(view.now.otherResources).toEqual(
						facts.otherResources === null ? range(0, null) : range(proven),
					);
				}
			}),
			runs,
		);
	});
});

describe("what is measured", () => {
	it("is within what the model expects, or the entry says that it is not", () => {
		let missed = 0;
		fc.assert(
			fc.property(
				fc.integer({ min: 10, max: 250 }),
				fc.boolean(),
				fc.constantFrom("node-subnet" as const, "overlay" as const),
				fc.integer({ min: 1, max: 256 }),
				(maxPods, windows, model, count) => {
					// What the product derives for the same pool without its scale set.
					const of = (scaleSets: ScaleSet[]) => {
						const [judged] = everyBudget(
							fleetOf(
								inventory({
									clusters: [
										cluster({
											overlay: model === "overlay",
											podCidr: model === "overlay" ? "10.244.0.0/16" : null,
											pools: [pool({ maxPods, windows })],
										}),
									],
									scaleSets,
								}),
							),
						);
						const [entry] = judged?.view.entries ?? [];
						if (entry === undefined) throw new Error("no entry");
						return entry;
					};
					const derived = of([]).perNode;
					const counted = of([
						scaleSet({ interfaces: [nodeInterface(count)] }),
					]);
					expect(counted.perNode).toEqual(range(count));
					const within =
						count >= (derived.low ?? 0) &&
						count <= (derived.high ?? Number.POSITIVE_INFINITY);
					if (!within) missed += 1;
					expect(counted.reason.includes(", expected ")).toBe(!within);
				},
			),
			runs,
		);
		expect(missed).toBeGreaterThan(0);
	});
});

function noLess(more: Range, less: Range): boolean {
	const high = more.high ?? Number.POSITIVE_INFINITY;
	const other = less.high ?? Number.POSITIVE_INFINITY;
	return (more.low ?? 0) >= (less.low ?? 0) && high >= other;
}

/** Measured nodes: what a node uses is settled, and each one is seen in the subnet. */
function measured(
	nodes: number,
	{
		maxPods,
		...facts
	}: {
		maxPods: number;
		maxNodes: number | null;
		surge: SurgeSetting;
		kubernetesVersion: string;
	},
	others: number,
): JudgedBudget[] {
	const perNode = maxPods - 1;
	return everyBudget(
		fleetOf(
			inventory({
				clusters: [
					cluster({
						pools: [pool({ maxPods, reportedNodes: nodes, ...facts })],
					}),
				],
				subnets: [
					subnet({
						prefixes: ["10.1.0.0/21"],
						ipConfigurations: nodes * perNode + others,
					}),
				],
				scaleSets: [
					scaleSet({ capacity: nodes, interfaces: [nodeInterface(perNode)] }),
				],
			}),
		),
	);
}

describe("one more node", () => {
	const facts = fc.record({
		maxPods: fc.integer({ min: 10, max: 250 }),
		maxNodes: fc.option(fc.nat(60), { nil: null }),
		surge,
		kubernetesVersion: fc.constantFrom("1.31.4", "1.34.2", "1.35.0"),
	});

	it("never frees anything, where nodes are measured", () => {
		fc.assert(
			fc.property(fc.nat(50), facts, fc.nat(200), (nodes, one, others) => {
				const less = measured(nodes, one, others);
				const more = measured(nodes + 1, one, others);
				for (const [index, { view }] of more.entries())
					for (const name of scenarioNames)
						expect(
							noLess(
								view.scenarios[name].demand,
								less[index]?.view.scenarios[name].demand ?? range(0),
							),
						).toBe(true);
			}),
			runs,
		);
	});

	it("never frees anything, if the models say the demand", () => {
		fc.assert(
			fc.property(
				fc.nat(50),
				facts,
				fc.constantFrom(
					{ podSubnet: pods, staticBlocks: false },
					{ podSubnet: blocks, staticBlocks: true },
					{ podSubnet: null, staticBlocks: false },
				),
				(nodes, one, place) => {
					const at = (count: number) =>
						everyBudget(
							fleetOf(
								inventory({
									clusters: [
										cluster({
											overlay: place.podSubnet === null,
											podCidr: "10.244.0.0/18",
											pools: [pool({ ...one, ...place, reportedNodes: count })],
										}),
									],
									subnets: [
										subnet(),
										subnet({ id: pods }),
										subnet({ id: blocks }),
									],
								}),
							),
						).filter(({ view }) => view.budget.kind !== "subnet");
					const less = at(nodes);
					for (const [index, { view }] of at(nodes + 1).entries())
						for (const name of scenarioNames)
							expect(
								noLess(
									view.scenarios[name].demand,
									less[index]?.view.scenarios[name].demand ?? range(0),
								),
							).toBe(true);
				},
			),
			runs,
		);
	});
});

/** All that is said of each cluster, in an order of its own. */
function said(fleet: Fleet): Record<string, string[]> {
	const shared = sharedOf(fleet);
	return Object.fromEntries(
		fleet.clusters
			.map((one): [string, string[]] => [
				one.id,
				budgetsOf(one, shared)
					.map(({ view, azure, mismatch }) =>
						JSON.stringify([
							view.budget.id,
							view.budget.limit,
							view.now,
							resourcesByKind(view),
							scenarioNames.map((name) => [
								view.scenarios[name],
								Object.entries(additionalNodes(view, name)).sort(),
							]),
							view.exhausted,
							azure,
							mismatch,
						]),
					)
					.sort(),
			])
			.sort(([a], [b]) => (a < b ? -1 : 1)),
	);
}

describe("the order of rows", () => {
	it("of clusters and pools changes nothing", () => {
		fc.assert(
			fc.property(tenants, fc.integer(), (facts, seed) => {
				const shuffled = <T>(items: readonly T[]): T[] =>
					items
						.map((item, index) => ({ item, key: Math.sin(seed + index) }))
						.sort((a, b) => a.key - b.key)
						.map(({ item }) => item);
				// The subnet of auto-provisioned nodes is that of the first pool: here all have the same.
				const again: Inventory = {
					...facts,
					clusters: shuffled(facts.clusters).map((one) => ({
						...one,
						pools: shuffled(one.pools),
					})),
					scaleSets: shuffled(facts.scaleSets),
					otherResources:
						facts.otherResources && shuffled(facts.otherResources),
					subnets: shuffled(facts.subnets),
				};
				expect(said(fleetOf(again))).toEqual(said(fleetOf(facts)));
			}),
			runs,
		);
	});
});

describe("a pool split in two", () => {
	it("of a node subnet changes nothing now and at autoscaler max", () => {
		fc.assert(
			fc.property(
				fc.nat(40),
				fc.nat(40),
				fc.nat(20),
				fc.nat(20),
				fc.boolean(),
				fc.boolean(),
				fc.integer({ min: 10, max: 250 }),
				(left, right, growLeft, growRight, windows, isMeasured, maxPods) => {
					const whole = pool({
						maxPods,
						windows,
						reportedNodes: left + right,
						maxNodes: left + right + growLeft + growRight,
					});
					const parts = [
						pool({
							...whole,
							name: "left",
							reportedNodes: left,
							maxNodes: left + growLeft,
						}),
						pool({
							...whole,
							name: "right",
							reportedNodes: right,
							maxNodes: right + growRight,
						}),
					];
					const perNode = maxPods + (windows ? 1 : -1);
					const view = (of: NodePool[]) => {
						const [judged] = everyBudget(
							fleetOf(
								inventory({
									clusters: [cluster({ pools: of })],
									subnets: [
										subnet({
											prefixes: ["10.1.0.0/19"],
											ipConfigurations: (left + right) * perNode + 3,
										}),
									],
									scaleSets: isMeasured
										? of.map(({ name, reportedNodes }) =>
												scaleSet({
													pool: name,
													capacity: reportedNodes ?? 0,
													interfaces: [nodeInterface(perNode)],
												}),
											)
										: [],
								}),
							),
						);
						if (judged === undefined) throw new Error("no budget");
						return {
							today: judged.view.scenarios.today.demand,
							full: judged.view.scenarios.full.demand,
							change: judged.azure?.change,
						};
					};
					expect(view(parts)).toEqual(view([whole]));
				},
			),
			runs,
		);
	});
});

describe("a shared budget", () => {
	it("has the same today and the same high end of full, seen from each of its clusters", () => {
		fc.assert(
			fc.property(tenants, (facts) => {
				const bySubnet = Map.groupBy(
					everyBudget(fleetOf(facts)).filter(
						({ view }) => view.budget.sharedBy > 1,
					),
					({ view }) => view.budget.id,
				);
				for (const [, [first, ...others]] of bySubnet)
					for (const { view } of others) {
						expect(view.scenarios.today.demand).toEqual(
							first?.view.scenarios.today.demand,
						);
						expect(view.scenarios.full.demand.high).toEqual(
							first?.view.scenarios.full.demand.high,
						);
					}
			}),
			runs,
		);
	});
});

describe("the casing of ids", () => {
	const subscription = "00000000-0000-4000-8000-00000000000a";
	const scope = { subscription, resourceGroup: "RG-Net" };
	const spec = (
		name: string,
		overrides: Partial<ClusterSpec>,
	): ClusterSpec => ({
		subscription,
		resourceGroup: "RG-Aks",
		name,
		location: "westeurope",
		model: "node-subnet",
		nodeSubnet: rawSubnetId(scope, "Net", "Nodes"),
		pools: [{ name: "np", nodes: 3, maxCount: 6 }],
		...overrides,
	});
	const resources = rawFleet({
		subscriptions: [{ id: subscription, name: "One" }],
		networks: [
			{
				scope,
				name: "Net",
				location: "westeurope",
				addressSpace: ["10.1.0.0/16"],
				subnets: [
					{ name: "Nodes", prefixes: ["10.1.0.0/23"] },
					{ name: "Pods", prefixes: ["10.1.4.0/23"], delegatedToAks: true },
				],
			},
		],
		otherResources: (
			[
				"private-endpoint",
				"machine",
				"scale-set",
				"private-link-service",
			] as const
		).map((kind) => ({
			kind,
			scope,
			name: `Some-${kind}`,
			location: "westeurope",
			subnet: rawSubnetId(scope, "Net", "Nodes"),
		})),
		clusters: [
			spec("one", { internalServices: 2 }),
			spec("two", { pools: [{ name: "win", nodes: 2, os: "Windows" }] }),
			spec("three", {
				model: "static-pod-subnet",
				podSubnet: rawSubnetId(scope, "Net", "Pods"),
			}),
			spec("four", { model: "kubenet" }),
		],
	});

	/** Every id in another casing, each letter by the next bit. */
	function recased(text: string, bits: readonly boolean[], at: number): string {
		return [...text]
			.map((letter, index) =>
				bits[(at + index) % bits.length]
					? letter.toUpperCase()
					: letter.toLowerCase(),
			)
			.join("");
	}

	function withCasing(bits: readonly boolean[]): RawResource[] {
		let at = 0;
		return JSON.parse(JSON.stringify(resources), (key, value) => {
			const isId =
				/^(id|vnetSubnetID|podSubnetID|subnetId|nodeResourceGroup)$/.test(key);
			if (!isId || typeof value !== "string") return value;
			at += 1;
			return recased(value, bits, at);
		});
	}

	const findings = async (of: RawResource[]) => {
		const { gaps, inventory } = await gathered(of);
		const fleet = fleetOf(inventory);
		return {
			gaps,
			said: said(fleet),
			outcomes: fleet.clusters
				.map((one) => [
					clusterOf(fleet, one.name).id,
					judgeCluster(one, sharedOf(fleet), new Set(), thresholds),
				])
				.sort(),
		};
	};

	it("changes nothing", async () => {
		const expected = await findings(resources);
		expect(Object.keys(expected.said).length).toBe(4);
		await fc.assert(
			fc.asyncProperty(
				fc.array(fc.boolean(), { minLength: 1, maxLength: 23 }),
				async (bits) => {
					expect(await findings(withCasing(bits))).toEqual(expected);
				},
			),
			{ numRuns: 25 },
		);
	});
});
