import { randomBytes } from "node:crypto";
import { changeRunning } from "../azure/auditStore.ts";
import { openFindings } from "../azure/findingBuckets.ts";
import { snapshotKey, writeSnapshot } from "../azure/snapshotStore.ts";
import type { Tables } from "../azure/tables.ts";
import type { Gap } from "../contract.ts";
import type { KeptFinding } from "../findings/flapping.ts";
import { bucketOf } from "../keys/buckets.ts";
import { listedBudgets } from "../model/budgetList.ts";
import type { Fleet, FleetCluster } from "../model/fleet.ts";
import type { SeenNetwork } from "../model/seenNetworks.ts";
import type { AuditInput, AuditRecord } from "../records/auditRecord.ts";
import type { Overview, UnseenCluster } from "../records/snapshot.ts";
import type { SeenTenant } from "./gatherTenant.ts";
import type { EarlierAudits } from "./remember.ts";
import { seenTags, unseenTags } from "./routedTags.ts";

/** What the orchestration passes on: keys and counts only. */
export interface Snapshot {
	readonly key: string;
	readonly slices: readonly string[];
}

export interface Inventoried {
	readonly snapshot: Snapshot;
	readonly overview: Overview;
}

type OpenFindings = ReadonlyMap<string, readonly KeptFinding[]>;

/** Everything that the inventory knows by its end. */
interface Known {
	readonly seen: SeenTenant;
	readonly fleet: Fleet;
	readonly networks: readonly SeenNetwork[];
	readonly before: EarlierAudits;
}

/** Writes the snapshot under a key of this attempt's own, and only then its key into the audit's record. */
export async function keepSnapshot(
	tables: Tables,
	routedTags: readonly string[],
	known: Known,
	input: AuditInput,
): Promise<Inventoried> {
	const { seen, fleet, networks, before } = known;
	const judged = fleet.clusters.filter(seen.isJudged);
	const open = await openFindings(tables);
	const overview = overviewOf(known, judged.length);
	const key = newSnapshotKey(input);
	const { clusters } = seen;
	const { auditId, startedAt: at } = input;
	await writeSnapshot(
		tables,
		key,
		{
			audit: { auditId, at },
			overview,
			clusters: judged,
			neighbors: neighborsOf(fleet, judged, seen.isJudged),
			shared: fleet.sharedBudgets,
			unseenClusters: unseenClustersOf(known, judged, open),
			known: fleet.known,
			budgets: listedBudgets(
				fleet.clusters,
				fleet.sharedBudgets,
				seen.isJudged,
			),
			networks,
			tags: [
				...seenTags(clusters, routedTags),
				...(await unseenTags(tables, clusters, routedTags, open, before.last)),
			],
		},
		readableSnapshot(before.last),
	);
	await noteSnapshot(tables, input, key, overview);
	const slices = slicesIn(judged);
	return { snapshot: { key, slices }, overview };
}

/** A slice that could not be judged may be one that cannot be read: then everything is written again. */
function readableSnapshot(last: AuditRecord | null): string | null {
	const gaps = last?.coverage.gaps ?? [];
	return gaps.some(({ kind }) => kind === "evaluation")
		? null
		: (last?.snapshot ?? null);
}

function overviewOf({ seen, before }: Known, clusters: number): Overview {
	const { coverage, gaps, subnets } = seen;
	return {
		clusters,
		subnets,
		expected: coverage.expected.length,
		gaps: bounded([...coverage.gaps, ...gaps]),
		outOfReach: coverage.outOfReach,
		remembered: coverage.remembered,
		vanishedBefore: before.memory.vanished,
		baseline: before.isFirst,
		before: lastToTell(before.last),
	};
}

/** A key of this attempt's own. */
export function newSnapshotKey(input: AuditInput): string {
	return snapshotKey(input, randomBytes(3).toString("hex"));
}

export function lastToTell(last: AuditRecord | null): Overview["before"] {
	if (last === null) return null;
	const { auditId, rulesVersion, finishedAt, startedAt } = last;
	return { auditId, rulesVersion, finishedAt: finishedAt ?? startedAt };
}

const mostGaps = 200;

/** A surprise in every row of a large fleet is one piece of news, and must fit into the audit's row. */
export function bounded(gaps: readonly Gap[]): Gap[] {
	if (gaps.length <= mostGaps) return [...gaps];
	return [
		...gaps.slice(0, mostGaps),
		{
			kind: "more",
			subscription: null,
			scope: "more",
			reason: `${gaps.length - mostGaps} more gaps are not listed`,
		},
	];
}

export function neighborsOf(
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
	{ seen, fleet }: Known,
	judged: readonly FleetCluster[],
	open: OpenFindings,
): UnseenCluster[] {
	const { answered, hasAllClusters } = seen;
	const outOfReach = new Set(seen.coverage.outOfReach);
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
					: hasAllClusters && answered(subscription)
						? "vanished"
						: "not-answered";
			return { cluster, fate, findings };
		});
}

/** An activity costs 20 to 35 ms of host work whatever it does: a small fleet has about one a cluster, a large one 128. */
export function slicesIn(judged: readonly FleetCluster[]): string[] {
	return [...new Set(judged.map(({ id }) => bucketOf(id)))].sort();
}

export async function noteSnapshot(
	tables: Tables,
	input: AuditInput,
	key: string,
	overview: Overview,
): Promise<void> {
	const noted = await changeRunning(tables, input.auditId, (record) => ({
		...record,
		snapshot: key,
		progress: { clusters: overview.clusters, evaluated: 0 },
	}));
	if (!noted)
		throw new Error("the audit was given up while its inventory was read");
}
