import { changesOf, deleteChanges, isWritten } from "../azure/findingStore.ts";
import type { Tables } from "../azure/tables.ts";
import type { Change } from "../findings/lifecycle.ts";

/**
 * Changes of slices that failed half-way. A slice writes its changes first, so one whose finding was not written did
 * not come about: it is taken back, and the next audit finds and tells it. The others stay, and are answered.
 */
export async function settleHalfDone(
	tables: Tables,
	auditId: string,
	clusters: ReadonlySet<string>,
): Promise<Change[]> {
	if (clusters.size === 0) return [];
	const kept: Change[] = [];
	const lost: Change[] = [];
	for await (const change of changesOf(tables, auditId)) {
		if (!clusters.has(change.finding.cluster)) continue;
		const written = await isWritten(tables, change.finding);
		(written ? kept : lost).push(change);
	}
	if (lost.length > 0) await deleteChanges(tables, auditId, lost);
	return kept;
}
