import { describe, expect, it } from "vitest";
import { smallestPrefixFor } from "../../shared/cidr.ts";
import type { Verdict } from "../../shared/contract.ts";
import { firstBatch } from "../../shared/model/networks/dynamicPodSubnet.ts";
import { addressesHeld } from "../../shared/model/podsPerNode.ts";
import { azureAnswer } from "../../shared/model/preflight.ts";
import { range, seen } from "../model/builders.ts";
import {
	asserted,
	boundaries,
	type Claim,
	type DocumentedClaim,
	listed,
	type MostNodesClaim,
	mostNodes,
} from "./cases.ts";

const addressesPerBlock = 16;

function prove(claim: Claim): void {
	switch (claim.about) {
		case "azure": {
			const { change } = seen(claim.of, claim.budget).azure;
			expect(change.requested).toEqual(range(claim.requested));
			expect(change.available).toEqual(range(claim.available));
			expect(azureAnswer(change)).toBe(claim.answer);
			return;
		}
		case "scenario": {
			const { demand, free, verdict } = seen(claim.of, claim.budget).view
				.scenarios[claim.scenario];
			expect({ demand, free, verdict }).toEqual({
				demand: claim.demand,
				free: claim.free,
				verdict: claim.verdict,
			});
			return;
		}
		case "most-nodes":
			proveMostNodes(claim);
			return;
		case "limit":
			expect(seen(claim.of, claim.budget).view.budget.limit).toEqual(
				range(claim.limit),
			);
			return;
		case "blocks": {
			const { entries, scenarios } = seen(claim.of, "pod-blocks").view;
			expect(entries.map(({ perNode }) => perNode)).toEqual([
				range(claim.blocks),
			]);
			const [aNode, all] = [
				entries[0]?.perNode.high,
				scenarios.today.demand.high,
			];
			// One address of a node's blocks is its own.
			expect((aNode ?? 0) * addressesPerBlock - 1).toBe(claim.usable);
			expect((all ?? 0) * addressesPerBlock).toBe(claim.addressesOfAll);
			return;
		}
		case "held": {
			const held = addressesHeld(claim.pods, claim.maxPods);
			expect(held).toBe(claim.addresses);
			const own = firstBatch.high - firstBatch.low;
			expect(held + own).toBe(claim.withContainer);
			return;
		}
		case "prefix":
			expect(smallestPrefixFor(claim.addresses)).toBe(claim.length);
			return;
	}
}

/** As documented the last that fits, between the two counts undecided, as allocated the last that is not refused. */
function proveMostNodes(claim: MostNodesClaim): void {
	const { documented, allocated } = claim;
	const nodes = new Set([documented, documented + 1, allocated, allocated + 1]);
	for (const count of nodes) {
		const { view } = seen(claim.of(count), claim.budget);
		const expected: Verdict =
			count <= documented ? "fits" : count <= allocated ? "tight" : "short";
		expect(view.scenarios[claim.scenario].verdict, `${count} nodes`).toBe(
			expected,
		);
	}
}

function documentedHigh({ of, scenario }: DocumentedClaim): number | null {
	const { entries, scenarios } = seen(of, "subnet").view;
	return scenario === null
		? (entries[0]?.perNode.high ?? null)
		: scenarios[scenario].demand.high;
}

describe("what Azure answered and documents", () => {
	const claims = asserted.flatMap(({ number, source, claims }) =>
		claims.map(
			(claim) => [`case ${number}: ${source}, ${claim.says}`, claim] as const,
		),
	);

	it.each(claims)("%s", (_, claim) => {
		prove(claim);
	});
});

describe("what is not asserted", () => {
	const reasons = listed.map(
		(one) =>
			[
				`case ${one.number}: ${one.source}, ${one.outcome}. Not asserted: ${one.reason}`,
				one,
			] as const,
	);

	it.each(reasons)("%s", (_, { source, outcome, reason }) => {
		expect(source.trim()).not.toBe("");
		expect(outcome.trim()).not.toBe("");
		expect(reason.split(" ").length).toBeGreaterThan(4);
	});

	const documented = listed.flatMap(({ number, documented }) =>
		documented === undefined
			? []
			: [
					[
						`case ${number}: as documented to this day, ${documented.says}`,
						documented,
					] as const,
				],
	);

	it.each(documented)("%s", (_, claim) => {
		expect(documentedHigh(claim)).toBe(claim.high);
	});
});

describe("where the two ways of counting part", () => {
	it.each(boundaries)(
		"n=$nodes, P=$maxPods in a $prefix: $allocated to $documented of $usable, Azure $answer",
		({ of, allocated, documented, usable, verdict, answer }) => {
			const { view, azure } = seen(of);
			const { full } = view.scenarios;
			expect(view.budget.limit).toEqual(range(usable));
			expect(full.demand).toEqual(range(allocated, documented));
			expect(full.verdict).toBe(verdict);
			expect(full.decidedBy).toBe(verdict === "tight" ? "documentation" : null);
			expect(azure.change.requested).toEqual(range(allocated));
			expect(azureAnswer(azure.change)).toBe(answer);
		},
	);

	it.each(mostNodes.map((claim) => [claim.says, claim] as const))(
		"%s",
		(_, claim) => {
			proveMostNodes(claim);
		},
	);
});

describe("the table", () => {
	const all = [...asserted, ...listed];

	it("is here whole, each case once", () => {
		expect(all.map(({ number }) => number).sort((a, b) => a - b)).toEqual([
			1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 15, 16, 17, 18, 20, 21, 22, 25, 26,
			27, 28, 29, 32, 33, 34, 35, 36, 37, 38, 39, 40, 42, 43, 44, 45, 46, 47,
			48, 50,
		]);
	});

	it("asserts every case of grade A, B or D and no other", () => {
		expect(listed.map(({ number }) => number)).toEqual([
			1, 2, 3, 4, 5, 6, 8, 20, 21, 22, 32, 46, 50,
		]);
		for (const { grade } of asserted)
			expect(["A", "B", "D", "D/A"]).toContain(grade);
	});

	it.each(asserted)(
		"case $number has a source, words and claims",
		({ source, outcome, claims }) => {
			expect(source.trim()).not.toBe("");
			expect(outcome.trim()).not.toBe("");
			expect(claims.length).toBeGreaterThan(0);
		},
	);
});
