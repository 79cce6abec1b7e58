import type { ResourceGraphClient } from "@azure/arm-resourcegraph";
import type {
	TableClient,
	TableEntity,
	TransactionAction,
} from "@azure/data-tables";
import { resourceGraphClient } from "../shared/azure/resourceGraphClient.ts";
import { tableNames } from "../shared/azure/tables.ts";
import { tableOf } from "./entities.ts";
import { auditQueries, pageRows } from "./queries.ts";
import { answerCalls } from "./remote.ts";

/*
 * What nobody can do without: the same rows paged one after the other by the bare SDK, and the same entities written by
 * the bare SDK. Nothing is parsed, judged or looked up.
 */

/** Transactions under way at once: as many as the program has, so that the floor is not handicapped. */
const parallel = 8;
const mostEntities = 100;
const mostBytes = 4_000_000;

interface TableEntities {
	readonly table: string;
	readonly entities: readonly TableEntity[];
}

export interface Floor {
	readonly readMs: number;
	readonly writeMs: number;
	/** The part of `writeMs` for findings and changes. */
	readonly newsMs: number;
	readonly entities: number;
	readonly transactions: number;
}

let loaded: TableEntities[] = [];

const calls = {
	/** Rows of each query by its first page, which also leaves the emulator with the answers at hand. */
	totals: async (endpoint: string): Promise<number[]> => {
		const client = bareClient(endpoint);
		const totals: number[] = [];
		for (const { kql } of await auditQueries())
			totals.push((await page(client, kql, undefined)).totalRecords);
		return totals;
	},
	/** Takes the entities of an audit into memory, which is not part of the floor. */
	load: async (connectionString: string): Promise<void> => {
		loaded = [];
		for (const table of tableNames)
			loaded.push({ table, entities: await readAll(connectionString, table) });
	},
	measure: async (places: {
		readonly endpoint: string;
		readonly connectionString: string;
	}): Promise<Floor> => {
		const tables = await freshTables(places.connectionString);
		const begin = performance.now();
		await readQueries(places.endpoint);
		const read = performance.now();
		const isNews = ([{ tableName }]: FreshTable) => tableName === "results";
		const news = await writeAll(tables.filter(isNews));
		const newsWritten = performance.now();
		const rest = await writeAll(tables.filter((table) => !isNews(table)));
		return {
			readMs: read - begin,
			writeMs: performance.now() - read,
			newsMs: newsWritten - read,
			entities: tables.reduce((sum, [, own]) => sum + own.length, 0),
			transactions: news + rest,
		};
	},
};

export type FloorCalls = typeof calls;

function bareClient(endpoint: string): ResourceGraphClient {
	return resourceGraphClient({ endpoint, authorityHost: "", tokenScope: null });
}

async function readQueries(endpoint: string): Promise<void> {
	const client = bareClient(endpoint);
	for (const { kql } of await auditQueries()) {
		let skipToken: string | undefined;
		do skipToken = (await page(client, kql, skipToken)).skipToken;
		while (skipToken !== undefined);
	}
}

function page(
	client: ResourceGraphClient,
	query: string,
	skipToken: string | undefined,
) {
	return client.resources({
		query,
		options: {
			top: pageRows,
			resultFormat: "objectArray",
			...(skipToken === undefined ? {} : { skipToken }),
		},
	});
}

async function readAll(
	connectionString: string,
	table: string,
): Promise<TableEntity[]> {
	const entities: TableEntity[] = [];
	const rows = tableOf(connectionString, table).listEntities();
	for await (const { etag: _, timestamp: __, ...entity } of rows) {
		const { partitionKey = "", rowKey = "" } = entity;
		entities.push({ ...entity, partitionKey, rowKey });
	}
	return entities;
}

type FreshTable = readonly [TableClient, readonly TableEntity[]];

function freshTables(connectionString: string): Promise<FreshTable[]> {
	return Promise.all(
		loaded.map(async ({ table, entities }) => {
			const client = tableOf(connectionString, table);
			await client.createTable();
			return [client, entities] as const;
		}),
	);
}

type Write = readonly [TableClient, readonly TableEntity[]];

async function writeAll(tables: readonly FreshTable[]): Promise<number> {
	const writes = tables.flatMap(([table, entities]) =>
		[...Map.groupBy(entities, ({ partitionKey }) => partitionKey).values()]
			.flatMap(cut)
			.map((own): Write => [table, own]),
	);
	const queue = writes.values();
	const worker = async () => {
		for (const write of queue) await submit(write);
	};
	await Promise.all(Array.from({ length: parallel }, worker));
	return writes.length;
}

/** Entities of one partition in the fewest transactions that take them. */
function cut(entities: readonly TableEntity[]): TableEntity[][] {
	const transactions: TableEntity[][] = [];
	let bytes = 0;
	for (const entity of entities) {
		const size = Buffer.byteLength(JSON.stringify(entity)) + 600;
		const last = transactions.at(-1);
		if (last && last.length < mostEntities && bytes + size <= mostBytes) {
			last.push(entity);
			bytes += size;
		} else {
			transactions.push([entity]);
			bytes = size;
		}
	}
	return transactions;
}

/** One entity alone is cheaper without the frame of a transaction. */
async function submit([table, entities]: Write): Promise<void> {
	const [only] = entities;
	if (entities.length === 1 && only) {
		await table.upsertEntity(only, "Replace");
		return;
	}
	await table.submitTransaction(
		entities.map((entity): TransactionAction => ["upsert", entity, "Replace"]),
	);
}

answerCalls(calls);
