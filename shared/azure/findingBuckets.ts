import { Readable } from "node:stream";
import { odata } from "@azure/data-tables";
import type { Finding } from "../contract.ts";
import type { KeptFinding } from "../findings/flapping.ts";
import { bucketOf } from "../keys/buckets.ts";
import { bytesIn, packKey, propertyNames, unpack, unpackRows } from "./pack.ts";
import { packRows } from "./packStore.ts";
import type { Tables } from "./tables.ts";

/*
 * Findings are in buckets, by their cluster: the open ones in one entity, the resolved ones beside it. Both are changed
 * by one transaction, so that a finding is in exactly one of them at any time.
 */

export const findingsPartition = "findings";

export function rowKey(state: Finding["state"], bucket: string): string {
	return `${state}-${bucket}`;
}

export type Row = Readonly<Record<string, unknown>>;

export async function findRow(
	{ results }: Tables,
	key: string,
	select?: readonly string[],
): Promise<Row | null> {
	const rows = results.listEntities({
		queryOptions: {
			filter: odata`PartitionKey eq ${findingsPartition} and RowKey eq ${key}`,
			...(select && { select: [...select] }),
		},
	});
	for await (const row of rows) return row;
	return null;
}

export async function openIn(row: Row | null): Promise<KeptFinding[]> {
	return row === null ? [] : unpack(bytesIn(row, "o"));
}

export async function readResolved(
	{ results }: Tables,
	bucket: string,
): Promise<{ readonly rows: number; readonly findings: KeptFinding[] }> {
	const key = rowKey("resolved", bucket);
	const rows = await packRows(results, findingsPartition, key);
	return {
		rows: rows.length,
		findings: rows.length === 0 ? [] : await unpackRows(rows),
	};
}

export const keyColumns = ["PartitionKey", "RowKey"];
export const openColumns = [...keyColumns, ...propertyNames("o")];

/** Buckets that are read one by one. Of more, all are read together. */
const mostBuckets = 16;

/** The rows of open findings, at least those of these buckets. Undefined: of all. */
export async function openRows(
	tables: Tables,
	select: readonly string[],
	buckets?: readonly string[],
): Promise<Row[]> {
	if (buckets === undefined || buckets.length > mostBuckets)
		return listRows(tables, rowsOf("open"), select);
	const rows = await Promise.all(
		buckets.map((bucket) => findRow(tables, rowKey("open", bucket), select)),
	);
	return rows.filter((row) => row !== null);
}

async function listRows(
	{ results }: Tables,
	filter: string,
	select: readonly string[],
): Promise<Row[]> {
	const rows: Row[] = [];
	for await (const row of results.listEntities({
		queryOptions: { filter, select: [...select] },
	}))
		rows.push(row);
	return rows;
}

function rowsOf(state: Finding["state"]): string {
	return odata`PartitionKey eq ${findingsPartition} and RowKey ge ${`${state}-`} and RowKey lt ${`${state}.`}`;
}

/** Every open finding of the fleet, by cluster. */
export async function openFindings(
	tables: Tables,
): Promise<Map<string, KeptFinding[]>> {
	const byCluster = new Map<string, KeptFinding[]>();
	for await (const { findings } of bucketsIn(tables, "open"))
		for (const finding of findings) {
			const own = byCluster.get(finding.cluster);
			if (own) own.push(finding);
			else byCluster.set(finding.cluster, [finding]);
		}
	return byCluster;
}

/** The open findings of these clusters, by cluster: of a few, it takes a few requests, however large the fleet is. */
export async function openFindingsOf(
	tables: Tables,
	clusters: readonly string[],
): Promise<Map<string, KeptFinding[]>> {
	const wanted = new Set(clusters);
	const buckets = [...new Set(clusters.map(bucketOf))];
	const rows = await openRows(tables, openColumns, buckets);
	const all = (await Promise.all(rows.map(openIn))).flat();
	return Map.groupBy(
		all.filter(({ cluster }) => wanted.has(cluster)),
		({ cluster }) => cluster,
	);
}

export interface Bucket {
	readonly bucket: string;
	/** In the order of their ids. */
	readonly findings: readonly KeptFinding[];
}

/** Buckets that are read and unpacked ahead of the one that is looked at. */
const ahead = 4;

/** All buckets, in their order. */
export async function* bucketsIn(
	tables: Tables,
	state: Finding["state"],
): AsyncGenerator<Bucket> {
	const read: AsyncIterable<Bucket> = Readable.from(
		bucketRows(tables, state),
	).map(
		async ({ bucket, rows }: BucketRows) => ({
			bucket,
			findings:
				state === "open"
					? await openIn(rows[0] ?? null)
					: await unpackRows<KeptFinding[]>(rows),
		}),
		{ concurrency: ahead },
	);
	yield* read;
}

interface BucketRows {
	readonly bucket: string;
	readonly rows: readonly Row[];
}

/** The rows of each bucket: one with open findings, one or more with resolved ones. */
async function* bucketRows(
	{ results }: Tables,
	state: Finding["state"],
): AsyncGenerator<BucketRows> {
	const listed = results.listEntities({
		queryOptions: {
			filter: rowsOf(state),
			...(state === "open" && { select: openColumns }),
		},
	});
	let rows: Row[] = [];
	for await (const row of listed) {
		const bucket = packKey(row).slice(`${state}-`.length);
		rows.push(row);
		const parts = state === "open" ? 1 : Number(rows[0]?.parts);
		if (rows.length < parts) continue;
		yield { bucket, rows };
		rows = [];
	}
	// What is incomplete is refused where it is unpacked.
	const [first] = rows;
	if (first) yield { bucket: packKey(first), rows };
}
