import { describe, expect, it } from "vitest";
import type {
	Cluster,
	Inventory,
	NodePool,
} from "../../shared/inventory/facts.ts";
import { podsPerNodeLow } from "../../shared/rules/podsPerNodeLow.ts";
import { cluster, pool, range, subnet, subnetId } from "../model/builders.ts";
import { outcomeIn, thresholds, violation } from "./facts.ts";

const pods = subnetId("pods");

function of(nodes: number, overrides: Partial<NodePool> = {}, name = "a") {
	return cluster({
		name,
		pools: [
			pool({
				reportedNodes: nodes,
				maxPods: 110,
				podSubnet: pods,
				...overrides,
			}),
		],
	});
}

/** A pod subnet of 251 addresses. */
function fleet(...clusters: readonly Cluster[]): Partial<Inventory> {
	return {
		clusters,
		subnets: [subnet(), subnet({ id: pods, prefixes: ["10.1.4.0/24"] })],
	};
}

const outcome = (clusters: readonly Cluster[], podsPerNode = 30) =>
	outcomeIn(podsPerNodeLow, fleet(...clusters), "pod-subnet", {
		thresholds: { ...thresholds, podsPerNode },
	});

describe("pods a node of a dynamic pod subnet", () => {
	it.each([
		// (251 - nodes) / 16 = 15 batches = 240 addresses, 8 of each node's unused.
		{ nodes: 0, pods: "none", kind: "fine" },
		{ nodes: 6, pods: "240 / 6 - 8 = 32", kind: "fine" },
		{ nodes: 7, pods: "240 / 7 - 8 = 26", kind: "violated" },
		{ nodes: 14, pods: "224 / 14 - 8 = 8", kind: "violated" },
		// 15 x 17 = 255 is tight, 16 x 16 = 256 short: that is capacity-shortfall's.
		{ nodes: 15, pods: "no first batch for certain", kind: "fine" },
		{ nodes: 16, pods: "no first batch", kind: "fine" },
	])("$nodes nodes, $pods: $kind", ({ nodes, kind }) => {
		expect(outcome([of(nodes)]).kind).toBe(kind);
	});

	it.each([
		// A node asks for no more than its max pods: 240 / 8 = 30, 240 / 9 = 26.
		{ nodes: 8, maxPods: 30, kind: "fine" },
		{ nodes: 9, maxPods: 30, kind: "violated" },
		// 240 / 11 = 21: all of 21, 13 of 22.
		{ nodes: 11, maxPods: 21, kind: "fine" },
		{ nodes: 11, maxPods: 22, kind: "violated" },
	])("$nodes nodes of at most $maxPods pods: $kind", ({ nodes, ...rest }) => {
		expect(outcome([of(nodes, { maxPods: rest.maxPods })]).kind).toBe(
			rest.kind,
		);
	});

	it("asks for what the setting says", () => {
		expect(outcome([of(7)], 26).kind).toBe("fine");
		expect(outcome([of(7)], 27).kind).toBe("violated");
	});

	it("counts the autoscaler's maximum, and neighbors at theirs", () => {
		expect(outcome([of(3, { maxNodes: 7 })]).kind).toBe("violated");
		const neighbor = of(1, { maxNodes: 4 }, "b");
		expect(outcome([of(3)]).kind).toBe("fine");
		expect(outcome([of(3), neighbor]).kind).toBe("violated");
	});

	it("proposes a larger subnet than the present one, also where its size would do on paper", () => {
		// (251 - 4) / 16 = 15 batches: 240 / 4 = 60 of 61. 4 x (61 + 1) = 248 fit a /24, but not in whole batches.
		const [remedy] = violation(outcome([of(4, { maxPods: 61 })], 60)).remedies;
		expect(remedy?.title).toContain("new /23 pod subnet");
	});

	it("is not evaluated where a maximum is not known", () => {
		expect(outcome([of(3, { autoscaling: true })]).kind).toBe("not-evaluated");
	});

	it("is info, with pods a node and what is stranded", () => {
		expect(violation(outcome([of(14)]))).toMatchObject({
			severity: "info",
			scenario: "full",
			verdict: "fits",
			limit: range(251),
			demand: range(224, 238),
			free: range(13, 27),
			reasons: [
				{
					kind: "pool",
					text: "pool np: 8 to 9 pods per node on average at autoscaler max (max pods 110)",
				},
				{
					kind: "cause",
					text: "14 nodes share 251 IPs in batches of 16: on average 16 to 17 per node. Each node keeps 8 unused. 11 to 13 IPs fill no batch.",
				},
				{
					kind: "demand",
					text: "Needs 224 to 238 IPs at autoscaler max, has 251 usable IPs in 10.1.4.0/24. This is the first batch of each node.",
				},
			],
			// 30 pods need 48 addresses, and one of the network container: 14 x 49 = 686 of 1,019.
			remedies: [
				{
					kind: "larger-pod-subnet",
					title:
						"Move pools to a new /22 pod subnet for 30 pods per node; 10.1.8.0/22 is free.",
					detail: expect.arrayContaining([
						"Needs 14 nodes x 49 IPs = 686 IPs.",
					]),
				},
			],
		});
	});
});
