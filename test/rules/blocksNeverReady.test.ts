import { describe, expect, it } from "vitest";
import type { Inventory, NodePool } from "../../shared/inventory/facts.ts";
import { blocksNeverReady } from "../../shared/rules/blocksNeverReady.ts";
import { cluster, pool, range, subnet, subnetId } from "../model/builders.ts";
import { facts, outcomeIn, outcomesOf, textsOf, violation } from "./facts.ts";

const pods = subnetId("pods");
const inPlace = { surge: { kind: "nodes", nodes: 0 } } as const;

function fleet(prefix: string, of: Partial<NodePool>): Partial<Inventory> {
	return {
		clusters: [
			cluster({
				pools: [
					pool({ ...inPlace, podSubnet: pods, staticBlocks: true, ...of }),
				],
			}),
		],
		subnets: [subnet(), subnet({ id: pods, prefixes: [prefix] })],
	};
}

const outcome = (prefix: string, of: Partial<NodePool>) =>
	outcomeIn(blocksNeverReady, fleet(prefix, of), "pod-blocks");

describe("blocks that Azure does not count", () => {
	it.each([
		// /26: 59 addresses, 2 to 4 blocks; a node with max pods 250 takes 16. A lab saw it: accepted, then never ready.
		{
			what: "3 nodes of 250 pods in a /26: 48 of 59 for Azure, 48 blocks of 4",
			prefix: "10.1.4.0/26",
			of: { maxPods: 250 },
			severity: "critical",
			scenario: "today",
			alsoIn: ["upgrade", "full", "full-upgrade"],
		},
		// /25: 123 addresses, 6 to 8 blocks; max pods 31 take 2.
		{
			what: "at most 5 nodes: 80 of 123, 10 blocks of 8",
			prefix: "10.1.4.0/25",
			of: { maxPods: 31, maxNodes: 5 },
			severity: "high",
			scenario: "full",
			alsoIn: ["full-upgrade"],
		},
		{
			what: "at most 7 nodes: 112 of 123",
			prefix: "10.1.4.0/25",
			of: { maxPods: 31, maxNodes: 7 },
			severity: "high",
			scenario: "full",
			alsoIn: ["full-upgrade"],
		},
		{
			what: "4 nodes and one surge node: 80 of 123, 10 blocks of 8",
			prefix: "10.1.4.0/25",
			of: { maxPods: 31, reportedNodes: 4, surge: { kind: "nodes", nodes: 1 } },
			severity: "high",
			scenario: "upgrade",
			alsoIn: ["full-upgrade"],
		},
		{
			what: "at most 4 nodes and one surge node",
			prefix: "10.1.4.0/25",
			of: { maxPods: 31, maxNodes: 4, surge: { kind: "nodes", nodes: 1 } },
			severity: "medium",
			scenario: "full-upgrade",
			alsoIn: [],
		},
	] as const)("$what: $severity", ({ prefix, of, severity, ...rest }) => {
		const { scenario, alsoIn } = rest;
		expect(outcome(prefix, of)).toMatchObject({
			kind: "violated",
			severity,
			scenario,
			verdict: "short",
			alsoIn,
		});
	});

	it.each([
		{
			what: "4 nodes of 250 pods in a /26: 64 of 59, Azure refuses",
			prefix: "10.1.4.0/26",
			of: { maxPods: 250, reportedNodes: 4 },
			kind: "fine",
		},
		{
			what: "at most 8 nodes in a /25: 128 of 123, Azure refuses",
			prefix: "10.1.4.0/25",
			of: { maxPods: 31, maxNodes: 8 },
			kind: "fine",
		},
		{
			what: "exactly full: 8 blocks of 6 to 8 are tight, not short",
			prefix: "10.1.4.0/25",
			of: { maxPods: 31, maxNodes: 4 },
			kind: "fine",
		},
		{
			what: "no nodes",
			prefix: "10.1.4.0/26",
			of: { maxPods: 250, reportedNodes: 0 },
			kind: "fine",
		},
		// 7 x 16 = 112 of 123. With surge 9 x 16 = 144: whether Azure counts it is not settled. 9 blocks of 8.
		{
			what: "an upgrade that Azure may refuse",
			prefix: "10.1.4.0/25",
			of: {
				maxPods: 15,
				reportedNodes: 7,
				surge: { kind: "nodes", nodes: 2 },
			},
			kind: "not-evaluated",
		},
		{
			what: "a maximum that nobody reports",
			prefix: "10.1.4.0/25",
			of: { maxPods: 31, autoscaling: true },
			kind: "not-evaluated",
		},
	] as const)("$what: $kind", ({ prefix, of, kind }) => {
		expect(outcome(prefix, of)).toEqual({ kind, budget: pods });
	});

	it("says what Azure counts, before the sum in blocks", () => {
		const found = violation(outcome("10.1.4.0/26", { maxPods: 250 }));
		expect(found).toMatchObject({
			limit: range(2, 4),
			demand: range(48),
			free: range(-46, -44),
		});
		expect(found.reasons[0]?.kind).toBe("azure");
		expect(textsOf(found)[0]).toBe(
			"Azure accepts this: it counts only 16 IPs per node. Nodes start and never become ready. (Azure compares 48 with 59.)",
		);
		expect(textsOf(found)[1]).toContain(
			"Needs 48 blocks now, has 2 to 4 blocks of /28 in 10.1.4.0/26",
		);
		expect(found.remedies.at(-1)?.kind).toBe("fewer-max-pods");
	});

	it("looks at static blocks alone", () => {
		const dynamic = fleet("10.1.4.0/26", { maxPods: 250, staticBlocks: false });
		expect(() => outcomeIn(blocksNeverReady, dynamic, "pod-subnet")).toThrow(
			"0 outcomes",
		);
		expect(outcomesOf(blocksNeverReady, facts({ notEvaluated: "x" }))).toEqual(
			[],
		);
	});
});
