import { changeRunning } from "../azure/auditStore.ts";
import type { Tables } from "../azure/tables.ts";
import { openCounts, readOpenNow } from "./openNow.ts";
import { failedRecord } from "./record.ts";

export interface FailInput {
	readonly auditId: string;
	/** For people: what was wrong, where, and what to do. */
	readonly reason: string;
	readonly finishedAt: string;
}

/** Ends an audit that could not be carried out. What was known before it stays as it was. */
export async function failStep(
	tables: Tables,
	{ auditId, reason, finishedAt }: FailInput,
): Promise<void> {
	const open = openCounts(await readOpenNow(tables), finishedAt);
	await changeRunning(tables, auditId, (record) =>
		failedRecord(record, reason, finishedAt, open),
	);
}
