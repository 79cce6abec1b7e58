import { describe, expect, it } from "vitest";
import type { Runway } from "../../shared/contract.ts";
import type { JudgedBudget } from "../../shared/model/judgedBudget.ts";
import type { Outlook } from "../../shared/model/outlook.ts";
import { viewOf } from "../../shared/model/view.ts";
import { nearlyFull } from "../../shared/rules/nearlyFull.ts";
import { openKey } from "../../shared/rules/rule.ts";
import { runwayShort } from "../../shared/rules/runwayShort.ts";
import {
	clusterOf,
	fleetOf,
	judged,
	overlayCluster,
	pool,
	range,
	seen,
	subnet,
	subnetId,
} from "../model/builders.ts";
import { facts, outcomeOf, outcomesOf, violation } from "./facts.ts";

const runway: Runway = {
	days: 23,
	low: 15,
	high: 40,
	points: 30,
	overDays: 29,
};

function filling(overrides: Partial<Runway> = {}): Outlook {
	return { kind: "filling", runway: { ...runway, ...overrides } };
}

/** Ten overlay nodes without autoscaling, of one address each, in a subnet with 100. One surge node. */
function budgetOf(outlook: Outlook, limit = 100): JudgedBudget {
	const budget = seen({
		clusters: [overlayCluster({ pools: [pool({ reportedNodes: 10 })] })],
		subnets: [subnet({ ipConfigurations: 10 })],
	});
	const { view } = budget;
	return {
		...budget,
		view: viewOf(
			{ ...view.budget, limit: range(limit), outlook },
			view.entries,
		),
	};
}

const open = { openBefore: new Set([openKey("runway-short", subnetId())]) };

describe("a short runway", () => {
	it.each([
		// Enters within 30 days, leaves above 45.
		{ days: 0, entered: "violated", left: "violated" },
		{ days: 30, entered: "violated", left: "violated" },
		{ days: 31, entered: "fine", left: "violated" },
		{ days: 45, entered: "fine", left: "violated" },
		{ days: 46, entered: "fine", left: "fine" },
	])(
		"of $days days: $entered, $left if it was open",
		({ days, entered, left }) => {
			const budget = budgetOf(filling({ days }));
			expect(outcomeOf(runwayShort, budget).kind).toBe(entered);
			expect(outcomeOf(runwayShort, budget, open).kind).toBe(left);
		},
	);

	it("counts by the middle: a wide interval alone is not news", () => {
		const wide = budgetOf(filling({ days: 90, low: 5, high: null }));
		expect(outcomeOf(runwayShort, wide).kind).toBe("fine");
	});

	it.each([
		{ outlook: { kind: "steady" }, kind: "fine" },
		{ outlook: { kind: "not-known" }, kind: "not-evaluated" },
	] as const)(
		"is $kind where the history says $outlook.kind, open or not",
		({ outlook, kind }) => {
			const budget = budgetOf(outlook);
			expect(outcomeOf(runwayShort, budget).kind).toBe(kind);
			expect(outcomeOf(runwayShort, budget, open).kind).toBe(kind);
		},
	);

	it("is medium, of now, with the estimate first and its remedies", () => {
		const found = violation(outcomeOf(runwayShort, budgetOf(filling())));
		expect(found).toMatchObject({
			severity: "medium",
			scenario: "today",
			verdict: "fits",
			demand: range(10),
			limit: range(100),
			free: range(90),
			runway,
		});
		expect(found.reasons[0]).toEqual({
			kind: "runway",
			text: "Full in about 23 days (15 to 40), from 30 points over 29 days",
		});
	});

	it("names a larger subnet, if the cluster is seen", () => {
		const { cluster } = clusterOf(fleetOf({ clusters: [overlayCluster()] }));
		const found = violation(
			outcomeOf(runwayShort, budgetOf(filling()), { cluster }),
		);
		// 11 addresses at most with an upgrade: a /27 would do, but has 27 where there are 100 now. A /26 has 59, a /25 123.
		expect(found.remedies[0]?.title).toContain("new /25 subnet");
	});

	it.each([
		// 10 now, 11 while upgrading. Nothing grows by itself.
		{ limit: 9, kind: "fine", what: "today is short" },
		{ limit: 10, kind: "fine", what: "an upgrade is short" },
		{ limit: 11, kind: "violated", what: "all fits" },
	])("of $limit addresses is $kind: $what", ({ limit, kind }) => {
		const budget = budgetOf(filling({ days: 3 }), limit);
		expect(outcomeOf(runwayShort, budget).kind).toBe(kind);
	});

	it("reports beside a shortage at autoscaler max, which does not say when", () => {
		const budget = seen({
			clusters: [
				overlayCluster({
					pools: [pool({ reportedNodes: 10, maxNodes: 300 })],
				}),
			],
			subnets: [subnet({ ipConfigurations: 10 })],
		});
		const { view } = budget;
		const short = {
			...budget,
			view: viewOf({ ...view.budget, outlook: filling() }, view.entries),
		};
		expect(short.view.scenarios.full.verdict).toBe("short");
		expect(outcomeOf(runwayShort, short).kind).toBe("violated");
	});

	it("is not evaluated where data and model do not match", () => {
		const mismatched = { ...budgetOf(filling(), 5), mismatch: true };
		expect(outcomeOf(runwayShort, mismatched).kind).toBe("not-evaluated");
	});

	it("says nothing of numbers of nodes, which have no history", () => {
		const fleet = {
			clusters: [overlayCluster()],
			subnets: [subnet({ ipConfigurations: 3 })],
		};
		const { cluster } = clusterOf(fleetOf(fleet));
		const outcomes = outcomesOf(
			runwayShort,
			facts({ cluster, budgets: judged(fleet) }),
		);
		// The subnet and the pod CIDR.
		expect(outcomes).toHaveLength(2);
	});
});

it("other findings of a budget tell its runway as well", () => {
	const nearly = budgetOf(filling({ days: 200 }), 11);
	expect(violation(outcomeOf(nearlyFull, nearly)).runway).toEqual({
		...runway,
		days: 200,
	});
});
