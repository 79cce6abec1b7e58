/** The shapes that leave the program: over HTTP, into the tables and onto the card. */

export const severities = [
	"critical",
	"high",
	"medium",
	"low",
	"info",
] as const;
export type Severity = (typeof severities)[number];

/** Whole numbers. Null: unbounded at that end. */
export interface Range {
	readonly low: number | null;
	readonly high: number | null;
}

export const scenarioNames = [
	"today",
	"upgrade",
	"full",
	"full-upgrade",
] as const;
export type ScenarioName = (typeof scenarioNames)[number];

export const verdicts = ["fits", "tight", "short", "unknown"] as const;
export type Verdict = (typeof verdicts)[number];

export type BudgetKind =
	| "subnet"
	| "pod-subnet"
	| "pod-blocks"
	| "pod-range"
	| "routes"
	| "api-server-subnet"
	| "virtual-network"
	| "cluster-nodes"
	| "pool-nodes";

export interface BudgetName {
	readonly id: string;
	readonly kind: BudgetKind;
	readonly name: string;
}

/** One of Azure's own pre-flight checks, in the figures of its message: "requested exceeds available". */
export interface PreflightCheck {
	readonly verdict: Verdict;
	readonly requested: Range;
	readonly available: Range;
}

/** What Azure checks before any change of the cluster, and before an upgrade. */
export interface Preflight {
	readonly change: PreflightCheck;
	readonly upgrade: PreflightCheck;
}

/** What uses IPs of a node subnet and is not a counted node. */
export const otherResourceKinds = [
	"private-endpoint",
	"load-balancer-frontend",
	"private-link-service",
	"virtual-machine",
	"scale-set",
	"leftover-interface",
	"other",
] as const;
export type OtherResourceKind = (typeof otherResourceKinds)[number];

/** Characters of a remedy's title: a line of a card. */
export const longestTitle = 100;

export interface Remedy {
	readonly kind: string;
	/** What to do: an imperative of at most `longestTitle` characters. */
	readonly title: string;
	/** What it leads to, its conditions and limits: short sentences. */
	readonly detail: readonly string[];
	/** Commands of bash in order, one a line. `<...>` stands for what the auditor cannot know. */
	readonly command: readonly string[];
	/** The same as a check. Absent where Azure's resources cannot say all of it. */
	readonly change?: RemedyChange;
}

/** A part of the body of `POST /api/checks`. */
export interface RemedyChange {
	/** Partial resources in ARM's own shape. */
	readonly resources: readonly {
		readonly id: string;
		readonly properties: Readonly<Record<string, unknown>>;
	}[];
	/** Pools that are made anew, by ARM ID. */
	readonly replacements: readonly {
		readonly pool: string;
		readonly order: "create-before-delete";
	}[];
}

/**
 * What a reason is about, for readers that filter. `cause`: what is wrong, of a rule without amounts. `demand`: the sum
 * of all demand. `pool`: the sum of one pool. `neighbors`: the other clusters on the budget. `observed`: what Azure
 * shows in use. `other-resources`: what uses it beside AKS nodes. `older-rows`: rows of different age. `decided-by`:
 * what a tight verdict depends on. `exhausted`: no pool can add a node. `azure`: Azure's own check. `runway`: the
 * forecast. `not-known`: what is not known. `cluster-state`: the state of the cluster in Azure.
 */
export const reasonKinds = [
	"cause",
	"demand",
	"pool",
	"neighbors",
	"observed",
	"other-resources",
	"older-rows",
	"decided-by",
	"exhausted",
	"azure",
	"runway",
	"not-known",
	"cluster-state",
] as const;
export type ReasonKind = (typeof reasonKinds)[number];

export interface Reason {
	readonly kind: ReasonKind;
	readonly text: string;
}

/** Somebody has decided to live with a finding for a while. */
export interface Acceptance {
	readonly reason: string;
	readonly owner: string;
	/** ISO 8601. From then on the finding is told again. */
	readonly expiry: string;
	/** What was accepted: this finding, everything about its budget, or what a tag of its cluster says. */
	readonly by: "finding" | "budget" | "tag";
	/** Who did it: a user name or object ID, or the kind of access. Null for a tag, and before this was kept. */
	readonly acceptedBy: string | null;
	/** ISO 8601. Null as above. */
	readonly acceptedAt: string | null;
}

/** An acceptance with what it covers: one finding, everything about one budget, or all but what is critical of one cluster. */
export interface GivenAcceptance extends Acceptance {
	readonly covers: {
		/** A finding's id. */
		readonly finding: string | null;
		readonly rule: string | null;
		readonly cluster: string | null;
		readonly budget: string | null;
	};
}

/** Kept until it would have expired, so that one can see who ended it. */
export interface WithdrawnAcceptance extends GivenAcceptance {
	readonly withdrawnBy: string;
	/** ISO 8601. */
	readonly withdrawnAt: string;
}

/** When a budget will be full if it goes on filling as it did. */
export interface Runway {
	/** Whole days from the audit: the estimate and its interval. High null: perhaps never. */
	readonly days: number;
	readonly low: number;
	readonly high: number | null;
	/** The number of points that it is based on, and over how many days. */
	readonly points: number;
	readonly overDays: number;
}

/** A finding that stays as it was, since this audit did not see everything on its budget. */
export interface LastKnown {
	/** The audit that the figures are from. */
	readonly auditId: string;
	/** Why not everything was seen, in words that findings have in common. */
	readonly cause: string;
	/** What was not seen since then, and why. */
	readonly unseen: readonly string[];
}

export interface Finding {
	readonly id: string;
	readonly rule: string;
	readonly severity: Severity;
	/** What is wrong, in one line of at most 90 characters. */
	readonly headline: string;
	readonly state: "open" | "resolved";
	/** ARM ID, lower case. */
	readonly cluster: string;
	readonly clusterName: string;
	/** The subscription's id. */
	readonly subscription: string;
	readonly budget: BudgetName | null;
	readonly scenario: ScenarioName | null;
	readonly verdict: Verdict | null;
	readonly limit: Range | null;
	readonly demand: Range | null;
	readonly free: Range | null;
	readonly alsoIn: readonly ScenarioName[];
	/**
	 * How many more nodes each pool can get now, alone: of the pools that can grow, if one can. Null for a rule without
	 * amounts.
	 */
	readonly additionalNodes: Readonly<Record<string, Range>> | null;
	/** Null where the budget's history does not allow an estimate. */
	readonly runway: Runway | null;
	readonly azure: Preflight | null;
	/** Set while something on its budget is not seen: the figures are those of an earlier audit. */
	readonly lastKnown: LastKnown | null;
	readonly reasons: readonly Reason[];
	readonly remedies: readonly Remedy[];
	readonly acceptance: Acceptance | null;
	readonly firstSeen: string;
	readonly changedAt: string;
	/** The audit that wrote this finding last. */
	readonly auditId: string;
}

/** A finding in a list: without its sums, remedies and checks. */
export type FindingLine = Omit<
	Finding,
	"reasons" | "remedies" | "azure" | "additionalNodes"
>;

export const changeKinds = [
	"opened",
	"worsened",
	"eased",
	"resolved",
	"reopened",
] as const;
export type ChangeKind = (typeof changeKinds)[number];

/**
 * What is missing. `subscription`: one that should have answered. `rows`: rows or a whole answer. `row`: one that
 * cannot be read. `network`: a part of one network. `cluster`: one that a scoped audit was asked for. `older-rows`: rows
 * that may be older than the request for a scoped audit. `evaluation`: a slice that was not judged. `audit`: all that an
 * audit would have read. `more`: gaps beyond those listed.
 */
export type GapKind =
	| "subscription"
	| "rows"
	| "row"
	| "network"
	| "cluster"
	| "older-rows"
	| "evaluation"
	| "audit"
	| "more";

export interface Gap {
	readonly kind: GapKind;
	/** Its id, where the gap is of one subscription. Else null. */
	readonly subscription: string | null;
	readonly scope: string;
	readonly reason: string;
}

export interface Coverage {
	readonly subscriptions: {
		readonly expected: number;
		readonly answered: number;
	};
	readonly clusters: number;
	readonly notEvaluated: number;
	readonly subnets: number;
	readonly gaps: readonly Gap[];
}

export type SeverityCounts = Readonly<Record<Severity, number>>;
export type ChangeCounts = Readonly<Record<ChangeKind, number>>;

export type Trigger = "timer" | "http" | "change";
/** `queued`: it waits for the audit that runs. `merged`: another audit does its work. */
export type AuditState =
	| "queued"
	| "running"
	| "completed"
	| "partial"
	| "failed"
	| "merged";
export type AlertState = "none" | "recorded" | "pending" | "sent" | "failed";

/** What a scoped audit is about: these clusters (ARM IDs, lower case), and all clusters of these subscriptions. */
export interface AuditScope {
	readonly clusters?: readonly string[];
	readonly subscriptions?: readonly string[];
}

export interface Audit {
	readonly auditId: string;
	/** Null: the whole fleet. */
	readonly scope: AuditScope | null;
	/** The audit that does its work. Null unless it is merged. */
	readonly mergedInto: string | null;
	readonly trigger: Trigger;
	/** The audit that died and was restarted as this one. Null for any other. */
	readonly restartOf: string | null;
	readonly state: AuditState;
	/** While it is queued: when it was asked for. */
	readonly startedAt: string;
	readonly finishedAt: string | null;
	readonly progress: { readonly clusters: number; readonly evaluated: number };
	readonly coverage: Coverage;
	/** What is open after the audit, and how many of these are accepted. */
	readonly findings: SeverityCounts;
	readonly accepted: number;
	readonly changes: ChangeCounts;
	readonly alert: { readonly state: AlertState };
	/** A later version may find more without anything having changed. */
	readonly rulesVersion: number;
}
