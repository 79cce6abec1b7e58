import { describe, expect, it } from "vitest";
import type { NodePool, SurgeSetting } from "../../shared/inventory/facts.ts";
import {
	atLeastVersion,
	type SurgeRule,
	surgeNodes,
	surgeOfRange,
} from "../../shared/model/surge.ts";
import {
	cluster,
	nodeInterface,
	pool,
	range,
	scaleSet,
	seen,
} from "./builders.ts";

const nodes = (count: number): SurgeSetting => ({
	kind: "nodes",
	nodes: count,
});
const percent = (share: number): SurgeSetting => ({
	kind: "percent",
	percent: share,
});
const unset: SurgeSetting = { kind: "default" };
const blueGreen: SurgeSetting = { kind: "blue-green" };

/** A pool's rule, at rest. */
const rule = (of: Partial<NodePool>): SurgeRule => ({
	...pool(of),
	wantedNodes: null,
});

describe("nodes that an upgrade adds", () => {
	it.each<{
		what: string;
		of: Partial<NodePool>;
		at: number;
		surge: { low: number; high: number };
	}>([
		{
			what: "an integer as it is",
			of: { surge: nodes(2) },
			at: 10,
			surge: { low: 2, high: 2 },
		},
		{
			what: "no more than there are nodes",
			of: { surge: nodes(5) },
			at: 3,
			surge: { low: 3, high: 3 },
		},
		{
			what: "none set",
			of: { surge: nodes(0) },
			at: 10,
			surge: { low: 0, high: 0 },
		},
		{
			what: "none set in percent",
			of: { surge: percent(0) },
			at: 10,
			surge: { low: 0, high: 0 },
		},
		{
			what: "of no nodes",
			of: { surge: nodes(3) },
			at: 0,
			surge: { low: 0, high: 0 },
		},
		{
			what: "percent of no nodes",
			of: { surge: percent(33) },
			at: 0,
			surge: { low: 0, high: 0 },
		},
		// 10 % of 8 = 0.8 (SupportArticles-docs PR 2101: 9 nodes effective).
		{
			what: "percent rounded up",
			of: { surge: percent(10) },
			at: 8,
			surge: { low: 1, high: 1 },
		},
		{
			what: "percent of exactly ten",
			of: { surge: percent(10) },
			at: 10,
			surge: { low: 1, high: 1 },
		},
		{
			what: "percent of eleven: 1.1",
			of: { surge: percent(10) },
			at: 11,
			surge: { low: 2, high: 2 },
		},
		// 33 % of 3 = 0.99. Of 4 = 1.32.
		{
			what: "33 percent of three",
			of: { surge: percent(33) },
			at: 3,
			surge: { low: 1, high: 1 },
		},
		{
			what: "33 percent of four",
			of: { surge: percent(33) },
			at: 4,
			surge: { low: 2, high: 2 },
		},
		{
			what: "all of them",
			of: { surge: percent(100) },
			at: 7,
			surge: { low: 7, high: 7 },
		},
		{
			what: "percent beyond all of them",
			of: { surge: percent(200) },
			at: 7,
			surge: { low: 7, high: 7 },
		},
		// Nothing set: one node before 1.32, 10 % from then on.
		{
			what: "nothing set, 1.31",
			of: { surge: unset, kubernetesVersion: "1.31.9" },
			at: 25,
			surge: { low: 1, high: 1 },
		},
		{
			what: "nothing set, 1.32",
			of: { surge: unset, kubernetesVersion: "1.32.0" },
			at: 25,
			surge: { low: 3, high: 3 },
		},
		{
			what: "nothing set, 1.34, ten nodes",
			of: { surge: unset, kubernetesVersion: "1.34.2" },
			at: 10,
			surge: { low: 1, high: 1 },
		},
		{
			what: "nothing set, 1.9, which is older than 1.32",
			of: { surge: unset, kubernetesVersion: "1.9.11" },
			at: 25,
			surge: { low: 1, high: 1 },
		},
		{
			what: "nothing set, a version without a patch",
			of: { surge: unset, kubernetesVersion: "1.33" },
			at: 25,
			surge: { low: 3, high: 3 },
		},
		// From 1.35 AKS falls back to one surge node: ceil(2.5) = 3 at best.
		{
			what: "nothing set, 1.35",
			of: { surge: unset, kubernetesVersion: "1.35.1" },
			at: 25,
			surge: { low: 1, high: 3 },
		},
		{
			what: "five on 1.34",
			of: { surge: nodes(5), kubernetesVersion: "1.34.9" },
			at: 10,
			surge: { low: 5, high: 5 },
		},
		{
			what: "five on 1.35",
			of: { surge: nodes(5), kubernetesVersion: "1.35.0" },
			at: 10,
			surge: { low: 1, high: 5 },
		},
		{
			what: "none on 1.35: nothing to fall back to",
			of: { surge: nodes(0), kubernetesVersion: "1.35.0" },
			at: 10,
			surge: { low: 0, high: 0 },
		},
		{
			what: "33 percent on 2.0",
			of: { surge: percent(33), kubernetesVersion: "2.0.0" },
			at: 10,
			surge: { low: 1, high: 4 },
		},
		{
			what: "no surge of spot nodes",
			of: { spot: true, surge: percent(33) },
			at: 10,
			surge: { low: 0, high: 0 },
		},
		{
			what: "one node of an availability set",
			of: { type: "availability-set", surge: percent(50) },
			at: 10,
			surge: { low: 1, high: 1 },
		},
		{
			what: "one node of an availability set, nothing set",
			of: { type: "availability-set", surge: unset },
			at: 25,
			surge: { low: 1, high: 1 },
		},
		{
			what: "blue-green up to all nodes again",
			of: { surge: blueGreen },
			at: 6,
			surge: { low: 1, high: 6 },
		},
		{
			what: "blue-green of one node",
			of: { surge: blueGreen },
			at: 1,
			surge: { low: 1, high: 1 },
		},
	])("$what", ({ of, at, surge }) => {
		expect(surgeNodes(rule(of), at)).toEqual(surge);
	});
});

describe("surge of a number of nodes within a range", () => {
	it.each([
		// ceil(0.3) of 3, ceil(2.1) of 21.
		{
			what: "percent at both ends",
			of: { surge: percent(10) },
			nodes: range(3, 21),
			surge: range(1, 3),
		},
		{
			what: "an integer of a number without an end",
			of: { surge: nodes(2) },
			nodes: range(0, null),
			surge: range(0, 2),
		},
		{
			what: "percent of a number without an end",
			of: { surge: percent(10) },
			nodes: range(5, null),
			surge: range(1, null),
		},
		{
			what: "spot nodes without an end",
			of: { spot: true },
			nodes: range(5, null),
			surge: range(0),
		},
	])("$what", ({ of, nodes, surge }) => {
		expect(surgeOfRange(rule(of), nodes)).toEqual(surge);
	});
});

describe("a pool that is upgrading has its surge nodes already", () => {
	// Overlay: one address a node. Six nodes now, one of them a surge node.
	const demand = (overrides: Partial<NodePool>) => {
		const { scenarios } = seen(
			{
				clusters: [
					cluster({
						overlay: true,
						podCidr: "10.244.0.0/16",
						pools: [pool({ reportedNodes: 5, ...overrides })],
					}),
				],
				scaleSets: [scaleSet({ capacity: 6, interfaces: [nodeInterface(1)] })],
			},
			"pod-range",
		).view;
		return {
			upgrade: scenarios.upgrade.demand,
			full: scenarios.full.demand,
			"full-upgrade": scenarios["full-upgrade"].demand,
		};
	};

	it.each([
		{
			what: "without autoscaler, at rest",
			of: {},
			upgrade: range(7),
			full: range(6),
			fullUpgrade: range(7),
		},
		{
			what: "without autoscaler, upgrading",
			of: { upgrading: true },
			upgrade: range(6),
			full: range(6),
			fullUpgrade: range(6),
		},
		// 9 at the maximum, one surge node beside them.
		{
			what: "with room to its maximum",
			of: { upgrading: true, maxNodes: 9 },
			upgrade: range(6),
			full: range(9),
			fullUpgrade: range(10),
		},
		// A maximum of 5: the sixth is the surge node.
		{
			what: "at its maximum",
			of: { upgrading: true, maxNodes: 5 },
			upgrade: range(6),
			full: range(6),
			fullUpgrade: range(6),
		},
	])("$what", ({ of, upgrade, full, fullUpgrade }) => {
		expect(demand(of)).toEqual({ upgrade, full, "full-upgrade": fullUpgrade });
	});
});

describe("a version", () => {
	it.each([
		{ version: "1.32.0", is: true },
		{ version: "v1.32", is: true },
		{ version: "1.40.1", is: true },
		{ version: "2.0.0", is: true },
		{ version: "1.31.99", is: false },
		{ version: "1.4.32", is: false },
		{ version: "0.99.0", is: false },
		{ version: "", is: false },
		{ version: "latest", is: false },
	])("$version is 1.32 or later: $is", ({ version, is }) => {
		expect(atLeastVersion(version, 1, 32)).toBe(is);
	});
});
