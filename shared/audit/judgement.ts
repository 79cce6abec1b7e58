import { findAudit, newestEnded } from "../azure/auditStore.ts";
import { findJudged } from "../azure/judgedStore.ts";
import type { Tables } from "../azure/tables.ts";
import type { AuditRecord } from "../records/auditRecord.ts";

/** The audit that judged a cluster last: the newest of the fleet, or a scoped one that began later. */
export async function newestJudgement(
	tables: Tables,
	cluster: string,
): Promise<AuditRecord | null> {
	const fleet = await newestEnded(tables);
	const judged = await findJudged(tables, cluster);
	if (judged === null) return fleet;
	if (fleet !== null && judged.startedAt <= fleet.startedAt) return fleet;
	const scoped = await findAudit(tables, judged.auditId);
	const hasEnded = scoped?.state === "completed" || scoped?.state === "partial";
	return hasEnded ? scoped : fleet;
}
