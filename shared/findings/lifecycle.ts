import type { ChangeKind, Finding, Severity } from "../contract.ts";
import { budgetIdOf, type RuleOutcome } from "../judge/judge.ts";
import { ruleOf } from "../rules/registry.ts";
import {
	type Outcome,
	openKey,
	type Unseen,
	type Violation,
} from "../rules/rule.ts";
import {
	type Flapping,
	flapHistoryAfter,
	type KeptFinding,
	type Past,
	pastOf,
} from "./flapping.ts";
import { headlineOf } from "./headline.ts";
import { findingId } from "./identity.ts";
import { compareWeight } from "./weight.ts";

/** What an audit changed about one finding. */
export interface Change {
	readonly kind: ChangeKind;
	readonly finding: KeptFinding;
	/** Its severity before, where it was open. */
	readonly severityBefore: Severity | null;
	/** Why it was resolved, where that is not simply that it is gone. */
	readonly reason: string | null;
	/** Worse than it was known to be when it was last open. */
	readonly worse: boolean;
	/** Opened by a rule that the last audit which ended did not know: the fleet is as it was. */
	readonly newRule: boolean;
	/** Its rule calculates in another way than in the last audit which ended. */
	readonly newArithmetic: boolean;
	readonly flapping: Flapping;
	/** What it was when it was resolved, where it is back: a second delivery of its slice starts from it. */
	readonly past: Past | null;
	/** Made by an earlier audit that failed before it could tell. */
	readonly carried?: boolean;
}

export interface Transition {
	/** The finding's new state, or null where nothing about it has changed. */
	readonly write: KeptFinding | null;
	readonly change: Change | null;
}

interface SeenCluster {
	readonly id: string;
	readonly name: string;
	readonly subscription: string;
}

/** The audit that makes the step. `at` in ISO 8601. */
export interface Moment {
	readonly auditId: string;
	readonly at: string;
}

export interface AuditMoment extends Moment {
	/** The last audit that ended, and the version of its rules. Null before the first. */
	readonly last: {
		readonly auditId: string;
		readonly rulesVersion: number;
	} | null;
}

/**
 * The step from the findings open before to those open now. A finding resolves only if its rule looked at its budget
 * and found it fine, or if the cluster was judged and no longer uses the budget. If something unseen has a trace on the
 * budget, the finding neither resolves nor eases: it stays as it was, with its last amounts.
 */
export function transitions(
	cluster: SeenCluster,
	outcomes: readonly RuleOutcome[],
	before: readonly KeptFinding[],
	resolvedBefore: ReadonlyMap<string, Past>,
	audit: AuditMoment,
): Transition[] {
	const open = new Map(before.map((finding) => [finding.id, finding]));
	const now = new Map<string, { finding: Finding; own: RuleOutcome }>();
	for (const own of outcomes) {
		if (own.outcome.kind !== "violated") continue;
		const finding = draft(cluster, own.rule, own.outcome, audit);
		now.set(finding.id, { finding, own });
	}
	return [
		...[...now.values()].map(({ finding, own }) =>
			seen(
				finding,
				own,
				open.get(finding.id),
				resolvedBefore.get(finding.id),
				audit,
			),
		),
		...before
			.filter(({ id }) => !now.has(id))
			.map((finding) => gone(finding, outcomes, audit)),
	];
}

function draft(
	cluster: SeenCluster,
	rule: string,
	violation: Extract<Outcome, Violation>,
	{ auditId, at }: Moment,
): Finding {
	const {
		kind: _,
		unseen: _unseen,
		hidesBudgets: _hides,
		severity,
		budget,
		...amounts
	} = violation;
	return {
		id: findingId(rule, cluster.id, budget?.id ?? null),
		rule,
		severity,
		headline: headlineOf({ rule, ...violation }),
		state: "open",
		cluster: cluster.id,
		clusterName: cluster.name,
		subscription: cluster.subscription,
		budget,
		...amounts,
		lastKnown: null,
		acceptance: null,
		firstSeen: at,
		changedAt: at,
		auditId,
	};
}

function seen(
	now: Finding,
	own: RuleOutcome,
	before: KeptFinding | undefined,
	resolved: Past | undefined,
	audit: AuditMoment,
): Transition {
	if (before === undefined)
		return resolved === undefined
			? opened(now, audit)
			: reopened(now, resolved, audit);
	const kept = { ...now, firstSeen: before.firstSeen };
	const direction = compareWeight(before, now);
	const unseen = frozenBy(own);
	if (direction <= 0 && unseen !== null) return asItWas(before, unseen, audit);
	if (direction !== 0)
		return moved(direction > 0 ? "worsened" : "eased", kept, before, audit);
	// A number that moves without moving verdict or severity is written, and is not news.
	const same: KeptFinding = {
		...kept,
		changedAt: before.changedAt,
		auditId: before.auditId,
		...(before.flapHistory && { flapHistory: before.flapHistory }),
	};
	return JSON.stringify(same) === JSON.stringify(before)
		? { write: null, change: null }
		: { write: { ...same, auditId: now.auditId }, change: null };
}

function gone(
	finding: KeptFinding,
	outcomes: readonly RuleOutcome[],
	audit: AuditMoment,
): Transition {
	// Its rule threw: nobody knows, so nothing moves.
	if (outcomes.some((one) => one.rule === finding.rule && "error" in one))
		return nothingNew;
	const budget = finding.budget?.id ?? null;
	const own = outcomes.find(
		({ rule, outcome }) =>
			openKey(rule, budgetIdOf(outcome)) === openKey(finding.rule, budget),
	);
	if (own !== undefined) {
		const unseen = frozenBy(own);
		if (unseen !== null) return asItWas(finding, unseen, audit);
		return own.outcome.kind === "fine"
			? resolve(finding, audit, null)
			: nothingNew;
	}
	// The rule said nothing of this budget: resolved only if it could look at all of the cluster.
	const unjudged = outcomes.find(
		({ rule, outcome, partly }) =>
			!partly &&
			rule === "not-evaluated" &&
			outcome.kind === "violated" &&
			outcome.budget === null &&
			outcome.hidesBudgets !== false,
	);
	if (unjudged?.outcome.kind === "violated") {
		const { reasons } = unjudged.outcome;
		return asItWas(
			finding,
			{
				cause: reasons[0]?.text ?? "",
				unseen: reasons.map(({ text }) => text),
			},
			audit,
		);
	}
	return resolve(finding, audit, "The cluster does not use it any more");
}

/** That something could not be judged is itself no judgement of what is unseen. */
function frozenBy({ rule, unseen }: RuleOutcome): Unseen {
	return rule === "not-evaluated" ? null : unseen;
}

const nothingNew: Transition = { write: null, change: null };

/** With its last figures, and with what was not seen since. No news. */
export function asItWas(
	before: KeptFinding,
	{ cause, unseen }: NonNullable<Unseen>,
	{ auditId, last }: AuditMoment,
): Transition {
	const figuresFrom =
		before.lastKnown?.auditId ?? last?.auditId ?? before.auditId;
	const lastKnown = {
		auditId: figuresFrom,
		cause,
		unseen: [...new Set(unseen)],
	};
	if (JSON.stringify(before.lastKnown) === JSON.stringify(lastKnown))
		return nothingNew;
	return { write: { ...before, lastKnown, auditId }, change: null };
}

/** A finding that ends, with the reason where it did not simply become fine. */
export function resolve(
	finding: KeptFinding,
	{ auditId, at, last = null }: Moment & Partial<Pick<AuditMoment, "last">>,
	reason: string | null,
): Transition {
	const { flapHistory, flapping } = flapHistoryAfter(
		"resolved",
		finding,
		finding,
		at,
	);
	const resolved: KeptFinding = {
		...finding,
		lastKnown: null,
		state: "resolved",
		changedAt: at,
		auditId,
		flapHistory,
	};
	return {
		write: resolved,
		change: {
			...noChange,
			kind: "resolved",
			finding: resolved,
			severityBefore: finding.severity,
			reason,
			newArithmetic: isCountedAnew(finding.rule, last),
			flapping,
		},
	};
}

const noChange = {
	severityBefore: null,
	reason: null,
	worse: false,
	newRule: false,
	newArithmetic: false,
	flapping: "no",
	past: null,
} as const;

function opened(finding: Finding, { last }: AuditMoment): Transition {
	const since = ruleOf(finding.rule)?.since ?? 0;
	const newRule = last !== null && since > last.rulesVersion;
	const newArithmetic = !newRule && isCountedAnew(finding.rule, last);
	return {
		write: finding,
		change: { ...noChange, kind: "opened", finding, newRule, newArithmetic },
	};
}

/** The rule's sums are not those of the last audit: what moved may be the sums, and not the fleet. */
function isCountedAnew(rule: string, last: AuditMoment["last"]): boolean {
	const since = ruleOf(rule)?.arithmeticSince ?? 0;
	return last !== null && since > last.rulesVersion;
}

function reopened(now: Finding, past: Past, { last }: AuditMoment): Transition {
	const { flapHistory, flapping } = flapHistoryAfter(
		"reopened",
		past,
		now,
		now.changedAt,
	);
	const finding: KeptFinding = {
		...now,
		firstSeen: past.firstSeen,
		flapHistory,
	};
	return {
		write: finding,
		change: {
			...noChange,
			kind: "reopened",
			finding,
			worse: compareWeight(past, now) > 0,
			newArithmetic: isCountedAnew(now.rule, last),
			flapping,
			past: pastOf(past),
		},
	};
}

function moved(
	kind: "worsened" | "eased",
	now: Finding,
	before: KeptFinding,
	{ last }: AuditMoment,
): Transition {
	const { flapHistory, flapping } = flapHistoryAfter(
		kind,
		before,
		now,
		now.changedAt,
	);
	const finding: KeptFinding = { ...now, flapHistory };
	return {
		write: finding,
		change: {
			...noChange,
			kind,
			finding,
			severityBefore: before.severity,
			worse: kind === "worsened",
			newArithmetic: isCountedAnew(now.rule, last),
			flapping,
		},
	};
}
