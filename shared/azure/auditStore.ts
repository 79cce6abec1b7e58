import { odata } from "@azure/data-tables";
import type { AlertState, AuditState } from "../contract.ts";
import {
	auditKey,
	keyBefore,
	newestFirstKey,
	startOf,
} from "../keys/auditId.ts";
import type { AuditKind, AuditRecord } from "../records/auditRecord.ts";
import type { Memory } from "../records/memory.ts";
import { dayMs } from "../time.ts";
import { packed, unpacked } from "./entity.ts";
import { findEntity, isStatus, removeRows, type Tables } from "./tables.ts";

const partition = "audit";

/**
 * Changes the row of an audit that still runs, and answers whether it did. One that ended meanwhile stays ended, also
 * if both happen at once.
 */
export async function changeRunning(
	{ audits }: Tables,
	auditId: string,
	change: (record: AuditRecord) => AuditRecord,
): Promise<boolean> {
	for (;;) {
		const entity = await findEntity(audits, partition, auditKey(auditId));
		if (entity === null) return false;
		const record = recordOf(entity);
		if (record.state !== "running") return false;
		try {
			await audits.updateEntity(entityOf(change(record)), "Replace", {
				etag: String(entity.etag),
			});
			return true;
		} catch (error) {
			if (!isStatus(error, 412)) throw error;
		}
	}
}

/** Writes the row only where there is none: of two that begin the same audit, the second changes nothing. */
export async function beginAudit(
	{ audits }: Tables,
	record: AuditRecord,
): Promise<void> {
	try {
		await audits.createEntity(entityOf(record));
	} catch (error) {
		if (!isStatus(error, 409)) throw error;
	}
}

function entityOf(record: AuditRecord) {
	const keys = { partitionKey: partition, rowKey: auditKey(record.auditId) };
	return packed(keys, record, {
		auditId: record.auditId,
		state: record.state,
		alertState: record.alert.state,
	});
}

export async function findAudit(
	{ audits }: Tables,
	auditId: string,
): Promise<AuditRecord | null> {
	const key = newestFirstKey(auditId);
	if (key === null) return null;
	const entity = await findEntity(audits, partition, key);
	return entity && recordOf(entity);
}

/**
 * Deliveries end after the audit: they change one column and nothing else. The state is read after the row, so that of
 * two channels that end at once the later one knows both. An audit that was removed meanwhile needs none.
 */
export async function setAlertState(
	{ audits }: Tables,
	auditId: string,
	readState: () => Promise<AlertState>,
): Promise<void> {
	const rowKey = auditKey(auditId);
	for (;;) {
		const entity = await findEntity(audits, partition, rowKey);
		if (entity === null) return;
		const alertState = await readState();
		try {
			await audits.updateEntity(
				{ partitionKey: partition, rowKey, alertState },
				"Merge",
				{ etag: String(entity.etag) },
			);
			return;
		} catch (error) {
			if (!isStatus(error, 412)) throw error;
		}
	}
}

/** A page of audits, newest first. Throws a RestError of status 400 on a continuation that is not ours. */
export async function listAudits(
	{ audits }: Tables,
	pageSize: number,
	continuation: string | undefined,
): Promise<{ audits: AuditRecord[]; continuation: string | null }> {
	const pages = audits
		.listEntities({
			queryOptions: { filter: odata`PartitionKey eq ${partition}` },
		})
		.byPage({
			maxPageSize: pageSize,
			...(continuation === undefined
				? {}
				: { continuationToken: continuation }),
		});
	for await (const page of pages)
		return {
			audits: page.map(recordOf),
			continuation: page.continuationToken ?? null,
		};
	return { audits: [], continuation: null };
}

/** The newest audit in one of these states, or null. */
export async function newestAudit(
	{ audits }: Tables,
	states: readonly AuditState[],
): Promise<AuditRecord | null> {
	const rows = audits.listEntities({
		queryOptions: { filter: odata`PartitionKey eq ${partition}` },
	});
	for await (const entity of rows) {
		const record = recordOf(entity);
		if (states.includes(record.state)) return record;
	}
	return null;
}

/** The newest audit that reached its end, or null. */
export function newestEnded(tables: Tables): Promise<AuditRecord | null> {
	return newestAudit(tables, ["completed", "partial"]);
}

/** When the newest audit that reached its end began, and how it ended: one row of two columns. */
export async function newestEnd({ audits }: Tables): Promise<{
	readonly state: "completed" | "partial";
	readonly startedAt: string;
} | null> {
	const pages = audits
		.listEntities<{ auditId: string; state: "completed" | "partial" }>({
			queryOptions: {
				filter: odata`PartitionKey eq ${partition} and (state eq ${"completed"} or state eq ${"partial"})`,
				select: ["PartitionKey", "RowKey", "auditId", "state"],
			},
		})
		.byPage({ maxPageSize: 1 });
	for await (const page of pages)
		for (const { auditId, state } of page)
			return { state, startedAt: startOf(auditId).toISOString() };
	return null;
}

/** When this was asked first: where no audit has ever ended, nothing else says since when one is due. */
export async function firstLook(
	{ audits }: Tables,
	now: Date,
): Promise<string> {
	const keys = { partitionKey: "health", rowKey: "first-look" };
	const found = await findEntity(audits, keys.partitionKey, keys.rowKey);
	if (found !== null) return String(found.at);
	const at = now.toISOString();
	await audits.upsertEntity({ ...keys, at }, "Merge");
	return at;
}

/** Audits that failed after the last one that ended and before this one, newest first. */
export async function failedSince(
	{ audits }: Tables,
	auditId: string,
): Promise<AuditRecord[]> {
	const rows = audits.listEntities({
		queryOptions: {
			filter: odata`PartitionKey eq ${partition} and RowKey gt ${auditKey(auditId)}`,
		},
	});
	const failed: AuditRecord[] = [];
	for await (const entity of rows) {
		const record = recordOf(entity);
		if (record.state === "completed" || record.state === "partial") break;
		if (record.state === "failed") failed.push(record);
	}
	return failed;
}

/** AUDIT_MAX_HOURS is at most a week: older audits were handled long ago. */
const runningLookBack = 8 * dayMs;
const mostRunning = 20;

/** Audits of a kind that say they run, of the last eight days. At most one really runs. Dead hosts made the rest. */
export async function runningAudits(
	{ audits }: Tables,
	kind: AuditKind,
	now: Date,
): Promise<AuditRecord[]> {
	const since = keyBefore(new Date(now.getTime() - runningLookBack));
	const rows = audits.listEntities({
		queryOptions: {
			filter: odata`PartitionKey eq ${partition} and RowKey lt ${since} and state eq ${"running"}`,
		},
	});
	const records: AuditRecord[] = [];
	for await (const entity of rows) {
		const record = recordOf(entity);
		if (record.kind === kind) records.push(record);
		if (records.length === mostRunning) break;
	}
	return records;
}

/** Removes audits that started before a time, but none that runs, whose card still waits, or that is to be kept. */
export function removeAuditsBefore(
	{ audits }: Tables,
	at: Date,
	keep: string | null,
	most: number,
): Promise<number> {
	const old = odata`PartitionKey eq ${partition} and RowKey gt ${keyBefore(at)} and state ne ${"running"} and alertState ne ${"pending"}`;
	const kept = keep && odata` and RowKey ne ${auditKey(keep)}`;
	return removeRows(audits, `${old}${kept ?? ""}`, most);
}

function recordOf(entity: Readonly<Record<string, unknown>>): AuditRecord {
	const record = unpacked<AuditRecord>(entity);
	return { ...record, alert: { state: entity.alertState as AlertState } };
}

const memoryPartition = "memory";
const memoriesKept = 5;

/** Keyed by the audit, so that ending it twice remembers the same. */
export async function writeMemory(
	{ audits }: Tables,
	auditId: string,
	memory: Memory,
): Promise<void> {
	await audits.upsertEntity(
		packed(
			{ partitionKey: memoryPartition, rowKey: auditKey(auditId) },
			memory,
		),
		"Replace",
	);
}

/**
 * The memory of the newest audit before this one. Null before the first. One that failed after it had written its own
 * told nobody what it believed to have told.
 */
export async function memoryBefore(
	{ audits }: Tables,
	auditId: string,
): Promise<Memory | null> {
	const rows = audits.listEntities({
		queryOptions: {
			filter: odata`PartitionKey eq ${memoryPartition} and RowKey gt ${auditKey(auditId)}`,
		},
	});
	for await (const entity of rows) {
		const audit = await findEntity(audits, partition, entity.rowKey ?? "");
		if (audit?.state !== "failed") return unpacked<Memory>(entity);
	}
	return null;
}

/** Old memories are of no use. A few are kept for a look at what happened. */
export async function forgetMemories({ audits }: Tables): Promise<void> {
	const rows = audits.listEntities({
		queryOptions: {
			filter: odata`PartitionKey eq ${memoryPartition}`,
			select: ["PartitionKey", "RowKey"],
		},
	});
	let kept = 0;
	for await (const { rowKey } of rows)
		if (rowKey && ++kept > memoriesKept)
			await audits.deleteEntity(memoryPartition, rowKey);
}
