import type { Audit, Coverage, Trigger } from "../contract.ts";
import { noChanges, noSeverities } from "../findings/counts.ts";
import { rulesVersion } from "../rules/registry.ts";

/** Audits of one kind run one at a time. The kind is the key of their lock and of what the watcher remembers. */
export type AuditKind = "fleet";

/** An audit as it is kept. */
export interface AuditRecord extends Audit {
	readonly kind: AuditKind;
	/** The key of its snapshot. Null before there is one. */
	readonly snapshot: string | null;
	/** How what it found is laid out in the tables. An audit of a release before 0.3 has none. */
	readonly layout: 2;
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
