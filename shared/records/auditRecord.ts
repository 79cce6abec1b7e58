import type { Audit, AuditScope, Coverage, Trigger } from "../contract.ts";
import type { HeardChange } from "../feed/heardChange.ts";
import { noChanges, noSeverities } from "../findings/counts.ts";
import { rulesVersion } from "../rules/registry.ts";

/** Of the whole fleet, or of a part of it. Audits of both kinds run one at a time. */
export type AuditKind = "fleet" | "scoped";

/** An audit as it is kept. */
export interface AuditRecord extends Audit {
	readonly kind: AuditKind;
	/** The key of its snapshot. Null before there is one. */
	readonly snapshot: string | null;
	/** How what it found is laid out in the tables. An audit of a release before 0.3 has none. */
	readonly layout: 2;
	/** Who asked for a scoped audit, newest last. Empty for one of the fleet. */
	readonly requests: readonly AuditRequest[];
	/** IDs of changes that its rows did not show yet. */
	readonly changesNotSeen: readonly string[];
	/**
	 * IDs of findings that it told, if only some are told by day: the audit of the night tells the rest. Null: it told
	 * everything.
	 */
	readonly told: readonly string[] | null;
}

/** A request for a scoped audit. */
export interface AuditRequest {
	readonly by: Trigger;
	/** Why, in words for people. They come from whoever asks. */
	readonly why: string;
	/** ISO 8601: rows that are older than this prove nothing. */
	readonly since: string;
	/** The newest of the changes for which it was asked, newest first. Absent if nobody heard of a change. */
	readonly changes?: readonly HeardChange[];
	/** How many changes there were. */
	readonly count?: number;
}

/** What an audit is started with. It is in the durable history. */
export interface AuditInput {
	readonly auditId: string;
	readonly kind: AuditKind;
	readonly trigger: Trigger;
	/** ISO 8601, UTC. */
	readonly startedAt: string;
	/** The audit that died and is restarted by this one. Null for any other. */
	readonly restartOf: string | null;
}

const nothingCovered: Coverage = {
	subscriptions: { expected: 0, answered: 0 },
	clusters: 0,
	notEvaluated: 0,
	subnets: 0,
	gaps: [],
};

export function runningRecord(input: AuditInput): AuditRecord {
	return {
		auditId: input.auditId,
		kind: input.kind,
		scope: null,
		requests: [],
		changesNotSeen: [],
		told: null,
		mergedInto: null,
		trigger: input.trigger,
		restartOf: input.restartOf,
		state: "running",
		startedAt: input.startedAt,
		finishedAt: null,
		progress: { clusters: 0, evaluated: 0 },
		coverage: nothingCovered,
		findings: noSeverities,
		accepted: 0,
		changes: noChanges,
		alert: { state: "none" },
		snapshot: null,
		layout: 2,
		rulesVersion,
	};
}

/** An audit that waits for the one that runs. */
export function queuedRecord(
	input: AuditInput,
	scope: AuditScope | null,
	requests: readonly AuditRequest[],
): AuditRecord {
	return { ...runningRecord(input), state: "queued", scope, requests };
}

/** Nobody asked for it: changes were heard. */
export function isByDay({ requests }: Pick<AuditRecord, "requests">): boolean {
	return requests.length > 0 && requests.every(({ by }) => by === "change");
}

/** A queued audit whose work another one does. */
export function mergedRecord(
	record: AuditRecord,
	mergedInto: string,
	at: string,
): AuditRecord {
	return { ...record, state: "merged", mergedInto, finishedAt: at };
}

/** A failed audit has its reason among the gaps, as one gap of the whole audit. What is open stays open. */
export function failedRecord(
	record: AuditRecord,
	reason: string,
	at: string,
	open: Pick<Audit, "findings" | "accepted">,
): AuditRecord {
	return {
		...record,
		state: "failed",
		finishedAt: at,
		...open,
		snapshot: null,
		coverage: {
			...record.coverage,
			gaps: [
				{ kind: "audit", subscription: null, scope: "audit", reason },
				...record.coverage.gaps,
			],
		},
	};
}
