import { odata, type TransactionAction } from "@azure/data-tables";
import type { BudgetName } from "../contract.ts";
import { type CompactPoint, compact, pointsFrom } from "../history/compact.ts";
import {
	type Addition,
	type Point,
	type Series,
	withPoint,
} from "../history/series.ts";
import { hash } from "../keys/hash.ts";
import type { Budget } from "../model/budget.ts";
import { packed, unpacked } from "./entity.ts";
import {
	deleteEntities,
	findEntity,
	inParallel,
	isStatus,
	submitAll,
	type Tables,
} from "./tables.ts";

/**
 * Series lie in so many partitions, by the hash of their budget: a fleet of 10,000 clusters has about 500 in each, which
 * are read by one query and written in a few transactions.
 */
const buckets = 32;
/** Buckets in memory at once. */
const parallel = 4;
/** Another audit wrote to a bucket in between: read it again. Two at once are rare already. */
const mostTries = 5;

interface Kept extends BudgetName {
	readonly unit: Budget["unit"];
	readonly points: readonly CompactPoint[];
}

/**
 * Adds an audit's points, bucket by bucket, and gives each series as it is then. A series is replaced only where nobody
 * wrote it since it was read: otherwise its bucket is read again, so that no point of another audit gets lost.
 */
export async function addToHistory(
	{ history }: Tables,
	additions: readonly Addition[],
	use: (budget: string, points: readonly Point[]) => void,
): Promise<void> {
	const byBucket = Map.groupBy(additions, ({ budget }) => bucketOf(budget.id));
	await inParallel([...byBucket], parallel, async ([bucket, own]) => {
		for (let tries = 1; ; tries++)
			try {
				return await addToBucket(history, bucket, own, use);
			} catch (error) {
				if (!isWrittenMeanwhile(error) || tries === mostTries) throw error;
			}
	});
}

/** Removed, made or changed by somebody else since it was read. */
function isWrittenMeanwhile(error: unknown): boolean {
	return [404, 409, 412].some((status) => isStatus(error, status));
}

async function addToBucket(
	history: Tables["history"],
	bucket: string,
	additions: readonly Addition[],
	use: (budget: string, points: readonly Point[]) => void,
): Promise<void> {
	const rows = await readBucket(history, bucket);
	const actions = additions.flatMap(({ budget, point }) => {
		const row = rows.get(hash(budget.id));
		const before = row === undefined ? [] : unpacked<Kept>(row).points;
		const points = withPoint(pointsFrom(before), point);
		use(budget.id, points);
		const after = compact(points);
		return JSON.stringify(after) === JSON.stringify(before)
			? []
			: [write(bucket, budget, after, lastAt(points), row)];
	});
	await submitAll(history, actions);
}

function write(
	bucket: string,
	{ id, kind, name, unit }: Addition["budget"],
	points: readonly CompactPoint[],
	lastAt: string,
	row: Record<string, unknown> | undefined,
): TransactionAction {
	const series: Kept = { id, kind, name, unit, points };
	const keys = { partitionKey: bucket, rowKey: hash(id) };
	const entity = packed(keys, series, { lastAt });
	return row === undefined
		? ["create", entity]
		: ["update", entity, "Replace", { etag: String(row.etag) }];
}

function lastAt(points: readonly Point[]): string {
	return new Date(points.at(-1)?.at ?? 0).toISOString();
}

async function readBucket(
	history: Tables["history"],
	bucket: string,
): Promise<Map<string, Record<string, unknown>>> {
	const rows = history.listEntities({
		queryOptions: { filter: odata`PartitionKey eq ${bucket}` },
	});
	const byKey = new Map<string, Record<string, unknown>>();
	for await (const row of rows) byKey.set(row.rowKey ?? "", row);
	return byKey;
}

export async function findSeries(
	{ history }: Tables,
	budget: string,
): Promise<Series | null> {
	const row = await findEntity(history, bucketOf(budget), hash(budget));
	if (row === null) return null;
	const kept = unpacked<Kept>(row);
	return { ...kept, points: pointsFrom(kept.points) };
}

/** Removes the series of budgets that no audit has seen since then (ISO 8601, UTC), and answers how many. */
export async function removeHistoryBefore(
	{ history }: Tables,
	at: string,
): Promise<number> {
	const rows = history.listEntities({
		queryOptions: {
			filter: odata`lastAt lt ${at}`,
			select: ["PartitionKey", "RowKey"],
		},
	});
	const old: { partitionKey: string; rowKey: string }[] = [];
	for await (const { partitionKey, rowKey } of rows)
		if (partitionKey && rowKey) old.push({ partitionKey, rowKey });
	await deleteEntities(history, old);
	return old.length;
}

function bucketOf(budget: string): string {
	const number = Number.parseInt(hash(budget).slice(0, 8), 16) % buckets;
	return String(number).padStart(2, "0");
}
