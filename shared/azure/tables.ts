import { isRestError } from "@azure/core-rest-pipeline";
import type {
	TableClient,
	TableEntity,
	TransactionAction,
} from "@azure/data-tables";
import type { Keys } from "./entity.ts";

export const tableNames = [
	"audits",
	"fleet",
	"results",
	"series",
	"acceptances",
	"alerts",
] as const;
export type TableName = (typeof tableNames)[number];
export type Tables = Readonly<Record<TableName, TableClient>>;

/** Entities of one transaction, and of its bytes: the service takes 100 and 4 MiB. */
const mostInTransaction = 100;
const mostBytes = 3_500_000;
/** Transactions under way at once from one activity. */
const parallel = 8;

/** Upserts whole entities, in as few transactions as their partitions allow. Each is all or nothing. */
export async function writeEntities(
	table: TableClient,
	entities: readonly TableEntity[],
): Promise<void> {
	await submitAll(
		table,
		entities.map((entity) => ["upsert", entity, "Replace"]),
	);
}

/** Removes what a filter finds, up to a number of rows. The answer says how many. The rest waits for the next time. */
export async function removeRows(
	table: TableClient,
	filter: string,
	most: number,
): Promise<number> {
	const rows = table.listEntities({
		queryOptions: { filter, select: ["PartitionKey", "RowKey"] },
	});
	const keys: Keys[] = [];
	for await (const { partitionKey, rowKey } of rows) {
		if (partitionKey === undefined || rowKey === undefined) continue;
		keys.push({ partitionKey, rowKey });
		if (keys.length === most) break;
	}
	if (keys.length > 0) await deleteEntities(table, keys);
	return keys.length;
}

/** Deletes entities. One that is gone already is what was wanted. */
export async function deleteEntities(
	table: TableClient,
	keys: readonly Keys[],
): Promise<void> {
	try {
		await submitAll(
			table,
			keys.map((entity) => ["delete", { ...entity }]),
		);
	} catch (error) {
		if (!isStatus(error, 404)) throw error;
		for (const { partitionKey, rowKey } of keys)
			await deleteOne(table, partitionKey, rowKey);
	}
}

async function deleteOne(
	table: TableClient,
	partitionKey: string,
	rowKey: string,
): Promise<void> {
	try {
		await table.deleteEntity(partitionKey, rowKey);
	} catch (error) {
		if (!isStatus(error, 404)) throw error;
	}
}

/** Each transaction is all or nothing, and is in one partition. */
export async function submitAll(
	table: TableClient,
	actions: readonly TransactionAction[],
): Promise<void> {
	const partitions = Map.groupBy(actions, ([, entity]) => entity.partitionKey);
	const transactions = [...partitions.values()].flatMap(cut);
	await inParallel(transactions, parallel, async (transaction) => {
		await table.submitTransaction(transaction);
	});
}

function cut(actions: readonly TransactionAction[]): TransactionAction[][] {
	const transactions: TransactionAction[][] = [];
	let bytes = 0;
	for (const action of actions) {
		const size = sizeOf(action[1]);
		const last = transactions.at(-1);
		if (
			!last ||
			last.length === mostInTransaction ||
			bytes + size > mostBytes
		) {
			transactions.push([action]);
			bytes = size;
		} else {
			last.push(action);
			bytes += size;
		}
	}
	return transactions;
}

/**
 * Bytes of an entity in a request, at most: texts as UTF-8, each quotation mark with a backslash, and bytes as Base64.
 */
function sizeOf(entity: Readonly<Record<string, unknown>>): number {
	let size = 500;
	for (const [name, value] of Object.entries(entity))
		size += name.length + valueSize(value);
	return size;
}

function valueSize(value: unknown): number {
	if (typeof value === "string") return Buffer.byteLength(value) * 2;
	if (value instanceof Uint8Array) return 4 * Math.ceil(value.length / 3) + 60;
	return 20;
}

/** Runs all, `most` at once. The first failure stops what has not begun. */
export async function inParallel<T>(
	items: readonly T[],
	most: number,
	run: (item: T) => Promise<void>,
): Promise<void> {
	const queue = items.values();
	const worker = async () => {
		for (const item of queue) await run(item);
	};
	await Promise.all(
		Array.from({ length: Math.min(most, items.length) }, worker),
	);
}

/** Another one wrote in between: read again. Two at once are rare already. */
const mostTries = 10;

/** A write that reads first, done again where somebody else has removed, made or changed since then what it read. */
export async function untilUndisturbed(
	write: () => Promise<void>,
): Promise<void> {
	for (let tries = 1; ; tries++)
		try {
			return await write();
		} catch (error) {
			if (!isWrittenMeanwhile(error) || tries === mostTries) throw error;
		}
}

function isWrittenMeanwhile(error: unknown): boolean {
	return [404, 409, 412].some((status) => isStatus(error, status));
}

/** An entity by its keys, or null. */
export async function findEntity(
	table: TableClient,
	partitionKey: string,
	rowKey: string,
): Promise<Record<string, unknown> | null> {
	try {
		return await table.getEntity(partitionKey, rowKey);
	} catch (error) {
		if (isStatus(error, 404)) return null;
		throw error;
	}
}

export function isTableLost(error: unknown): boolean {
	return (
		isStatus(error, 404) &&
		/TableNotFound/.test(JSON.stringify(Object(error)) + String(error))
	);
}

/** No answer of the tables, or one that says later. Errors of Resource Graph come here as errors of our own. */
export function isStorageAway(error: unknown): boolean {
	if (!isRestError(error)) return false;
	const { statusCode } = error;
	if (isTableLost(error)) return true;
	return statusCode === undefined || statusCode === 429 || statusCode >= 500;
}

/**
 * Why storage lets nobody in: the key is wrong, the signature is over or too narrow, the role is missing. Null for any
 * other error. The code is the service's own, such as AuthorizationPermissionMismatch.
 */
export function refusalOf(error: unknown): string | null {
	if (!isRestError(error)) return null;
	const { statusCode } = error;
	if (statusCode !== 401 && statusCode !== 403) return null;
	const [code] =
		/Auth\w{4,60}|AccountIsDisabled|InsufficientAccountPermissions|PublicAccess\w+/.exec(
			JSON.stringify(Object(error)) + String(error),
		) ?? [];
	return code === undefined ? `status ${statusCode}` : `${statusCode} ${code}`;
}

export function isStatus(error: unknown, status: number): boolean {
	return isRestError(error) && error.statusCode === status;
}
