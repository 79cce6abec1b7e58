import { randomBytes } from "node:crypto";
import { changeRunning } from "../azure/auditStore.ts";
import { openFindings } from "../azure/findingBuckets.ts";
import {
	inSlices,
	type SnapshotWriter,
	snapshotKey,
} from "../azure/snapshotStore.ts";
import type { Tables } from "../azure/tables.ts";
import type { Gap } from "../contract.ts";
import type { KeptFinding } from "../findings/flapping.ts";
import { bucketOf } from "../keys/buckets.ts";
import { type BudgetLister, budgetLister } from "../model/budgetList.ts";
import type { AddedUp, FleetCluster } from "../model/fleet.ts";
import type { KnownCluster } from "../model/known.ts";
import { type LedgerBook, ledgerBook } from "../model/ledger.ts";
import type { SeenNetwork } from "../model/seenNetworks.ts";
import {
	type HistoryOutlooks,
	toldCluster,
	toldShared,
} from "../model/told.ts";
import type { Member } from "../model/uses.ts";
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

/** What is still to be said of a fleet when its slices are written. */
export interface WrittenFleet extends WrittenSlices {
	readonly seen: SeenTenant;
	readonly networks: readonly SeenNetwork[];
}

interface WrittenSlices {
	readonly members: readonly Member[];
	readonly lister: BudgetLister;
	readonly book: LedgerBook;
	readonly known: readonly KnownCluster[];
}

/** Makes and writes the clusters slice by slice. */
export async function writeSlices(
	writer: Pick<SnapshotWriter, "addSlice">,
	{ members, sharedBudgets, remembered, take }: Omit<AddedUp, "own">,
	isJudged: (member: Member) => boolean,
	outlooks: HistoryOutlooks,
): Promise<WrittenSlices> {
	const shared = sharedBudgets.map((one) => toldShared(one, outlooks));
	const lister = budgetLister(shared);
	const book = ledgerBook(shared);
	const known: KnownCluster[] = [];
	const made = (member: Member): FleetCluster => {
		const taken = take(member);
		const cluster = toldCluster(taken.cluster, outlooks);
		lister.add(cluster, isJudged(member));
		book.add(cluster);
		if (taken.known !== null) known.push(taken.known);
		return cluster;
	};
	for (const [bucket, own] of inSlices(members.filter(isJudged)))
		await writer.addSlice(bucket, own.map(made));
	// They are nobody's slice, and use what others share with them.
	for (const member of members) if (!isJudged(member)) made(member);
	return {
		members,
		lister,
		book,
		known: [...known, ...remembered],
	};
}

/** What is known when the slices are written. */
interface Known {
	readonly key: string;
	readonly writer: SnapshotWriter;
	readonly fleet: WrittenFleet;
	readonly before: EarlierAudits;
}

/** Ends the snapshot, and only then writes its key into the audit's record. */
export async function endSnapshot(
	tables: Tables,
	routedTags: readonly string[],
	{ key, writer, fleet, before }: Known,
	input: AuditInput,
): Promise<Inventoried> {
	const { seen, networks, members, lister, book, known } = fleet;
	const judged = members.filter(seen.isJudged);
	const open = await openFindings(tables);
	const overview = overviewOf(seen, before, judged.length);
	const { clusters } = seen;
	const { auditId, startedAt: at } = input;
	await writer.end({
		audit: { auditId, at },
		overview,
		ledgers: book.ledgers(),
		unseenClusters: unseenClustersOf(fleet, judged, open),
		known,
		budgets: lister.all(),
		networks,
		tags: [
			...seenTags(clusters, routedTags),
			...(await unseenTags(tables, clusters, routedTags, open, before.last)),
		],
	});
	await noteSnapshot(tables, input, key, overview);
	return { snapshot: { key, slices: slicesIn(judged) }, overview };
}

/** A slice that could not be judged may be one that cannot be read: then everything is written again. */
export function readableSnapshot(last: AuditRecord | null): string | null {
	const gaps = last?.coverage.gaps ?? [];
	return gaps.some(({ kind }) => kind === "evaluation")
		? null
		: (last?.snapshot ?? null);
}

function overviewOf(
	{ coverage, gaps, subnets }: SeenTenant,
	before: EarlierAudits,
	clusters: number,
): Overview {
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

/** Open findings of clusters that are not judged now, each with what that means for it. */
function unseenClustersOf(
	{ seen, members }: WrittenFleet,
	judged: readonly Member[],
	open: OpenFindings,
): UnseenCluster[] {
	const { answered, hasAllClusters } = seen;
	const outOfReach = new Set(seen.coverage.outOfReach);
	const judgedIds = new Set(judged.map(({ id }) => id));
	const seenIds = new Set(members.map(({ id }) => id));
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

/** What the orchestration fans out over: a small fleet has about one for each cluster, a large one 128. */
export function slicesIn(judged: readonly { readonly id: string }[]): string[] {
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
