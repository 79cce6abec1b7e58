import { odata, type TransactionAction } from "@azure/data-tables";
import type { Finding } from "../contract.ts";
import type { KeptFinding } from "../findings/flapping.ts";
import type { FindingFilter } from "../findings/query.ts";
import { bucketOf } from "../keys/buckets.ts";
import {
	bytesIn,
	pack,
	packEntities,
	properties,
	propertyNames,
	unpack,
	unpackRows,
} from "./pack.ts";
import {
	inParallel,
	submitAll,
	type Tables,
	untilUndisturbed,
} from "./tables.ts";

/*
 * Findings lie in buckets, by their cluster: the open ones in one entity, the resolved ones beside it. Both are changed by
 * one transaction, so that a finding is in exactly one of them at any time. Everybody who writes changes what was read
 * and nothing else: where somebody wrote in between, it is read again.
 */

const partition = "findings";

function rowKey(state: Finding["state"], bucket: string): string {
	return `${state}-${bucket}`;
}

type Row = Readonly<Record<string, unknown>>;

/** What a bucket held before an audit changed it: from this, a slice that is delivered twice starts both times. */
interface Before {
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
	const before: Before = isOwn
		? await unpack<Before>(bytesIn(row, "b"))
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

async function findRow(
	{ results }: Tables,
	key: string,
	select?: readonly string[],
): Promise<Row | null> {
	const rows = results.listEntities({
		queryOptions: {
			filter: odata`PartitionKey eq ${partition} and RowKey eq ${key}`,
			...(select && { select: [...select] }),
		},
	});
	for await (const row of rows) return row;
	return null;
}

async function openIn(row: Row | null): Promise<KeptFinding[]> {
	return row === null ? [] : unpack(bytesIn(row, "o"));
}

async function readResolved(
	{ results }: Tables,
	bucket: string,
): Promise<{ readonly rows: number; readonly findings: KeptFinding[] }> {
	const key = rowKey("resolved", bucket);
	const found = results.listEntities({
		queryOptions: {
			filter: odata`PartitionKey eq ${partition} and RowKey ge ${key} and RowKey lt ${`${key},`}`,
		},
	});
	const rows: Row[] = [];
	for await (const row of found) rows.push(row);
	return {
		rows: rows.length,
		findings: rows.length === 0 ? [] : await unpackRows(rows),
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
): Promise<Before> {
	if (row === null || (auditId !== null && row.auditId !== auditId))
		return { open, reopened };
	const before = await unpack<Before>(bytesIn(row, "b"));
	return { ...before, reopened: [...before.reopened, ...reopened] };
}

async function replaced(
	bucket: string,
	now: {
		readonly row: Row | null;
		readonly before: Before;
		readonly auditId: string;
		readonly open: readonly KeptFinding[];
		readonly openBefore: readonly KeptFinding[];
		readonly resolved: readonly KeptFinding[];
		readonly resolvedBefore: Awaited<ReturnType<typeof readResolved>>;
	},
): Promise<TransactionAction[]> {
	const { row, open, openBefore, resolved, resolvedBefore } = now;
	const isResolvedSame = isSame(resolved, resolvedBefore.findings);
	if (isResolvedSame && isSame(open, openBefore)) return [];
	const entity = {
		partitionKey: partition,
		rowKey: rowKey("open", bucket),
		auditId: now.auditId,
		oldestResolvedAt: oldest(resolved),
		...properties((await pack(open)).bytes, "o"),
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
	const keys = { partitionKey: partition, rowKey: key };
	const entities = packEntities(keys, await pack(resolved));
	const gone = Array.from(
		{ length: Math.max(0, rowsBefore - entities.length) },
		(_, index): TransactionAction => [
			"delete",
			{
				partitionKey: partition,
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

/** Removes findings that resolved before a time and have stayed so; of so many buckets, the rest the next time. */
export async function removeResolvedBefore(
	tables: Tables,
	at: Date,
	most: number,
): Promise<number> {
	const time = at.toISOString();
	const rows = tables.results.listEntities({
		queryOptions: {
			filter: odata`PartitionKey eq ${partition} and oldestResolvedAt lt ${time}`,
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

const openColumns = ["PartitionKey", "RowKey", ...propertyNames("o")];

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

interface Bucket {
	readonly bucket: string;
	/** In the order of their ids. */
	readonly findings: readonly KeptFinding[];
}

/** The buckets from one on, in their order. */
async function* bucketsIn(
	tables: Tables,
	state: Finding["state"],
	from = "",
): AsyncGenerator<Bucket> {
	const rows = tables.results.listEntities({
		queryOptions: {
			filter: odata`PartitionKey eq ${partition} and RowKey ge ${rowKey(state, from)} and RowKey lt ${`${state}.`}`,
			...(state === "open" && { select: openColumns }),
		},
	});
	let parts: Row[] = [];
	for await (const row of rows) {
		const { rowKey: key = "" } = row;
		const bucket = (key.split("+")[0] ?? "").slice(`${state}-`.length);
		if (state === "open") {
			yield { bucket, findings: await openIn(row) };
			continue;
		}
		parts.push(row);
		if (parts.length < Number(parts[0]?.parts)) continue;
		yield { bucket, findings: await unpackRows(parts) };
		parts = [];
	}
}

/** The order in which a finding is looked for that an audit may move meanwhile: one that is reopened is not missed. */
const everyState: readonly Finding["state"][] = ["open", "resolved", "open"];

/** The first finding, open or resolved, that is looked for. Reads past every cluster: for what people ask now and then. */
async function findAny(
	tables: Tables,
	isIt: (finding: KeptFinding) => boolean,
): Promise<KeptFinding | null> {
	for (const state of everyState)
		for await (const { findings } of bucketsIn(tables, state)) {
			const found = findings.find(isIt);
			if (found !== undefined) return found;
		}
	return null;
}

/** A finding by its id, open or resolved, or null. */
export function findFinding(
	tables: Tables,
	id: string,
): Promise<KeptFinding | null> {
	return findAny(tables, (finding) => finding.id === id);
}

/** The id of a budget that some finding names, as it is written there; null where none does. */
export async function findBudget(
	tables: Tables,
	id: string,
): Promise<string | null> {
	const finding = await findAny(
		tables,
		({ budget }) => budget?.id.toLowerCase() === id,
	);
	return finding?.budget?.id ?? null;
}

/** Where a page ends: the next one goes on behind it. */
interface Position {
	readonly state: Finding["state"];
	readonly bucket: string;
	/** The last finding that was answered. */
	readonly id: string;
}

/** A page of findings, open ones first, by bucket and id. A page is full but for the last one. */
export async function listFindings(
	tables: Tables,
	filter: FindingFilter,
	pageSize: number,
	continuation: string | undefined,
): Promise<{ findings: KeptFinding[]; continuation: string | null }> {
	const after =
		continuation === undefined ? null : (JSON.parse(continuation) as Position);
	const page: { finding: KeptFinding; at: Position }[] = [];
	for (const state of statesFrom(filter, after))
		for await (const { bucket, findings } of bucketsOf(
			tables,
			filter,
			state,
			after?.state === state ? after.bucket : "",
		))
			for (const finding of findings) {
				const at = { state, bucket, id: finding.id };
				if (isBehind(at, after) && isMeant(finding, filter)) {
					if (page.length === pageSize)
						return answered(page, JSON.stringify(page.at(-1)?.at));
					page.push({ finding, at });
				}
			}
	return answered(page, null);
}

function answered(
	page: readonly { readonly finding: KeptFinding }[],
	continuation: string | null,
) {
	return { findings: page.map(({ finding }) => finding), continuation };
}

function statesFrom(
	{ state }: FindingFilter,
	after: Position | null,
): Finding["state"][] {
	const states: Finding["state"][] =
		state === "all" ? ["open", "resolved"] : [state];
	return after === null ? states : states.slice(states.indexOf(after.state));
}

async function* bucketsOf(
	tables: Tables,
	{ cluster }: FindingFilter,
	state: Finding["state"],
	from: string,
): AsyncGenerator<Bucket> {
	if (cluster === undefined) return yield* bucketsIn(tables, state, from);
	const bucket = bucketOf(cluster);
	const findings =
		state === "open"
			? await openIn(await findRow(tables, rowKey("open", bucket), openColumns))
			: (await readResolved(tables, bucket)).findings;
	yield { bucket, findings };
}

function isBehind(at: Position, after: Position | null): boolean {
	if (after === null || at.state !== after.state) return true;
	if (at.bucket !== after.bucket) return at.bucket > after.bucket;
	return at.id > after.id;
}

function isMeant(
	finding: KeptFinding,
	{ severity, rule, cluster, subscription }: FindingFilter,
): boolean {
	return (
		(severity === undefined || finding.severity === severity) &&
		(rule === undefined || finding.rule === rule) &&
		(cluster === undefined || finding.cluster === cluster) &&
		(subscription === undefined || finding.subscription === subscription)
	);
}
