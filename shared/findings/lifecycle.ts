import {
	type ChangeKind,
	type Finding,
	type Severity,
	scenarioNames,
	severities,
} from "../contract.ts";
import type { RuleOutcome } from "../judge/judge.ts";
import { openKey, type Violation } from "../rules/rule.ts";
import { findingId } from "./identity.ts";

/** What an audit changed about one finding. */
export interface Change {
	readonly kind: ChangeKind;
	readonly finding: Finding;
	/** Its severity before, where it was open. */
	readonly severityBefore: Severity | null;
	/** Why it was resolved, where that is not simply that it is gone. */
	readonly reason: string | null;
	/** Made by an earlier audit that failed before it could tell. */
	readonly carried?: boolean;
}

export interface Transition {
	/** The finding's new state, or null where nothing about it has changed. */
	readonly write: Finding | null;
	readonly change: Change | null;
}

export interface SeenCluster {
	readonly id: string;
	readonly name: string;
	readonly subscription: string;
}

/**
 * The step from the findings open before to those open now. A finding is resolved only where its rule looked at its
 * budget and found it fine, or the cluster was judged and does not draw on the budget any more.
 */
export function transitions(
	cluster: SeenCluster,
	outcomes: readonly RuleOutcome[],
	before: readonly Finding[],
	resolvedBefore: ReadonlyMap<string, Finding>,
	audit: { readonly auditId: string; readonly at: string },
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
			seen(finding, open.get(finding.id), resolvedBefore.get(finding.id)),
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
	{ auditId, at }: { readonly auditId: string; readonly at: string },
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
	before: Finding | undefined,
	resolved: Finding | undefined,
): Transition {
	if (before === undefined)
		return resolved === undefined
			? moved("opened", now, null)
			: moved("reopened", { ...now, firstSeen: resolved.firstSeen }, null);
	const kept = { ...now, firstSeen: before.firstSeen };
	const direction = compare(before, now);
	if (direction !== 0)
		return moved(direction > 0 ? "worsened" : "eased", kept, before.severity);
	// A number that moves without moving verdict or severity is kept up to date, and is no news.
	const same = {
		...kept,
		changedAt: before.changedAt,
		auditId: before.auditId,
	};
	return JSON.stringify(same) === JSON.stringify(before)
		? { write: null, change: null }
		: { write: { ...same, auditId: now.auditId }, change: null };
}

/** Positive: worse than before. Severity first, then how certain, then how soon. */
function compare(before: Finding, now: Finding): number {
	return (
		severities.indexOf(before.severity) - severities.indexOf(now.severity) ||
		certainty(now) - certainty(before) ||
		soonness(now) - soonness(before)
	);
}

function certainty({ verdict }: Finding): number {
	return verdict === "short" ? 2 : verdict === "tight" ? 1 : 0;
}

function soonness({ scenario, verdict }: Finding): number {
	if (scenario === null || verdict === "unknown") return 0;
	return scenarioNames.length - scenarioNames.indexOf(scenario);
}

function gone(
	finding: Finding,
	outcomes: readonly RuleOutcome[],
	audit: { readonly auditId: string; readonly at: string },
): Transition {
	const budget = finding.budget?.id ?? null;
	const own = outcomes.find(
		({ rule, outcome }) =>
			openKey(rule, outcomeBudget(outcome)) === openKey(finding.rule, budget),
	);
	if (own?.outcome.kind === "fine") return resolve(finding, audit, null);
	// The rule said nothing of this budget: resolved only if it could look at the cluster at all.
	const judged = outcomes.every(
		({ rule, outcome }) =>
			!(rule === "not-evaluated" && outcome.kind === "violated") ||
			outcome.budget !== null,
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
	finding: Finding,
	{ auditId, at }: { readonly auditId: string; readonly at: string },
	reason: string | null,
): Transition {
	const resolved: Finding = {
		...finding,
		state: "resolved",
		changedAt: at,
		auditId,
	};
	return {
		write: resolved,
		change: {
			kind: "resolved",
			finding: resolved,
			severityBefore: finding.severity,
			reason,
		},
	};
}

function moved(
	kind: ChangeKind,
	finding: Finding,
	severityBefore: Severity | null,
): Transition {
	return {
		write: finding,
		change: { kind, finding, severityBefore, reason: null },
	};
}
