import { randomBytes } from "node:crypto";
import {
	type AuditRecord,
	beginAudit,
	changeRunning,
	type Memory,
	memoryBefore,
	newestEnded,
	nothingTold,
} from "../azure/auditStore.ts";
import { openFindings } from "../azure/findingStore.ts";
import {
	type ClusterSnapshot,
	type ClusterTags,
	type Overview,
	readTags,
	snapshotKey,
	type UnseenCluster,
	writeSnapshot,
	writeTags,
} from "../azure/snapshotStore.ts";
import type { Tables } from "../azure/tables.ts";
import type { Gap } from "../contract.ts";
import type { KeptFinding } from "../findings/flapping.ts";
import { type Collected, collect } from "../inventory/collect.ts";
import { subscriptionCoverage } from "../inventory/coverage.ts";
import { readListedOwners } from "../inventory/listedOwners.ts";
import { readListedRoutes } from "../inventory/listedRoutes.ts";
import type { Read } from "../inventory/reader.ts";
import { sliceOf, slicesFor } from "../keys/slices.ts";
import { buildFleet, type Fleet, type FleetCluster } from "../model/fleet.ts";
import {
	listsToRead,
	tablesToRead,
	withListedScaleSets,
} from "../model/lists.ts";
import type { AuditSettings } from "../settings/audit.ts";
import { keepHistory } from "./keepHistory.ts";
import { knownBefore } from "./knownClusters.ts";
import { type AuditInput, runningRecord } from "./record.ts";
import { keepTagAcceptances } from "./tagAcceptances.ts";

/** What the orchestration carries on: keys and counts only. */
export interface Snapshot {
	readonly key: string;
	readonly slices: readonly string[];
}

export interface Inventoried {
	readonly snapshot: Snapshot;
	readonly overview: Overview;
}

const nothingRemembered: Memory = {
	withClusters: [],
	missing: {},
	vanished: {},
	told: nothingTold,
};

/** Reads the fleet, adds up who uses what, and writes the audit's snapshot. Throws with a reason for people. */
export async function inventoryStep(
	tables: Tables,
	settings: AuditSettings,
	createRead: (subscriptions: () => readonly string[]) => Read,
	input: AuditInput,
	log: (message: string) => void,
): Promise<Inventoried> {
	await beginAudit(tables, runningRecord(input));
	const memory = await memoryBefore(tables, input.auditId);
	const before = memory ?? nothingRemembered;
	const last = await newestEnded(tables);
	const known = await knownBefore(tables, last);
	let listed: readonly string[] = [];
	const read = createRead(() => listed);
	const collected = await withLists(
		read,
		await collect(read, settings.managementGroups, (ids) => {
			listed = ids;
		}),
	);
	refuseEmptiness(collected, before);
	const coverage = subscriptionCoverage(
		collected,
		settings.subscriptions,
		before,
		settings.missingAudits,
	);
	const isJudged = judgedBy(settings, collected);
	const answered = whoAnswered(collected);
	const gaps = [...coverage.gaps, ...collected.gaps];
	const built = buildFleet(
		collected.inventory,
		{ auditId: input.auditId, at: input.startedAt, known, answered },
		settings,
	);
	const fleet = await keepHistory(tables, built, isJudged, input);
	const judged = fleet.clusters.filter(isJudged);
	const open = await openFindings(tables);
	const overview: Overview = {
		slices: slicesFor(judged.length),
		clusters: judged.length,
		subnets: collected.inventory.subnets.length,
		expected: coverage.expected.length,
		gaps: bounded(gaps),
		outOfReach: coverage.outOfReach,
		remembered: coverage.remembered,
		vanishedBefore: before.vanished,
		baseline: memory === null,
		before: lastToTell(last),
	};
	const key = snapshotKey(input.auditId, randomBytes(3).toString("hex"));
	await writeSnapshot(tables, key, {
		overview,
		clusterSnapshots: judged.map((cluster) => clusterSnapshot(cluster, open)),
		neighbors: neighborsOf(fleet, judged, isJudged),
		shared: fleet.sharedBudgets,
		unseenClusters: unseenClustersOf(fleet, judged, open, {
			outOfReach: new Set(coverage.outOfReach),
			answered: (subscription) =>
				collected.inventory.lost.clusters === 0 && answered(subscription),
		}),
		known: fleet.known,
	});
	await writeTags(tables, key, [
		...tagsOf(collected, settings.routedTags),
		...(await unseenTags(tables, collected, settings.routedTags, open, last)),
	]);
	await noteSnapshot(tables, input, key, overview);
	await keepTagAcceptances(
		tables,
		settings.acceptanceTag,
		collected.inventory.clusters,
		input.startedAt,
		log,
	);
	const slices = slicesIn(judged, overview.slices);
	return { snapshot: { key, slices }, overview };
}

function lastToTell(last: AuditRecord | null): Overview["before"] {
	if (last === null) return null;
	const { auditId, rulesVersion, finishedAt, startedAt } = last;
	return { auditId, rulesVersion, finishedAt: finishedAt ?? startedAt };
}

/** Reads who stands in the lists that no row explains: a second look, at a few subnets and route tables. */
async function withLists(read: Read, collected: Collected): Promise<Collected> {
	const { inventory, gaps } = collected;
	const asked = {
		subnets: listsToRead(inventory),
		tables: tablesToRead(inventory),
	};
	const [lists, tables] = await Promise.all([
		readListedOwners(read, asked.subnets),
		readListedRoutes(read, asked.tables),
	]);
	const arrived = new Set([...lists.listed.keys(), ...tables.listed.keys()]);
	const unlisted = [...asked.subnets, ...asked.tables]
		.map(({ id }) => id)
		.filter((id) => !arrived.has(id));
	return {
		...collected,
		inventory: withListedScaleSets({
			...inventory,
			listed: lists.listed,
			listedRoutes: tables.listed,
			unlisted: new Set(unlisted),
		}),
		gaps: [...gaps, ...lists.gaps, ...tables.gaps],
	};
}

/** A subscription that shows clusters or resource groups has answered. */
function whoAnswered({
	inventory,
	withResourceGroups,
}: Collected): (subscription: string) => boolean {
	const withClusters = new Set([
		...inventory.clusters.map(({ subscription }) => subscription),
		...inventory.unreadableClusters.map(({ id }) => id.split("/")[2] ?? ""),
	]);
	return (id) => withClusters.has(id) || withResourceGroups.has(id);
}

/** Tags are their owners' matter: only those are kept that a setting names. */
function tagsOf(
	{ inventory }: Collected,
	names: readonly string[],
): ClusterTags[] {
	if (names.length === 0) return [];
	return inventory.clusters
		.map(({ id, tags }) => ({
			cluster: id,
			tags: Object.fromEntries(
				Object.entries(tags).filter(([name]) => names.includes(name)),
			),
		}))
		.filter(({ tags }) => Object.keys(tags).length > 0);
}

/** A cluster that cannot be seen now is still its owners' while something of it is open: its tags are those seen last. */
async function unseenTags(
	tables: Tables,
	{ inventory }: Collected,
	names: readonly string[],
	open: ReadonlyMap<string, unknown>,
	last: AuditRecord | null,
): Promise<ClusterTags[]> {
	const seen = new Set(inventory.clusters.map(({ id }) => id));
	const unseen = [...open.keys()].filter((id) => !seen.has(id));
	if (names.length === 0 || unseen.length === 0) return [];
	if (!last?.snapshot) return [];
	const known = await readTags(tables, last.snapshot);
	return unseen.flatMap((cluster) => {
		const tags = known.get(cluster);
		return tags ? [{ cluster, tags }] : [];
	});
}

const mostGaps = 200;

/** A surprise in every row of a large fleet is one piece of news, and must fit into the audit's row. */
function bounded(gaps: readonly Gap[]): Gap[] {
	if (gaps.length <= mostGaps) return [...gaps];
	return [
		...gaps.slice(0, mostGaps),
		{
			kind: "more",
			subscription: null,
			scope: "more",
			reason: `${gaps.length - mostGaps} more gaps; the first stand for them`,
		},
	];
}

/** Nothing where there was something, or nothing at all, is no healthy fleet. */
function refuseEmptiness(collected: Collected, before: Memory): void {
	if (collected.subscriptions.length === 0)
		throw new Error(
			"no subscription is visible: the auditor's identity needs the role Reader on the subscriptions, or on a management group above them",
		);
	const { clusters, unreadableClusters } = collected.inventory;
	const seen = clusters.length + unreadableClusters.length;
	if (seen === 0 && before.withClusters.length > 0)
		throw new Error(
			`no AKS cluster is visible, where ${before.withClusters.length} subscriptions had some: the auditor's identity needs the role Reader on them`,
		);
}

function judgedBy(
	{ subscriptions }: AuditSettings,
	{ inManagementGroups }: Collected,
): (cluster: FleetCluster) => boolean {
	if (subscriptions.length === 0 && inManagementGroups === null)
		return () => true;
	const judged = new Set([...subscriptions, ...(inManagementGroups ?? [])]);
	return ({ subscription }) => judged.has(subscription);
}

function clusterSnapshot(
	cluster: FleetCluster,
	open: ReadonlyMap<string, readonly KeptFinding[]>,
): ClusterSnapshot {
	return { ...cluster, open: open.get(cluster.id) ?? [] };
}

function neighborsOf(
	fleet: Fleet,
	judged: readonly FleetCluster[],
	isJudged: (cluster: FleetCluster) => boolean,
): FleetCluster[] {
	if (judged.length === fleet.clusters.length) return [];
	const shared = new Set(judged.flatMap(({ shared }) => shared));
	return fleet.clusters.filter(
		(cluster) =>
			!isJudged(cluster) && cluster.shared.some((id) => shared.has(id)),
	);
}

/** Open findings of clusters that are not judged now, each with what that means for it. */
function unseenClustersOf(
	fleet: Fleet,
	judged: readonly FleetCluster[],
	open: ReadonlyMap<string, readonly KeptFinding[]>,
	{
		outOfReach,
		answered,
	}: {
		readonly outOfReach: ReadonlySet<string>;
		/** Its clusters would have been seen. */
		readonly answered: (subscription: string) => boolean;
	},
): UnseenCluster[] {
	const judgedIds = new Set(judged.map(({ id }) => id));
	const seenIds = new Set(fleet.clusters.map(({ id }) => id));
	return [...open]
		.filter(([cluster]) => !judgedIds.has(cluster))
		.map(([cluster, findings]) => {
			const subscription = findings[0]?.subscription ?? "";
			const fate = seenIds.has(cluster)
				? "out-of-scope"
				: outOfReach.has(subscription)
					? "out-of-reach"
					: answered(subscription)
						? "vanished"
						: "not-answered";
			return { cluster, fate, findings };
		});
}

function slicesIn(judged: readonly FleetCluster[], slices: number): string[] {
	return [...new Set(judged.map(({ id }) => sliceOf(id, slices)))].sort();
}

async function noteSnapshot(
	tables: Tables,
	input: AuditInput,
	key: string,
	overview: Overview,
): Promise<void> {
	const noted = await changeRunning(tables, input.auditId, (record) => ({
		...record,
		snapshot: key,
		slices: overview.slices,
		progress: { clusters: overview.clusters, evaluated: 0 },
	}));
	if (!noted)
		throw new Error("the audit was given up while its inventory was read");
}
