import {
	beginAudit,
	changeQueued,
	findAudit,
	newestEnded,
	queuedAudits,
	runningAudits,
} from "../azure/auditStore.ts";
import { findLock } from "../azure/lockStore.ts";
import type { Tables } from "../azure/tables.ts";
import type { AuditScope, Trigger } from "../contract.ts";
import { Problem } from "../http/problem.ts";
import {
	type AuditRecord,
	type AuditRequest,
	queuedRecord,
} from "../records/auditRecord.ts";
import type { InstanceClient } from "./instances.ts";
import { withMore } from "./scope.ts";
import {
	newInput,
	type Started,
	type StartOptions,
	startNext,
} from "./startAudit.ts";

/**
 * Asks for an audit of some clusters. Every request waits first, in a row of its own or with others that wait, and is
 * started from there: so nothing is lost, whichever host dies. Throws a Problem where the fleet was never audited.
 */
export async function requestScoped(
	client: InstanceClient,
	tables: Tables,
	scope: AuditScope,
	request: AuditRequest,
	options: StartOptions,
): Promise<Started> {
	await refuseBeforeFirst(tables, options.now());
	const trigger = request.by;
	const asked = { scope, requests: [request], trigger, restartOf: null };
	const auditId = await queueScoped(tables, { ...options, ...asked });
	const started = await startNext(client, tables, options);
	const row = await findAudit(tables, auditId);
	return {
		auditId,
		isNew: started?.auditId === auditId,
		state: row?.state === "queued" ? "queued" : "running",
	};
}

/** What a scoped audit finds is told as a change of the fleet that the first audit of all describes. */
async function refuseBeforeFirst(tables: Tables, now: Date): Promise<void> {
	if ((await newestEnded(tables)) !== null) return;
	const running = await runningAudits(tables, now);
	if (running.some(({ kind }) => kind === "fleet")) return;
	throw new Problem(
		409,
		"Conflict",
		"No audit of the fleet has ended yet. Start one first: POST /api/audits without a body.",
	);
}

interface Asked
	extends Pick<AuditRecord, "scope" | "requests" | "restartOf">,
		Pick<StartOptions, "now"> {
	readonly trigger: Trigger;
}

/** Adds to an audit that waits, or lets a new one wait. Answers its ID. */
export async function queueScoped(
	tables: Tables,
	asked: Asked,
): Promise<string> {
	for (const { auditId, kind } of await queuedAudits(tables, asked.now())) {
		if (kind !== "scoped") continue;
		let fits = false;
		const changed = await changeQueued(tables, auditId, (record) => {
			const more = withMore(record, asked);
			fits = more !== null;
			const restartOf = record.restartOf ?? asked.restartOf;
			return more === null ? record : { ...more, restartOf };
		});
		if (changed && fits) return auditId;
	}
	const held = await findLock(tables);
	const { trigger, restartOf, now } = asked;
	const input = await newInput(tables, "scoped", held, {
		now,
		trigger,
		...(restartOf !== null && { restartOf }),
	});
	await beginAudit(tables, queuedRecord(input, asked.scope, asked.requests));
	return input.auditId;
}
