import { describe, expect, it } from "vitest";
import {
	firstAudit,
	limits,
	nodesOnlyInventory,
	threePoolFleet,
	thresholds,
} from "../../bench/judgingFleets.ts";
import { judgeCluster, type RuleOutcome } from "../../shared/judge/judge.ts";
import { buildFleet, type Fleet } from "../../shared/model/fleet.ts";
import { sharedOf } from "../model/builders.ts";

function judge(fleet: Fleet): RuleOutcome[][] {
	const shared = sharedOf(fleet);
	return fleet.clusters.map((one) =>
		judgeCluster(one, shared, new Set(), thresholds),
	);
}

function violated(outcomes: readonly RuleOutcome[]): string[] {
	return outcomes
		.filter(({ outcome }) => outcome.kind === "violated")
		.map(({ rule }) => rule);
}

describe("clusters of three pools", () => {
	it("are without findings where they are roomy", () => {
		const outcomes = judge(threePoolFleet(3, "roomy"));
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
		const outcomes = judge(threePoolFleet(3, "short"));
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
				new Set(judge(fleet(room)).map((one) => violated(one).join()));
			expect([...kinds("roomy")]).toEqual([""]);
			expect([...kinds("short")]).toEqual(["capacity-shortfall"]);
		},
	);
});
