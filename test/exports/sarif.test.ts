import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ruleHelpSource } from "../../local/docs/ruleHelp.ts";
import type { Finding } from "../../shared/contract.ts";
import { mostResults, sarifOf } from "../../shared/exports/sarif.ts";
import { finding as example } from "../../shared/http/examples.ts";
import { rules } from "../../shared/rules/registry.ts";
import { faultsOf } from "./sarifSchema.ts";

const root = join(import.meta.dirname, "..", "..");

const finding = (over: Partial<Finding> = {}): Finding => ({
	...example,
	acceptance: null,
	...over,
});

function runOf(findings: readonly Finding[], leftOut = 0) {
	const [run] = sarifOf(findings, leftOut).runs;
	if (run === undefined) throw new Error("There is no run.");
	return run;
}

function resultOf(over: Partial<Finding> = {}) {
	const [result] = runOf([finding(over)]).results ?? [];
	if (result === undefined) throw new Error("There is no result.");
	return result;
}

const cases = [
	{ what: "no finding", findings: [] },
	{ what: "a finding", findings: [finding()] },
	{ what: "one that is accepted", findings: [example] },
	{ what: "one that is resolved", findings: [finding({ state: "resolved" })] },
	{
		what: "one without a budget, reasons and remedies",
		findings: [
			finding({
				budget: null,
				scenario: null,
				verdict: null,
				limit: null,
				demand: null,
				free: null,
				reasons: [],
				remedies: [],
			}),
		],
	},
	{
		what: "one of a rule that an earlier release had",
		findings: [finding({ rule: "gone" })],
	},
];

describe.each(cases)("SARIF of $what", ({ findings }) => {
	it("is valid against its schema", () => {
		expect(faultsOf(sarifOf(findings, 0))).toBe("");
	});

	it("has no empty string, which GitHub refuses", () => {
		expect(JSON.stringify(sarifOf(findings, 0))).not.toMatch(/""/);
	});
});

it("the check of the schema sees what is wrong", () => {
	const log = sarifOf([finding()], 0);
	expect(faultsOf({ ...log, version: "2.0.0" })).toMatch(/version/);
	expect(faultsOf({ ...log, runs: [{ results: [] }] })).toMatch(/tool/);
	expect(
		faultsOf({
			...log,
			runs: [{ ...runOf([]), results: [{ level: "critical" }] }],
		}),
	).toMatch(/level/);
});

describe("a result", () => {
	it.each([
		["critical", "error"],
		["high", "error"],
		["medium", "warning"],
		["low", "note"],
		["info", "note"],
	] as const)("of severity %s has the level %s", (severity, level) => {
		expect(resultOf({ severity })).toMatchObject({
			level,
			properties: { severity },
		});
	});

	it("names cluster and budget as logical locations, and no file", () => {
		expect(resultOf().locations).toEqual([
			{
				logicalLocations: [
					{
						name: "aks-ingress-prod-weu",
						fullyQualifiedName: example.cluster,
						kind: "resource",
					},
					{
						name: "vnet-platform-weu/snet-ingress",
						fullyQualifiedName: example.budget?.id,
						kind: "resource",
					},
				],
			},
		]);
		expect(resultOf({ budget: null }).locations?.[0]?.logicalLocations).toEqual(
			[expect.objectContaining({ name: "aks-ingress-prod-weu" })],
		);
	});

	it("has the finding's ID as fingerprint, whatever its amounts are", () => {
		const now = resultOf();
		const later = resultOf({ free: { low: -99, high: -90 }, auditId: "x" });
		expect(now.partialFingerprints).toEqual({
			"findingId/v1": "025a3ed783148948baae8d98570d012a",
		});
		expect(later.partialFingerprints).toEqual(now.partialFingerprints);
	});

	it("says what is wrong, why, and what to do", () => {
		expect(resultOf().message.text).toBe(
			[
				"Subnet snet-ingress is 12 to 41 IPs short for an upgrade (aks-ingress-prod-weu)",
				"",
				"Reasons:",
				"- Needs 263 to 292 IPs for an upgrade, has 251 usable IPs in 10.10.1.0/24",
				"- Azure refuses the upgrade, or the upgrade stops half-way. (Azure compares 232 to 290 with 249.)",
				"",
				"Remedies:",
				"- Replace pool gateways with a new pool of max pods 22 (now 30).",
			].join("\n"),
		);
	});

	it("is suppressed while it is accepted", () => {
		expect(resultOf().suppressions).toBeUndefined();
		expect(resultOf({ acceptance: example.acceptance }).suppressions).toEqual([
			{
				kind: "external",
				status: "accepted",
				justification:
					"moves to a larger subnet in March (team-platform, until 2027-03-31T00:00:00.000Z)",
			},
		]);
	});

	it("passes when it is resolved", () => {
		expect(resultOf({ state: "resolved" })).toMatchObject({
			kind: "pass",
			level: "none",
		});
	});

	it("points to its rule, unless an earlier release had it", () => {
		const { ruleIndex = -1 } = resultOf({ rule: "nearly-full" });
		expect(rules[ruleIndex]?.id).toBe("nearly-full");
		expect(resultOf({ rule: "gone" })).not.toHaveProperty("ruleIndex");
	});
});

describe("the rules", () => {
	const { rules: described = [] } = runOf([]).tool.driver;

	it("are all there, with help that names a page", () => {
		expect(described.map(({ id }) => id)).toEqual(rules.map(({ id }) => id));
		for (const {
			id,
			shortDescription,
			fullDescription,
			help,
			helpUri,
		} of described) {
			expect(shortDescription?.text, id).toMatch(/\S/);
			expect(fullDescription?.text, id).toMatch(/^[A-Z].*[.)]$/);
			expect(fullDescription?.text.length, id).toBeLessThanOrEqual(1024);
			expect(helpUri, id).toMatch(/^https:/);
			expect(help?.text, id).toContain(helpUri);
			expect(help?.markdown, id).toContain(helpUri);
			expect(help?.markdown, id).toMatch(/^# .*\n\n## Synopsis\n/);
			// Links that lead nowhere outside of the project.
			expect(help?.markdown, id).not.toMatch(/\]\((?!https:)/);
		}
	});

	it("have the help of their pages", () => {
		expect(
			readFileSync(join(root, "shared/exports/ruleHelp.ts"), "utf8"),
			"A page of docs/rules has changed. Run `npm run docs`.",
		).toBe(ruleHelpSource(root));
	});
});

it("says how many findings are left out", () => {
	const run = runOf([finding(), finding()], 1234);
	expect(run.invocations).toEqual([
		{
			executionSuccessful: true,
			toolExecutionNotifications: [
				{
					level: "warning",
					message: {
						text: "Only the 2 worst findings are here. 1,234 more are left out: use filters.",
					},
				},
			],
		},
	]);
	expect(faultsOf(sarifOf([finding()], 1234))).toBe("");
	expect(mostResults).toBe(25_000);
});
