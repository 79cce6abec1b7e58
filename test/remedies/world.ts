import fc from "fast-check";
import type {
	Cluster,
	Inventory,
	NodePool,
	ScaleSet,
} from "../../shared/inventory/facts.ts";
import {
	cluster,
	nodeInterface as interfaceOf,
	inventory,
	pool,
	scaleSet,
	subnet,
	subnetId,
} from "../model/builders.ts";

export const nodes = subnetId();
export const pods = subnetId("pods");

export type Model = "node-subnet" | "overlay" | "kubenet" | "static";

function poolOf(name: string, model: Model): fc.Arbitrary<NodePool> {
	return fc
		.record({
			mode: fc.constantFrom("user" as const, "system" as const),
			reportedNodes: fc.integer({ min: 0, max: 6 }),
			maxNodes: fc.option(fc.integer({ min: 1, max: 14 }), { nil: null }),
			minNodes: fc.integer({ min: 0, max: 2 }),
			maxPods: fc.integer({ min: 10, max: 110 }),
			windows: fc.boolean(),
			upgrading: fc.boolean(),
			surge: fc.oneof(
				fc.record({ kind: fc.constant("nodes" as const), nodes: fc.nat(4) }),
				fc.record({
					kind: fc.constant("percent" as const),
					percent: fc.nat(100),
				}),
				fc.constant({ kind: "blue-green" } as const),
			),
			kubernetesVersion: fc.constantFrom("1.34.2", "1.35.0"),
		})
		.map((facts) =>
			pool({
				name,
				...facts,
				windows: facts.windows && model !== "kubenet",
				podSubnet: model === "static" ? pods : null,
				staticBlocks: model === "static",
			}),
		);
}

function clusterNamed(name: string, model: Model): fc.Arbitrary<Cluster> {
	return fc
		.tuple(
			fc.tuple(poolOf("p", model), poolOf("q", model)),
			fc.boolean(),
			fc.constantFrom("10.244.0.0/20", "10.244.0.0/22", "10.244.0.0/16"),
		)
		.map(([both, two, podCidr]) =>
			cluster({
				name,
				pools: two ? both : both.slice(0, 1),
				plugin: model === "kubenet" ? "kubenet" : "azure",
				overlay: model === "overlay",
				podCidr: model === "overlay" || model === "kubenet" ? podCidr : null,
			}),
		);
}

/** Addresses of a node: as measured, else the least of its model. */
export function usedBy(one: NodePool, model: Model): number {
	if (model !== "node-subnet") return 1;
	return one.windows ? one.maxPods + 1 : one.maxPods - 1;
}

/** A subnet that shows what its nodes and other resources use. */
export const world: fc.Arbitrary<Inventory> = fc
	.constantFrom<Model>("node-subnet", "overlay", "kubenet", "static")
	.chain((model) =>
		fc
			.record({
				a: clusterNamed("a", model),
				b: clusterNamed("b", model),
				shared: fc.boolean(),
				measured: fc.boolean(),
				others: fc.nat(30),
				leftovers: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 60 })),
				length: fc.integer({ min: 24, max: 28 }),
				podLength: fc.integer({ min: 22, max: 26 }),
			})
			.map(
				({ a, b, shared, measured, others, leftovers, length, podLength }) => {
					const clusters = shared && model !== "kubenet" ? [a, b] : [a];
					const sets = clusters.flatMap((one) =>
						one.pools.map((own) =>
							scaleSet({
								cluster: one.name,
								pool: own.name,
								capacity: own.reportedNodes ?? 0,
								interfaces: [interfaceOf(usedBy(own, model))],
							}),
						),
					);
					return inventory({
						clusters,
						scaleSets: measured ? sets : [],
						subnets: [
							subnet({
								prefixes: [`10.1.0.0/${length}`],
								ipConfigurations: nodeInterface(sets) + others + leftovers,
							}),
							subnet({ id: pods, prefixes: [`10.2.0.0/${podLength}`] }),
						],
						otherResources:
							leftovers === 0
								? []
								: [
										{
											kind: "leftover-interface",
											subnet: nodes,
											group: null,
											addresses: leftovers,
											entries: leftovers,
										},
									],
					});
				},
			),
	);

function nodeInterface(sets: readonly ScaleSet[]): number {
	return sets.reduce(
		(sum, { capacity, interfaces }) =>
			sum + (capacity ?? 0) * (interfaces?.[0]?.addresses ?? 0),
		0,
	);
}
