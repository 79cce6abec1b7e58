import { describe, expect, it } from "vitest";
import type { NodePool } from "../../shared/inventory/facts.ts";
import { maxPodsOversized } from "../../shared/rules/maxPodsOversized.ts";
import { oversizedSubnet } from "../../shared/rules/oversizedSubnet.ts";
import { openKey } from "../../shared/rules/rule.ts";
import { wastedBlock } from "../../shared/rules/wastedBlock.ts";
import {
	cluster,
	overlayCluster,
	pool,
	range,
	subnet,
	subnetId,
} from "../model/builders.ts";
import { outcomeIn, thresholds, violation } from "./facts.ts";

describe("an oversized subnet", () => {
	const inPlace = { surge: { kind: "nodes", nodes: 0 } } as const;

	function fleet(nodes: number, prefix: string, of: Partial<NodePool> = {}) {
		return {
			clusters: [
				overlayCluster({
					pools: [pool({ ...inPlace, reportedNodes: nodes, ...of })],
				}),
			],
			subnets: [subnet({ prefixes: [prefix], ipConfigurations: nodes })],
		};
	}

	it.each([
		// 5 % of 1,019 is 50.95, 6 % 61.14, 1 % 10.19.
		{ nodes: 50, percent: 5, entered: "violated", left: "violated" },
		{ nodes: 51, percent: 5, entered: "fine", left: "violated" },
		{ nodes: 61, percent: 5, entered: "fine", left: "violated" },
		{ nodes: 62, percent: 5, entered: "fine", left: "fine" },
		{ nodes: 10, percent: 1, entered: "violated", left: "violated" },
		{ nodes: 11, percent: 1, entered: "fine", left: "violated" },
	])(
		"$nodes of 1,019 at $percent %: $entered, $left if it was open",
		({ nodes, percent, entered, left }) => {
			const of = fleet(nodes, "10.1.0.0/22");
			const facts = {
				thresholds: { ...thresholds, oversizedPercent: percent },
			};
			const openBefore = new Set([openKey("oversized-subnet", subnetId())]);
			expect(outcomeIn(oversizedSubnet, of, "subnet", facts).kind).toBe(
				entered,
			);
			expect(
				outcomeIn(oversizedSubnet, of, "subnet", { ...facts, openBefore }).kind,
			).toBe(left);
		},
	);

	it("counts autoscaler max and an upgrade", () => {
		const surge = { kind: "nodes", nodes: 1 } as const;
		const at = (of: Partial<NodePool>) =>
			outcomeIn(oversizedSubnet, fleet(3, "10.1.0.0/22", of)).kind;
		expect(at({ maxNodes: 50 })).toBe("violated");
		expect(at({ maxNodes: 50, surge })).toBe("fine");
	});

	it("is none below a /22", () => {
		expect(outcomeIn(oversizedSubnet, fleet(1, "10.1.0.0/23")).kind).toBe(
			"fine",
		);
	});

	it("is none that AKS made itself", () => {
		const of = fleet(3, "10.224.0.0/16");
		const managed = of.clusters.map((one) => ({
			...one,
			nodeResourceGroup: "RG-net",
		}));
		expect(outcomeIn(oversizedSubnet, of).kind).toBe("violated");
		expect(outcomeIn(oversizedSubnet, { ...of, clusters: managed }).kind).toBe(
			"fine",
		);
	});

	it("is not evaluated where Azure does not show what is taken", () => {
		const of = { ...fleet(3, "10.1.0.0/22"), subnets: [subnet()] };
		expect(outcomeIn(oversizedSubnet, of).kind).toBe("not-evaluated");
	});

	it("is info, with the size that would do", () => {
		const found = violation(
			outcomeIn(oversizedSubnet, fleet(50, "10.1.0.0/22")),
		);
		expect(found).toMatchObject({
			severity: "info",
			scenario: "full-upgrade",
			verdict: "fits",
			limit: range(1019),
			demand: range(50),
			free: range(969),
		});
		// 59 addresses. A /27 has 27.
		expect(found.remedies[0]?.title).toContain("Plan a /26 subnet");
	});
});

describe("a wasted block", () => {
	const pods = subnetId("pods");
	const outcome = (of: Partial<NodePool>) =>
		outcomeIn(
			wastedBlock,
			{
				clusters: [
					cluster({
						pools: [pool({ podSubnet: pods, staticBlocks: true, ...of })],
					}),
				],
				subnets: [subnet(), subnet({ id: pods, prefixes: ["10.1.8.0/21"] })],
			},
			"pod-blocks",
		);

	it.each([
		// Pods in the last block. 15 are in the first, 16 in each other.
		{ maxPods: 10, last: "the only block", kind: "fine" },
		{ maxPods: 15, last: "15 of 15", kind: "fine" },
		{ maxPods: 16, last: "1 of 16", kind: "violated" },
		{ maxPods: 23, last: "8 of 16", kind: "violated" },
		{ maxPods: 24, last: "9 of 16", kind: "fine" },
		{ maxPods: 30, last: "15 of 16", kind: "fine" },
		{ maxPods: 31, last: "16 of 16", kind: "fine" },
		{ maxPods: 32, last: "1 of 16", kind: "violated" },
		{ maxPods: 47, last: "16 of 16", kind: "fine" },
		{ maxPods: 110, last: "15 of 16", kind: "fine" },
		{ maxPods: 240, last: "1 of 16", kind: "violated" },
		{ maxPods: 250, last: "11 of 16", kind: "fine" },
	])("max pods $maxPods, last block $last: $kind", ({ maxPods, kind }) => {
		expect(outcome({ maxPods }).kind).toBe(kind);
	});

	it("is info, without amounts, with the max pods around it", () => {
		expect(violation(outcome({ maxPods: 32 }))).toMatchObject({
			severity: "info",
			budget: { id: pods, kind: "pod-blocks", name: "net/pods" },
			scenario: null,
			demand: null,
			reasons: [
				{
					kind: "cause",
					text: "Pool np wastes 15 IPs per node: max pods 32 uses 3 blocks of 16",
				},
				{
					kind: "pool",
					text: "pool np: the last block of each node is for 1 pod",
				},
			],
			remedies: [
				{
					title: "Replace pool np with one of max pods 31 or 47.",
					detail: [
						"Max pods 31 needs 2 blocks a node, 47 the same 3 as now.",
						"Max pods cannot be changed on a pool.",
					],
				},
			],
		});
		// 255 would fill 16 blocks. More than 250 cannot be set.
		expect(violation(outcome({ maxPods: 240 })).remedies[0]?.title).toBe(
			"Replace pool np with one of max pods 239 or 250.",
		);
	});

	it("is not evaluated where Azure does not report max pods", () => {
		expect(outcome({ maxPods: 32, maxPodsAssumed: true }).kind).toBe(
			"not-evaluated",
		);
	});
});

describe("max pods too large for the subnet", () => {
	const outcome = (prefix: string, of: Partial<NodePool>) =>
		outcomeIn(maxPodsOversized, {
			clusters: [cluster({ pools: [pool({ reportedNodes: 1, ...of })] })],
			subnets: [subnet({ prefixes: [prefix], ipConfigurations: 29 })],
		});

	it.each([
		// 123 / 3 = 41, 59 / 3 = 19.67: a node takes max pods and one.
		{ prefix: "10.1.0.0/25", maxPods: 40, kind: "fine" },
		{ prefix: "10.1.0.0/25", maxPods: 41, kind: "violated" },
		{ prefix: "10.1.0.0/26", maxPods: 18, kind: "fine" },
		{ prefix: "10.1.0.0/26", maxPods: 19, kind: "violated" },
		{ prefix: "10.1.0.0/24", maxPods: 250, kind: "violated" },
		{ prefix: "10.1.0.0/22", maxPods: 250, kind: "fine" },
	])("$maxPods in $prefix: $kind", ({ prefix, maxPods, kind }) => {
		expect(outcome(prefix, { maxPods }).kind).toBe(kind);
	});

	it("concerns flat subnets alone", () => {
		const of = {
			clusters: [overlayCluster({ pools: [pool({ maxPods: 250 })] })],
			subnets: [subnet({ ipConfigurations: 3 })],
		};
		expect(outcomeIn(maxPodsOversized, of).kind).toBe("fine");
	});

	it("is not evaluated where Azure does not report max pods", () => {
		expect(outcome("10.1.0.0/27", { maxPodsAssumed: true }).kind).toBe(
			"not-evaluated",
		);
	});

	it("is low, without amounts, with what would fit", () => {
		expect(violation(outcome("10.1.0.0/26", { maxPods: 30 }))).toMatchObject({
			severity: "low",
			scenario: null,
			limit: null,
			reasons: [
				{
					kind: "cause",
					text: "pool np: max pods 30 needs up to 31 IPs per node. The empty subnet fits 1 such node (59 usable IPs in 10.1.0.0/26).",
				},
			],
			// 59 / 3 = 19, less one. 3 x 31 = 93 of 123.
			remedies: [
				{
					title:
						"Replace pool np with one of max pods 18 or less, or use a /25 subnet.",
					detail: [
						"A /25 has room for 3 nodes x 31 IPs = 93 IPs.",
						"Max pods cannot be changed on a pool.",
					],
				},
			],
		});
		// 11 / 3 - 1 = 2, and AKS takes no fewer than 10.
		expect(
			violation(outcome("10.1.0.0/28", { maxPods: 10 })).remedies[0],
		).toEqual({
			kind: "fewer-max-pods",
			title: "Move pool np to a /26 subnet or larger.",
			detail: [
				"A /26 has room for 3 nodes x 11 IPs = 33 IPs.",
				"No max pods that AKS takes would fit the present subnet.",
			],
			command: [],
		});
	});
});
