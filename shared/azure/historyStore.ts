import { odata, type TransactionAction } from "@azure/data-tables";
import type { BudgetName } from "../contract.ts";
import {
	type CompactPoint,
	compact,
	newestTime,
	pointsFrom,
	withCompact,
} from "../history/compact.ts";
import {
	type Addition,
	archiveOf,
	inOrder,
	isToArchive,
	mostDays,
	recentOf,
	type Series,
} from "../history/series.ts";
import { bucketAmong } from "../keys/buckets.ts";
import type { Budget } from "../model/budget.ts";
import { dayMs } from "../time.ts";
import {
	compressed,
	contentOf,
	packEntities,
	packKey,
	unpackRows,
} from "./pack.ts";
import {
	inParallel,
	submitAll,
	type Tables,
	untilUndisturbed,
} from "./tables.ts";

/**
 * Number of partitions of the series, by the hash of their budget. Each has two packs: `recent`, which every audit
 * reads and writes, and `archive`, which gets older points every few weeks and is read for people only.
 */
const buckets = 64;
/** Buckets in memory at once. */
const parallel = 4;

type Part = "recent" | "archive";

interface Kept extends BudgetName {
	readonly unit: Budget["unit"];
	readonly points: readonly CompactPoint[];
}

/**
 * Adds an audit's points, bucket by bucket, and passes the recent points of each series on to `use`. A pack is replaced
 * only if nobody wrote it since it was read. Otherwise it is read again, so that no point of another audit gets lost.
 */
export async function addToHistory(
	{ series }: Tables,
	additions: readonly Addition[],
	use: (budget: string, points: readonly CompactPoint[]) => void,
): Promise<void> {
	const byBucket = Map.groupBy(additions, ({ budget }) =>
		bucketAmong(budget.id, buckets),
	);
	await inParallel([...byBucket], parallel, ([bucket, own]) =>
		untilUndisturbed(() => addToBucket(series, bucket, own, use)),
	);
}

/** Passes on the recent points of the series of these budgets that there are. */
export async function readRecent(
	{ series }: Tables,
	budgets: readonly string[],
	use: (budget: string, points: readonly CompactPoint[]) => void,
): Promise<void> {
	const byBucket = Map.groupBy(budgets, (id) => bucketAmong(id, buckets));
	await inParallel([...byBucket], parallel, async ([bucket, own]) => {
		const recent = await readPart(series, bucket, "recent");
		for (const id of own) {
			const found = recent.series.get(id);
			if (found !== undefined) use(id, found.points);
		}
	});
}

async function addToBucket(
	table: Tables["series"],
	bucket: string,
	additions: readonly Addition[],
	use: (budget: string, points: readonly CompactPoint[]) => void,
): Promise<void> {
	const recent = await readPart(table, bucket, "recent");
	const series = new Map(recent.series);
	for (const { budget, point } of additions) {
		const { id, kind, name, unit } = budget;
		const points = withCompact(series.get(id)?.points ?? [], point);
		series.set(id, { id, kind, name, unit, points });
		use(id, points);
	}
	const kept = [...series.values()];
	if (!isToArchive(kept.map(endsOf), Number(bucket)))
		return submitAll(table, await replaced(bucket, "recent", recent, kept));
	// The archive first: points that are in both parts are the same points.
	const all = kept.map(seriesOf);
	const archive = await readPart(table, bucket, "archive");
	await submitAll(
		table,
		await replaced(
			bucket,
			"archive",
			archive,
			archivedWith(archive, all).map(keptOf),
		),
	);
	await submitAll(
		table,
		await replaced(bucket, "recent", recent, all.map(recentPart).map(keptOf)),
	);
}

/**
 * What is archived stays, for a year: an audit that began later may have archived more, and taken it out of the recent
 * points already.
 */
function archivedWith(archive: ReadPart, all: readonly Series[]): Series[] {
	const newest = new Map(
		all.map(({ id, points }) => [id, points.at(-1)?.at ?? 0]),
	);
	return merged([
		...[...archive.series.values()].map(seriesOf),
		...all.map(archivedPart),
	]).map((one) => {
		const from = (newest.get(one.id) ?? 0) - mostDays * dayMs;
		return { ...one, points: one.points.filter(({ at }) => at > from) };
	});
}

/** Takes series over: their points come to those that are there. */
export async function mergeHistory(
	{ series }: Tables,
	all: readonly Series[],
): Promise<void> {
	const byBucket = Map.groupBy(all, ({ id }) => bucketAmong(id, buckets));
	await inParallel([...byBucket], parallel, ([bucket, own]) =>
		untilUndisturbed(async () => {
			for (const [name, partOf] of parts) {
				const part = await readPart(series, bucket, name);
				const both = merged([
					...[...part.series.values()].map(seriesOf),
					...own.map(partOf),
				]);
				await submitAll(
					series,
					await replaced(bucket, name, part, both.map(keptOf)),
				);
			}
		}),
	);
}

function recentPart(series: Series): Series {
	return { ...series, points: recentOf(series.points) };
}

function archivedPart(series: Series): Series {
	return { ...series, points: archiveOf(series.points) };
}

const parts = [
	["archive", archivedPart],
	["recent", recentPart],
] as const;

/** One series a budget, with the points of all. */
function merged(all: readonly Series[]): Series[] {
	return [...Map.groupBy(all, ({ id }) => id).values()].flatMap((same) => {
		const last = same.at(-1);
		return last === undefined
			? []
			: [{ ...last, points: inOrder(same.flatMap(({ points }) => points)) }];
	});
}

/** A part of a bucket as it was read. */
interface ReadPart {
	readonly rows: readonly Record<string, unknown>[];
	readonly series: ReadonlyMap<string, Kept>;
	/** As it is stored: what is the same is not written again. */
	readonly hash: string | null;
}

async function readPart(
	table: Tables["series"],
	bucket: string,
	part: Part,
): Promise<ReadPart> {
	const [read] = await readParts(
		table,
		odata`PartitionKey eq ${bucket} and RowKey ge ${part} and RowKey lt ${`${part},`}`,
	);
	return read ?? { rows: [], series: new Map(), hash: null };
}

/** The parts that a filter finds, each whole. */
async function readParts(
	table: Tables["series"],
	filter: string,
): Promise<ReadPart[]> {
	const rows: Record<string, unknown>[] = [];
	for await (const row of table.listEntities({ queryOptions: { filter } }))
		rows.push(row);
	const parts = Map.groupBy(rows, (row) =>
		[row.partitionKey, packKey(row)].join("/"),
	);
	return Promise.all([...parts.values()].map(asPart));
}

async function asPart(
	rows: readonly Record<string, unknown>[],
): Promise<ReadPart> {
	const kept = await unpackRows<Kept[]>(rows);
	return {
		rows,
		series: new Map(kept.map((one) => [one.id, one])),
		hash: String(rows[0]?.hash),
	};
}

function seriesOf(kept: Kept): Series {
	return { ...kept, points: pointsFrom(kept.points) };
}

function keptOf(series: Series): Kept {
	return { ...series, points: compact(series.points) };
}

/** When the first and the newest point of a series were. */
function endsOf({ points }: Kept) {
	return { first: points[0]?.[0] ?? 0, newest: newestTime(points) };
}

/** The writes that make a part of a bucket have these series. None if it has them already. */
async function replaced(
	bucket: string,
	part: Part,
	before: ReadPart,
	series: readonly Kept[],
): Promise<TransactionAction[]> {
	const kept = series
		.filter(({ points }) => points.length > 0)
		.sort((a, b) => (a.id < b.id ? -1 : 1));
	const content = contentOf(kept);
	if (content.hash === before.hash) return [];
	const keys = { partitionKey: bucket, rowKey: part };
	const [first, ...more] = packEntities(keys, await compressed(content), {
		hash: content.hash,
		oldestEnd: oldestEnd(kept),
	});
	if (first === undefined) return [];
	const [firstBefore, ...moreBefore] = before.rows;
	const gone = moreBefore
		.slice(more.length)
		.map(
			({ rowKey }): TransactionAction => [
				"delete",
				{ partitionKey: bucket, rowKey: String(rowKey) },
			],
		);
	return [
		firstBefore === undefined
			? ["create", first]
			: ["update", first, "Replace", { etag: String(firstBefore.etag) }],
		...more.map((entity): TransactionAction => ["upsert", entity, "Replace"]),
		...gone,
	];
}

/** Of a part without series: nothing of it is ever old. */
const latest = Date.parse("9999-01-01T00:00:00Z");

/** When the series that has been without a point for longest had its last one: ISO 8601, UTC. */
function oldestEnd(kept: readonly Kept[]): string {
	const ends = kept.map(({ points }) => newestTime(points));
	return new Date(Math.min(latest, ...ends)).toISOString();
}

export async function findSeries(
	{ series }: Tables,
	budget: string,
): Promise<Series | null> {
	const parts = await readParts(
		series,
		odata`PartitionKey eq ${bucketAmong(budget, buckets)}`,
	);
	const own = parts.flatMap((part) => part.series.get(budget) ?? []);
	return merged(own.map(seriesOf))[0] ?? null;
}

/** Removes the series of budgets that no audit has seen since then (ISO 8601, UTC), and answers how many. */
export async function removeHistoryBefore(
	{ series }: Tables,
	at: string,
): Promise<number> {
	const old = await readParts(series, odata`oldestEnd lt ${at}`);
	const removed = new Set<string>();
	for (const part of old) {
		const [first] = part.rows;
		const name = packKey(first ?? {}) as Part;
		const [gone, kept] = partition(
			[...part.series.values()],
			({ points }) => newestTime(points) < Date.parse(at),
		);
		await submitAll(
			series,
			await replaced(String(first?.partitionKey), name, part, kept),
		);
		for (const { id } of gone) removed.add(id);
	}
	return removed.size;
}

function partition<T>(all: readonly T[], is: (one: T) => boolean): [T[], T[]] {
	return [all.filter(is), all.filter((one) => !is(one))];
}
