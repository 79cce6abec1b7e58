import { odata, type TransactionAction } from "@azure/data-tables";
import type { KeptFinding } from "../findings/flapping.ts";
import { bucketOf } from "../keys/buckets.ts";
import { keptLine } from "../records/openLine.ts";
import {
	bucketsIn,
	findingsPartition,
	findRow,
	openIn,
	type Row,
	readResolved,
	rowKey,
} from "./findingBuckets.ts";
import { bucketsWithoutLines, hasLines, linesPrefix } from "./openLines.ts";
import { bytesIn, pack, packEntities, properties, unpack } from "./pack.ts";
import {
	inParallel,
	submitAll,
	type Tables,
	untilUndisturbed,
} from "./tables.ts";

/*
 * Everybody who writes findings changes what was read and nothing else: where somebody wrote in between, it is read again.
 */

/**
 * The findings of a bucket before an audit changed it. A slice that is delivered twice starts from these both times.
 */
interface BucketBase {
	readonly open: readonly KeptFinding[];
	/** Resolved findings that the audit has opened again. */
	readonly reopened: readonly KeptFinding[];
}

/** The findings of a bucket as they were before an audit: open ones, and resolved ones by id as they are asked for. */
export interface BucketBefore {
	readonly open: readonly KeptFinding[];
	resolved(): Promise<ReadonlyMap<string, KeptFinding>>;
}

export async function bucketBefore(
	tables: Tables,
	bucket: string,
	auditId: string,
): Promise<BucketBefore> {
	const row = await findRow(tables, rowKey("open", bucket));
	const isOwn = row?.auditId === auditId;
	const before: BucketBase = isOwn
		? await unpack<BucketBase>(bytesIn(row, "b"))
		: { open: await openIn(row), reopened: [] };
	return {
		open: before.open,
		resolved: async () =>
			new Map(
				[
					...before.reopened,
					...(await readResolved(tables, bucket)).findings,
				].map((finding) => [finding.id, finding]),
			),
	};
}

/** Buckets that are changed at once. */
const parallel = 8;

/** Writes findings of an audit, each to where its state says. What is there already is not written again. */
export async function writeFindings(
	tables: Tables,
	auditId: string,
	findings: readonly KeptFinding[],
): Promise<void> {
	const byBucket = Map.groupBy(findings, ({ cluster }) => bucketOf(cluster));
	await inParallel([...byBucket], parallel, ([bucket, own]) =>
		untilUndisturbed(async () => {
			await changeBucket(tables, bucket, auditId, own, null);
		}),
	);
}

/** Makes these all the findings that there are. */
export async function replaceFindings(
	tables: Tables,
	findings: readonly KeptFinding[],
): Promise<void> {
	const byBucket = Map.groupBy(findings, ({ cluster }) => bucketOf(cluster));
	for await (const { bucket } of bucketsIn(tables, "open"))
		if (!byBucket.has(bucket)) byBucket.set(bucket, []);
	await inParallel([...byBucket], parallel, ([bucket, own]) =>
		untilUndisturbed(async () => {
			const row = await findRow(tables, rowKey("open", bucket));
			const openBefore = await openIn(row);
			const resolvedBefore = await readResolved(tables, bucket);
			const open = inOrder(own.filter(({ state }) => state === "open"));
			const actions = await replaced(bucket, {
				row,
				before: { open, reopened: [] },
				auditId: "",
				open,
				openBefore,
				resolved: inOrder(own.filter(({ state }) => state === "resolved")),
				resolvedBefore,
			});
			await submitAll(tables.results, actions);
		}),
	);
}

/** `forgetBefore`: resolved findings that are older than this (ISO 8601) go. Answers how many went. */
async function changeBucket(
	tables: Tables,
	bucket: string,
	auditId: string | null,
	written: readonly KeptFinding[],
	forgetBefore: string | null,
): Promise<number> {
	const row = await findRow(tables, rowKey("open", bucket));
	const openBefore = await openIn(row);
	const resolvedBefore = await readResolved(tables, bucket);
	const open = new Map(openBefore.map((one) => [one.id, one]));
	const resolved = new Map(resolvedBefore.findings.map((one) => [one.id, one]));
	const reopened: KeptFinding[] = [];
	for (const finding of written) {
		const was = resolved.get(finding.id);
		if (finding.state === "open" && was !== undefined) reopened.push(was);
		const [to, from] =
			finding.state === "open" ? [open, resolved] : [resolved, open];
		to.set(finding.id, finding);
		from.delete(finding.id);
	}
	const gone = [...resolved.values()].filter(
		({ changedAt }) => forgetBefore !== null && changedAt < forgetBefore,
	);
	for (const { id } of gone) resolved.delete(id);
	const actions = await replaced(bucket, {
		row,
		before: await beforeIn(row, auditId, openBefore, reopened),
		auditId: auditId ?? String(row?.auditId ?? ""),
		open: inOrder(open.values()),
		openBefore,
		resolved: inOrder(resolved.values()),
		resolvedBefore,
	});
	await submitAll(tables.results, actions);
	return gone.length;
}

async function beforeIn(
	row: Row | null,
	auditId: string | null,
	open: readonly KeptFinding[],
	reopened: readonly KeptFinding[],
): Promise<BucketBase> {
	if (row === null || (auditId !== null && row.auditId !== auditId))
		return { open, reopened };
	const before = await unpack<BucketBase>(bytesIn(row, "b"));
	return { ...before, reopened: [...before.reopened, ...reopened] };
}

async function replaced(
	bucket: string,
	now: {
		readonly row: Row | null;
		readonly before: BucketBase;
		readonly auditId: string;
		readonly open: readonly KeptFinding[];
		readonly openBefore: readonly KeptFinding[];
		readonly resolved: readonly KeptFinding[];
		readonly resolvedBefore: Awaited<ReturnType<typeof readResolved>>;
	},
): Promise<TransactionAction[]> {
	const { row, open, openBefore, resolved, resolvedBefore } = now;
	const isResolvedSame = isSame(resolved, resolvedBefore.findings);
	const isKept = row === null || hasLines(row);
	if (isResolvedSame && isSame(open, openBefore) && isKept) return [];
	const entity = {
		partitionKey: findingsPartition,
		rowKey: rowKey("open", bucket),
		auditId: now.auditId,
		oldestResolvedAt: oldest(resolved),
		...properties((await pack(open)).bytes, "o"),
		...properties((await pack(open.map(keptLine))).bytes, linesPrefix),
		...properties((await pack(now.before)).bytes, "b"),
	};
	return [
		row === null
			? ["create", entity]
			: ["update", entity, "Replace", { etag: String(row.etag) }],
		...(isResolvedSame
			? []
			: await replacedResolved(bucket, resolved, resolvedBefore.rows)),
	];
}

async function replacedResolved(
	bucket: string,
	resolved: readonly KeptFinding[],
	rowsBefore: number,
): Promise<TransactionAction[]> {
	const key = rowKey("resolved", bucket);
	const keys = { partitionKey: findingsPartition, rowKey: key };
	const entities = packEntities(keys, await pack(resolved));
	const gone = Array.from(
		{ length: Math.max(0, rowsBefore - entities.length) },
		(_, index): TransactionAction => [
			"delete",
			{
				partitionKey: findingsPartition,
				rowKey: `${key}+${entities.length + index}`,
			},
		],
	);
	return [
		...entities.map(
			(entity): TransactionAction => ["upsert", entity, "Replace"],
		),
		...gone,
	];
}

/** Adds lines to open findings that an earlier release wrote without: until then, lists unpack all findings. */
export async function addLines(tables: Tables): Promise<void> {
	const buckets = await bucketsWithoutLines(tables);
	await inParallel(buckets, parallel, (bucket) =>
		untilUndisturbed(async () => {
			await changeBucket(tables, bucket, null, [], null);
		}),
	);
}

function inOrder(findings: Iterable<KeptFinding>): KeptFinding[] {
	return [...findings].sort((a, b) => (a.id < b.id ? -1 : 1));
}

function isSame(a: readonly KeptFinding[], b: readonly KeptFinding[]): boolean {
	return JSON.stringify(a) === JSON.stringify(b);
}

/** Nothing that was never resolved is ever old. */
const never = "9999";

function oldest(resolved: readonly KeptFinding[]): string {
	return resolved.reduce(
		(first, { changedAt }) => (changedAt < first ? changedAt : first),
		never,
	);
}

/**
 * Removes findings that resolved before a time and have stayed so. At most `most` buckets now, the rest the next time.
 */
export async function removeResolvedBefore(
	tables: Tables,
	at: Date,
	most: number,
): Promise<number> {
	const time = at.toISOString();
	const rows = tables.results.listEntities({
		queryOptions: {
			filter: odata`PartitionKey eq ${findingsPartition} and oldestResolvedAt lt ${time}`,
			select: ["RowKey"],
		},
	});
	const old: string[] = [];
	for await (const { rowKey: key = "" } of rows) {
		old.push(key.slice(rowKey("open", "").length));
		if (old.length === most) break;
	}
	let removed = 0;
	for (const bucket of old)
		await untilUndisturbed(async () => {
			removed += await changeBucket(tables, bucket, null, [], time);
		});
	return removed;
}
