import { describe, expect, it } from "vitest";
import { ownVerdict, sayingOf } from "../../report/check/outcome.ts";
import type { CheckAnswer } from "../../report/data/answers.ts";
import type { Verdict } from "../../shared/contract.ts";

type Answer = Parameters<typeof ownVerdict>[0];

function answer(
	verdict: Verdict,
	own: Verdict,
	neighbor: Verdict,
	gaps = 0,
): Answer {
	const cluster = (asked: boolean, one: Verdict) => ({
		cluster: asked ? "own" : "neighbor",
		clusterName: asked ? "own" : "neighbor",
		asked,
		verdict: one,
		verdictBefore: one,
		notEvaluated: null,
		budgets: [],
	});
	const gap: CheckAnswer["gaps"][number] = {
		kind: "network",
		subscription: null,
		scope: "net",
		reason: "rows were lost",
	};
	return {
		verdict,
		clusters: [cluster(true, own), cluster(false, neighbor)],
		gaps: Array.from({ length: gaps }, () => gap),
	};
}

describe("what comes out for the clusters that somebody asked about", () => {
	it.each([
		{ what: "all fits", of: answer("fits", "fits", "fits"), is: "fits" },
		{
			what: "a neighbor was short before",
			of: answer("short", "fits", "short"),
			is: "fits",
		},
		{
			what: "a neighbor is short, and something was not read",
			of: answer("short", "fits", "short", 1),
			is: "unknown",
		},
		{
			what: "something was not read",
			of: answer("unknown", "fits", "fits", 1),
			is: "unknown",
		},
		{
			what: "a gap that changes nothing",
			of: answer("fits", "fits", "fits", 1),
			is: "fits",
		},
		{
			what: "it is short itself",
			of: answer("short", "short", "tight", 1),
			is: "short",
		},
	])("$what: $is", ({ of, is }) => {
		expect(ownVerdict(of)).toBe(is);
	});

	it("is all of them where none is asked about", () => {
		const { clusters, ...rest } = answer("short", "fits", "short");
		expect(
			ownVerdict({ ...rest, clusters: clusters.filter((one) => !one.asked) }),
		).toBe("short");
	});

	it.each([
		{ names: [], says: "The change does not fit." },
		{ names: ["a"], says: "a does not fit." },
		{ names: ["a", "b"], says: "a and b do not fit." },
		{ names: ["a", "b", "c", "d"], says: "4 clusters do not fit." },
	])("$says", ({ names, says }) => {
		expect(sayingOf("short", names)).toBe(says);
	});
});
