import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { overlap } from "../../shared/cidr.ts";
import type { BudgetName, Remedy } from "../../shared/contract.ts";
import type {
	Cluster,
	Inventory,
	NodePool,
	ScaleSet,
} from "../../shared/inventory/facts.ts";
import { judgeCluster } from "../../shared/judge/judge.ts";
import {
	cluster,
	clusterOf,
	fleetOf,
	inventory,
	nodeInterface,
	pool,
	routeTable,
	routeTableId,
	sharedOf,
	subnet,
	subnetId,
} from "../model/builders.ts";
import { thresholds } from "../rules/facts.ts";
import { type Model, nodes, usedBy, world } from "./world.ts";

const fresh = subnetId("fresh");

/** It says that all will fit. */
function isFix({ detail }: Remedy): boolean {
	return detail.some((sentence) => /^Then all four .* fit/.test(sentence));
}

function shortfalls(facts: Inventory) {
	const fleet = fleetOf(facts);
	return judgeCluster(
		clusterOf(fleet),
		sharedOf(fleet),
		new Set(),
		thresholds,
	).flatMap(({ rule, outcome }) =>
		rule === "capacity-shortfall" &&
		outcome.kind === "violated" &&
		outcome.budget !== null
			? [{ budget: outcome.budget, remedies: outcome.remedies }]
			: [],
	);
}

/** The facts as they are when somebody has done what the remedy says. */
function applied(
	facts: Inventory,
	budget: BudgetName,
	{ kind, title, detail, command: each }: Remedy,
): Inventory {
	const option = (name: string, one = each.join(" ")) =>
		new RegExp(`--${name} (\\S+)`).exec(one)?.[1] ?? "";
	switch (kind) {
		case "lower-autoscaler-maximum":
			return each.reduce(
				(now, one) =>
					withPool(now, option("name", one), {
						maxNodes: Number(option("max-count", one)),
					}),
				facts,
			);
		case "lower-surge":
			return each.reduce(
				(now, one) =>
					withPool(now, option("name", one), {
						surge: { kind: "nodes", nodes: Number(option("max-surge", one)) },
					}),
				facts,
			);
		case "new-pool-lower-max-pods": {
			const maxPods = Number(option("max-pods"));
			return each.reduce((now, one) => {
				const name = option("name", one).replace(/\d+$/, "");
				const changed = withPool(now, name, { maxPods });
				return budget.kind === "subnet"
					? resource(changed, now, [name], maxPods + 1)
					: changed;
			}, facts);
		}
		case "larger-subnet":
			return moved(facts, budget, freeRange(facts, title));
		case "larger-pod-subnet":
			return {
				...withCluster(facts, (one) => ({
					...one,
					pools: one.pools.map((own) => ({ ...own, podSubnet: fresh })),
				})),
				subnets: [
					...facts.subnets,
					subnet({
						id: fresh,
						prefixes: [freeRange(facts, title)],
					}),
				],
			};
		case "larger-pod-range":
			return withCluster(facts, (one) => ({
				...one,
				podCidr: option("pod-cidr"),
			}));
		case "migrate-to-overlay":
			return resource(
				withCluster(facts, (one) => ({
					...one,
					plugin: "azure",
					overlay: true,
					podCidr: option("pod-cidr") || one.podCidr,
				})),
				facts,
				["p", "q"],
				1,
			);
		case "move-others": {
			const count = Number(/Move (\d+) of/.exec(title)?.[1]);
			return withAddresses(facts, -count);
		}
		case "delete-leftover-interfaces": {
			const count = Number(/that frees (\d+) /.exec(title)?.[1]);
			const left = { ...withAddresses(facts, -count), otherResources: [] };
			const next = shortfalls(left)
				.flatMap(({ remedies }) => remedies)
				.find((one) => detail.includes(one.title));
			expect(next !== undefined).toBe(detail.includes("Then do this as well."));
			return next === undefined ? left : applied(left, budget, next);
		}
		default:
			throw new Error(`nobody knows how to do ${kind}`);
	}
}

/** The range that the text names: of the right length, in the network, and nobody else's. */
function freeRange({ networks, subnets }: Inventory, title: string): string {
	const length = /new (\/\d+) (?:pod )?subnet/.exec(title)?.[1] ?? "?";
	const prefix = / (\S+) is free\.$/.exec(title)?.[1] ?? "";
	expect(prefix).toMatch(new RegExp(`${length}$`));
	expect(overlap([prefix], networks[0]?.prefixes ?? [])).toBe(true);
	for (const { prefixes } of subnets)
		expect(overlap([prefix], prefixes)).toBe(false);
	return prefix;
}

function withCluster(
	facts: Inventory,
	change: (one: Cluster) => Cluster,
): Inventory {
	return {
		...facts,
		clusters: facts.clusters.map((one) =>
			one.name === "a" ? change(one) : one,
		),
	};
}

function withPool(
	facts: Inventory,
	name: string,
	change: Partial<NodePool>,
): Inventory {
	return withCluster(facts, (one) => ({
		...one,
		pools: one.pools.map((own) =>
			own.name === name ? { ...own, ...change } : own,
		),
	}));
}

function withAddresses(facts: Inventory, more: number): Inventory {
	return {
		...facts,
		subnets: facts.subnets.map((one) =>
			one.id === nodes
				? { ...one, ipConfigurations: (one.ipConfigurations ?? 0) + more }
				: one,
		),
	};
}

/** Nodes of these pools, as they were in `old`, use this many addresses each now, and the subnet shows it. */
function resource(
	facts: Inventory,
	old: Inventory,
	names: readonly string[],
	addresses: number,
): Inventory {
	const own = old.clusters.find(({ name }) => name === "a");
	if (own === undefined) throw new Error("no cluster a");
	const more = own.pools
		.filter(({ name }) => names.includes(name))
		.map(
			(one) =>
				(one.reportedNodes ?? 0) * (addresses - usedBy(one, modelOf(own))),
		)
		.reduce((sum, count) => sum + count, 0);
	return {
		...withAddresses(facts, more),
		scaleSets: facts.scaleSets.map((set) =>
			isOwn(set) && names.includes(set.pool)
				? { ...set, interfaces: [nodeInterface(addresses)] }
				: set,
		),
	};
}

function modelOf({ plugin, overlay, pools }: Cluster): Model {
	if (plugin === "kubenet") return "kubenet";
	if (overlay) return "overlay";
	return pools.some(({ staticBlocks }) => staticBlocks)
		? "static"
		: "node-subnet";
}

function isOwn({ group }: ScaleSet): boolean {
	return group.endsWith("/mc_a");
}

function moved(
	facts: Inventory,
	budget: BudgetName,
	prefix: string,
): Inventory {
	const own = facts.clusters.find(({ name }) => name === "a");
	if (own === undefined) throw new Error("no cluster a");
	const taken = own.pools.reduce(
		(sum, one) => sum + (one.reportedNodes ?? 0) * usedBy(one, modelOf(own)),
		0,
	);
	expect(budget.id).toBe(nodes);
	const left = withAddresses(
		withCluster(facts, (one) => ({
			...one,
			pools: one.pools.map((pool) => ({ ...pool, nodeSubnet: fresh })),
		})),
		-taken,
	);
	return {
		...left,
		subnets: [
			...left.subnets,
			subnet({
				id: fresh,
				prefixes: [prefix],
				ipConfigurations: taken,
			}),
		],
		scaleSets: left.scaleSets.map((set) =>
			isOwn(set)
				? {
						...set,
						interfaces: (set.interfaces ?? []).map((one) => ({
							...one,
							subnet: fresh,
						})),
					}
				: set,
		),
	};
}

describe("the remedies of a finding", () => {
	const leftover = "delete-leftover-interfaces";

	/** Whether the finding is gone once somebody has done what the remedy says. Advice says itself that it is not. */
	const fixes = (facts: Inventory, budget: BudgetName, remedy: Remedy) => {
		if (remedy.kind === "split") return true;
		if (remedy.command.length === 0 && remedy.kind === "migrate-to-overlay")
			return false;
		return shortfalls(applied(facts, budget, remedy)).every(
			({ budget: { id, kind } }) =>
				kind !== budget.kind || (id !== budget.id && id !== fresh),
		);
	};

	it("have none that leaves it short before one that fixes it", () => {
		let [fixed, partial, both] = [0, 0, 0];
		const kinds = new Set<string>();
		fc.assert(
			fc.property(world, (facts) => {
				for (const { budget, remedies } of shortfalls(facts)) {
					const found = remedies.map((one) => fixes(facts, budget, one));
					const ordered = found.toSorted((a, b) => Number(b) - Number(a));
					expect(found, remedies.map(({ title }) => title).join("\n")).toEqual(
						ordered,
					);
					for (const [index, remedy] of remedies.entries()) {
						expect(isFix(remedy), remedy.title).toBe(found[index]);
						if (found[index]) kinds.add(remedy.kind);
					}
					const first = remedies.findIndex(({ kind }) => kind === leftover);
					expect(first).toBeLessThanOrEqual(0);
					fixed += Number(found[0] === true);
					partial += Number(found[0] === false);
					both += Number(found[0] === true && found.at(-1) === false);
				}
			}),
			{ numRuns: 1000 },
		);
		expect(fixed).toBeGreaterThan(100);
		expect(both).toBeGreaterThan(10);
		expect(partial).toBeLessThan(fixed);
		expect([...kinds].filter((kind) => kind !== "split").sort()).toEqual([
			"delete-leftover-interfaces",
			"larger-pod-range",
			"larger-pod-subnet",
			"larger-subnet",
			"lower-autoscaler-maximum",
			"lower-surge",
			"migrate-to-overlay",
			"move-others",
			"new-pool-lower-max-pods",
		]);
	});

	it("propose only subnets with more usable IPs than the present one", () => {
		let tried = 0;
		fc.assert(
			fc.property(world, (facts) => {
				for (const { budget, remedies } of shortfalls(facts))
					for (const { kind, title } of remedies) {
						if (!/^larger-(pod-)?subnet$/.test(kind)) continue;
						const present = facts.subnets.find(({ id }) => id === budget.id);
						const length = Number(/new \/(\d+)/.exec(title)?.[1]);
						expect(length).toBeLessThan(
							Number(present?.prefixes[0]?.split("/")[1]),
						);
						tried += 1;
					}
			}),
			{ numRuns: 500 },
		);
		expect(tried).toBeGreaterThan(100);
	});
});

/** Nodes in this many parts. No part is larger than another by more than one. */
function inParts(nodes: number, parts: number): number[] {
	return Array.from(
		{ length: parts },
		(_, index) => Math.floor(nodes / parts) + (index < nodes % parts ? 1 : 0),
	);
}

/** Pools of this many parts of the nodes that exist and may exist. */
function poolParts(one: NodePool, parts: number): NodePool[] {
	const nodes = inParts(one.reportedNodes ?? 0, parts);
	const maxima = one.maxNodes === null ? null : inParts(one.maxNodes, parts);
	return nodes.map((reportedNodes, index) => ({
		...one,
		name: `${one.name}${index}`,
		reportedNodes,
		maxNodes: maxima === null ? null : (maxima[index] ?? 0),
	}));
}

const manyNodes = fc.record({
	reportedNodes: fc.integer({ min: 1, max: 1200 }),
	maxNodes: fc.option(fc.integer({ min: 1, max: 2600 }), { nil: null }),
	surge: fc.oneof(
		fc.record({ kind: fc.constant("nodes" as const), nodes: fc.nat(60) }),
		fc.record({ kind: fc.constant("percent" as const), percent: fc.nat(100) }),
		fc.constant({ kind: "blue-green" } as const),
	),
	kubernetesVersion: fc.constantFrom("1.34.2", "1.35.0"),
});

describe("splitting", () => {
	const splits = (facts: Inventory, kind: BudgetName["kind"]) =>
		shortfalls(facts).flatMap(({ budget, remedies }) =>
			remedies
				.filter((one) => one.kind === "split" && budget.kind === kind)
				.map(({ title }) =>
					Number(/(\d+) (?:pools|clusters) of the same/.exec(title)?.[1]),
				),
		);
	const left = (facts: Inventory, kind: BudgetName["kind"]) => {
		const fleet = fleetOf(facts);
		return fleet.clusters.flatMap((one) =>
			judgeCluster(one, sharedOf(fleet), new Set(), thresholds).filter(
				({ rule, outcome }) =>
					rule === "capacity-shortfall" &&
					outcome.kind === "violated" &&
					outcome.budget?.kind === kind,
			),
		);
	};
	const wide = "10.0.0.0/12";

	it("a pool's nodes over pools makes the limit of a pool suffice", () => {
		let tried = 0;
		fc.assert(
			fc.property(manyNodes, (nodes) => {
				const whole = pool({ name: "p", ...nodes });
				const of = (pools: NodePool[]) =>
					inventory({
						clusters: [
							cluster({ overlay: true, podCidr: "10.128.0.0/9", pools }),
						],
						subnets: [subnet({ prefixes: [wide] })],
					});
				for (const parts of splits(of([whole]), "pool-nodes")) {
					tried += 1;
					expect(left(of(poolParts(whole, parts)), "pool-nodes")).toEqual([]);
				}
			}),
			{ numRuns: 300 },
		);
		expect(tried).toBeGreaterThan(20);
	});

	it.each(["routes", "pod-range", "cluster-nodes"] as const)(
		"a cluster makes its %s suffice in each part",
		(kind) => {
			let tried = 0;
			fc.assert(
				fc.property(
					fc.tuple(manyNodes, manyNodes, manyNodes, manyNodes),
					fc.nat(20),
					(nodes, custom) => {
						// A dual-stack kubenet cluster is one whose range cannot grow and that cannot migrate.
						const part = (index: number, pools: NodePool[]) => {
							const table = routeTableId(`t${index}`);
							const own = subnetId(`n${index}`);
							const count = pools.reduce(
								(sum, { reportedNodes }) => sum + (reportedNodes ?? 0),
								0,
							);
							return {
								cluster: cluster({
									name: index === 0 ? "a" : `a${index}`,
									plugin: "kubenet",
									podCidr: "10.128.0.0/13",
									dualStack: true,
									pools: pools.map((one) => ({ ...one, nodeSubnet: own })),
								}),
								subnet: subnet({
									id: own,
									prefixes: [wide],
									routeTable: table,
								}),
								table: routeTable({ id: table, routes: 2 * count + custom }),
							};
						};
						const of = (parts: ReturnType<typeof part>[]) =>
							inventory({
								clusters: parts.map(({ cluster }) => cluster),
								subnets: parts.map(({ subnet }) => subnet),
								routeTables: parts.map(({ table }) => table),
							});
						const pools = nodes.map((one, index) =>
							pool({ name: `p${index}`, ...one }),
						);
						for (const parts of splits(of([part(0, pools)]), kind)) {
							tried += 1;
							const split = pools.map((one) => poolParts(one, parts));
							const all = Array.from({ length: parts }, (_, index) =>
								part(
									index,
									split.flatMap((own) => own.slice(index, index + 1)),
								),
							);
							expect(left(of(all), kind)).toEqual([]);
						}
					},
				),
				{ numRuns: 100 },
			);
			expect(tried).toBeGreaterThan(10);
		},
	);
});

describe("a larger API server subnet", () => {
	const api = subnetId("api");

	it.each([
		// 9 addresses a cluster: 2 do not fit into the 11 of a /28, 4 not into the 27 of a /27.
		{ clusters: 2, prefix: "10.9.0.0/28", length: "/27" },
		{ clusters: 3, prefix: "10.9.0.0/28", length: "/27" },
		{ clusters: 4, prefix: "10.9.0.0/27", length: "/26" },
		{ clusters: 7, prefix: "10.9.0.0/26", length: "/25" },
	])(
		"of $length has room for $clusters clusters, and their findings go",
		({ clusters, prefix, length }) => {
			const of = (prefixes: string[]) =>
				inventory({
					clusters: Array.from({ length: clusters }, (_, index) =>
						cluster({
							name: index === 0 ? "a" : `a${index}`,
							overlay: true,
							podCidr: "10.244.0.0/16",
							apiServer: { subnet: api },
						}),
					),
					subnets: [
						subnet({ prefixes: ["10.1.0.0/16"] }),
						subnet({ id: api, prefixes }),
					],
				});
			const [short, ...others] = shortfalls(of([prefix]));
			expect(others).toEqual([]);
			const [remedy] = short?.remedies ?? [];
			expect(remedy?.kind).toBe("larger-api-server-subnet");
			expect(/ (\/\d+) API/.exec(remedy?.title ?? "")?.[1]).toBe(length);
			expect(shortfalls(of([`10.9.0.0${length}`]))).toEqual([]);
		},
	);
});
