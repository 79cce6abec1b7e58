import { forgetMemories, newestAudit } from "../azure/auditStore.ts";
import { removeSnapshots } from "../azure/snapshotStore.ts";
import type { Tables } from "../azure/tables.ts";

/** Removes what later audits have no use for. */
export async function cleanUp(tables: Tables, snapshot: string): Promise<void> {
	await removeOldSnapshots(tables, snapshot);
	await forgetMemories(tables);
}

/** The one before stays until this audit has ended, since the capacity route reads it until then. */
async function removeOldSnapshots(
	tables: Tables,
	snapshot: string,
): Promise<void> {
	const before = await newestAudit(tables, ["completed", "partial"]);
	await removeSnapshots(
		tables,
		[snapshot, before?.snapshot].filter((key) => typeof key === "string"),
	);
}
