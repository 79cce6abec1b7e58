import { describe, expect, it } from "vitest";
import type { Cluster, Inventory } from "../../shared/inventory/facts.ts";
import { viewOf } from "../../shared/model/view.ts";
import { notEvaluated } from "../../shared/rules/notEvaluated.ts";
import { unboundedGrowth } from "../../shared/rules/unboundedGrowth.ts";
import {
	cluster,
	clusterOf,
	fleetOf,
	overlayCluster,
	pool,
	range,
	scaleSet,
	seen,
	subnet,
} from "../model/builders.ts";
import { outcomeIn, outcomeOf, violation } from "./facts.ts";

const auto = { autoProvisioning: true } as const;

/** Three overlay nodes of one address each, and what auto-provisioning may add. */
function overlay(
	prefix: string,
	neighbors: readonly Cluster[] = [],
): Partial<Inventory> {
	return {
		clusters: [overlayCluster(auto), ...neighbors],
		subnets: [
			subnet({
				prefixes: [prefix],
				ipConfigurations: 3 + 2 * neighbors.length,
			}),
		],
	};
}

function limited(limit: number, neighbors: readonly Cluster[] = []) {
	const of = overlay("10.0.0.0/8", neighbors);
	const judged = seen(of);
	const budget = { ...judged.view.budget, limit: range(limit) };
	return outcomeOf(
		unboundedGrowth,
		{ ...judged, view: viewOf(budget, judged.view.entries) },
		{ cluster: clusterOf(fleetOf(of)).cluster },
	).kind;
}

describe("auto-provisioning without a maximum", () => {
	it.each([
		// 3 today + 4,997 x 1.
		{ limit: 5000, kind: "fine" },
		{ limit: 4999, kind: "violated" },
	])("$limit addresses for 5,000 overlay nodes: $kind", ({ limit, kind }) => {
		expect(limited(limit)).toBe(kind);
	});

	it.each([
		// 3 + 2 today, 4,997 more, and 2 of a neighbor that has 2 and may have 4.
		{ limit: 5004, kind: "fine" },
		{ limit: 5003, kind: "violated" },
	])("$limit addresses with a neighbor: $kind", ({ limit, kind }) => {
		const b = overlayCluster({
			name: "b",
			pools: [pool({ reportedNodes: 2, maxNodes: 4 })],
		});
		expect(limited(limit, [b])).toBe(kind);
	});

	it("of a neighbor as well is not evaluated where its own would fit", () => {
		const b = overlayCluster({
			...auto,
			name: "b",
			pools: [pool({ reportedNodes: 2 })],
		});
		expect(limited(60_000, [b])).toBe("not-evaluated");
		expect(limited(4999, [b])).toBe("violated");
	});

	it.each([
		// Flat, max pods 30: 3 x 29 + 4,997 x 30 = 149,997 of 131,067 (/15) or 262,139 (/14).
		{ prefix: "10.0.0.0/15", kind: "violated" },
		{ prefix: "10.0.0.0/14", kind: "fine" },
	])("flat in $prefix: $kind", ({ prefix, kind }) => {
		const of = {
			clusters: [cluster(auto)],
			subnets: [subnet({ prefixes: [prefix], ipConfigurations: 87 })],
			scaleSets: [scaleSet()],
		};
		expect(outcomeIn(unboundedGrowth, of).kind).toBe(kind);
	});

	it.each([
		// 4,096 and 8,192 blocks of /24.
		{ podCidr: "10.16.0.0/12", kind: "violated" },
		{ podCidr: "10.32.0.0/11", kind: "fine" },
		{ podCidr: null, kind: "not-evaluated" },
	])("pod range $podCidr: $kind", ({ podCidr, kind }) => {
		const of = {
			...overlay("10.1.0.0/16"),
			clusters: [overlayCluster({ ...auto, podCidr })],
		};
		expect(outcomeIn(unboundedGrowth, of, "pod-range").kind).toBe(kind);
	});

	it("ends at the cluster's own limit of nodes, which is not a finding", () => {
		expect(
			outcomeIn(unboundedGrowth, overlay("10.1.0.0/24"), "cluster-nodes").kind,
		).toBe("fine");
	});

	it("is not evaluated where Azure does not show what is taken", () => {
		const of = {
			clusters: [overlayCluster(auto)],
			subnets: [subnet({ prefixes: ["10.1.0.0/16"] })],
		};
		expect(outcomeIn(unboundedGrowth, of).kind).toBe("not-evaluated");
	});

	it("is fine where it is off, or a neighbor's alone", () => {
		const b = overlayCluster({ ...auto, name: "b" });
		const of = {
			...overlay("10.1.0.0/24"),
			clusters: [overlayCluster(), b],
		};
		expect(outcomeIn(unboundedGrowth, of).kind).toBe("fine");
	});

	it("is medium, with autoscaler max unknown and the room that is free", () => {
		const found = violation(outcomeIn(unboundedGrowth, overlay("10.1.0.0/24")));
		expect(found).toMatchObject({
			severity: "medium",
			scenario: "full",
			verdict: "unknown",
			limit: range(251),
			demand: range(3, null),
			free: range(null, 248),
			reasons: [
				{
					kind: "cause",
					text: "Node auto-provisioning is on, and Azure shows no maximum. With 5,000 nodes, the limit of AKS, it needs 5,000 IPs and has 251.",
				},
				{
					kind: "demand",
					text: "Needs 3 IPs now, has 251 usable IPs in 10.1.0.0/24. Room for 248 more nodes.",
				},
			],
		});
	});
});

describe("what is unknown is never silent", () => {
	it.each([
		// A neighbor of 2 nodes that may have 300: own growth unknown, 251 exceeded by the neighbor alone.
		{ what: "a neighbor outgrows it", prefix: "10.1.0.0/24", maxNodes: 300 },
		{ what: "a neighbor stays", prefix: "10.1.0.0/24", maxNodes: 2 },
		{ what: "a neighbor is unbounded", prefix: "10.0.0.0/16", maxNodes: null },
	])("$what", ({ prefix, maxNodes }) => {
		const b = overlayCluster({
			name: "b",
			pools: [pool({ reportedNodes: 2, maxNodes, autoscaling: true })],
		});
		const of = overlay(prefix, [b]);
		expect(seen(of).view.scenarios.full.verdict).toBe("unknown");
		const said = [unboundedGrowth, notEvaluated].map(
			(rule) => outcomeIn(rule, of).kind,
		);
		expect(said).toContain("violated");
	});
});
