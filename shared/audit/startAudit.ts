import type { DurableClient } from "durable-functions";
import {
	beginAudit,
	changeRunning,
	findAudit,
	listAudits,
	runningAudits,
} from "../azure/auditStore.ts";
import { type Sleep, sleep } from "../azure/pacer.ts";
import type { Tables } from "../azure/tables.ts";
import type { Trigger } from "../contract.ts";
import { newAuditId } from "../keys/auditId.ts";
import { hourMs } from "../time.ts";
import { openCounts, readOpenNow } from "./openNow.ts";
import { type AuditInput, failedRecord, runningRecord } from "./record.ts";

/** One audit of the fleet runs at a time: its instance has this id, and the host's refusal of a second is the lock. */
const fleetAuditId = "fleet-audit";
export const fleetAuditName = "fleetAudit";

export type AuditClient = Pick<
	DurableClient,
	"startNew" | "getStatus" | "terminate"
>;

export interface Started {
	readonly auditId: string;
	/** False: an audit was running, and this is its id. */
	readonly isNew: boolean;
}

/** A host that polls its queues may take half a minute to end what was terminated. */
const patience = { tries: 120, milliseconds: 500 };

/** Starts an audit, or joins the one that runs. One older than the limit is ended and replaced. */
export async function startAudit(
	client: AuditClient,
	tables: Tables,
	options: {
		readonly trigger: Trigger;
		readonly maxHours: number;
		readonly now: () => Date;
		readonly sleep?: Sleep;
	},
): Promise<Started> {
	const wait = options.sleep ?? sleep;
	let refusal: unknown = null;
	for (let attempt = 1; attempt <= patience.tries; attempt++) {
		const at = await afterTheNewest(tables, options.now());
		const input = newInput(options.trigger, at);
		refusal = await startRefused(client, input);
		if (refusal === null) {
			await succeed(tables, input, options.now());
			return { auditId: input.auditId, isNew: true };
		}
		const running = await runningInput(client);
		if (running !== null) {
			const hours =
				(options.now().getTime() - Date.parse(running.startedAt)) / hourMs;
			if (hours < options.maxHours) {
				if (await isRunning(tables, running))
					return { auditId: running.auditId, isNew: false };
				// It has ended and only sees to its alert: the next try starts anew.
			} else await giveUp(client, tables, running, options);
		}
		await wait(patience.milliseconds);
	}
	throw refusal;
}

/** Null: started. Else what the host said; it answers 409 while an instance with the id runs. */
async function startRefused(
	client: AuditClient,
	input: AuditInput,
): Promise<unknown> {
	try {
		await client.startNew(fleetAuditName, { instanceId: fleetAuditId, input });
		return null;
	} catch (error) {
		return error;
	}
}

/** Audits are known by when they started: where a clock was set back, the order of starting still is that of their ids. */
async function afterTheNewest(tables: Tables, now: Date): Promise<Date> {
	const [newest] = (await listAudits(tables, 1, undefined)).audits;
	const earliest = newest ? Date.parse(newest.startedAt) + 1 : 0;
	return new Date(Math.max(now.getTime(), earliest));
}

function newInput(trigger: Trigger, at: Date): AuditInput {
	return { auditId: newAuditId(at), trigger, startedAt: at.toISOString() };
}

/** The audit's row before anyone asks for it; other rows that say they run were left by a host that died. */
async function succeed(
	tables: Tables,
	input: AuditInput,
	now: Date,
): Promise<void> {
	await beginAudit(tables, runningRecord(input));
	for (const record of await runningAudits(tables)) {
		if (record.startedAt >= input.startedAt) continue;
		const reason =
			"its host stopped before it ended; a later audit replaced it";
		const at = now.toISOString();
		const open = openCounts(await readOpenNow(tables), at);
		await changeRunning(tables, record.auditId, (left) =>
			failedRecord(left, reason, at, open),
		);
	}
}

async function isRunning(tables: Tables, input: AuditInput): Promise<boolean> {
	await beginAudit(tables, runningRecord(input));
	const record = await findAudit(tables, input.auditId);
	return record?.state === "running";
}

/** What runs under the fixed id, or null. The status of an id that was never used throws. */
async function runningInput(client: AuditClient): Promise<AuditInput | null> {
	try {
		const status = await client.getStatus(fleetAuditId);
		const runs = ["Running", "Pending", "Suspended", "ContinuedAsNew"];
		if (!runs.includes(status.runtimeStatus)) return null;
		return isAuditInput(status.input) ? status.input : null;
	} catch (error) {
		if (error instanceof Error && /\b404\b/.test(error.message)) return null;
		throw error;
	}
}

function isAuditInput(input: unknown): input is AuditInput {
	return (
		typeof input === "object" &&
		input !== null &&
		"auditId" in input &&
		typeof input.auditId === "string" &&
		"startedAt" in input &&
		typeof input.startedAt === "string"
	);
}

async function giveUp(
	client: AuditClient,
	tables: Tables,
	running: AuditInput,
	options: { readonly maxHours: number; readonly now: () => Date },
): Promise<void> {
	const reason = `it ran for more than ${options.maxHours} hours (AUDIT_MAX_HOURS) and was replaced`;
	const at = options.now().toISOString();
	const open = openCounts(await readOpenNow(tables), at);
	await changeRunning(tables, running.auditId, (record) =>
		failedRecord(record, reason, at, open),
	);
	await client.terminate(fleetAuditId, reason);
}
