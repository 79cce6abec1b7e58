import { failedSince } from "../azure/auditStore.ts";
import { changesOf, writeChanges } from "../azure/changeStore.ts";
import type { Tables } from "../azure/tables.ts";
import { cameAbout } from "../findings/cameAbout.ts";
import type { KeptFinding } from "../findings/flapping.ts";
import type { Change } from "../findings/lifecycle.ts";
import { afterUntold } from "../findings/untold.ts";

/**
 * Takes over what failed audits changed since the last one that ended. They told nobody, and for this audit their
 * findings are old. If this audit changed a finding itself, that counts, and changes without a written finding are not
 * told. `open`: the findings that are open now, by ID. Done twice, it takes over the same.
 */
export async function carryOver(
	tables: Tables,
	auditId: string,
	open: ReadonlyMap<string, KeptFinding>,
): Promise<Change[]> {
	const failed = await failedSince(tables, auditId);
	if (failed.length === 0) return [];
	const made: Change[] = [];
	for (const { auditId } of failed.reverse())
		for await (const change of changesOf(tables, auditId)) made.push(change);
	const untold = Map.groupBy(made, ({ finding }) => finding.id);
	const own = new Map<string, Change>();
	for await (const change of changesOf(tables, auditId))
		if (!change.carried) own.set(change.finding.id, change);
	const followed: Change[] = [];
	const carried: Change[] = [];
	for (const [id, earlier] of untold) {
		const change = own.get(id);
		const standing = earlier.findLast((one) => cameAbout(one, open));
		if (change) followed.push(earlier.reduce(afterUntold, change));
		else if (standing)
			carried.push({ ...earlier.reduce(afterUntold, standing), carried: true });
	}
	await writeChanges(tables, auditId, [...followed, ...carried]);
	return carried;
}
