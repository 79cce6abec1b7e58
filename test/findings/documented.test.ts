import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type {
	Acceptance,
	ScenarioName,
	Severity,
	Verdict,
} from "../../shared/contract.ts";
import type { Flapping, KeptFinding } from "../../shared/findings/flapping.ts";
import { type Moment, transitions } from "../../shared/findings/lifecycle.ts";
import { telling } from "../../shared/findings/news.ts";
import type { RuleOutcome } from "../../shared/judge/judge.ts";
import { tableUnder } from "../markdown.ts";
import { clusterId, range, subscription } from "../model/builders.ts";
import { budget, fine as fineOf, unsaid, violated } from "./builders.ts";

/** The tables of docs/lifecycle.md are run literally: what people read is what happens. */
const page = readFileSync(
	new URL("../../docs/lifecycle.md", import.meta.url),
	"utf8",
);

const cluster = { id: clusterId("a"), name: "a", subscription };
const rule = "capacity-shortfall";
const night = (day: number): Moment => ({
	auditId: `audit-${day}`,
	at: `2026-11-0${day}T05:00:00.000Z`,
});

/** `high, short, full` as a rule would say it. */
function violation(words: string, demand = 261): RuleOutcome {
	const [severity, verdict, scenario] = words.split(", ");
	return violated({
		severity: severity as Severity,
		scenario: scenario as ScenarioName,
		verdict: verdict as Verdict,
		demand: range(demand),
		free: range(251 - demand),
	});
}

const clusterFine = fineOf("not-evaluated", null);
const fine = fineOf(rule, budget.id);

function step(
	outcomes: readonly RuleOutcome[],
	open: readonly KeptFinding[],
	resolved: readonly KeptFinding[],
	moment: Moment,
) {
	return transitions(
		cluster,
		outcomes,
		open,
		new Map(resolved.map((finding) => [finding.id, finding])),
		{ ...moment, last: null },
	).filter(({ write, change }) => (write ?? change?.finding)?.rule === rule);
}

/** What is open and what is resolved before the audit of the third night. */
function past(words: string): [KeptFinding[], KeptFinding[]] {
	if (words === "nothing") return [[], []];
	const [state, weight = ""] = words.split(": ");
	const [opened] = step([clusterFine, violation(weight)], [], [], night(1));
	if (!opened?.write) throw new Error(`nothing was opened for ${words}`);
	if (state === "open") return [[opened.write], []];
	const [gone] = step([clusterFine, fine], [opened.write], [], night(2));
	if (!gone?.write) throw new Error(`nothing was resolved for ${words}`);
	return [[], [gone.write]];
}

function found(words: string, before: string): readonly RuleOutcome[] {
	const [, same = ""] = before.split(": ");
	switch (words) {
		case "the same":
			return [clusterFine, violation(same)];
		case "the same with other numbers":
			return [clusterFine, violation(same, 270)];
		case "fine":
			return [clusterFine, fine];
		case "the cluster does not use it":
			return [clusterFine];
		case "its rule could not look":
			return [clusterFine, unsaid(rule, budget.id)];
		case "the cluster could not be judged":
			return [
				{
					...violation("medium, unknown, today"),
					rule: "not-evaluated",
				},
			].map((one) => ({
				...one,
				outcome: { ...one.outcome, budget: null },
			})) as RuleOutcome[];
	}
	return [clusterFine, violation(words)];
}

describe("the documented transitions", () => {
	it("are there", () => {
		expect(tableUnder(page, "Transitions")).toHaveLength(16);
	});

	it.each(tableUnder(page, "Transitions"))(
		"%s, %s: %s, then %s",
		(before, finds, change, then) => {
			const [open, resolved] = past(before);
			const made = step(found(finds, before), open, resolved, night(3));
			const changes = made.flatMap(({ change }) => change ?? []);
			expect(changes.map(({ kind }) => kind)).toEqual(
				change === "none" ? [] : [change],
			);
			const after = made[0]?.write ?? open[0] ?? resolved[0] ?? null;
			expect(after?.state ?? "nothing").toBe(then);
			expect(after?.firstSeen ?? null).toBe(
				after === null
					? null
					: before === "nothing"
						? night(3).at
						: night(1).at,
			);
			if (change !== "none") expect(after?.changedAt).toBe(night(3).at);
			else if (open[0]) expect(after?.changedAt).toBe(night(1).at);
		},
	);
});

describe("what is documented to be told", () => {
	const acceptance: Acceptance = {
		reason: "moves in March",
		owner: "team",
		expiry: "2027-03-31",
		by: "finding",
		acceptedBy: "ada@contoso.example",
		acceptedAt: "2026-11-20T05:00:00.000Z",
	};
	const flappings: Readonly<Record<string, Flapping>> = {
		no: "no",
		"from now on": "starts",
		known: "goes-on",
	};

	it("is there", () => {
		expect(tableUnder(page, "What the channel is told")).toHaveLength(14);
	});

	it.each(tableUnder(page, "What the channel is told"))(
		"%s, accepted: %s, comes and goes: %s: %s",
		(kind, accepted, comesAndGoes, is) => {
			const flapping = flappings[comesAndGoes];
			if (flapping === undefined) throw new Error(comesAndGoes);
			const answer = telling(
				{ worse: kind === "worsened", flapping },
				accepted === "yes" ? acceptance : null,
			);
			expect(answer === "told" ? "told" : "counted").toBe(is);
		},
	);
});
