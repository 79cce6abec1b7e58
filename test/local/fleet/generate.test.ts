import { describe, expect, it } from "vitest";
import { addressPlan } from "../../../local/fleet/generate/addressPlan.ts";
import { dice } from "../../../local/fleet/generate/dice.ts";
import { modelShares } from "../../../local/fleet/generate/shares.ts";
import { generateFleet } from "../../../local/fleet/generate.ts";
import {
	list,
	ofType,
	otherResources,
	read,
	subnetsOf,
	types,
} from "./read.ts";

const resources = generateFleet({ clusters: 400, seed: 7 });
const clusters = ofType(resources, types.cluster);
const pools = clusters.flatMap((one) =>
	list(one, "properties.agentPoolProfiles"),
);

describe("a generated fleet", () => {
	it("is the same for the same seed, and another for another", () => {
		const small = (seed: number) =>
			JSON.stringify(generateFleet({ clusters: 20, seed }));

		expect(small(3)).toBe(small(3));
		expect(small(3)).not.toBe(small(4));
	});

	it.each([1, 2, 33])("has %i clusters when asked for that many", (count) => {
		const some = generateFleet({ clusters: count });

		expect(ofType(some, types.cluster)).toHaveLength(count);
	});

	it("has ids that occur once", () => {
		expect(new Set(resources.map(({ id }) => id.toLowerCase())).size).toBe(
			resources.length,
		);
	});

	it("lists as many holders in each subnet as there are", () => {
		const held = otherResources(resources);
		const subnets = subnetsOf(resources);

		expect(subnets.length).toBeGreaterThan(200);
		for (const subnet of subnets)
			expect(subnet, subnet.id).toHaveProperty(
				"held",
				held.get(subnet.id) ?? 0,
			);
	});

	it("has a subnet for every node", () => {
		const known = new Set(subnetsOf(resources).map(({ id }) => id));
		const referred = [...otherResources(resources).keys()];

		expect(referred.filter((id) => !known.has(id))).toEqual([]);
	});

	it("puts no more into a subnet than fits", () => {
		const overfull = ofType(resources, types.network)
			.flatMap((network) => list(network, "properties.subnets"))
			.filter((subnet) => {
				const prefix =
					read(subnet, "properties.addressPrefix") ??
					read(subnet, "properties.addressPrefixes.0");
				const usable = 2 ** (32 - Number(String(prefix).split("/")[1])) - 5;
				return list(subnet, "properties.ipConfigurations").length > usable;
			});

		expect(overfull).toEqual([]);
	});

	it("shows one route for each node of kubenet and those of people", () => {
		const nodeRoutes = ofType(resources, types.routeTable)
			.flatMap((table) => list(table, "properties.routes"))
			.filter((route) => String(read(route, "name")).includes("____"));
		const kubenetNodes = clusters
			.filter(
				(one) =>
					read(one, "properties.networkProfile.networkPlugin") === "kubenet",
			)
			.flatMap((one) => list(one, "properties.agentPoolProfiles"))
			.map((pool) =>
				Number(
					read(pool, "count") ??
						read(pool, "virtualMachineNodesStatus.0.count"),
				),
			);

		expect(nodeRoutes).toHaveLength(
			kubenetNodes.reduce((sum, count) => sum + count, 0),
		);
	});

	it("has all models", () => {
		const shapes = new Set(
			clusters.map((one) => {
				const [pool] = list(one, "properties.agentPoolProfiles");
				return [
					read(one, "properties.networkProfile.networkPlugin"),
					read(one, "properties.networkProfile.networkPluginMode"),
					read(pool, "podSubnetID") === undefined ? undefined : "pod subnet",
					read(pool, "podIPAllocationMode") === "StaticBlock" || undefined,
					read(one, "properties.nodeProvisioningProfile.mode"),
				].join();
			}),
		);

		expect(shapes).toEqual(
			new Set([
				"kubenet,,,,Manual",
				"azure,,,,Manual",
				"azure,overlay,,,Manual",
				"azure,,pod subnet,,Manual",
				"azure,,pod subnet,true,Manual",
				"none,,,,Manual",
				"azure,overlay,,,Auto",
			]),
		);
	});

	it("has one to five pools a cluster, three on average", () => {
		const counts = clusters.map(
			(one) => list(one, "properties.agentPoolProfiles").length,
		);

		expect(Math.min(...counts)).toBe(1);
		expect(Math.max(...counts)).toBe(5);
		expect(pools.length / clusters.length).toBeGreaterThan(2.6);
		expect(pools.length / clusters.length).toBeLessThan(3.4);
	});

	it("shares subnets between clusters", () => {
		const bySubnet = Map.groupBy(
			clusters.filter((one) => subnetOf(one) !== undefined),
			(one) => subnetOf(one),
		);
		const sizes = [...bySubnet.values()].map(({ length }) => length);

		expect(Math.max(...sizes)).toBeGreaterThan(1);
		expect(Math.max(...sizes)).toBeLessThanOrEqual(30);
	});
});

function subnetOf(cluster: unknown): unknown {
	return read(cluster, "properties.agentPoolProfiles.0.vnetSubnetID");
}

it("shares of models add up to all", () => {
	expect(Object.values(modelShares).reduce((sum, one) => sum + one, 0)).toBe(
		100,
	);
});

describe("dice", () => {
	it("reaches both of its bounds and goes no further", () => {
		const chance = dice(9);
		const rolled = Array.from({ length: 200 }, () => chance.between(2, 4));

		expect(new Set(rolled)).toEqual(new Set([2, 3, 4]));
	});

	it("comes out the same for the same seed", () => {
		const rolls = (seed: number) => {
			const chance = dice(seed);
			return Array.from({ length: 5 }, () => chance.roll());
		};

		expect(rolls(5)).toEqual(rolls(5));
		expect(rolls(5)).not.toEqual(rolls(6));
	});

	it("never picks what has no weight", () => {
		const chance = dice(1);

		for (let at = 0; at < 200; at++)
			expect(chance.weighted({ often: 3, never: 0, seldom: 1 })).not.toBe(
				"never",
			);
	});
});

describe("an address plan", () => {
	it("aligns every subnet to its length", () => {
		const cut = addressPlan("10.16.0.0/12");

		expect([cut(28), cut(24), cut(26), cut(22)]).toEqual([
			"10.16.0.0/28",
			"10.16.1.0/24",
			"10.16.2.0/26",
			"10.16.4.0/22",
		]);
	});

	it("says when it is used up", () => {
		const cut = addressPlan("10.0.0.0/24");
		cut(25);

		expect(() => cut(24)).toThrow("10.0.0.0/24 has no /24 left");
	});
});
