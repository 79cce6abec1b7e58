import { odata } from "@azure/data-tables";
import type { Change } from "../findings/lifecycle.ts";
import { auditKey, keyBefore } from "../keys/auditId.ts";
import { bucketOf } from "../keys/buckets.ts";
import { bytesIn, pack, properties, unpack } from "./pack.ts";
import {
	findEntity,
	inParallel,
	removeRows,
	submitAll,
	type Tables,
	untilUndisturbed,
} from "./tables.ts";

/*
 * Changes of an audit are in its partition, an entity for each bucket of clusters.
 */

/** Buckets that are changed at once. */
const parallel = 8;

/** Writes changes of an audit, each once for its finding: writing them twice changes nothing. */
export function writeChanges(
	tables: Tables,
	auditId: string,
	made: readonly Change[],
): Promise<void> {
	return changeBuckets(tables, auditId, made, (changes, change) =>
		changes.set(change.finding.id, change),
	);
}

/** Takes changes of an audit back: they did not come about. */
export function deleteChanges(
	tables: Tables,
	auditId: string,
	made: readonly Change[],
): Promise<void> {
	return changeBuckets(tables, auditId, made, (changes, { finding }) =>
		changes.delete(finding.id),
	);
}

async function changeBuckets(
	{ results }: Tables,
	auditId: string,
	made: readonly Change[],
	apply: (changes: Map<string, Change>, made: Change) => unknown,
): Promise<void> {
	const partitionKey = auditKey(auditId);
	const byBucket = Map.groupBy(made, ({ finding }) =>
		bucketOf(finding.cluster),
	);
	await inParallel([...byBucket], parallel, ([bucket, own]) =>
		untilUndisturbed(async () => {
			const row = await findEntity(results, partitionKey, bucket);
			const before = row === null ? [] : await changesIn(row);
			const changes = new Map(before.map((one) => [one.finding.id, one]));
			for (const change of own) apply(changes, change);
			const { bytes } = await pack([...changes.values()]);
			const entity = {
				partitionKey,
				rowKey: bucket,
				...properties(bytes, "p"),
			};
			await submitAll(results, [
				row === null
					? ["create", entity]
					: ["update", entity, "Replace", { etag: String(row.etag) }],
			]);
		}),
	);
}

function changesIn(row: Readonly<Record<string, unknown>>): Promise<Change[]> {
	return unpack(bytesIn(row, "p"));
}

export async function* changesOf(
	{ results }: Tables,
	auditId: string,
): AsyncGenerator<Change> {
	const rows = results.listEntities({
		queryOptions: { filter: odata`PartitionKey eq ${auditKey(auditId)}` },
	});
	for await (const row of rows) yield* await changesIn(row);
}

/** Removes what audits that started before a time have changed. */
export function removeChangesBefore(
	{ results }: Tables,
	at: Date,
	most: number,
): Promise<number> {
	return removeRows(
		results,
		odata`PartitionKey gt ${keyBefore(at)} and PartitionKey lt ${":"}`,
		most,
	);
}
