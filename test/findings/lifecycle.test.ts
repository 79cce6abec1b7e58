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
import { budget, cause, fine, unsaid, violated } from "./builders.ts";

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
		demand: null,
		free: null,
		alsoIn: [],
		additionalNodes: null,
		runway: null,
		azure: null,
		reasons: [{ kind: "not-known", text: "no read on subscription x" }],
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

/** As it comes back from storage, read again. */
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
			headline: "Subnet nodes is 10 IPs short at autoscaler max",
			state: "open",
			cluster: cluster.id,
			clusterName: "a",
			subscription,
			budget,
			scenario: "full",
			verdict: "short",
			limit: range(251),
			demand: range(261),
			free: range(-10),
			alsoIn: ["full-upgrade"],
			additionalNodes: null,
			runway: null,
			azure: null,
			reasons: [
				{ kind: "demand", text: "Needs 261 IPs at autoscaler max, has 251" },
			],
			remedies: [],
			lastKnown: null,
			acceptance: null,
			firstSeen: first.at,
			changedAt: first.at,
			auditId: "audit-1",
		});
	});

	it("unchanged writes nothing and is not a change", () => {
		expect(only(step([clusterFine, violated()], [opened()]))).toEqual({
			write: null,
			change: null,
		});
	});

	it("with a number that moved is written, dated as before, and is not a change", () => {
		const { write, change } = only(
			step(
				[clusterFine, violated({ demand: range(262), free: range(-11) })],
				[opened()],
			),
		);
		expect(change).toBeNull();
		expect(write).toEqual({
			...opened(),
			headline: "Subnet nodes is 11 IPs short at autoscaler max",
			demand: range(262),
			free: range(-11),
			auditId: "audit-2",
		});
	});

	it("with a number that moved back again writes what stood there first, but for the audit", () => {
		const moved = written(
			only(step([violated({ demand: range(262) })], [opened()])),
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
			flapHistory: {
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

	it("is resolved if the cluster no longer uses the budget, and says so", () => {
		const { write, change } = only(
			step(
				[clusterFine, fine("capacity-shortfall", subnetId("other"))],
				[opened()],
			),
		);
		expect(write?.state).toBe("resolved");
		expect(change).toMatchObject({
			kind: "resolved",
			reason: "The cluster does not use it any more",
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

describe("a finding on a budget where something is unseen", () => {
	const silent = ["cluster b: subscription x did not answer"];
	const audits = (night: number): AuditMoment => ({
		auditId: `audit-${night}`,
		at: `2026-11-0${night}T05:00:00.000Z`,
		last: { auditId: `audit-${night - 1}`, rulesVersion: 4 },
	});
	const on = (
		night: number,
		outcomes: readonly RuleOutcome[],
		before: readonly KeptFinding[],
	) => step(outcomes, before, audits(night), [], audits(night).last);

	/** As it was opened, with its figures, and with what is unseen since audit 1. */
	const frozen = (
		unseen: readonly string[] = silent,
		auditId = "audit-2",
		why = cause,
	): KeptFinding => ({
		...opened(),
		lastKnown: { auditId: "audit-1", cause: why, unseen },
		auditId,
	});

	it.each<{ what: string; own: RuleOutcome }>([
		{
			what: "is not resolved, where its rule finds the rest fine",
			own: fine("capacity-shortfall", budget.id, silent),
		},
		{
			what: "stays where its rule cannot look",
			own: unsaid("capacity-shortfall", budget.id, silent),
		},
		{
			what: "does not ease in severity",
			own: violated({ severity: "low", verdict: "tight" }, silent),
		},
		{
			what: "does not ease in its verdict",
			own: violated({ verdict: "tight" }, silent),
		},
		{
			what: "does not ease in its scenario",
			own: violated({ scenario: "full-upgrade" }, silent),
		},
		{
			what: "keeps its figures, where they moved and its weight did not",
			own: violated({ demand: range(255), free: range(-4) }, silent),
		},
	])("$what, and says so without a change", ({ own }) => {
		expect(only(on(2, [clusterFine, own], [opened()]))).toEqual({
			write: frozen(),
			change: null,
		});
	});

	it("stays where the cluster as a whole could not be judged, with the reason", () => {
		const made = on(2, [clusterNotEvaluated], [opened()]);
		expect(made.map(({ write }) => write?.rule)).toEqual([
			"not-evaluated",
			"capacity-shortfall",
		]);
		expect(made[1]).toEqual({
			write: frozen(
				["no read on subscription x"],
				"audit-2",
				"no read on subscription x",
			),
			change: null,
		});
	});

	it("ends where what could not be judged hides no budget", () => {
		const elsewhere: RuleOutcome = {
			...clusterNotEvaluated,
			outcome: { ...clusterNotEvaluated.outcome, hidesBudgets: false },
		} as RuleOutcome;
		const made = on(2, [elsewhere], [opened()]);
		expect(made[1]).toMatchObject({
			write: { state: "resolved" },
			change: { kind: "resolved" },
		});
	});

	it("may worsen: what is seen alone is worse", () => {
		const worse = violated({ severity: "critical", scenario: "today" }, silent);
		expect(only(on(2, [clusterFine, worse], [opened()]))).toMatchObject({
			write: { severity: "critical", scenario: "today", lastKnown: null },
			change: { kind: "worsened" },
		});
	});

	it("may open: what is seen alone is too much", () => {
		expect(only(on(2, [clusterFine, violated({}, silent)], []))).toMatchObject({
			write: { state: "open", lastKnown: null },
			change: { kind: "opened" },
		});
	});

	it("keeps the audit that its figures are from, however long it stays so", () => {
		const later = [
			clusterFine,
			violated({}, ["cluster c: subscription y did not answer"]),
		];
		expect(only(on(3, later, [frozen()])).write).toEqual(
			frozen(["cluster c: subscription y did not answer"], "audit-3"),
		);
	});

	it("writes nothing while the same is unseen", () => {
		expect(
			only(on(3, [clusterFine, violated({}, silent)], [frozen()])),
		).toEqual({ write: null, change: null });
	});

	it("names the same cause once", () => {
		expect(
			only(
				on(2, [clusterFine, violated({}, [...silent, ...silent])], [opened()]),
			).write?.lastKnown?.unseen,
		).toEqual(silent);
	});

	it("has figures of its own audit, where no audit has ended before", () => {
		const { write } = only(
			step([clusterFine, violated({}, silent)], [opened()], second, [], null),
		);
		expect(write?.lastKnown).toEqual({
			auditId: "audit-1",
			cause,
			unseen: silent,
		});
	});

	it.each<{ what: string; own: RuleOutcome; demand: number }>([
		{ what: "with the figures that it had", own: violated(), demand: 261 },
		{
			what: "with figures that moved",
			own: violated({ demand: range(262) }),
			demand: 262,
		},
	])("thaws without news $what", ({ own, demand }) => {
		expect(only(on(3, [clusterFine, own], [frozen()]))).toEqual({
			write: { ...opened(), demand: range(demand), auditId: "audit-3" },
			change: null,
		});
	});

	it("thaws with news where it is fine, or has eased", () => {
		expect(
			only(
				on(3, [clusterFine, fine("capacity-shortfall", budget.id)], [frozen()]),
			),
		).toMatchObject({
			write: { state: "resolved", lastKnown: null },
			change: { kind: "resolved" },
		});
		expect(
			only(on(3, [clusterFine, violated({ verdict: "tight" })], [frozen()])),
		).toMatchObject({
			write: { verdict: "tight", lastKnown: null },
			change: { kind: "eased" },
		});
	});

	it("ends where the cluster does not use the budget any more", () => {
		expect(only(on(3, [clusterFine], [frozen()]))).toMatchObject({
			write: { state: "resolved", lastKnown: null },
			change: {
				kind: "resolved",
				reason: "The cluster does not use it any more",
			},
		});
	});

	it("of not-evaluated moves all the same: it does not judge what is unseen", () => {
		const unknown = {
			...violated({ severity: "medium", verdict: "unknown" }, silent),
			rule: "not-evaluated",
		};
		const [, before] = on(2, [clusterFine, unknown], []).flatMap(
			({ write }) => [null, write],
		);
		if (!before) throw new Error("nothing was opened");
		expect(before.lastKnown).toBeNull();
		expect(
			only(
				on(
					3,
					[clusterFine, fine("not-evaluated", budget.id, silent)],
					[before],
				),
			).change,
		).toMatchObject({ kind: "resolved" });
	});

	it("does not touch one on a budget that is seen", () => {
		const other = { ...budget, id: subnetId("other") };
		const made = on(
			2,
			[
				clusterFine,
				fine("capacity-shortfall", budget.id, silent),
				fine("capacity-shortfall", other.id),
			],
			[opened(), opened({ budget: other })],
		);
		expect(made.map(({ change }) => change?.kind ?? null)).toEqual([
			null,
			"resolved",
		]);
	});
});

describe("what moves in the first audit of other sums", () => {
	const at = (rulesVersion: number | null) =>
		rulesVersion === null ? null : { auditId: "audit-1", rulesVersion };

	it.each([
		// capacity-shortfall appeared in version 1, and adds up otherwise since version 4.
		{ last: 3, newArithmetic: true },
		{ last: 4, newArithmetic: false },
		{ last: null, newArithmetic: false },
	])(
		"after version $last says so: $newArithmetic",
		({ last, newArithmetic }) => {
			const kinds = [
				step([clusterFine, violated()], [], second, [], at(last)),
				step(
					[clusterFine, fine("capacity-shortfall", budget.id)],
					[opened()],
					second,
					[],
					at(last),
				),
				step(
					[clusterFine, violated({ severity: "critical" })],
					[opened()],
					second,
					[],
					at(last),
				),
				step([clusterFine, violated()], [], third, [opened()], at(last)),
			].map((made) => only(made).change);
			expect(
				kinds.map((change) => [change?.kind, change?.newArithmetic]),
			).toEqual([
				["opened", newArithmetic],
				["resolved", newArithmetic],
				["worsened", newArithmetic],
				["reopened", newArithmetic],
			]);
		},
	);

	it("of a rule whose sums are as they were is told as ever", () => {
		const retires = {
			...violated(),
			rule: "kubenet-retirement",
		};
		expect(
			only(step([clusterFine, retires], [], second, [], at(3))).change,
		).toMatchObject({ newRule: false, newArithmetic: false });
	});

	it("of a rule that is new is told as a new rule alone", () => {
		const overlap = { ...violated(), rule: "range-overlap" };
		expect(
			only(step([clusterFine, overlap], [], second, [], at(2))).change,
		).toMatchObject({ newRule: true, newArithmetic: false });
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

	it("has nothing without a budget", () => {
		expect(findingId("not-evaluated", cluster.id, null)).toBe(
			sha(`not-evaluated\n${cluster.id}\n`),
		);
	});

	it("stays the same for ever: callers store it", () => {
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
