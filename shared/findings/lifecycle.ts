import type { ChangeKind, Finding, Severity } from "../contract.ts";
import type { RuleOutcome } from "../judge/judge.ts";
import { ruleSince } from "../rules/registry.ts";
import { openKey, type Violation } from "../rules/rule.ts";
import {
	type Flapping,
	type KeptFinding,
	type Past,
	pastOf,
	unrestAfter,
} from "./flapping.ts";
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

export interface SeenCluster {
	readonly id: string;
	readonly name: string;
	readonly subscription: string;
}

/** The audit that makes the step; `at` in ISO 8601. */
export interface Moment {
	readonly auditId: string;
	readonly at: string;
}

/**
 * The step from the findings open before to those open now. A finding is resolved only where its rule looked at its
 * budget and found it fine, or the cluster was judged and does not draw on the budget any more.
 */
export function transitions(
	cluster: SeenCluster,
	outcomes: readonly RuleOutcome[],
	before: readonly KeptFinding[],
	resolvedBefore: ReadonlyMap<string, Past>,
	/** `rulesBefore`: version of the rules in the last audit that ended; null before the first. */
	audit: Moment & { readonly rulesBefore: number | null },
): Transition[] {
	const open = new Map(before.map((finding) => [finding.id, finding]));
	const now = new Map<string, Finding>();
	for (const { rule, outcome } of outcomes) {
		if (outcome.kind !== "violated") continue;
		const finding = draft(cluster, rule, outcome, audit);
		now.set(finding.id, finding);
	}
	return [
		...[...now.values()].map((finding) =>
			seen(
				finding,
				open.get(finding.id),
				resolvedBefore.get(finding.id),
				audit.rulesBefore,
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
	violation: Violation,
	{ auditId, at }: Moment,
): Finding {
	const { kind: _, severity, budget, ...amounts } = violation;
	return {
		id: findingId(rule, cluster.id, budget?.id ?? null),
		rule,
		severity,
		state: "open",
		cluster: cluster.id,
		clusterName: cluster.name,
		subscription: cluster.subscription,
		budget,
		...amounts,
		acceptance: null,
		firstSeen: at,
		changedAt: at,
		auditId,
	};
}

function seen(
	now: Finding,
	before: KeptFinding | undefined,
	resolved: Past | undefined,
	rulesBefore: number | null,
): Transition {
	if (before === undefined)
		return resolved === undefined
			? opened(now, rulesBefore)
			: reopened(now, resolved);
	const kept = { ...now, firstSeen: before.firstSeen };
	const direction = compareWeight(before, now);
	if (direction !== 0)
		return moved(direction > 0 ? "worsened" : "eased", kept, before);
	// A number that moves without moving verdict or severity is kept up to date, and is no news.
	const same: KeptFinding = {
		...kept,
		changedAt: before.changedAt,
		auditId: before.auditId,
		...(before.unrest && { unrest: before.unrest }),
	};
	return JSON.stringify(same) === JSON.stringify(before)
		? { write: null, change: null }
		: { write: { ...same, auditId: now.auditId }, change: null };
}

function gone(
	finding: KeptFinding,
	outcomes: readonly RuleOutcome[],
	audit: Moment,
): Transition {
	// Its rule threw: nobody knows, so nothing moves.
	if (outcomes.some((one) => one.rule === finding.rule && "error" in one))
		return { write: null, change: null };
	const budget = finding.budget?.id ?? null;
	const own = outcomes.find(
		({ rule, outcome }) =>
			openKey(rule, outcomeBudget(outcome)) === openKey(finding.rule, budget),
	);
	if (own?.outcome.kind === "fine") return resolve(finding, audit, null);
	// The rule said nothing of this budget: resolved only if it could look at the cluster at all.
	const judged = outcomes.every(
		({ rule, outcome, partly }) =>
			!(rule === "not-evaluated" && outcome.kind === "violated") ||
			outcome.budget !== null ||
			partly === true,
	);
	return own === undefined && judged
		? resolve(finding, audit, "the cluster does not draw on it any more")
		: { write: null, change: null };
}

function outcomeBudget(outcome: RuleOutcome["outcome"]): string | null {
	return outcome.kind === "violated"
		? (outcome.budget?.id ?? null)
		: outcome.budget;
}

/** A finding that ends, with the reason where it did not simply become fine. */
export function resolve(
	finding: KeptFinding,
	{ auditId, at }: Moment,
	reason: string | null,
): Transition {
	const { unrest, flapping } = unrestAfter("resolved", finding, finding, at);
	const resolved: KeptFinding = {
		...finding,
		state: "resolved",
		changedAt: at,
		auditId,
		unrest,
	};
	return {
		write: resolved,
		change: {
			...noChange,
			kind: "resolved",
			finding: resolved,
			severityBefore: finding.severity,
			reason,
			flapping,
		},
	};
}

const noChange = {
	severityBefore: null,
	reason: null,
	worse: false,
	newRule: false,
	flapping: "no",
	past: null,
} as const;

function opened(finding: Finding, rulesBefore: number | null): Transition {
	const since = ruleSince[finding.rule] ?? 0;
	const newRule = rulesBefore !== null && since > rulesBefore;
	return {
		write: finding,
		change: { ...noChange, kind: "opened", finding, newRule },
	};
}

function reopened(now: Finding, past: Past): Transition {
	const { unrest, flapping } = unrestAfter(
		"reopened",
		past,
		now,
		now.changedAt,
	);
	const finding: KeptFinding = { ...now, firstSeen: past.firstSeen, unrest };
	return {
		write: finding,
		change: {
			...noChange,
			kind: "reopened",
			finding,
			worse: compareWeight(past, now) > 0,
			flapping,
			past: pastOf(past),
		},
	};
}

function moved(
	kind: "worsened" | "eased",
	now: Finding,
	before: KeptFinding,
): Transition {
	const { unrest, flapping } = unrestAfter(kind, before, now, now.changedAt);
	const finding: KeptFinding = { ...now, unrest };
	return {
		write: finding,
		change: {
			...noChange,
			kind,
			finding,
			severityBefore: before.severity,
			worse: kind === "worsened",
			flapping,
		},
	};
}
