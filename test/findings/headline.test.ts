import { describe, expect, it } from "vitest";
import type { BudgetName } from "../../shared/contract.ts";
import {
	type HeadlineFacts,
	headlineOf,
	longestHeadline,
} from "../../shared/findings/headline.ts";
import { range } from "../model/builders.ts";

const subnet: BudgetName = { id: "s", kind: "subnet", name: "net/nodes" };

function facts(overrides: Partial<HeadlineFacts>): HeadlineFacts {
	return {
		rule: "capacity-shortfall",
		budget: subnet,
		scenario: "upgrade",
		verdict: "short",
		limit: range(123),
		demand: range(135, 164),
		free: range(-41, -12),
		additionalNodes: null,
		runway: null,
		reasons: [],
		...overrides,
	};
}

const runway = { days: 23, low: 15, high: 40, points: 30, overDays: 29 };
const exhausted = [
	{ kind: "exhausted", text: "No pool can add a node" },
] as const;

describe("a headline", () => {
	it.each<{ of: Partial<HeadlineFacts>; text: string }>([
		{ of: {}, text: "Subnet nodes is 12 to 41 IPs short for an upgrade" },
		{
			of: { verdict: "tight", free: range(-3, 5), scenario: "full" },
			text: "Subnet nodes can be up to 3 IPs short at autoscaler max",
		},
		{
			of: {
				budget: { id: "p", kind: "pod-range", name: "10.244.0.0/20" },
				free: range(-4),
				scenario: "full-upgrade",
			},
			text: "Pod CIDR 10.244.0.0/20 is 4 blocks short for an upgrade at autoscaler max",
		},
		{
			of: { scenario: "full", reasons: exhausted },
			text: "No pool can add a node: subnet nodes is full",
		},
		{
			of: { reasons: exhausted },
			text: "Subnet nodes is 12 to 41 IPs short for an upgrade",
		},
		{
			of: {
				rule: "blocks-never-ready",
				budget: { id: "b", kind: "pod-blocks", name: "net/pods" },
				free: range(-1),
				scenario: "today",
			},
			text: "Azure accepts nodes, but pod subnet pods is 1 block short now",
		},
		{
			of: { rule: "runway-short", runway },
			text: "Subnet nodes is full in about 23 days (15 to 40)",
		},
		{
			of: { rule: "nearly-full", demand: range(120), scenario: "full" },
			text: "Subnet nodes is 97% full at autoscaler max",
		},
		{
			of: {
				rule: "unbounded-growth",
				additionalNodes: { auto: range(1) },
			},
			text: "Auto-provisioning has no maximum; subnet nodes has room for 1 node",
		},
		{
			of: { rule: "not-evaluated" },
			text: "Subnet nodes could not be checked",
		},
		{
			of: { rule: "not-evaluated", budget: null },
			text: "The cluster could not be fully checked",
		},
		{
			of: {
				rule: "a-new-rule",
				reasons: [{ kind: "cause", text: "pool np: 8 pods per node" }],
			},
			text: "Pool np: 8 pods per node",
		},
	])("says: $text", ({ of, text }) => {
		expect(headlineOf(facts(of))).toBe(text);
	});

	it("shortens a long name in its middle", () => {
		const name = `net/snet-${"a".repeat(66)}-end`;
		const budget = { ...subnet, name };
		// "Subnet " and " is 12 to 41 IPs short for an upgrade" take 44 of 90: 46 for the name.
		expect(headlineOf(facts({ budget }))).toBe(
			`Subnet snet-${"a".repeat(18)}…${"a".repeat(18)}-end is 12 to 41 IPs short for an upgrade`,
		);
	});

	it.each(["runway-short", "unbounded-growth", "blocks-never-ready"])(
		"of %s is short whatever the name and the numbers",
		(rule) => {
			const budget: BudgetName = {
				id: "x",
				kind: "api-server-subnet",
				name: "\u{1f600}".repeat(80),
			};
			const far = range(-123_456, -12_345);
			const headline = headlineOf(
				facts({ rule, budget, free: far, scenario: "full-upgrade", runway }),
			);
			expect(headline.length).toBeLessThanOrEqual(longestHeadline);
		},
	);
});
