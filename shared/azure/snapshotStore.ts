import { odata, type TableEntity } from "@azure/data-tables";
import type {
	ClusterSnapshot,
	ClusterTags,
	Common,
	LedgerFacts,
	Overview,
	SliceDone,
	UnseenCluster,
} from "../audit/snapshot.ts";
import { auditKey } from "../keys/auditId.ts";
import { hash } from "../keys/hash.ts";
import { sliceOf } from "../keys/slices.ts";
import type { Budget } from "../model/budget.ts";
import type { FleetCluster, SharedBudget } from "../model/fleet.ts";
import type { KnownCluster } from "../model/known.ts";
import { packed, TooLargeForEntity, unpacked } from "./entity.ts";
import { upToDateFinding } from "./olderRows.ts";
import { upToDateBudget, upToDateCluster } from "./olderSnapshots.ts";
import {
	deleteEntities,
	findEntity,
	type Tables,
	writeEntities,
} from "./tables.ts";

/** The partitions of a snapshot; the key itself sorts the newest audit first. */
export function snapshotKey(auditId: string, attempt: string): string {
	return `${auditKey(auditId)}.${attempt}`;
}

/** What all attempts of a snapshot's audit begin with. */
function auditOf(key: string): string {
	return key.slice(0, key.lastIndexOf(".") + 1);
}

/** Nobody sees these names. They are those of earlier releases, so that nothing has to be looked for in two places. */
const part = {
	slice: (key: string, slice: string) => `${key}|slice-${slice}`,
	neighbors: (key: string) => `${key}|neighbours`,
	budgets: (key: string) => `${key}|budgets`,
	members: (key: string) => `${key}|members`,
	unseenClusters: (key: string) => `${key}|orphans`,
	tags: (key: string) => `${key}|tags`,
	known: (key: string) => `${key}|known`,
	done: (key: string) => `${key}|done`,
	overview: (key: string) => `${key}|overview`,
};

export async function writeSnapshot(
	{ snapshots }: Tables,
	key: string,
	content: {
		readonly overview: Overview;
		readonly clusterSnapshots: readonly ClusterSnapshot[];
		/** Clusters that are not judged and use budgets of some that are. */
		readonly neighbors: readonly FleetCluster[];
		readonly shared: readonly SharedBudget[];
		readonly unseenClusters: readonly UnseenCluster[];
		readonly known: readonly KnownCluster[];
	},
): Promise<void> {
	const {
		overview,
		clusterSnapshots,
		neighbors,
		shared,
		unseenClusters,
		known,
	} = content;
	const row = (partitionKey: string, id: string, data: unknown): TableEntity =>
		packed({ partitionKey, rowKey: hash(id) }, data);
	await writeEntities(snapshots, [
		...clusterSnapshots.map((clusterSnapshot) =>
			clusterSnapshotRow(key, overview.slices, clusterSnapshot),
		),
		...neighbors.map((cluster) =>
			row(part.neighbors(key), cluster.id, cluster),
		),
		...shared.map(({ budget }) => row(part.budgets(key), budget.id, budget)),
		...shared.map(({ budget, clusters }) =>
			row(part.members(key), budget.id, clusters),
		),
		...unseenClusters.map((unseenCluster) =>
			row(part.unseenClusters(key), unseenCluster.cluster, unseenCluster),
		),
		...[...Map.groupBy(known, ({ id }) => knownBucket(id))].map(
			([bucket, own]) =>
				packed({ partitionKey: part.known(key), rowKey: bucket }, own),
		),
		row(part.overview(key), "", overview),
	]);
}

/** What is remembered of 10,000 clusters is 100 KB a bucket. */
const knownBuckets = 64;

function knownBucket(cluster: string): string {
	const number = Number.parseInt(hash(cluster).slice(0, 8), 16) % knownBuckets;
	return String(number).padStart(2, "0");
}

/** What an audit knew of each cluster that it had seen, or remembered; by id. */
export async function readKnown(
	{ snapshots }: Tables,
	key: string,
): Promise<Map<string, KnownCluster>> {
	const buckets = await readPartition<KnownCluster[]>(
		snapshots,
		part.known(key),
	);
	return new Map(buckets.flat().map((one) => [one.id, one]));
}

/** Every cluster of a snapshot, judged or a neighbor of such: for what a release before `readKnown` has left. */
export async function readClusters(
	{ snapshots }: Tables,
	key: string,
): Promise<FleetCluster[]> {
	const from = part.neighbors(key);
	const to = `${key}|slice.`;
	const rows = snapshots.listEntities({
		queryOptions: {
			filter: odata`PartitionKey ge ${from} and PartitionKey lt ${to}`,
		},
	});
	const found: FleetCluster[] = [];
	for await (const row of rows) found.push(unpacked<FleetCluster>(row));
	// Other rows between these partitions are no clusters and have no id.
	return found.filter(({ id }) => typeof id === "string").map(upToDateCluster);
}

/** One cluster that is too large to keep must not cost the audit: it is not evaluated. */
function clusterSnapshotRow(
	key: string,
	slices: number,
	clusterSnapshot: ClusterSnapshot,
): TableEntity {
	const keys = {
		partitionKey: part.slice(key, sliceOf(clusterSnapshot.id, slices)),
		rowKey: hash(clusterSnapshot.id),
	};
	try {
		return packed(keys, clusterSnapshot);
	} catch (error) {
		if (!(error instanceof TooLargeForEntity)) throw error;
		const notEvaluated = `The data of the cluster is too large to keep: ${error.message}`;
		const rest = { cluster: null, budgets: [], shared: [] };
		return packed(keys, { ...clusterSnapshot, ...rest, notEvaluated });
	}
}

export async function readOverview(
	{ snapshots }: Tables,
	key: string,
): Promise<Overview> {
	const entity = await findEntity(snapshots, part.overview(key), hash(""));
	if (entity === null) throw new Error(`snapshot ${key} is gone`);
	return unpacked(entity);
}

export async function readSlice(
	{ snapshots }: Tables,
	key: string,
	slice: string,
): Promise<ClusterSnapshot[]> {
	const rows = await readPartition<ClusterSnapshot>(
		snapshots,
		part.slice(key, slice),
	);
	return rows.map(upToDateSnapshot);
}

export async function readUnseenClusters(
	{ snapshots }: Tables,
	key: string,
): Promise<UnseenCluster[]> {
	const rows = await readPartition<UnseenCluster>(
		snapshots,
		part.unseenClusters(key),
	);
	return rows.map((one) => ({
		...one,
		findings: one.findings.map(upToDateFinding),
	}));
}

/** Beside the snapshots: who is told of a cluster is asked once, at the end, without reading the fleet again. */
export async function writeTags(
	{ snapshots }: Tables,
	key: string,
	tagged: readonly ClusterTags[],
): Promise<void> {
	await writeEntities(
		snapshots,
		tagged.map((one) =>
			packed({ partitionKey: part.tags(key), rowKey: hash(one.cluster) }, one),
		),
	);
}

/** By cluster; those without such a tag are not in it. */
export async function readTags(
	{ snapshots }: Tables,
	key: string,
): Promise<Map<string, ClusterTags["tags"]>> {
	const rows = await readPartition<ClusterTags>(snapshots, part.tags(key));
	return new Map(rows.map(({ cluster, tags }) => [cluster, tags]));
}

/** An audit that began under an earlier release goes on under this one. */
function upToDateSnapshot(one: ClusterSnapshot): ClusterSnapshot {
	return {
		...upToDateCluster(one),
		open: one.open.map(upToDateFinding),
	};
}

/** The snapshot of a cluster that was judged, or null. */
export async function findClusterSnapshot(
	{ snapshots }: Tables,
	key: string,
	slices: number,
	cluster: string,
): Promise<ClusterSnapshot | null> {
	const partition = part.slice(key, sliceOf(cluster, slices));
	const entity = await findEntity(snapshots, partition, hash(cluster));
	return entity && upToDateSnapshot(unpacked<ClusterSnapshot>(entity));
}

/** Any cluster of the snapshot, judged or a neighbor of such; null where it is neither. */
async function findCluster(
	tables: Tables,
	key: string,
	slices: number,
	cluster: string,
): Promise<FleetCluster | null> {
	const judged = await findClusterSnapshot(tables, key, slices, cluster);
	if (judged !== null) return judged;
	const entity = await findEntity(
		tables.snapshots,
		part.neighbors(key),
		hash(cluster),
	);
	return entity && upToDateCluster(unpacked<FleetCluster>(entity));
}

let cached: { readonly key: string; readonly common: Promise<Common> } | null =
	null;

/** A snapshot never changes, so one process reads this once for all of its slices. */
export function readCommon(tables: Tables, key: string): Promise<Common> {
	if (cached?.key === key) return cached.common;
	const common = readCommonNow(tables, key);
	cached = { key, common };
	common.catch(() => {
		cached = null;
	});
	return common;
}

async function readCommonNow(tables: Tables, key: string): Promise<Common> {
	const [overview, budgets] = await Promise.all([
		readOverview(tables, key),
		readPartition<Budget>(tables.snapshots, part.budgets(key)),
	]);
	return {
		overview,
		budgets: new Map(
			budgets.map((budget) => [budget.id, upToDateBudget(budget)]),
		),
	};
}

/** One shared budget with the clusters that use it. */
async function findSharedBudget(
	{ snapshots }: Tables,
	key: string,
	id: string,
): Promise<SharedBudget | null> {
	const [budget, members] = await Promise.all([
		findEntity(snapshots, part.budgets(key), hash(id)),
		findEntity(snapshots, part.members(key), hash(id)),
	]);
	if (budget === null || members === null) return null;
	return {
		budget: upToDateBudget(unpacked<Budget>(budget)),
		clusters: unpacked(members),
	};
}

/** What the ledger of a judged cluster follows from; null where it was not judged. */
export async function findLedgerFacts(
	tables: Tables,
	key: string,
	slices: number,
	cluster: string,
): Promise<LedgerFacts | null> {
	const judged = await findClusterSnapshot(tables, key, slices, cluster);
	if (judged === null) return null;
	const shared = await Promise.all(
		judged.shared.map((id) => findSharedBudget(tables, key, id)),
	).then((found) => found.filter((one) => one !== null));
	const ids = new Set(shared.flatMap(({ clusters }) => clusters));
	ids.delete(cluster);
	const neighbors = await Promise.all(
		[...ids].map((id) => findCluster(tables, key, slices, id)),
	);
	return {
		judged,
		shared,
		neighbors: neighbors.filter((one) => one !== null),
	};
}

export async function writeDone(
	{ snapshots }: Tables,
	key: string,
	slice: string,
	done: SliceDone,
): Promise<void> {
	await snapshots.upsertEntity(
		packed({ partitionKey: part.done(key), rowKey: slice }, done),
		"Replace",
	);
}

export function readDone(
	{ snapshots }: Tables,
	key: string,
): Promise<SliceDone[]> {
	return readPartition(snapshots, part.done(key));
}

/**
 * Removes all snapshots but these, which are not even listed, and those of audits later than they are: a close that was
 * given up may still run beside its successor.
 */
export async function removeSnapshots(
	{ snapshots }: Tables,
	keep: readonly string[],
): Promise<void> {
	const others = keep.map(
		(key) =>
			odata`(PartitionKey lt ${`${key}|`} or PartitionKey ge ${`${key}}`})`,
	);
	const [newest] = keep.toSorted();
	if (newest !== undefined)
		others.push(odata`PartitionKey ge ${auditOf(newest)}`);
	const rows = snapshots.listEntities({
		queryOptions: {
			select: ["PartitionKey", "RowKey"],
			...(others.length > 0 ? { filter: others.join(" and ") } : {}),
		},
	});
	let batch: { partitionKey: string; rowKey: string }[] = [];
	for await (const { partitionKey, rowKey } of rows) {
		if (!partitionKey || rowKey === undefined) continue;
		batch.push({ partitionKey, rowKey });
		if (batch.length < 5000) continue;
		await deleteEntities(snapshots, batch);
		batch = [];
	}
	if (batch.length > 0) await deleteEntities(snapshots, batch);
}

async function readPartition<T>(
	table: Tables["snapshots"],
	partition: string,
): Promise<T[]> {
	const rows = table.listEntities({
		queryOptions: { filter: odata`PartitionKey eq ${partition}` },
	});
	const all: T[] = [];
	for await (const entity of rows) all.push(unpacked<T>(entity));
	return all;
}
