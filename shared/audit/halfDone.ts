import { changesOf, deleteChanges } from "../azure/changeStore.ts";
import type { Tables } from "../azure/tables.ts";
import { cameAbout } from "../findings/cameAbout.ts";
import type { KeptFinding } from "../findings/flapping.ts";
import type { Change } from "../findings/lifecycle.ts";

/**
 * Changes of slices that failed half-way. One whose finding was not written is taken back, and the next audit tells it.
 * The rest stays and is returned. `open`: the findings that are open now, by ID.
 */
export async function settleHalfDone(
	tables: Tables,
	auditId: string,
	clusters: ReadonlySet<string>,
	open: ReadonlyMap<string, KeptFinding>,
): Promise<Change[]> {
	if (clusters.size === 0) return [];
	const kept: Change[] = [];
	const lost: Change[] = [];
	for await (const change of changesOf(tables, auditId))
		if (clusters.has(change.finding.cluster))
			(cameAbout(change, open) ? kept : lost).push(change);
	if (lost.length > 0) await deleteChanges(tables, auditId, lost);
	return kept;
}
