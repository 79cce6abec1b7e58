import { describe, expect, it } from "vitest";
import type { Cluster, Subnet } from "../../shared/inventory/facts.ts";
import {
	cluster,
	fleetOf,
	listedIn,
	pool,
	subnet,
	subnetId,
} from "./builders.ts";

const pods = subnetId("pods");

/** What the budget with this id gets back, where the clusters with these names are judged. */
function wonBack(
	id: string,
	clusters: readonly Cluster[],
	subnets: readonly Subnet[],
	judged: readonly string[] = ["a", "b"],
): number | undefined {
	const fleet = fleetOf({ clusters: [...clusters], subnets: [...subnets] });
	const list = listedIn(fleet, ({ name }) => judged.includes(name));
	return list.find((one) => one.id === id)?.wonBack;
}

describe("a pod subnet with static blocks", () => {
	const withMaxPods = (maxPods: number, name = "a") =>
		cluster({
			name,
			pools: [pool({ maxPods, podSubnet: pods, staticBlocks: true })],
		});
	const subnets = [subnet(), subnet({ id: pods, prefixes: ["10.2.0.0/22"] })];

	it.each([
		// 32 + 1 IPs are 3 blocks, the third for one pod: 3 nodes x 16.
		{ maxPods: 32, addresses: 48 },
		// 31 + 1 fill two blocks.
		{ maxPods: 31, addresses: 0 },
		// The last block is for 8 of 16, then for 9.
		{ maxPods: 39, addresses: 48 },
		{ maxPods: 40, addresses: 0 },
		// There is one block alone.
		{ maxPods: 10, addresses: 0 },
	])(
		"gets back $addresses IPs of max pods $maxPods",
		({ maxPods, addresses }) => {
			expect(wonBack(pods, [withMaxPods(maxPods)], subnets)).toBe(addresses);
		},
	);

	it("adds up the clusters that share it, and only those that are judged", () => {
		const both = [withMaxPods(32), withMaxPods(35, "b")];
		expect(wonBack(pods, both, subnets)).toBe(96);
		expect(wonBack(pods, both, subnets, ["b"])).toBe(48);
	});
});

describe("a node subnet", () => {
	const withPools = (...pools: Parameters<typeof pool>[0][]) => [
		cluster({ pools: pools.map((one) => pool(one)) }),
	];

	it.each([
		// A /26 has 59 IPs: 59 / 31 = 1 node. It fits 3 nodes of max pods 59 / 3 - 1 = 18: 2 nodes x (30 - 18).
		{ prefix: "10.1.0.0/26", maxPods: 30, addresses: 24 },
		// 123 / 31 = 3 nodes.
		{ prefix: "10.1.0.0/25", maxPods: 30, addresses: 0 },
		// A /27 has 27 IPs: max pods 8 is less than AKS accepts.
		{ prefix: "10.1.0.0/27", maxPods: 30, addresses: 0 },
	])(
		"$prefix gets back $addresses IPs of max pods $maxPods",
		({ prefix, maxPods, addresses }) => {
			const clusters = withPools({ maxPods, reportedNodes: 2 });
			const subnets = [subnet({ prefixes: [prefix] })];
			expect(wonBack(subnetId(), clusters, subnets)).toBe(addresses);
		},
	);

	it("gets nothing back from a pool whose max pods is not known", () => {
		const clusters = withPools({ maxPodsAssumed: true });
		const subnets = [subnet({ prefixes: ["10.1.0.0/26"] })];
		expect(wonBack(subnetId(), clusters, subnets)).toBe(0);
	});
});
