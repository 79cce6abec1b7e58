import { expect, it } from "vitest";
import { summary } from "../../local/program/summary.ts";
import { audit, finding } from "./answers.ts";

const nothingSeen = {
	subscriptions: { expected: 0, answered: 0 },
	clusters: 0,
	notEvaluated: 0,
	subnets: 0,
};

it("of a failed audit says that, why, and what was open before, and counts nothing that it did not look at", () => {
	const failed = audit({
		state: "failed",
		coverage: {
			...nothingSeen,
			gaps: [
				{
					kind: "audit",
					subscription: null,
					scope: "audit",
					reason: "the role Reader is missing",
				},
			],
		},
	});
	const text = summary(failed, [finding("critical", "shop")]);
	expect(text.split("\n")).toEqual([
		`Audit ${failed.auditId} FAILED: no cluster was checked. This is not an all-clear.`,
		"  Why: the role Reader is missing",
		"  Still open from before: 1 critical, 2 high, 4 medium, 1 low.",
		"  Alert: sent.",
		expect.stringContaining("critical shop"),
		"  and 7 more findings",
	]);
	expect(text).not.toMatch(/0 clusters|0 of 0/);
});

it("counts one of a thing as one, and groups thousands", () => {
	const one = audit({
		coverage: {
			subscriptions: { expected: 1, answered: 1 },
			clusters: 1,
			notEvaluated: 0,
			subnets: 1200,
			gaps: [],
		},
		findings: { critical: 2, high: 0, medium: 0, low: 0, info: 0 },
	});
	expect(summary(one, [finding("critical", "shop")])).toMatch(
		/ 1 cluster, 0 not evaluated\. 1,200 subnets\. 1 of 1 subscription answered\.[\s\S]*\n {2}and 1 more finding$/,
	);
});

it("of a first audit that failed does not look like a fleet without findings", () => {
	const none = { critical: 0, high: 0, medium: 0, low: 0, info: 0 };
	const text = summary(
		audit({
			state: "failed",
			findings: none,
			coverage: {
				...nothingSeen,
				gaps: [
					{ kind: "audit", subscription: null, scope: "audit", reason: "x" },
				],
			},
		}),
		[],
	);
	expect(text).toContain("FAILED");
	expect(text).toContain("Nothing was open before.");
	expect(text).not.toContain("Open findings");
});
