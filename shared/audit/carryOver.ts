import { failedSince } from "../azure/auditStore.ts";
import { changesOf, writeChanges } from "../azure/findingStore.ts";
import type { Tables } from "../azure/tables.ts";
import { cameAbout } from "../findings/cameAbout.ts";
import type { KeptFinding } from "../findings/flapping.ts";
import type { Change } from "../findings/lifecycle.ts";

/**
 * Takes over what failed audits changed since the last one that ended: they told nobody, and to this audit their
 * findings are old. What this audit says of a finding itself goes before, and what did not come about is not told.
 * `open`: the findings that are open now, by id. Done twice, it takes over the same.
 */
export async function carryOver(
	tables: Tables,
	auditId: string,
	open: ReadonlyMap<string, KeptFinding>,
): Promise<Change[]> {
	const failed = await failedSince(tables, auditId);
	if (failed.length === 0) return [];
	const carried = new Map<string, Change>();
	for (const { auditId } of failed.reverse())
		for await (const change of changesOf(tables, auditId))
			if (cameAbout(change, open)) carried.set(change.finding.id, change);
	for await (const { finding, carried: again } of changesOf(tables, auditId))
		if (!again) carried.delete(finding.id);
	const changes = [...carried.values()].map((change) => ({
		...change,
		carried: true,
	}));
	if (changes.length > 0) await writeChanges(tables, auditId, changes);
	return changes;
}
