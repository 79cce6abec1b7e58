import { findLedgerFacts } from "../azure/snapshotStore.ts";
import type { Tables } from "../azure/tables.ts";
import { type BudgetLedger, ledgerOf } from "../model/ledger.ts";
import { type ShownPool, shownPool } from "../model/shownPool.ts";
import type { AuditRecord } from "../records/auditRecord.ts";

/** The whole ledger of a cluster, as one audit saw it. */
export interface Capacity {
	readonly cluster: string;
	readonly auditId: string;
	/** ISO 8601: when that audit began to read. */
	readonly readAt: string;
	readonly notEvaluated: string | null;
	/** As Azure reports it, lower case. Null where the cluster was not evaluated. */
	readonly provisioningState: string | null;
	/** Empty where the cluster was not evaluated. */
	readonly pools: readonly ShownPool[];
	readonly budgets: readonly BudgetLedger[];
}

/** From the snapshot of an ended audit. Null where the cluster was not judged in it. */
export async function capacityOf(
	tables: Tables,
	{ auditId, startedAt, snapshot }: AuditRecord,
	cluster: string,
): Promise<Capacity | null> {
	if (snapshot === null) return null;
	const facts = await findLedgerFacts(tables, snapshot, cluster);
	if (facts === null) return null;
	const { judged, shared } = facts;
	return {
		cluster,
		auditId,
		readAt: startedAt,
		notEvaluated: judged.notEvaluated,
		provisioningState: judged.cluster?.provisioningState ?? null,
		pools: judged.cluster?.pools.map(shownPool) ?? [],
		budgets: ledgerOf(judged, shared),
	};
}
