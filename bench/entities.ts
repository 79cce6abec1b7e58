import { TableClient, TableServiceClient } from "@azure/data-tables";

/** Each entity that a storage holds, by table and keys, with the tag that every write changes. */
export type Contents = Readonly<Record<string, ReadonlyMap<string, string>>>;

type Counts = Readonly<Record<string, number>>;

export function tableOf(connectionString: string, name: string): TableClient {
	return TableClient.fromConnectionString(connectionString, name, {
		allowInsecureConnection: true,
	});
}

/** All tables of a storage: another release has others. */
async function tablesIn(connectionString: string): Promise<string[]> {
	const service = TableServiceClient.fromConnectionString(connectionString, {
		allowInsecureConnection: true,
	});
	const names: string[] = [];
	for await (const { name } of service.listTables())
		if (name !== undefined) names.push(name);
	return names.sort();
}

export const nothing: Contents = {};

/** Reads what is in the tables. Counting there, and not on the way, leaves the audit's time alone. */
export async function contentsOf(connectionString: string): Promise<Contents> {
	const names = await tablesIn(connectionString);
	const tables = await Promise.all(
		names.map(
			async (name) =>
				[name, await tags(tableOf(connectionString, name))] as const,
		),
	);
	return Object.fromEntries(tables);
}

async function tags(table: TableClient): Promise<Map<string, string>> {
	const rows = table.listEntities({
		queryOptions: { select: ["PartitionKey", "RowKey", "Timestamp"] },
	});
	const found = new Map<string, string>();
	for await (const { partitionKey, rowKey, etag } of rows)
		found.set(`${partitionKey}\n${rowKey}`, etag);
	return found;
}

/** Entities that are new or were written again; one that was written several times counts once. */
export function writtenBetween(before: Contents, after: Contents): Counts {
	return Object.fromEntries(
		Object.entries(after).map(([name, entities]) => [
			name,
			[...entities].filter(([key, tag]) => before[name]?.get(key) !== tag)
				.length,
		]),
	);
}

export function total(counts: Counts): number {
	return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

/** What the entities of a storage take, by the service's own formula. */
export async function storedBytes(connectionString: string): Promise<number> {
	let bytes = 0;
	for (const name of await tablesIn(connectionString))
		for await (const entity of tableOf(connectionString, name).listEntities())
			bytes += entityBytes(entity);
	return bytes;
}

/**
 * The formula by which the service bills: two bytes a character of texts and names, four bytes for an entity, eight for
 * a property, four for a text's or a binary's length.
 */
export function entityBytes(entity: Readonly<Record<string, unknown>>): number {
	const { partitionKey, rowKey, etag: _, timestamp: __, ...rest } = entity;
	let bytes = 4 + 2 * (String(partitionKey).length + String(rowKey).length);
	for (const [name, value] of Object.entries(rest))
		bytes += 8 + 2 * name.length + valueBytes(value);
	return bytes;
}

function valueBytes(value: unknown): number {
	if (typeof value === "string") return 4 + 2 * value.length;
	if (value instanceof Uint8Array) return 4 + value.length;
	return typeof value === "boolean" ? 1 : 8;
}
