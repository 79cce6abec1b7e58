import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import type {
	Finding,
	ScenarioName,
	Severity,
	Verdict,
} from "../../shared/contract.ts";
import type { KeptFinding } from "../../shared/findings/flapping.ts";
import { findingId } from "../../shared/findings/identity.ts";
import {
	type AuditMoment,
	type Transition,
	transitions,
} from "../../shared/findings/lifecycle.ts";
import type { RuleOutcome } from "../../shared/judge/judge.ts";
import { hash } from "../../shared/keys/hash.ts";
import type { Violation } from "../../shared/rules/rule.ts";
import { clusterId, range, subnetId, subscription } from "../model/builders.ts";
import { budget, fine, unsaid, violated } from "./builders.ts";

const cluster = { id: clusterId("a"), name: "a", subscription };
const first = { auditId: "audit-1", at: "2026-11-01T05:00:00.000Z" };
const second = { auditId: "audit-2", at: "2026-11-02T05:00:00.000Z" };
const third = { auditId: "audit-3", at: "2026-11-03T05:00:00.000Z" };

const clusterNotEvaluated: RuleOutcome = {
	rule: "not-evaluated",
	outcome: {
		kind: "violated",
		severity: "medium",
		budget: null,
		scenario: null,
		verdict: "unknown",
		limit: null,
		drawn: null,
		free: null,
		alsoIn: [],
		nodesLeft: null,
		runway: null,
		azure: null,
		because: ["no read on subscription x"],
		remedies: [],
	},
	unseen: null,
};
const clusterFine = fine("not-evaluated", null);

function step(
	outcomes: readonly RuleOutcome[],
	before: readonly KeptFinding[],
	audit = second,
	resolvedBefore: readonly KeptFinding[] = [],
	last: AuditMoment["last"] = { auditId: "audit-1", rulesVersion: 4 },
): Transition[] {
	return transitions(
		cluster,
		outcomes,
		before,
		new Map(resolvedBefore.map((finding) => [finding.id, finding])),
		{ ...audit, last },
	);
}

function only(made: readonly Transition[]): Transition {
	const [transition, ...others] = made;
	if (transition === undefined || others.length > 0)
		throw new Error(`${made.length} transitions`);
	return transition;
}

function written({ write }: Transition): KeptFinding {
	if (write === null) throw new Error("nothing is written");
	return write;
}

/** As it comes back from storage, read anew. */
function opened(overrides: Partial<Violation> = {}): Finding {
	const finding = written(
		only(step([clusterFine, violated(overrides)], [], first)),
	);
	return JSON.parse(JSON.stringify(finding));
}

describe("a finding that is seen", () => {
	it("for the first time is opened", () => {
		const { write, change } = only(step([clusterFine, violated()], [], first));
		expect(change).toEqual({
			kind: "opened",
			finding: write,
			severityBefore: null,
			reason: null,
			worse: false,
			newRule: false,
			newArithmetic: false,
			flapping: "no",
			past: null,
		});
		expect(write).toEqual({
			id: findingId("capacity-shortfall", cluster.id, budget.id),
			rule: "capacity-shortfall",
			severity: "high",
			state: "open",
			cluster: cluster.id,
			clusterName: "a",
			subscription,
			budget,
			scenario: "full",
			verdict: "short",
			limit: range(251),
			drawn: range(261),
			free: range(-10),
			alsoIn: ["full-upgrade"],
			nodesLeft: null,
			runway: null,
			azure: null,
			because: ["261 of 251 addresses drawn at full scale"],
			remedies: [],
			lastKnown: null,
			acceptance: null,
			firstSeen: first.at,
			changedAt: first.at,
			auditId: "audit-1",
		});
	});

	it("unchanged writes nothing and is no change", () => {
		expect(only(step([clusterFine, violated()], [opened()]))).toEqual({
			write: null,
			change: null,
		});
	});

	it("with a number that moved is written, dated as before, and is no change", () => {
		const { write, change } = only(
			step(
				[clusterFine, violated({ drawn: range(262), free: range(-11) })],
				[opened()],
			),
		);
		expect(change).toBeNull();
		expect(write).toEqual({
			...opened(),
			drawn: range(262),
			free: range(-11),
			auditId: "audit-2",
		});
	});

	it("with a number that moved back again writes what stood there first, but for the audit", () => {
		const moved = written(
			only(step([violated({ drawn: range(262) })], [opened()])),
		);
		const back = written(only(step([violated()], [moved], third)));
		expect(back).toEqual({ ...opened(), auditId: "audit-3" });
	});

	it.each<{
		what: string;
		from: { severity: Severity; verdict: Verdict; scenario: ScenarioName };
		to: { severity: Severity; verdict: Verdict; scenario: ScenarioName };
		kind: "worsened" | "eased";
	}>([
		{
			what: "more severe",
			from: { severity: "high", verdict: "short", scenario: "full" },
			to: { severity: "critical", verdict: "short", scenario: "upgrade" },
			kind: "worsened",
		},
		{
			what: "less severe",
			from: { severity: "critical", verdict: "short", scenario: "upgrade" },
			to: { severity: "high", verdict: "short", scenario: "full" },
			kind: "eased",
		},
		{
			what: "more severe, though less certain",
			from: { severity: "low", verdict: "short", scenario: "full" },
			to: { severity: "medium", verdict: "tight", scenario: "full" },
			kind: "worsened",
		},
		{
			what: "exhausted: the severity alone",
			from: { severity: "high", verdict: "short", scenario: "full" },
			to: { severity: "critical", verdict: "short", scenario: "full" },
			kind: "worsened",
		},
		{
			what: "short where it was tight",
			from: { severity: "medium", verdict: "tight", scenario: "full-upgrade" },
			to: { severity: "medium", verdict: "short", scenario: "full-upgrade" },
			kind: "worsened",
		},
		{
			what: "tight where it was short",
			from: { severity: "medium", verdict: "short", scenario: "full-upgrade" },
			to: { severity: "medium", verdict: "tight", scenario: "full-upgrade" },
			kind: "eased",
		},
	])("$what is $kind", ({ from, to, kind }) => {
		const before = opened(from);
		const { write, change } = only(step([violated(to)], [before]));
		expect(change).toEqual({
			kind,
			finding: write,
			severityBefore: from.severity,
			reason: null,
			worse: kind === "worsened",
			newRule: false,
			newArithmetic: false,
			flapping: "no",
			past: null,
		});
		expect(write).toMatchObject({
			...to,
			firstSeen: first.at,
			changedAt: second.at,
			auditId: "audit-2",
			state: "open",
		});
	});

	it("again after it was resolved is reopened, first seen when it was first", () => {
		const resolved = written(
			only(
				step([clusterFine, fine("capacity-shortfall", budget.id)], [opened()]),
			),
		);
		const { write, change } = only(step([violated()], [], third, [resolved]));
		expect(change).toMatchObject({ kind: "reopened", severityBefore: null });
		expect(write).toMatchObject({
			state: "open",
			firstSeen: first.at,
			changedAt: third.at,
			auditId: "audit-3",
		});
	});
});

describe("a finding that is not seen", () => {
	it("is resolved where its rule found the budget fine", () => {
		const { write, change } = only(
			step([clusterFine, fine("capacity-shortfall", budget.id)], [opened()]),
		);
		expect(write).toEqual({
			...opened(),
			state: "resolved",
			changedAt: second.at,
			auditId: "audit-2",
			unrest: {
				returns: [],
				worst: { severity: "high", verdict: "short", scenario: "full" },
				eased: true,
				flapping: false,
			},
		});
		expect(change).toEqual({
			kind: "resolved",
			finding: write,
			severityBefore: "high",
			reason: null,
			worse: false,
			newRule: false,
			newArithmetic: false,
			flapping: "no",
			past: null,
		});
	});

	it("is resolved where the cluster does not draw on the budget any more, and says so", () => {
		const { write, change } = only(
			step(
				[clusterFine, fine("capacity-shortfall", subnetId("other"))],
				[opened()],
			),
		);
		expect(write?.state).toBe("resolved");
		expect(change).toMatchObject({
			kind: "resolved",
			reason: "the cluster does not use it any more",
		});
	});

	it.each([
		{
			what: "its rule could not evaluate the budget",
			outcomes: [clusterFine, unsaid("capacity-shortfall", budget.id)],
		},
		{
			what: "another rule found the budget fine, its own could not evaluate it",
			outcomes: [
				clusterFine,
				unsaid("capacity-shortfall", budget.id),
				fine("nearly-full", budget.id),
			],
		},
	])("stays as it is where $what", ({ outcomes }) => {
		const before = opened();
		const transition = step(outcomes, [before]).find(
			({ change, write }) => (change?.finding ?? write)?.id === before.id,
		);
		expect(transition).toBeUndefined();
	});

	it("of the cluster itself is resolved when the cluster can be evaluated again", () => {
		const before = written(only(step([clusterNotEvaluated], [], first)));
		expect(
			only(step([clusterFine, fine("capacity-shortfall", budget.id)], [before]))
				.change,
		).toMatchObject({ kind: "resolved" });
	});

	it("of another budget goes its own way", () => {
		const other = {
			id: subnetId("other"),
			kind: "subnet",
			name: "net/other",
		} as const;
		const before = [opened(), opened({ budget: other })];
		const made = step(
			[clusterFine, violated(), fine("capacity-shortfall", other.id)],
			before,
		);
		expect(made.map(({ change }) => change?.kind ?? null)).toEqual([
			null,
			"resolved",
		]);
	});
});

describe("several findings of one cluster", () => {
	it("of two rules on one budget are two", () => {
		const ids = step(
			[violated(), { ...violated(), rule: "nearly-full" }],
			[],
		).map(({ write }) => write?.id);
		expect(new Set(ids).size).toBe(2);
	});

	it("twice the same step writes the same", () => {
		const once = step(
			[clusterFine, violated({ severity: "critical" })],
			[opened()],
		);
		const twice = step(
			[clusterFine, violated({ severity: "critical" })],
			[opened()],
		);
		expect(JSON.stringify(twice)).toBe(JSON.stringify(once));
	});
});

describe("the id of a finding", () => {
	const sha = (text: string) =>
		createHash("sha256").update(text, "utf8").digest("hex").slice(0, 32);

	it("is the first 32 hex digits of SHA-256 over rule, cluster and budget, joined by a line feed", () => {
		expect(findingId("capacity-shortfall", cluster.id, budget.id)).toBe(
			sha(`capacity-shortfall\n${cluster.id}\n${budget.id}`),
		);
	});

	it("has nothing where there is no budget", () => {
		expect(findingId("not-evaluated", cluster.id, null)).toBe(
			sha(`not-evaluated\n${cluster.id}\n`),
		);
	});

	it("stays the same for ever: others keep it", () => {
		// printf 'kubenet-retirement\n/c\n' | sha256sum
		expect(findingId("kubenet-retirement", "/c", null)).toBe(
			"577978c8f34d5cb610701280440f9d57",
		);
		// printf '' | sha256sum
		expect(hash("")).toBe("e3b0c44298fc1c149afbf4c8996fb924");
	});

	it("differs by rule, cluster and budget", () => {
		const ids = [
			findingId("r", "c", "b"),
			findingId("r", "c", null),
			findingId("r2", "c", "b"),
			findingId("r", "c2", "b"),
			findingId("r", "c\nb", null),
		];
		expect(new Set(ids).size).toBe(5);
	});
});
