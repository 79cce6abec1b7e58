import { describe, expect, it } from "vitest";
import {
	firstAudit,
	generatedFleet,
	limits,
	nodesOnlyInventory,
	threePoolFleet,
	thresholds,
} from "../../bench/judgingFleets.ts";
import {
	judgeWithoutRemedies,
	searchingRules,
} from "../../bench/withoutRemedies.ts";
import { judgeCluster, type RuleOutcome } from "../../shared/judge/judge.ts";
import { buildFleet, type Fleet } from "../../shared/model/fleet.ts";
import { sharedOf } from "../model/builders.ts";

function judge(fleet: Fleet, by: typeof judgeCluster): RuleOutcome[][] {
	const shared = sharedOf(fleet);
	return fleet.clusters.map((one) => by(one, shared, new Set(), thresholds));
}

function violated(outcomes: readonly RuleOutcome[]): string[] {
	return outcomes
		.filter(({ outcome }) => outcome.kind === "violated")
		.map(({ rule }) => rule);
}

/** What is common to both ways: all but what the searching rules found. */
function shorn({ rule, outcome }: RuleOutcome) {
	return searchingRules.has(rule) && outcome.kind === "violated"
		? { rule, outcome: { ...outcome, remedies: [] } }
		: { rule, outcome };
}

it("judges without remedies as with them, but for the remedies", async () => {
	const fleets = [await generatedFleet(200), threePoolFleet(3, "short")];
	for (const fleet of fleets)
		expect(
			judge(fleet, judgeWithoutRemedies).map((one) => one.map(shorn)),
		).toEqual(judge(fleet, judgeCluster).map((one) => one.map(shorn)));
});

it("searches nothing without remedies", () => {
	const found = (by: typeof judgeCluster) =>
		judge(threePoolFleet(3, "short"), by)
			.flat()
			.flatMap(({ outcome }) =>
				outcome.kind === "violated" ? outcome.remedies : [],
			);
	expect(found(judgeWithoutRemedies)).toEqual([]);
	expect(found(judgeCluster).length).toBeGreaterThan(3);
});

describe("clusters of three pools", () => {
	it("are without findings where they are roomy", () => {
		const outcomes = judge(threePoolFleet(3, "roomy"), judgeCluster);
		expect(outcomes.map(violated)).toEqual([[], [], []]);
		// They have no history, so nobody knows a runway.
		expect(
			outcomes
				.flat()
				.filter(({ rule }) => rule !== "runway-short")
				.filter(({ outcome }) => outcome.kind === "not-evaluated"),
		).toEqual([]);
	});

	it("all run short where they are short", () => {
		const outcomes = judge(threePoolFleet(3, "short"), judgeCluster);
		for (const one of outcomes)
			expect(violated(one)).toContain("capacity-shortfall");
	});

	it.each([
		{ subnets: "one", shared: 1 },
		{ subnets: "own", shared: 0 },
	] as const)(
		"in $subnets subnet are judged alike, roomy or short",
		({ subnets, shared }) => {
			const fleet = (room: "roomy" | "short") =>
				buildFleet(nodesOnlyInventory(300, subnets, room), firstAudit, limits);
			expect(fleet("roomy").sharedBudgets).toHaveLength(shared);
			const kinds = (room: "roomy" | "short") =>
				new Set(
					judge(fleet(room), judgeCluster).map((one) => violated(one).join()),
				);
			expect([...kinds("roomy")]).toEqual([""]);
			expect([...kinds("short")]).toEqual(["capacity-shortfall"]);
		},
	);
});
