import { describe, expect, it } from "vitest";
import { asJunit } from "../../../local/gate/formats/junit.ts";
import {
	asMarkdown,
	commentMark,
} from "../../../local/gate/formats/markdown.ts";
import { asSarif } from "../../../local/gate/formats/sarif.ts";
import { asText } from "../../../local/gate/formats/text.ts";
import { gateResult } from "../../../local/gate/result.ts";
import type { Verdict } from "../../../shared/contract.ts";
import { faultsOf } from "../../exports/sarifSchema.ts";
import { amountOf, answerOf, clusterOf, subnetOf } from "./answers.ts";

/* The subnet has 251 IPs. Before the change an upgrade needs 240 to 245, after it 260 to 270. */
const pushed = subnetOf({
	beforeUpgrade: amountOf(251, 240, 245),
	afterUpgrade: amountOf(251, 260, 270),
});
const short = answerOf({
	verdict: "short",
	clusters: [
		clusterOf("aks-b", false, [pushed]),
		clusterOf("aks-a", true, [pushed]),
	],
	remedies: [
		{
			kind: "lower-surge",
			title: "Set max surge of pool web to 1",
			detail: ["Upgrades take longer."],
			command: ["az aks nodepool update --name web --max-surge 1"],
		},
	],
});
const result = gateResult("Terraform plan tf.json", null, short, "tight");

it("says what is short, by how much, and which neighbor it pushes over", () => {
	expect(result).toMatchObject({
		verdict: "short",
		exitCode: 1,
		headline:
			"Does not fit: subnet snet-a is 9 to 19 IPs short for an upgrade. It pushes aks-b over.",
	});
	expect(asText(result)).toBe(
		`Does not fit: subnet snet-a is 9 to 19 IPs short for an upgrade. It pushes aks-b over.
Checked: Terraform plan tf.json

SHORT    subnet snet-a: 9 to 19 IPs short for an upgrade
         before: 6 to 11 IPs free for an upgrade
         clusters: aks-a, aks-b (neighbor)

What would fix it:
  Set max surge of pool web to 1
    az aks nodepool update --name web --max-surge 1

Read at 2026-11-28T08:16:00.000Z: 1 resource from Azure Resource Manager, 1 from Resource Graph, which can lag behind, mostly by seconds.
`,
	);
});

it("names what the change makes worse, not what was short before it by as much", () => {
	const limit = { low: 251, high: 251 };
	const upgrade = amountOf(251, 263, 292);
	const raised = subnetOf({
		beforeUpgrade: upgrade,
		afterUpgrade: upgrade,
		before: { limit, scenarios: { upgrade, full: amountOf(251, 234, 234) } },
		after: { limit, scenarios: { upgrade, full: amountOf(251, 1220, 1220) } },
	});
	const answer = answerOf({
		verdict: "short",
		clusters: [clusterOf("aks-a", true, [raised])],
	});
	expect(gateResult("pool web of aks-a", null, answer, "tight")).toMatchObject({
		headline: "Does not fit: subnet snet-a is 969 IPs short at autoscaler max.",
		rows: [
			{
				before: "17 IPs free at autoscaler max",
				after: "969 IPs short at autoscaler max",
			},
		],
	});
});

describe("exit codes", () => {
	const verdictOf = (verdict: Verdict) => answerOf({ verdict });
	const open = {
		unknown: [{ address: "azurerm_subnet.a", text: "x is not known." }],
		notes: [],
		addresses: new Map<string, string>(),
	};
	it.each([
		{ name: "fits", answer: "fits", failOn: "tight", code: 0 },
		{ name: "tight fails", answer: "tight", failOn: "tight", code: 1 },
		{ name: "tight passes", answer: "tight", failOn: "short", code: 0 },
		{ name: "short", answer: "short", failOn: "short", code: 1 },
		{ name: "unknown", answer: "unknown", failOn: "short", code: 2 },
	] as const)("$name: $code", ({ answer, failOn, code }) => {
		expect(gateResult("x", null, verdictOf(answer), failOn).exitCode).toBe(
			code,
		);
	});

	it.each([
		{ answer: "fits", code: 2 },
		{ answer: "tight", code: 2 },
		{ answer: "short", code: 1 },
	] as const)(
		"a plan with an open end is never fits: $answer",
		({ answer, code }) => {
			const open1 = gateResult("x", open, verdictOf(answer), "short");
			expect(open1.exitCode).toBe(code);
			expect(open1.unknown).toEqual(["azurerm_subnet.a: x is not known."]);
		},
	);

	it("fits where nothing that AKS needs changes", () => {
		const none = { ...open, unknown: [] };
		expect(gateResult("x", none, null, "tight")).toMatchObject({
			exitCode: 0,
			headline: "Fits: nothing that AKS clusters need changes.",
		});
	});
});

it("names the transition where nothing else is as bad", () => {
	const rotated = subnetOf({
		beforeUpgrade: amountOf(251, 100, 110),
		afterUpgrade: amountOf(251, 100, 110),
		verdict: "short",
		transition: amountOf(251, 300, 310),
	});
	const { rows } = gateResult(
		"x",
		null,
		answerOf({ verdict: "short", clusters: [clusterOf("a", true, [rotated])] }),
		"tight",
	);
	expect(rows[0]?.after).toBe("49 to 59 IPs short while the change is made");
});

/** What a person with write access to a resource can put into a name. */
const hostile = "a|b](https://evil.example) @team <img src=x> `x` \n# h \u0007";

it("writes a markdown that nobody's name can break", () => {
	const named = {
		...pushed,
		name: `vnet/${hostile.replaceAll("/", "")}`,
	};
	const text = asMarkdown(
		gateResult(
			"x",
			null,
			answerOf({
				verdict: "short",
				clusters: [clusterOf(hostile, true, [named])],
				remedies: [
					{ kind: "x", title: hostile, detail: [], command: ["echo ```"] },
				],
			}),
			"tight",
		),
	);
	expect(text.startsWith(commentMark)).toBe(true);
	expect(text).not.toContain("<img");
	expect(text).not.toMatch(/@team/);
	expect(text).not.toMatch(/(?<!\\)\]\(/);
	expect(text).toContain("\n````bash\necho ```\n````");
	const rows = text.split("\n").filter((line) => line.startsWith("| ❌"));
	// Five cells, whatever the name.
	expect(rows[0]?.replaceAll("\\|", "").split("|")).toHaveLength(7);
});

it("keeps within what a comment may have", () => {
	const remedies = Array.from({ length: 200 }, (_, number) => ({
		kind: "x",
		title: `Remedy ${number}`,
		detail: ["x".repeat(300)],
		command: ["y".repeat(300)],
	}));
	const text = asMarkdown(
		gateResult("x", null, { ...short, remedies }, "tight"),
	);
	expect(text.length).toBeLessThan(60_100);
	expect(text).toContain("The remedies are too long for a comment.");
	expect(text).toContain("| ❌ short |");
});

it("puts a small table on top of the comment", () => {
	expect(asMarkdown(result).split("\n").slice(0, 6)).toEqual([
		commentMark,
		"",
		"### Does not fit: subnet snet-a is 9 to 19 IPs short for an upgrade. It pushes aks-b over.",
		"",
		"| | What | Before | After | Clusters |",
		"|---|---|---|---|---|",
	]);
});

it("writes a test case for each cluster and budget", () => {
	const xml = asJunit(
		gateResult(
			"plan <x>",
			null,
			{
				...short,
				clusters: [
					...short.clusters,
					clusterOf(`"<${hostile}`, true, [pushed]),
				],
			},
			"tight",
		),
	);
	expect(xml).toContain('<testsuites tests="3" failures="3" errors="0"');
	expect(xml).not.toContain("<img");
	expect(xml).not.toContain("\u0007");
});

it("writes SARIF that is valid and points to a file", () => {
	const log = JSON.parse(asSarif(result, ".\\infra\\main file.tf"));
	expect(faultsOf(log)).toBe("");
	expect(log.runs[0].results).toEqual([
		expect.objectContaining({
			ruleId: "change-short",
			level: "error",
			locations: [
				{
					physicalLocation: {
						artifactLocation: { uri: "infra/main%20file.tf" },
						region: { startLine: 1 },
					},
				},
			],
		}),
	]);
});
