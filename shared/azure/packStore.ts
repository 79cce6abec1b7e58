import { odata, type TableClient } from "@azure/data-tables";
import {
	type Pack,
	packEntities,
	packKey,
	unpackLines,
	unpackRows,
} from "./pack.ts";
import {
	deleteEntities,
	inParallel,
	type Tables,
	writeEntities,
} from "./tables.ts";

/*
 * Packs by content: a pack's key is the hash of its content, so it is written once and never changes. If the content is
 * the same the next night, the manifest names the same pack.
 */

/** Partitions, by the first digit of the hash: what is written at once then goes in transactions side by side. */
const partitionPrefix = "pack-";

function partitionOf(hash: string): string {
	return `${partitionPrefix}${hash.slice(0, 1)}`;
}

/** Writes packs. `audit`: the key of the audit that writes them. A clean-up of an earlier audit does not touch them. */
export async function writePacks(
	{ fleet }: Tables,
	packs: readonly Pack[],
	audit: string,
): Promise<void> {
	await writeEntities(
		fleet,
		packs.flatMap((pack) => {
			const keys = { partitionKey: partitionOf(pack.hash), rowKey: pack.hash };
			return packEntities(keys, pack, { audit });
		}),
	);
}

/** What is in a pack. One request. Throws where it is gone. */
export async function readPack<T>(tables: Tables, hash: string): Promise<T> {
	const content = await findPack<T>(tables, hash);
	if (content === null) throw new Error(`pack ${hash} is gone`);
	return content;
}

/** The lines of a pack of lines. One request. Throws where it is gone. */
export async function readLines(
	{ fleet }: Tables,
	hash: string,
): Promise<string[]> {
	const rows = await packRows(fleet, partitionOf(hash), hash);
	if (rows.length === 0) throw new Error(`pack ${hash} is gone`);
	return unpackLines(rows);
}

async function findPack<T>({ fleet }: Tables, hash: string): Promise<T | null> {
	const rows = await packRows(fleet, partitionOf(hash), hash);
	return rows.length === 0 ? null : unpackRows(rows);
}

/** The entities of the pack that has this row key. */
export async function packRows(
	table: TableClient,
	partition: string,
	key: string,
): Promise<Record<string, unknown>[]> {
	const filter = odata`PartitionKey eq ${partition} and RowKey ge ${key} and RowKey lt ${`${key},`}`;
	const rows: Record<string, unknown>[] = [];
	for await (const row of table.listEntities({ queryOptions: { filter } }))
		rows.push(row);
	return rows;
}

/** Packs in memory at once while many are read. */
const parallel = 8;

/** The content of each pack that is still there, in the order of the hashes. */
export async function readPacks<T>(
	tables: Tables,
	hashes: readonly string[],
): Promise<T[]> {
	const contents = new Map<string, T>();
	await inParallel(hashes, parallel, async (hash) => {
		const content = await findPack<T>(tables, hash);
		if (content !== null) contents.set(hash, content);
	});
	return hashes.flatMap((hash) => {
		const content = contents.get(hash);
		return content === undefined ? [] : [content];
	});
}

/** Those of the packs that are still there. */
export async function storedPacks(
	{ fleet }: Tables,
	hashes: readonly string[],
): Promise<Set<string>> {
	if (hashes.length === 0) return new Set();
	const asked = new Set(hashes);
	const rows = fleet.listEntities({
		queryOptions: { filter: allPacks, select: ["RowKey"] },
	});
	const stored = new Set<string>();
	for await (const row of rows) {
		const hash = packKey(row);
		if (asked.has(hash)) stored.add(hash);
	}
	return stored;
}

const allPacks = odata`PartitionKey ge ${partitionPrefix} and PartitionKey lt ${`${partitionPrefix}~`}`;

/**
 * Removes all packs except those to keep and those of audits later than `audit` (its key): a clean-up that was given up
 * may still run beside the next audit.
 */
export async function removePacks(
	{ fleet }: Tables,
	keep: ReadonlySet<string>,
	audit: string,
): Promise<void> {
	const rows = fleet.listEntities<{ audit: string }>({
		queryOptions: {
			filter: `${allPacks} and ${odata`audit ge ${audit}`}`,
			select: ["PartitionKey", "RowKey", "audit"],
		},
	});
	const gone: { partitionKey: string; rowKey: string }[] = [];
	for await (const row of rows) {
		const { partitionKey = "", rowKey = "" } = row;
		if (!keep.has(packKey(row))) gone.push({ partitionKey, rowKey });
	}
	if (gone.length > 0) await deleteEntities(fleet, gone);
}
