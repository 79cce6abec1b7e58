import { expect, it } from "vitest";
import {
	addedUp,
	cluster,
	clusterOf,
	fleetOf,
	memory,
	pool,
	range,
	scaleSet,
	subnet,
	unreadableCluster,
} from "./builders.ts";

it("makes each cluster once, and knows none that has no row", () => {
	const { members, take } = addedUp({
		clusters: [cluster()],
		subnets: [subnet()],
	});
	const [only] = members;
	if (only === undefined) throw new Error("no member");
	expect(take(only).cluster.cluster?.id).toBe(only.id);
	expect(() => take(only)).toThrow(`no row is of cluster ${only.id}`);
});

it("has the nodes of both clusters where Azure shows two of one node resource group", () => {
	const { clusters } = fleetOf({
		clusters: [
			cluster({ name: "a", nodeResourceGroup: "mc_a" }),
			cluster({ name: "b", nodeResourceGroup: "mc_a" }),
		],
		scaleSets: [scaleSet({ capacity: 7 })],
		subnets: [subnet()],
	});
	expect(
		clusters.map(({ cluster }) => cluster?.pools.map(({ nodes }) => nodes)),
	).toEqual([[range(7)], [range(7)]]);
});

it("has a cluster whose row cannot be read, with what was known of it", () => {
	const fleet = fleetOf(
		{
			clusters: [cluster({ name: "b", pools: [pool()] })],
			unreadableClusters: [unreadableCluster()],
			subnets: [subnet()],
		},
		memory([]),
	);
	expect(clusterOf(fleet)).toMatchObject({ cluster: null, budgets: [] });
	expect(fleet.known.map(({ name }) => name)).toEqual(["b"]);
});
