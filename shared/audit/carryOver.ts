import { newestEnded, toldOrFailedSince } from "../azure/auditStore.ts";
import { changesOf, writeChanges } from "../azure/changeStore.ts";
import type { Tables } from "../azure/tables.ts";
import { cameAbout } from "../findings/cameAbout.ts";
import type { KeptFinding } from "../findings/flapping.ts";
import type { Change } from "../findings/lifecycle.ts";
import { afterUntold } from "../findings/untold.ts";
import { type AuditRecord, isByDay } from "../records/auditRecord.ts";
import { isInScope } from "./scope.ts";

/**
 * Takes over what failed audits changed since the last one of the fleet that ended, and what audits by day left to the
 * night. They told nobody, and for this audit their findings are old. What a scoped audit told meanwhile is told. If this audit changed a finding itself, that
 * counts, and changes without a written finding are not told. `open`: the findings that are open now, by ID. Done twice,
 * it takes over the same.
 */
export async function carryOver(
	tables: Tables,
	record: AuditRecord,
	open: ReadonlyMap<string, KeptFinding>,
): Promise<Change[]> {
	const { auditId, startedAt, scope } = record;
	const isForNight = isByDay(record);
	const last = await newestEnded(tables);
	const since = await toldOrFailedSince(tables, last?.startedAt ?? null);
	const untold = new Map<string, Change[]>();
	for (const one of since.filter((one) => one.startedAt < startedAt))
		for await (const change of changesOf(tables, one.auditId)) {
			const { id, cluster, subscription } = change.finding;
			if (!isInScope(scope, cluster, subscription)) continue;
			const isTold = one.told === null || one.told.includes(id);
			// One audit by day leaves what another one left, too.
			if (one.state !== "failed" && !isTold && isForNight) continue;
			if (one.state === "failed" || !isTold)
				untold.set(id, [...(untold.get(id) ?? []), change]);
			else untold.delete(id);
		}
	if (untold.size === 0) return [];
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
