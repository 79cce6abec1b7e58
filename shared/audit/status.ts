import { readDone } from "../azure/snapshotStore.ts";
import type { Tables } from "../azure/tables.ts";
import type { Audit } from "../contract.ts";
import type { AuditRecord } from "../records/auditRecord.ts";

/** An audit as the contract shows it. While it runs, its slices' done rows say how far it is: an orchestrator that waits cannot. */
export async function auditStatus(
	tables: Tables,
	record: AuditRecord,
): Promise<Audit> {
	const {
		snapshot,
		layout: _,
		kind: __,
		requests: ___,
		changesNotSeen: ____,
		told: _____,
		...audit
	} = record;
	if (record.state !== "running" || snapshot === null) return audit;
	const done = await readDone(tables, snapshot);
	const evaluated = done.reduce((total, { clusters }) => total + clusters, 0);
	return { ...audit, progress: { ...audit.progress, evaluated } };
}
