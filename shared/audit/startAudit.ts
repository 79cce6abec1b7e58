import {
	beginAudit,
	changeRunning,
	findAudit,
	listAudits,
	runningAudits,
} from "../azure/auditStore.ts";
import { findLock, takeLock } from "../azure/lockStore.ts";
import type { Tables } from "../azure/tables.ts";
import { noteEnding } from "../azure/watchStore.ts";
import type { Trigger } from "../contract.ts";
import { newAuditId } from "../keys/auditId.ts";
import {
	type AuditInput,
	type AuditKind,
	failedRecord,
	runningRecord,
} from "../records/auditRecord.ts";
import type { HeldLock } from "../records/lock.ts";
import { hourMs, minuteMs, type Sleep, sleep } from "../time.ts";
import {
	auditInstanceId,
	fleetAuditName,
	type InstanceClient,
	instanceState,
} from "./instances.ts";
import { openCounts, readOpenNow } from "./openNow.ts";

interface Started {
	readonly auditId: string;
	/** False: an audit was running, and this is its id. */
	readonly isNew: boolean;
}

interface StartOptions {
	readonly trigger: Trigger;
	readonly maxHours: number;
	readonly now: () => Date;
	/** The audit that died and is restarted. */
	readonly restartOf?: string;
	readonly sleep?: Sleep;
}

const kind: AuditKind = "fleet";

/** A loser of the lock finds the winner at the next look. More looks than these mean that something is wrong. */
const looks = 20;
const betweenLooks = 100;
/** Clocks of two hosts may differ by so much. */
const skew = minuteMs;
/** Lock, row and instance of one start follow each other within seconds: an instance that is missing later is gone. */
export const startMargin = minuteMs;

/**
 * Starts an audit, or joins the one that runs. One write to a row of our own decides who starts: the durable backend
 * answers success to every start of one moment.
 */
export async function startAudit(
	client: InstanceClient,
	tables: Tables,
	options: StartOptions,
): Promise<Started> {
	for (let look = 1; look <= looks; look++) {
		const held = await findLock(tables, kind);
		const before = await standing(client, tables, held, options);
		if (before.kind === "runs") {
			// Its winner may not have come to the row yet, and whoever joins asks for it.
			await beginAudit(tables, runningRecord(before.input));
			return { auditId: before.input.auditId, isNew: false };
		}
		const input = await newInput(tables, options);
		const { auditId, startedAt } = input;
		const until = new Date(Date.parse(startedAt) + options.maxHours * hourMs);
		const lock = { auditId, kind, until: until.toISOString(), input };
		if (await takeLock(tables, lock, held)) {
			await settle(client, tables, before, input, options.now());
			await begin(client, tables, input, options.now());
			return { auditId, isNew: true };
		}
		await (options.sleep ?? sleep)(betweenLooks);
	}
	throw new Error(
		"no audit could be started: other starts were first each time, and none of them runs",
	);
}

/** The state of the audit that has the lock. */
type Standing =
	| { readonly kind: "free" }
	| { readonly kind: "runs"; readonly input: AuditInput }
	/** Its row says that it runs, and nothing is behind it, or it has run for too long. */
	| {
			readonly kind: "dead" | "overdue";
			readonly auditId: string;
			readonly reason: string;
	  };

async function standing(
	client: InstanceClient,
	tables: Tables,
	held: HeldLock | null,
	{ now, maxHours }: StartOptions,
): Promise<Standing> {
	if (held === null) return { kind: "free" };
	const { auditId, until, input } = held.lock;
	const state = await instanceState(client, auditInstanceId(auditId));
	// After the instance: an audit ends its row first.
	const record = await findAudit(tables, auditId);
	if (record !== null && record.state !== "running") return { kind: "free" };
	const at = now().getTime();
	const began = Date.parse(input.startedAt);
	if (at >= Math.min(Date.parse(until) + skew, began + maxHours * hourMs)) {
		const reason = `it ran for more than ${maxHours} hours (AUDIT_MAX_HOURS) and was replaced`;
		return { kind: "overdue", auditId, reason };
	}
	switch (state.kind) {
		case "alive":
			return { kind: "runs", input };
		case "over":
			return { kind: "dead", auditId, reason: state.why };
		case "gone":
			return at - began < startMargin && record?.snapshot == null
				? { kind: "runs", input }
				: { kind: "dead", auditId, reason: goneText };
	}
}

export const goneText = "its host stopped before it ended";

/**
 * Audits are ordered by their start. If a clock was set back, the order of their IDs must still be the order of
 * starting.
 */
async function newInput(
	tables: Tables,
	{ now, trigger, restartOf }: StartOptions,
): Promise<AuditInput> {
	const [newest] = (await listAudits(tables, 1, undefined)).audits;
	const earliest = newest ? Date.parse(newest.startedAt) + 1 : 0;
	const at = new Date(Math.max(now().getTime(), earliest));
	return {
		auditId: newAuditId(at),
		kind,
		trigger,
		startedAt: at.toISOString(),
		restartOf: restartOf ?? null,
	};
}

/**
 * Ends in the tables what the new audit replaces, before the new one starts. What an old instance still does then
 * changes nothing.
 */
async function settle(
	client: InstanceClient,
	tables: Tables,
	before: Standing,
	{ auditId: successor, restartOf }: AuditInput,
	now: Date,
): Promise<void> {
	const at = now.toISOString();
	const fail = async (auditId: string, reason: string) => {
		const open = openCounts(await readOpenNow(tables), at);
		await changeRunning(tables, auditId, (record) =>
			failedRecord(record, reason, at, open),
		);
	};
	switch (before.kind) {
		case "dead":
			await fail(
				before.auditId,
				before.auditId === restartOf
					? `${before.reason}; it was restarted as audit ${successor}`
					: `${before.reason}; a later audit replaced it`,
			);
			break;
		case "overdue":
			await fail(before.auditId, before.reason);
			await end(client, tables, before.auditId, before.reason, at);
			break;
		case "free":
		case "runs":
			break;
	}
	// A start took the lock, and died before it had ended what it replaces.
	for (const { auditId } of await runningAudits(tables, kind, now))
		if (auditId !== successor)
			await fail(auditId, `${goneText}; a later audit replaced it`);
}

/** Terminating is a message that may wait, or never be handled: nobody waits for it here, the watcher looks after it. */
async function end(
	client: InstanceClient,
	tables: Tables,
	auditId: string,
	reason: string,
	since: string,
): Promise<void> {
	const instanceId = auditInstanceId(auditId);
	if ((await instanceState(client, instanceId)).kind !== "alive") return;
	await client.terminate(instanceId, reason);
	await noteEnding(tables, kind, { instanceId, since });
}

/** The row before the instance: whoever has the id may ask for it. */
async function begin(
	client: InstanceClient,
	tables: Tables,
	input: AuditInput,
	now: Date,
): Promise<void> {
	const { auditId } = input;
	await beginAudit(tables, runningRecord(input));
	try {
		await client.startNew(fleetAuditName, {
			instanceId: auditInstanceId(auditId),
			input,
		});
	} catch (error) {
		const at = now.toISOString();
		const open = openCounts(await readOpenNow(tables), at);
		const reason = "the Functions host did not start it; the log says why";
		await changeRunning(tables, auditId, (record) =>
			failedRecord(record, reason, at, open),
		);
		throw error;
	}
}
