import { buildDigest, isListed } from "../alert/buildDigest.ts";
import { alertCard } from "../alert/card.ts";
import {
	type AuditRecord,
	changeRunning,
	findAudit,
	forgetMemories,
	type Memory,
	newestAudit,
	writeMemory,
} from "../azure/auditStore.ts";
import {
	changesOf,
	countOpen,
	writeChanges,
	writeFindings,
} from "../azure/findingStore.ts";
import { putAlert } from "../azure/outbox.ts";
import {
	type Orphan,
	type Overview,
	readDone,
	readOrphans,
	readOverview,
	readSlice,
	removeSnapshots,
	type SliceDone,
} from "../azure/snapshotStore.ts";
import { isStorageAway, type Tables } from "../azure/tables.ts";
import type { AlertState, Coverage, Gap, SeverityCounts } from "../contract.ts";
import { hash } from "../findings/identity.ts";
import {
	type Change,
	resolve,
	type Transition,
} from "../findings/lifecycle.ts";
import { type AlertSettings, SettingsError } from "../settings.ts";
import { carryOver } from "./carryOver.ts";
import {
	addCounts,
	countChanges,
	countSeverities,
	noChanges,
	noSeverities,
} from "./counts.ts";

export interface CloseInput {
	readonly auditId: string;
	readonly snapshot: string;
	/** Slices that failed to the last try, with short reasons of our own. */
	readonly failed: readonly {
		readonly slice: string;
		readonly reason: string;
	}[];
	/** ISO 8601, from the orchestration's clock, so that ending twice writes the same. */
	readonly finishedAt: string;
}

/** What only the whole audit can say. Ends the audit: its row is the last thing that is written. */
export async function closeStep(
	tables: Tables,
	readAlertSettings: () => AlertSettings,
	{ auditId, snapshot, failed, finishedAt }: CloseInput,
	logError: (message: string) => void,
): Promise<void> {
	const record = await findAudit(tables, auditId);
	if (record?.state !== "running") return;
	const overview = await readOverview(tables, snapshot);
	const lost = await gapsOfSlices(tables, snapshot, failed);
	const gaps = [...overview.gaps, ...lost];
	const complete = gaps.length === 0;
	const orphans = await readOrphans(tables, snapshot);
	const vanished = vanishedClusters(overview, orphans, complete);
	const [gone, kept] = endedOrphans(orphans, vanished, complete);
	const ended = await resolveOrphans(tables, gone, {
		auditId,
		at: record.startedAt,
	});
	const carried = await carryOver(tables, auditId);
	const done = (await readDone(tables, snapshot)).reduce(addDone, nothingDone);
	const result: AuditRecord = {
		...record,
		snapshot,
		slices: overview.slices,
		state: complete ? "completed" : "partial",
		finishedAt,
		progress: { clusters: overview.clusters, evaluated: done.clusters },
		coverage: coverageOf(
			overview,
			gaps,
			done.notEvaluated + overview.clusters - done.clusters,
		),
		findings: await openNow(
			tables,
			failed,
			addCounts(
				done.open,
				countSeverities(kept.flatMap(({ findings }) => findings)),
			),
		),
		changes: addCounts(done.changes, countChanges([...ended, ...carried])),
	};
	await removeOldSnapshots(tables, snapshot);
	await forgetMemories(tables);
	await writeMemory(tables, auditId, { ...overview.remembered, vanished });
	const alert = await prepareAlert(
		tables,
		readAlertSettings,
		result,
		overview,
		logError,
	);
	await changeRunning(tables, auditId, () => ({
		...result,
		alert: { state: alert },
	}));
}

const nothingDone: SliceDone = {
	clusters: 0,
	notEvaluated: 0,
	open: noSeverities,
	changes: noChanges,
};

function addDone(a: SliceDone, b: SliceDone): SliceDone {
	return {
		clusters: a.clusters + b.clusters,
		notEvaluated: a.notEvaluated + b.notEvaluated,
		open: addCounts(a.open, b.open),
		changes: addCounts(a.changes, b.changes),
	};
}

/** That the clusters of a failed slice were not looked at is a gap with their names; they keep the findings that they had. */
async function gapsOfSlices(
	tables: Tables,
	snapshot: string,
	failed: CloseInput["failed"],
): Promise<Gap[]> {
	return Promise.all(
		failed.map(async ({ slice, reason }) => ({
			scope: await clustersOfSlice(tables, snapshot, slice),
			reason: `their evaluation failed: ${reason}`,
		})),
	);
}

/** What made the slice fail may be that it cannot be read: then its own name must do. */
async function clustersOfSlice(
	tables: Tables,
	snapshot: string,
	slice: string,
): Promise<string> {
	try {
		const dossiers = await readSlice(tables, snapshot, slice);
		const names = dossiers.map(({ name }) => name).join(", ");
		return `${dossiers.length} clusters (${names.slice(0, 200)})`;
	} catch (error) {
		if (isStorageAway(error)) throw error;
		return `the clusters of slice ${slice}`;
	}
}

/** Slices count what is open of their clusters; where one failed, the table itself is asked. */
async function openNow(
	tables: Tables,
	failed: CloseInput["failed"],
	counted: SeverityCounts,
): Promise<SeverityCounts> {
	return failed.length === 0 ? counted : countOpen(tables);
}

function coverageOf(
	overview: Overview,
	gaps: readonly Gap[],
	notEvaluated: number,
): Coverage {
	const missing = gaps.filter(({ scope }) => scope.startsWith("subscription "));
	return {
		subscriptions: {
			expected: overview.expected,
			answered:
				overview.expected - new Set(missing.map(({ scope }) => scope)).size,
		},
		clusters: overview.clusters,
		notEvaluated,
		subnets: overview.subnets,
		gaps,
	};
}

/** A cluster that is gone is believed to be gone after two complete audits in a row. */
const auditsUntilGone = 2;

function vanishedClusters(
	{ vanishedBefore }: Overview,
	orphans: readonly Orphan[],
	complete: boolean,
): Memory["vanished"] {
	const vanished: Record<string, number> = {};
	for (const { cluster, fate } of orphans)
		if (fate === "vanished")
			vanished[hash(cluster)] = complete
				? (vanishedBefore[hash(cluster)] ?? 0) + 1
				: 0;
	return vanished;
}

/** Which orphans end with this audit, and which are kept. One that is only not in scope needs an audit without gaps to say so. */
function endedOrphans(
	orphans: readonly Orphan[],
	vanished: Memory["vanished"],
	complete: boolean,
): [Orphan[], Orphan[]] {
	const isEnded = ({ fate, cluster }: Orphan): boolean => {
		switch (fate) {
			case "not-answered":
				return false;
			case "vanished":
				return (vanished[hash(cluster)] ?? 0) >= auditsUntilGone;
			case "out-of-scope":
				return complete;
			case "out-of-reach":
				return true;
		}
	};
	return [
		orphans.filter(isEnded),
		orphans.filter((orphan) => !isEnded(orphan)),
	];
}

const endings = {
	vanished: "the cluster is gone",
	"out-of-scope": "the cluster is not in the audit's scope any more",
	"out-of-reach": "its subscription is out of reach",
	"not-answered": "",
} as const;

async function resolveOrphans(
	tables: Tables,
	orphans: readonly Orphan[],
	audit: { readonly auditId: string; readonly at: string },
): Promise<Change[]> {
	const made: Transition[] = orphans.flatMap(({ findings, fate }) =>
		findings.map((finding) => resolve(finding, audit, endings[fate])),
	);
	const changes = made.flatMap(({ change }) => (change ? [change] : []));
	if (changes.length === 0) return [];
	const findings = changes.map(({ finding }) => finding);
	await writeChanges(tables, audit.auditId, changes);
	await writeFindings(tables, findings, findings);
	return changes;
}

/** Puts the card into the outbox where there is news. What is in the outbox already stays: it may be sent. */
async function prepareAlert(
	tables: Tables,
	readAlertSettings: () => AlertSettings,
	record: AuditRecord,
	overview: Overview,
	logError: (message: string) => void,
): Promise<AlertState> {
	const { auditId, state, finishedAt } = record;
	const settings = settingsOrReason(readAlertSettings);
	if (settings.kind === "wrong")
		logError(`no alert can be sent: ${settings.reason}`);
	const minSeverity =
		settings.kind === "usable" ? settings.alert.minSeverity : "high";
	const changes: Change[] = [];
	for await (const change of changesOf(tables, auditId)) changes.push(change);
	const news = changes.some((change) => isListed(change, minSeverity));
	if (!news && !overview.baseline && overview.outOfReach.length === 0)
		return "none";
	const digest = buildDigest({
		auditId,
		baseline: overview.baseline,
		state: state === "partial" ? "partial" : "completed",
		finishedAt: finishedAt ?? "",
		changes,
		counts: record.changes,
		open: record.findings,
		coverage: withOutOfReach(record.coverage, overview),
		minSeverity,
		reportUrl: settings.kind === "usable" ? settings.alert.reportUrl : null,
	});
	const alert = await putAlert(tables, {
		auditId,
		card: alertCard(digest),
		...(settings.kind === "wrong"
			? { state: "failed" as const, reason: settings.reason }
			: {
					state:
						settings.alert.webhook === null
							? ("recorded" as const)
							: ("pending" as const),
					reason: null,
				}),
	});
	return alert.state;
}

type ReadSettings =
	| { readonly kind: "usable"; readonly alert: AlertSettings }
	| { readonly kind: "wrong"; readonly reason: string };

/** A wrong webhook stops delivery and nothing else: the audit says that its alert failed. */
function settingsOrReason(read: () => AlertSettings): ReadSettings {
	try {
		return { kind: "usable", alert: read() };
	} catch (error) {
		if (!(error instanceof SettingsError)) throw error;
		return { kind: "wrong", reason: error.message };
	}
}

/** Subscriptions that are expected no more are said once, beside the gaps. */
function withOutOfReach(coverage: Coverage, overview: Overview): Coverage {
	if (overview.outOfReach.length === 0) return coverage;
	return {
		...coverage,
		gaps: [
			...overview.outOfReach.map((id) => ({
				scope: `subscription ${id}`,
				reason: "out of reach for several audits: expected no more",
			})),
			...coverage.gaps,
		],
	};
}

/** The one before stays until this audit has ended, since the capacity route reads it until then. */
async function removeOldSnapshots(
	tables: Tables,
	snapshot: string,
): Promise<void> {
	const before = await newestAudit(tables, ["completed", "partial"]);
	await removeSnapshots(
		tables,
		[snapshot, before?.snapshot].filter((key) => typeof key === "string"),
	);
}
