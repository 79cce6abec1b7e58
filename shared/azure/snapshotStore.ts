import { setImmediate } from "node:timers/promises";
import { odata } from "@azure/data-tables";
import { beginKey } from "../keys/auditId.ts";
import { bucketAmong, bucketOf } from "../keys/buckets.ts";
import type { ListedBudget } from "../model/budgetList.ts";
import type { FleetCluster, SharedBudget } from "../model/fleet.ts";
import type { KnownCluster } from "../model/known.ts";
import { type SharedLedger, sharedLedgers } from "../model/ledger.ts";
import type { SeenNetwork } from "../model/seenNetworks.ts";
import { budgetIndex, partsOf } from "../records/budgetIndex.ts";
import { clustersInPart, listedClusters } from "../records/clusterList.ts";
import type {
	ClusterTags,
	Common,
	LedgerFacts,
	Overview,
	SliceDone,
	UnseenCluster,
} from "../records/snapshot.ts";
import { toStored } from "../records/storedBudget.ts";
import { packed, unpacked } from "./entity.ts";
import { newestReading } from "./newestReading.ts";
import {
	type Content,
	compressed,
	contentOf,
	linesOf,
	type Pack,
	pack,
	packEntities,
	packKey,
	unpackRows,
} from "./pack.ts";
import {
	packRows,
	readPack,
	readPacks,
	removePacks,
	storedPacks,
	writePacks,
} from "./packStore.ts";
import { deleteEntities, type Tables, writeEntities } from "./tables.ts";

/*
 * A snapshot is a manifest that names packs. Clusters are in 128 buckets, shared budgets and memory in 64. A pack that
 * is the same as in the snapshot before is not written again.
 */

/** Names of packs by bucket. */
type Packs = Readonly<Record<string, string>>;

interface Manifest {
	/** The audit that saw the clusters. */
	readonly audit: KnownCluster["lastSeen"];
	readonly overview: Overview;
	/** Clusters that are judged: a bucket is a slice of the audit. */
	readonly slices: Packs;
	readonly shared: Packs;
	readonly known: Packs;
	readonly unseenClusters: Packs;
	readonly tags: Packs;
	/** Absent in a snapshot of a release before there was a list. */
	readonly budgetList?: {
		/** The pack of the index. */
		readonly index: string;
		/** The packs of all budgets, as lines, fullest first. */
		readonly parts: readonly string[];
	};
	/** Absent in a snapshot of a release before there was a list. */
	readonly clusterList?: {
		/** The pack of all IDs, by name. */
		readonly index: string;
		/** The packs of all clusters, as lines, by name. */
		readonly parts: readonly string[];
	};
	/** By bucket of the network's ID. Absent in a snapshot of a release before it was kept. */
	readonly networks?: Packs;
}

/** What a snapshot has beside the clusters that are judged. */
export interface SnapshotRest {
	/** The audit that saw the clusters. */
	readonly audit: KnownCluster["lastSeen"];
	readonly overview: Overview;
	readonly ledgers: readonly SharedLedger[];
	readonly unseenClusters: readonly UnseenCluster[];
	readonly known: readonly KnownCluster[];
	readonly tags: readonly ClusterTags[];
	/** In the order in which they are listed; null where they are not known. */
	readonly budgets: readonly ListedBudget[] | null;
	/** Those that judged clusters use; null where they are not known. */
	readonly networks: readonly SeenNetwork[] | null;
}

export interface SnapshotContent extends Omit<SnapshotRest, "ledgers"> {
	/** Those that are judged. */
	readonly clusters: readonly FleetCluster[];
	/** Clusters that are not judged and use budgets of some that are. */
	readonly neighbors: readonly FleetCluster[];
	readonly shared: readonly SharedBudget[];
}

/** Writes a snapshot part by part, so that a large fleet is never in memory as a whole. */
export interface SnapshotWriter {
	/** The judged clusters of one bucket, in the order of their IDs. */
	readonly addSlice: (
		bucket: string,
		clusters: readonly FleetCluster[],
	) => Promise<void>;
	/** Writes the rest, and then the manifest. Without it, nobody can read what was written. */
	readonly end: (rest: SnapshotRest) => Promise<void>;
}

/** Packs that wait for their transactions: a large fleet's take as much memory as the fleet if all of them do. */
const packsAtOnce = 64;

/** Packs that are compressed, on other threads, while the next one is made. */
const compressedAtOnce = 2;

/** Shared budgets are read by every process that judges, all of them: fewer packs are fewer requests. */
function sharedBucket(budget: string): string {
	return bucketAmong(budget, 64);
}

/** What is read once an audit, and what seldom changes and is read one by one. */
function fewBuckets(id: string): string {
	return bucketAmong(id, 64);
}

const manifestPartition = "manifest";

function donePartition(key: string): string {
	return `${key}|done`;
}

/** What the keys of an audit's snapshots begin with. It sorts the newest audit first. */
export function auditSnapshotKey({
	auditId,
	startedAt,
}: {
	readonly auditId: string;
	readonly startedAt: string;
}): string {
	return beginKey(auditId, startedAt);
}

export function snapshotKey(
	audit: Parameters<typeof auditSnapshotKey>[0],
	attempt: string,
): string {
	return `${auditSnapshotKey(audit)}.${attempt}`;
}

/** What all attempts of a snapshot's audit begin with. */
function auditOf(key: string): string {
	return key.slice(0, key.lastIndexOf("."));
}

/** `before`: a snapshot whose packs are named again if they are the same. Null: all are written. */
export async function beginSnapshot(
	tables: Tables,
	key: string,
	before: string | null,
): Promise<SnapshotWriter> {
	const named =
		before === null ? [] : namedBy(await findManifest(tables, before));
	const stored = await storedPacks(tables, named);
	const compressing: Promise<Pack>[] = [];
	const waiting: Pack[] = [];
	const take = async (most: number) => {
		const oldest = compressing.splice(
			0,
			Math.max(0, compressing.length - most),
		);
		waiting.push(...(await Promise.all(oldest)));
	};
	const write = async () => {
		await writePacks(tables, waiting.splice(0), auditOf(key));
	};
	const keep = async (content: Content): Promise<string> => {
		if (stored.has(content.hash)) return content.hash;
		stored.add(content.hash);
		compressing.push(compressed(content));
		await take(compressedAtOnce);
		if (waiting.length === packsAtOnce) await write();
		return content.hash;
	};
	const byBucket = async <T>(
		all: readonly T[],
		idOf: (one: T) => string,
		bucket: (id: string) => string,
		kept: (one: T) => unknown = (one) => one,
	): Promise<Packs> => {
		const names: Record<string, string> = {};
		for (const [name, own] of inBuckets(all, idOf, bucket))
			names[name] = await keep(contentOf(own.map(kept)));
		return names;
	};
	const listOf = async (budgets: readonly ListedBudget[]) => {
		const index = await keep(contentOf(budgetIndex(budgets)));
		const parts: string[] = [];
		for (const part of partsOf(budgets))
			parts.push(await keep(linesOf(part.map(toStored))));
		return { index, parts };
	};
	const clusterListOf = async (budgets: readonly ListedBudget[]) => {
		const all = listedClusters(budgets);
		const index = await keep(contentOf(all.map(({ id }) => id)));
		const parts: string[] = [];
		for (let from = 0; from < all.length; from += clustersInPart)
			parts.push(await keep(linesOf(all.slice(from, from + clustersInPart))));
		return { index, parts };
	};
	const byId = ({ id }: { readonly id: string }) => id;
	const byCluster = ({ cluster }: { readonly cluster: string }) => cluster;
	const slices: Record<string, string> = {};
	return {
		addSlice: async (bucket, clusters) => {
			// Where no slice has changed, nothing else lets others have their turn.
			await setImmediate();
			slices[bucket] = await keep(contentOf(clusters));
		},
		end: async ({ audit, overview, ledgers, known, budgets, ...rest }) => {
			const manifest: Manifest = {
				audit,
				overview,
				slices,
				shared: await byBucket(
					ledgers,
					({ budget }) => budget.id,
					sharedBucket,
				),
				known: await byBucket(known, byId, fewBuckets, (one) =>
					withoutAudit(one, audit),
				),
				unseenClusters: await byBucket(
					rest.unseenClusters,
					byCluster,
					fewBuckets,
				),
				tags: await byBucket(rest.tags, byCluster, fewBuckets),
				...(budgets && {
					budgetList: await listOf(budgets),
					clusterList: await clusterListOf(budgets),
				}),
				...(rest.networks && {
					networks: await byBucket(rest.networks, byId, fewBuckets),
				}),
			};
			await take(0);
			await write();
			const keys = { partitionKey: manifestPartition, rowKey: key };
			await writeEntities(
				tables.fleet,
				packEntities(keys, await pack(manifest)),
			);
		},
	};
}

/** A snapshot of few clusters, all at once. `before`: as of `beginSnapshot`. */
export async function writeSnapshot(
	tables: Tables,
	key: string,
	content: SnapshotContent,
	before: string | null,
): Promise<void> {
	const { clusters, neighbors, shared, ...rest } = content;
	const writer = await beginSnapshot(tables, key, before);
	for (const [bucket, own] of inSlices(clusters))
		await writer.addSlice(bucket, own);
	const ledgers = sharedLedgers(shared, [...clusters, ...neighbors]);
	await writer.end({ ...rest, ledgers });
}

/** Clusters by slice, in the order of their IDs. */
export function inSlices<T extends { readonly id: string }>(
	clusters: readonly T[],
): Map<string, T[]> {
	return inBuckets(clusters, ({ id }) => id, bucketOf);
}

function inBuckets<T>(
	all: readonly T[],
	idOf: (one: T) => string,
	bucket: (id: string) => string,
): Map<string, T[]> {
	const ordered = all.toSorted((a, b) => (idOf(a) < idOf(b) ? -1 : 1));
	return Map.groupBy(ordered, (one) => bucket(idOf(one)));
}

/** What this audit saw says so for all at once: else nothing would be as it was the night before. */
type StoredKnown = Omit<KnownCluster, "lastSeen"> & {
	readonly lastSeen: KnownCluster["lastSeen"] | null;
};

function withoutAudit(
	known: KnownCluster,
	{ auditId }: Manifest["audit"],
): StoredKnown {
	return known.lastSeen.auditId === auditId
		? { ...known, lastSeen: null }
		: known;
}

/** The packs that a manifest names. */
function namedBy(manifest: Manifest | null): string[] {
	if (manifest === null) return [];
	const { slices, shared, known, unseenClusters, tags } = manifest;
	const { budgetList, clusterList, networks = {} } = manifest;
	return [
		...[slices, shared, known, unseenClusters, tags, networks].flatMap(
			(packs) => Object.values(packs),
		),
		...[budgetList, clusterList].flatMap((list) =>
			list ? [list.index, ...list.parts] : [],
		),
	];
}

async function findManifest(
	{ fleet }: Tables,
	key: string,
): Promise<Manifest | null> {
	const rows = await packRows(fleet, manifestPartition, key);
	return rows.length === 0 ? null : unpackRows(rows);
}

export const readManifest = newestReading(
	async (tables, key): Promise<Manifest> => {
		const found = await findManifest(tables, key);
		if (found === null) throw new Error(`snapshot ${key} is gone`);
		return found;
	},
);

export async function readOverview(
	tables: Tables,
	key: string,
): Promise<Overview> {
	return (await readManifest(tables, key)).overview;
}

/** The clusters of a slice, in the order of their ids. */
export async function readSlice(
	tables: Tables,
	key: string,
	slice: string,
): Promise<FleetCluster[]> {
	const { slices } = await readManifest(tables, key);
	const name = slices[slice];
	return name === undefined ? [] : readPack(tables, name);
}

/** All clusters that were judged: for a snapshot of few. */
export async function readClusters(
	tables: Tables,
	key: string,
): Promise<FleetCluster[]> {
	const { slices } = await readManifest(tables, key);
	return readAll(tables, slices);
}

/** A cluster that was judged, or null. */
export async function findCluster(
	tables: Tables,
	key: string,
	cluster: string,
): Promise<FleetCluster | null> {
	const clusters = await readSlice(tables, key, bucketOf(cluster));
	return clusters.find(({ id }) => id === cluster) ?? null;
}

/** What the ledger of a judged cluster follows from. Null where it was not judged. */
export async function findLedgerFacts(
	tables: Tables,
	key: string,
	cluster: string,
): Promise<LedgerFacts | null> {
	const judged = await findCluster(tables, key, cluster);
	if (judged === null) return null;
	const shared = await Promise.all(
		judged.shared.map((id) => findSharedBudget(tables, key, id)),
	);
	return { judged, shared: shared.filter((one) => one !== null) };
}

/** One shared budget with the clusters that use it, or null. */
async function findSharedBudget(
	tables: Tables,
	key: string,
	id: string,
): Promise<SharedLedger | null> {
	const { shared } = await readManifest(tables, key);
	const name = shared[sharedBucket(id)];
	if (name === undefined) return null;
	const ledgers = await readPack<SharedLedger[]>(tables, name);
	return ledgers.find(({ budget }) => budget.id === id) ?? null;
}

/**
 * What every slice needs. Budgets whose pack is gone are not in it: clusters that use them cannot be judged.
 */
export const readCommon = newestReading(
	async (tables, key): Promise<Common> => {
		const { overview, shared } = await readManifest(tables, key);
		const ledgers = await readAll<SharedLedger>(tables, shared);
		return {
			overview,
			budgets: new Map(ledgers.map(({ budget }) => [budget.id, budget])),
		};
	},
);

async function readAll<T>(tables: Tables, packs: Packs): Promise<T[]> {
	const contents = await readPacks<T[]>(tables, Object.values(packs));
	return contents.flat();
}

/** What an audit knew of each cluster that it had seen, or remembered. By id. Nothing where the snapshot is gone. */
export async function readKnown(
	tables: Tables,
	key: string,
): Promise<Map<string, KnownCluster>> {
	const manifest = await findManifest(tables, key);
	if (manifest === null) return new Map();
	return knownIn(tables, manifest, manifest.known);
}

/** The same of these clusters alone: of a few, it reads a few packs. */
export async function readKnownOf(
	tables: Tables,
	key: string,
	clusters: readonly string[],
): Promise<Map<string, KnownCluster>> {
	const manifest =
		clusters.length === 0 ? null : await findManifest(tables, key);
	if (manifest === null) return new Map();
	const buckets = new Set(clusters.map(fewBuckets));
	const packs = Object.entries(manifest.known).filter(([bucket]) =>
		buckets.has(bucket),
	);
	const all = await knownIn(tables, manifest, Object.fromEntries(packs));
	return new Map(
		clusters.flatMap((id) => {
			const one = all.get(id);
			return one === undefined ? [] : [[id, one] as const];
		}),
	);
}

async function knownIn(
	tables: Tables,
	{ audit }: Manifest,
	packs: Packs,
): Promise<Map<string, KnownCluster>> {
	const all = await readAll<StoredKnown>(tables, packs);
	return new Map(
		all.map((one) => [one.id, { ...one, lastSeen: one.lastSeen ?? audit }]),
	);
}

export async function readUnseenClusters(
	tables: Tables,
	key: string,
): Promise<UnseenCluster[]> {
	const { unseenClusters } = await readManifest(tables, key);
	return readAll(tables, unseenClusters);
}

/** The tags by which alerts are routed, by cluster. Those without such a tag are not in it. */
export async function readTags(
	tables: Tables,
	key: string,
): Promise<Map<string, ClusterTags["tags"]>> {
	const { tags } = await readManifest(tables, key);
	const all = await readAll<ClusterTags>(tables, tags);
	return new Map(all.map(({ cluster, tags }) => [cluster, tags]));
}

/**
 * The address space of a network. Null where no judged cluster uses it, undefined where the snapshot has no networks.
 */
export async function findNetwork(
	tables: Tables,
	key: string,
	network: string,
): Promise<SeenNetwork | null | undefined> {
	const { networks } = await readManifest(tables, key);
	if (networks === undefined) return undefined;
	const name = networks[fewBuckets(network)];
	if (name === undefined) return null;
	const seen = await readPack<SeenNetwork[]>(tables, name);
	return seen.find(({ id }) => id === network) ?? null;
}

export async function writeDone(
	{ fleet }: Tables,
	key: string,
	slice: string,
	done: SliceDone,
): Promise<void> {
	await fleet.upsertEntity(
		packed({ partitionKey: donePartition(key), rowKey: slice }, done),
		"Replace",
	);
}

export async function readDone(
	{ fleet }: Tables,
	key: string,
): Promise<SliceDone[]> {
	const rows = fleet.listEntities({
		queryOptions: { filter: odata`PartitionKey eq ${donePartition(key)}` },
	});
	const done: SliceDone[] = [];
	for await (const row of rows) done.push(unpacked(row));
	return done;
}

/**
 * Removes all snapshots except these and those of later audits: a close that was given up may still run beside its
 * successor.
 */
export async function removeSnapshots(
	tables: Tables,
	keep: readonly string[],
): Promise<void> {
	const [newest] = keep.toSorted();
	if (newest === undefined) return;
	const audit = auditOf(newest);
	const manifests: string[] = [];
	for await (const { rowKey = "" } of tables.fleet.listEntities({
		queryOptions: {
			filter: odata`PartitionKey eq ${manifestPartition}`,
			select: ["RowKey"],
		},
	}))
		manifests.push(rowKey);
	const isGone = (key: string) => key >= audit && !keep.includes(key);
	const named = new Set<string>();
	for (const key of new Set(manifests.map((rowKey) => packKey({ rowKey }))))
		if (!isGone(key))
			for (const name of namedBy(await findManifest(tables, key)))
				named.add(name);
	const gone = manifests
		.filter((rowKey) => isGone(packKey({ rowKey })))
		.map((rowKey) => ({ partitionKey: manifestPartition, rowKey }));
	const done = await doneRows(tables, audit, isGone);
	if (gone.length + done.length > 0)
		await deleteEntities(tables.fleet, [...gone, ...done]);
	await removePacks(tables, named, audit);
}

async function doneRows(
	{ fleet }: Tables,
	audit: string,
	isGone: (key: string) => boolean,
) {
	const rows = fleet.listEntities({
		queryOptions: {
			filter: odata`PartitionKey ge ${audit} and PartitionKey lt ${":"}`,
			select: ["PartitionKey", "RowKey"],
		},
	});
	const found: { partitionKey: string; rowKey: string }[] = [];
	for await (const { partitionKey = "", rowKey = "" } of rows)
		if (isGone(partitionKey.slice(0, partitionKey.indexOf("|"))))
			found.push({ partitionKey, rowKey });
	return found;
}
