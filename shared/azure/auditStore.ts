import { odata } from "@azure/data-tables";
import type { AlertState, AuditState } from "../contract.ts";
import {
	auditKey,
	isScoped,
	keyBefore,
	newestFirstKey,
	startOf,
} from "../keys/auditId.ts";
import type { AuditRecord } from "../records/auditRecord.ts";
import type { Memory } from "../records/memory.ts";
import { dayMs } from "../time.ts";
import { packed, unpacked } from "./entity.ts";
import { findEntity, isStatus, removeRows, type Tables } from "./tables.ts";

const partition = "audit";
/** Scoped audits have a partition of their own, so whoever looks for the newest audit of the fleet never meets one. */
const scopedPartition = "scoped";
const partitions = [partition, scopedPartition] as const;

function partitionOf(auditId: string): string {
	return isScoped(auditId) ? scopedPartition : partition;
}

/**
 * Changes the row of an audit that still runs, and answers whether it did. One that ended meanwhile stays ended, also
 * if both happen at once.
 */
export function changeRunning(
	tables: Tables,
	auditId: string,
	change: (record: AuditRecord) => AuditRecord,
): Promise<boolean> {
	return changeIn("running", tables, auditId, change);
}

/** Changes the row of an audit that still waits, and answers whether it did. */
export function changeQueued(
	tables: Tables,
	auditId: string,
	change: (record: AuditRecord) => AuditRecord,
): Promise<boolean> {
	return changeIn("queued", tables, auditId, change);
}

async function changeIn(
	state: AuditState,
	{ audits }: Tables,
	auditId: string,
	change: (record: AuditRecord) => AuditRecord,
): Promise<boolean> {
	for (;;) {
		const entity = await findEntity(
			audits,
			partitionOf(auditId),
			auditKey(auditId),
		);
		if (entity === null) return false;
		const record = recordOf(entity);
		if (record.state !== state) return false;
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
	const { auditId } = record;
	const keys = {
		partitionKey: partitionOf(auditId),
		rowKey: auditKey(auditId),
	};
	return packed(keys, record, {
		auditId: record.auditId,
		state: record.state,
		alertState: record.alert.state,
		startedAt: record.startedAt,
	});
}

export async function findAudit(
	{ audits }: Tables,
	auditId: string,
): Promise<AuditRecord | null> {
	const key = newestFirstKey(auditId);
	if (key === null) return null;
	const entity = await findEntity(audits, partitionOf(auditId), key);
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
	const partitionKey = partitionOf(auditId);
	const rowKey = auditKey(auditId);
	for (;;) {
		const entity = await findEntity(audits, partitionKey, rowKey);
		if (entity === null) return;
		const alertState = await readState();
		try {
			await audits.updateEntity({ partitionKey, rowKey, alertState }, "Merge", {
				etag: String(entity.etag),
			});
			return;
		} catch (error) {
			if (!isStatus(error, 412)) throw error;
		}
	}
}

/** A page of audits of both kinds, newest first. `continuation`: the key of the last audit of the page before. */
export async function listAudits(
	tables: Tables,
	pageSize: number,
	continuation: string | undefined,
): Promise<{ audits: AuditRecord[]; continuation: string | null }> {
	const read = await Promise.all(
		partitions.map((one) =>
			newestIn(tables, one, pageSize + 1, continuation ?? ""),
		),
	);
	const all = read
		.flat()
		.sort((a, b) => (auditKey(a.auditId) < auditKey(b.auditId) ? -1 : 1));
	const audits = all.slice(0, pageSize);
	const last = audits.at(-1);
	return {
		audits,
		continuation:
			all.length > pageSize && last !== undefined
				? auditKey(last.auditId)
				: null,
	};
}

/** Audits of the whole fleet, newest first. */
export function listFleetAudits(
	tables: Tables,
	most: number,
): Promise<AuditRecord[]> {
	return newestIn(tables, partition, most, "");
}

async function newestIn(
	{ audits }: Tables,
	partitionKey: string,
	most: number,
	after: string,
): Promise<AuditRecord[]> {
	const pages = audits
		.listEntities({
			queryOptions: {
				filter: odata`PartitionKey eq ${partitionKey} and RowKey gt ${after}`,
			},
		})
		.byPage({ maxPageSize: most });
	const records: AuditRecord[] = [];
	for await (const page of pages) {
		records.push(...page.map(recordOf));
		if (records.length >= most) break;
	}
	return records.slice(0, most);
}

/** Rows that are read at once by who looks for the newest of them: a year's audits have hundreds, each with its gaps. */
const fewAudits = 5;

/** The newest audit of the fleet in one of these states, or null. */
export async function newestAudit(
	{ audits }: Tables,
	states: readonly AuditState[],
): Promise<AuditRecord | null> {
	const pages = audits
		.listEntities({
			queryOptions: { filter: odata`PartitionKey eq ${partition}` },
		})
		.byPage({ maxPageSize: fewAudits });
	for await (const page of pages) {
		const found = page
			.map(recordOf)
			.find(({ state }) => states.includes(state));
		if (found !== undefined) return found;
	}
	return null;
}

/** The newest audit of the fleet that reached its end, or null. */
export function newestEnded(tables: Tables): Promise<AuditRecord | null> {
	return newestAudit(tables, ["completed", "partial"]);
}

/** When the newest audit of the fleet that reached its end began, and how it ended: one row of two columns. */
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

/**
 * When this was asked first: where no audit has ever ended, or nobody has looked at the feed, nothing else says since when
 * that is due.
 */
export async function firstLook(
	{ audits }: Tables,
	now: Date,
	rowKey: "first-look" | "first-look-feed" = "first-look",
): Promise<string> {
	const keys = { partitionKey: "health", rowKey };
	const found = await findEntity(audits, keys.partitionKey, keys.rowKey);
	if (found !== null) return String(found.at);
	const at = now.toISOString();
	await audits.upsertEntity({ ...keys, at }, "Merge");
	return at;
}

/** Audits of the fleet that failed after the last one that ended and before this one, newest first. */
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

/**
 * Audits that failed and scoped ones that ended, of those that began after a time (ISO 8601; null: ever), oldest first.
 */
export async function toldOrFailedSince(
	{ audits }: Tables,
	at: string | null,
): Promise<AuditRecord[]> {
	const since = at === null ? 0 : Date.parse(at);
	// A fleet audit that waited began later than its key says. Releases before scoped audits wrote no column of the time.
	const from = keyBefore(new Date(Math.max(0, since - runningLookBack)));
	const filters = [
		odata`PartitionKey eq ${partition} and RowKey lt ${from} and state eq ${"failed"}`,
		odata`PartitionKey eq ${scopedPartition} and startedAt gt ${at ?? ""}`,
	];
	const found: AuditRecord[] = [];
	for (const filter of filters)
		for await (const entity of audits.listEntities({
			queryOptions: { filter },
		})) {
			const record = recordOf(entity);
			const isOver = ["completed", "partial", "failed"].includes(record.state);
			if (isOver && Date.parse(record.startedAt) > since) found.push(record);
		}
	return found.sort((a, b) => (a.startedAt < b.startedAt ? -1 : 1));
}

/** AUDIT_MAX_HOURS is at most a week: older audits were handled long ago. */
const runningLookBack = 8 * dayMs;
const mostRunning = 20;

/** Audits that say they run, of the last eight days. At most one really runs. Dead hosts made the rest. */
export function runningAudits(
	tables: Tables,
	now: Date,
): Promise<AuditRecord[]> {
	return inState(tables, "running", now);
}

/** Audits that wait for the one that runs, of the last eight days. Newest first, those of the fleet before others. */
export function queuedAudits(
	tables: Tables,
	now: Date,
): Promise<AuditRecord[]> {
	return inState(tables, "queued", now);
}

async function inState(
	{ audits }: Tables,
	state: AuditState,
	now: Date,
): Promise<AuditRecord[]> {
	const since = keyBefore(new Date(now.getTime() - runningLookBack));
	const records: AuditRecord[] = [];
	for (const one of partitions) {
		const rows = audits.listEntities({
			queryOptions: {
				filter: odata`PartitionKey eq ${one} and RowKey lt ${since} and state eq ${state}`,
			},
		});
		let found = 0;
		for await (const entity of rows) {
			records.push(recordOf(entity));
			if (++found === mostRunning) break;
		}
	}
	return records;
}

/** Removes audits that started before a time, but none that runs, whose card still waits, or that is to be kept. */
export async function removeAuditsBefore(
	{ audits }: Tables,
	at: Date,
	keep: string | null,
	most: number,
): Promise<number> {
	const old = odata`RowKey gt ${keyBefore(at)} and state ne ${"running"} and alertState ne ${"pending"}`;
	const kept = keep && odata` and RowKey ne ${auditKey(keep)}`;
	let removed = 0;
	for (const one of partitions)
		removed += await removeRows(
			audits,
			`${odata`PartitionKey eq ${one}`} and ${old}${kept ?? ""}`,
			most,
		);
	return removed;
}

function recordOf(entity: Readonly<Record<string, unknown>>): AuditRecord {
	const record = unpacked<AuditRecord>(entity);
	// Releases before scoped audits wrote none of these.
	const { scope = null, requests = [], mergedInto = null } = record;
	const { changesNotSeen = [], told = null } = record;
	const alert = { state: entity.alertState as AlertState };
	return {
		...record,
		scope,
		requests,
		mergedInto,
		changesNotSeen,
		told,
		alert,
	};
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
