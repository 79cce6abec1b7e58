import { TableClient } from "@azure/data-tables";
import { type TableName, tableNames } from "../shared/azure/tables.ts";

/** Each entity that a storage holds, by table and keys, with the tag that every write changes. */
export type Contents = Readonly<Record<TableName, ReadonlyMap<string, string>>>;

type Counts = Readonly<Record<TableName, number>>;

export function tableOf(connectionString: string, name: string): TableClient {
	return TableClient.fromConnectionString(connectionString, name, {
		allowInsecureConnection: true,
	});
}

export const nothing = Object.fromEntries(
	tableNames.map((name) => [name, new Map<string, string>()]),
) as unknown as Contents;

/** Reads what is in the tables. Counting there, and not on the way, leaves the audit's time alone. */
export async function contentsOf(connectionString: string): Promise<Contents> {
	const tables = await Promise.all(
		tableNames.map(
			async (name) =>
				[name, await tags(tableOf(connectionString, name))] as const,
		),
	);
	return Object.fromEntries(tables) as unknown as Contents;
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
	const written = { ...noWrites };
	for (const name of tableNames)
		for (const [key, tag] of after[name])
			if (before[name].get(key) !== tag) written[name]++;
	return written;
}

const noWrites: Counts = {
	audits: 0,
	fleet: 0,
	results: 0,
	series: 0,
	acceptances: 0,
	alerts: 0,
};

export function total(counts: Counts): number {
	return Object.values(counts).reduce((sum, count) => sum + count, 0);
}
