import { odata } from "@azure/data-tables";
import { hash } from "../keys/hash.ts";
import {
	deleteEntities,
	findEntity,
	type Tables,
	writeEntities,
} from "./tables.ts";

/*
 * Which scoped audit judged a cluster last. The snapshots of scoped audits are beside the newest one of the fleet, and
 * this says in which of them a cluster is.
 */

const partition = "judged";

export interface Judged {
	readonly auditId: string;
	/** When that audit began, ISO 8601. */
	readonly startedAt: string;
	/** The key of its snapshot. */
	readonly snapshot: string;
}

export async function writeJudged(
	{ fleet }: Tables,
	clusters: readonly string[],
	{ auditId, startedAt, snapshot }: Judged,
): Promise<void> {
	await writeEntities(
		fleet,
		clusters.map((cluster) => ({
			partitionKey: partition,
			rowKey: hash(cluster),
			auditId,
			startedAt,
			snapshot,
		})),
	);
}

export async function findJudged(
	{ fleet }: Tables,
	cluster: string,
): Promise<Judged | null> {
	const row = await findEntity(fleet, partition, hash(cluster));
	return row && judgedIn(row);
}

function judgedIn(row: Readonly<Record<string, unknown>>): Judged {
	return {
		auditId: String(row.auditId),
		startedAt: String(row.startedAt),
		snapshot: String(row.snapshot),
	};
}

/** Forgets what began before a time (ISO 8601), and answers the snapshots of the rest. */
export async function forgetJudgedBefore(
	{ fleet }: Tables,
	at: string,
): Promise<string[]> {
	const rows = fleet.listEntities({
		queryOptions: { filter: odata`PartitionKey eq ${partition}` },
	});
	const kept = new Set<string>();
	const gone: { partitionKey: string; rowKey: string }[] = [];
	for await (const row of rows) {
		const { startedAt, snapshot } = judgedIn(row);
		if (startedAt >= at) kept.add(snapshot);
		else gone.push({ partitionKey: partition, rowKey: row.rowKey ?? "" });
	}
	if (gone.length > 0) await deleteEntities(fleet, gone);
	return [...kept];
}
