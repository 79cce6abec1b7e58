import { buildDigest, isListed } from "../alert/buildDigest.ts";
import { alertCard } from "../alert/card.ts";
import {
	type AuditRecord,
	findAudit,
	forgetMemories,
	type Memory,
	newestAudit,
	writeAudit,
	writeMemory,
} from "../azure/auditStore.ts";
import {
	changesOf,
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
import type { Tables } from "../azure/tables.ts";
import type { AlertState, Coverage, Gap } from "../contract.ts";
import {
	type Change,
	resolve,
	type Transition,
} from "../findings/lifecycle.ts";
import { type AlertSettings, SettingsError } from "../settings.ts";
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
): Promise<void> {
	const record = await findAudit(tables, auditId);
	if (record?.state !== "running") return;
	const overview = await readOverview(tables, snapshot);
	const lost = await lostSlices(tables, snapshot, failed);
	const gaps = [...overview.gaps, ...lost.gaps];
	const complete = gaps.length === 0;
	const orphans = await readOrphans(tables, snapshot);
	const vanished = vanishedClusters(overview, orphans, complete);
	const ended = await resolveOrphans(tables, orphans, vanished, {
		auditId,
		at: record.startedAt,
	});
	const done = (await readDone(tables, snapshot)).reduce(addDone, nothingDone);
	const result: AuditRecord = {
		...record,
		state: complete ? "completed" : "partial",
		finishedAt,
		progress: { clusters: overview.clusters, evaluated: done.clusters },
		coverage: coverageOf(overview, gaps, done.notEvaluated + lost.clusters),
		findings: addCounts(
			addCounts(done.open, lost.open),
			countSeverities(keptFindings(orphans, vanished)),
		),
		changes: addCounts(done.changes, countChanges(ended)),
	};
	const alert = await prepareAlert(tables, readAlertSettings, result, overview);
	await writeMemory(tables, auditId, { ...overview.remembered, vanished });
	await forgetMemories(tables);
	await removeOldSnapshots(tables, snapshot);
	await writeAudit(tables, { ...result, alert: { state: alert } });
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

/** Clusters of a failed slice keep the findings that they had; that they were not looked at is a gap. */
async function lostSlices(
	tables: Tables,
	snapshot: string,
	failed: CloseInput["failed"],
) {
	const gaps: Gap[] = [];
	let clusters = 0;
	let open = noSeverities;
	for (const { slice, reason } of failed) {
		const dossiers = await readSlice(tables, snapshot, slice);
		const names = dossiers.map(({ name }) => name).join(", ");
		gaps.push({
			scope: `${dossiers.length} clusters (${names.slice(0, 200)})`,
			reason: `their evaluation failed: ${reason}`,
		});
		clusters += dossiers.length;
		open = addCounts(
			open,
			countSeverities(dossiers.flatMap(({ open }) => open)),
		);
	}
	return { gaps, clusters, open };
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
			vanished[cluster] = complete ? (vanishedBefore[cluster] ?? 0) + 1 : 0;
	return vanished;
}

function isEnded(orphan: Orphan, vanished: Memory["vanished"]): boolean {
	switch (orphan.fate) {
		case "not-answered":
			return false;
		case "vanished":
			return (vanished[orphan.cluster] ?? 0) >= auditsUntilGone;
		case "out-of-scope":
		case "out-of-reach":
			return true;
	}
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
	vanished: Memory["vanished"],
	audit: { readonly auditId: string; readonly at: string },
): Promise<Change[]> {
	const made: Transition[] = orphans
		.filter((orphan) => isEnded(orphan, vanished))
		.flatMap(({ findings, fate }) =>
			findings.map((finding) => resolve(finding, audit, endings[fate])),
		);
	const changes = made.flatMap(({ change }) => (change ? [change] : []));
	if (changes.length === 0) return [];
	const findings = changes.map(({ finding }) => finding);
	await writeChanges(tables, audit.auditId, changes);
	await writeFindings(tables, findings, findings);
	return changes;
}

function keptFindings(
	orphans: readonly Orphan[],
	vanished: Memory["vanished"],
) {
	return orphans
		.filter((orphan) => !isEnded(orphan, vanished))
		.flatMap(({ findings }) => findings);
}

/** Puts the card into the outbox where there is news. What is in the outbox already stays: it may be sent. */
async function prepareAlert(
	tables: Tables,
	readAlertSettings: () => AlertSettings,
	record: AuditRecord,
	overview: Overview,
): Promise<AlertState> {
	const { auditId, state, finishedAt } = record;
	const settings = settingsOrReason(readAlertSettings);
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
