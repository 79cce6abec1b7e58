import { describe, expect, it } from "vitest";
import type { Range } from "../../shared/contract.ts";
import { poolGrowth } from "../../shared/model/growth.ts";
import type { SurgeRule } from "../../shared/model/surge.ts";
import { range } from "./builders.ts";

/** An upgrade of five nodes adds two. */
function rule(overrides: Partial<SurgeRule> = {}): SurgeRule {
	return {
		surge: { kind: "nodes", nodes: 2 },
		spot: false,
		type: "scale-set",
		kubernetesVersion: "1.34.2",
		upgrading: true,
		deallocates: false,
		wantedNodes: 5,
		...overrides,
	};
}

describe("a pool of five that is upgrading by two", () => {
	it.each<{
		what: string;
		of?: Partial<SurgeRule>;
		nodes: Range;
		full?: Range;
		surge: Range;
		surgeAtFull?: Range;
	}>([
		{
			what: "at rest adds both to however many there are",
			of: { upgrading: false },
			nodes: range(7),
			surge: range(2),
		},
		{ what: "has none of them yet", nodes: range(5), surge: range(2) },
		{ what: "has one of them", nodes: range(6), surge: range(1) },
		{ what: "has both", nodes: range(7), surge: range(0) },
		// Two nodes asked for are still to come: 3 + 2, and the surge.
		{
			what: "has fewer nodes than it is set to",
			nodes: range(3),
			full: range(5),
			surge: range(2),
		},
		// Three more than five is more than an upgrade adds: the count is old, and so is what it says of surge nodes.
		{
			what: "has more than it may: the count is old",
			nodes: range(8),
			surge: range(0, 2),
		},
		{
			what: "has one more, which may be a node that is stopped and kept",
			of: { deallocates: true },
			nodes: range(6),
			surge: range(1, 2),
		},
		{
			what: "has two more, which may be nodes that are stopped and kept",
			of: { deallocates: true },
			nodes: range(7),
			surge: range(0, 2),
		},
		{
			what: "has none of them yet, whatever it does with nodes that it stops",
			of: { deallocates: true },
			nodes: range(5),
			surge: range(2),
		},
		{
			what: "is set to an unknown number",
			of: { wantedNodes: null },
			nodes: range(6),
			surge: range(2),
		},
		{
			what: "has nodes of an unknown number",
			nodes: range(3, null),
			full: range(5, null),
			surge: range(0, 2),
		},
		// From 1.35 AKS may do with one surge node.
		{
			what: "has one of them, and may do with that",
			of: { kubernetesVersion: "1.35.0" },
			nodes: range(6),
			surge: range(0, 1),
		},
		{
			what: "has no surge as spot",
			of: { spot: true },
			nodes: range(5),
			surge: range(0),
		},
		{
			what: "adds nobody knows how many",
			of: { surge: { kind: "unknown" } },
			nodes: range(5),
			surge: range(0, null),
		},
	])("$what", ({ of, nodes, full = nodes, surge, surgeAtFull = surge }) => {
		expect(poolGrowth(rule(of), nodes, full, null)).toMatchObject({
			surge,
			surgeAtFull,
		});
	});

	it.each([
		// 33 % of ten are four.
		{ nodes: 10, surge: 4 },
		{ nodes: 12, surge: 2 },
		{ nodes: 14, surge: 0 },
	])(
		"counts percent of what it is set to: $nodes of ten",
		({ nodes, surge }) => {
			const percent = rule({
				surge: { kind: "percent", percent: 33 },
				wantedNodes: 10,
			});
			expect(
				poolGrowth(percent, range(nodes), range(nodes), null).surge,
			).toEqual(range(surge));
		},
	);
});

describe("an autoscaled pool that is upgrading by two", () => {
	it.each([
		// The maximum is nine, with the surge eleven.
		{
			what: "one surge node there, room to the maximum",
			wanted: 5,
			nodes: 6,
			full: 9,
			growth: 3,
			surge: 1,
			surgeAtFull: 2,
		},
		{
			what: "both there, and one of them above the maximum",
			wanted: 8,
			nodes: 10,
			full: 10,
			growth: 0,
			surge: 0,
			surgeAtFull: 1,
		},
		{
			what: "at the maximum, both there",
			wanted: 9,
			nodes: 11,
			full: 11,
			growth: 0,
			surge: 0,
			surgeAtFull: 0,
		},
	])("$what", ({ wanted, nodes, full, growth, surge, surgeAtFull }) => {
		expect(
			poolGrowth(rule({ wantedNodes: wanted }), range(nodes), range(full), 9),
		).toEqual({
			nodesAtFull: range(full),
			growth: range(growth),
			surge: range(surge),
			surgeAtFull: range(surgeAtFull),
		});
	});
});

describe("growth", () => {
	it.each([
		{ what: "none", nodes: range(5), full: range(5), growth: range(0) },
		{ what: "some", nodes: range(5), full: range(9), growth: range(4) },
		{
			what: "never negative",
			nodes: range(5),
			full: range(3),
			growth: range(0),
		},
		{
			what: "without an end",
			nodes: range(5),
			full: range(5, null),
			growth: range(0, null),
		},
		{
			what: "between the ends of both",
			nodes: range(2, 4),
			full: range(6),
			growth: range(2, 4),
		},
	])("is $what", ({ nodes, full, growth }) => {
		expect(
			poolGrowth(rule({ upgrading: false }), nodes, full, null).growth,
		).toEqual(growth);
	});
});
