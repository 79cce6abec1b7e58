import type { AuditRecord } from "../../records/auditRecord.ts";
import { listAudits, newestEnded } from "../auditStore.ts";
import { writeChanges } from "../changeStore.ts";
import { replaceFindings } from "../findingStore.ts";
import { mergeHistory } from "../historyStore.ts";
import { writeSnapshot } from "../snapshotStore.ts";
import type { Tables } from "../tables.ts";
import { knownFromClusters } from "./knownFromClusters.ts";
import {
	type OldTables,
	oldChanges,
	oldFindings,
	oldSeries,
	oldSnapshot,
} from "./oldTables.ts";

/**
 * Takes over the data of a release up to 0.2, if that release wrote the newest audit that ended, also after a rollback.
 * The old tables stay as they are. Done twice, also by two processes at once, it writes the same.
 */
export async function migrate(
	tables: Tables,
	openOld: () => OldTables,
): Promise<void> {
	const last = await newestEnded(tables);
	if (last === null || isOfThisRelease(last)) return;
	const old = openOld();
	await replaceFindings(tables, await oldFindings(old));
	await mergeHistory(tables, await oldSeries(old));
	for (const { auditId } of await auditsSince(tables, last))
		await writeChanges(tables, auditId, await oldChanges(old, auditId));
	await migrateSnapshot(tables, old, last);
}

/** Records of earlier releases say nothing of a layout. */
function isOfThisRelease({ layout }: Partial<AuditRecord>): boolean {
	return layout !== undefined;
}

/** Those that did not end after the last one that did: what they changed is still to be told. */
async function auditsSince(
	tables: Tables,
	last: AuditRecord,
): Promise<AuditRecord[]> {
	const since: AuditRecord[] = [];
	let continuation: string | undefined;
	for (;;) {
		const page = await listAudits(tables, 100, continuation);
		for (const audit of page.audits) {
			if (audit.auditId === last.auditId) return since;
			since.push(audit);
		}
		if (page.continuation === null) return since;
		continuation = page.continuation;
	}
}

async function migrateSnapshot(
	tables: Tables,
	old: OldTables,
	{ auditId, startedAt, snapshot }: AuditRecord,
): Promise<void> {
	const found = snapshot === null ? null : await oldSnapshot(old, snapshot);
	if (snapshot === null || found === null) return;
	const audit = { auditId, at: startedAt };
	const known =
		found.known.length > 0
			? found.known
			: knownFromClusters([...found.clusters, ...found.neighbors], audit);
	await writeSnapshot(
		tables,
		snapshot,
		{ ...found, audit, known, budgets: null, networks: null },
		null,
	);
}
