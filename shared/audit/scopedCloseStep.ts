import { type Alert, worstState } from "../alert/alert.ts";
import { lastName } from "../arm.ts";
import { changeRunning, findAudit } from "../azure/auditStore.ts";
import { writeFindings } from "../azure/findingStore.ts";
import { writeJudged } from "../azure/judgedStore.ts";
import { putAlert } from "../azure/outbox.ts";
import {
	readClusters,
	readDone,
	readOverview,
} from "../azure/snapshotStore.ts";
import type { Tables } from "../azure/tables.ts";
import type { Finding, Gap, Severity } from "../contract.ts";
import { changesText } from "../feed/batches.ts";
import { changedCluster } from "../feed/place.ts";
import { addCounts, countChanges } from "../findings/counts.ts";
import { olderRowsCause } from "../findings/heldBack.ts";
import { asItWas } from "../findings/lifecycle.ts";
import { budgetKinds } from "../model/budgetKinds.ts";
import type { FleetCluster } from "../model/fleet.ts";
import {
	type AuditRecord,
	type AuditRequest,
	isByDay,
} from "../records/auditRecord.ts";
import type { Overview } from "../records/snapshot.ts";
import type { AlertSettings } from "../settings/alert.ts";
import { carryOver } from "./carryOver.ts";
import { type CloseInput, coverageOf } from "./closeStep.ts";
import { sumOf } from "./doneCounts.ts";
import { settleHalfDone } from "./halfDone.ts";
import { lostSlices } from "./lostSlices.ts";
import { type OpenNow, openCounts, readOpenNow } from "./openNow.ts";
import { prepareAlerts } from "./prepareAlert.ts";
import { nothingRemembered } from "./remember.ts";

/**
 * Ends a scoped audit: its card, where its clusters are found from now on, and its row last. It writes no memory, counts
 * no cluster as vanished and removes nothing. The answer is the ended audit, or null if it had ended before.
 */
export async function scopedCloseStep(
	tables: Tables,
	settings: {
		readonly alert: () => AlertSettings;
		/** The least severity that is told by day. */
		readonly byDay: () => Severity;
	},
	{ auditId, snapshot, failed, finishedAt }: CloseInput,
	logError: (message: string) => void,
): Promise<AuditRecord | null> {
	const record = await findAudit(tables, auditId);
	if (record?.state !== "running") return null;
	const overview = await readOverview(tables, snapshot);
	const lost = await lostSlices(tables, snapshot, failed);
	const clusters = await readClusters(tables, snapshot);
	const judged = new Set(clusters.map(({ id }) => id));
	const open = await keepUnjudged(tables, record, { judged, overview });
	const openById = new Map(open.findings.map((one) => [one.id, one]));
	const half = new Set(lost.flatMap(({ clusters }) => clusters));
	const halfDone = await settleHalfDone(tables, auditId, half, openById);
	const carried = await carryOver(tables, record, openById);
	const done = sumOf(await readDone(tables, snapshot));
	const gaps = [
		...overview.gaps,
		...lost.map(({ gap }) => gap),
		...heldBackGaps(open.findings),
	];
	const missing = overview.gaps.filter(({ kind }) => kind === "cluster").length;
	const notEvaluated =
		done.notEvaluated + overview.clusters - done.clusters + missing;
	const result: AuditRecord = {
		...record,
		requests: record.requests.map((one) => withPools(one, clusters)),
		changesNotSeen: overview.changesNotSeen ?? [],
		snapshot,
		state: gaps.length === 0 ? "completed" : "partial",
		finishedAt,
		progress: { clusters: overview.clusters, evaluated: done.clusters },
		coverage: coverageOf(overview, gaps, notEvaluated),
		...openCounts(open, finishedAt),
		changes: addCounts(done.changes, countChanges([...halfDone, ...carried])),
	};
	const names = clusters.map(({ name }) => name);
	const byDay = isByDay(record) ? settings.byDay() : null;
	const source = {
		record: result,
		overview,
		snapshot,
		open,
		names,
		...(byDay && { byDay }),
	};
	const { alerts, listed } = await prepareAlerts(
		tables,
		settings.alert,
		{ ...source, before: nothingRemembered.told },
		logError,
	);
	const stored: Alert[] = [];
	// What is in the outbox already stays as it is: it may be sent.
	for (const alert of alerts) stored.push(await putAlert(tables, alert));
	const { startedAt } = record;
	await writeJudged(
		tables,
		[...judged].filter((id) => !half.has(id)),
		{ auditId, startedAt, snapshot },
	);
	const alert = { state: worstState(stored.map(({ state }) => state)) };
	const last = { ...result, alert, told: byDay === null ? null : listed };
	return (await changeRunning(tables, auditId, () => last)) ? last : null;
}

/** Its changes in words, with the names of pools that Azure tells by their places. */
function withPools(
	request: AuditRequest,
	clusters: readonly FleetCluster[],
): AuditRequest {
	const { changes, count } = request;
	if (changes === undefined) return request;
	const why = changesText(changes, count ?? changes.length, (change, index) => {
		const id = changedCluster(change);
		const cluster = clusters.find((one) => one.id === id)?.cluster;
		return cluster?.pools[index]?.name ?? null;
	});
	return { ...request, why };
}

/** Findings of clusters that were asked for and could not be judged stay as they were, and say so. */
async function keepUnjudged(
	tables: Tables,
	{ auditId, startedAt: at, scope }: AuditRecord,
	{ judged, overview }: Judging,
): Promise<OpenNow> {
	const open = await readOpenNow(tables, scope);
	const last = overview.before;
	const kept = open.findings
		.filter(({ cluster }) => !judged.has(cluster))
		.flatMap((finding) => {
			const cause = "The audit that was asked for did not see the cluster";
			const unseen = [`${cause}: cluster ${finding.clusterName}`];
			const { write } = asItWas(
				finding,
				{ cause, unseen },
				{ auditId, at, last },
			);
			return write ?? [];
		});
	if (kept.length === 0) return open;
	await writeFindings(tables, auditId, kept);
	return readOpenNow(tables, scope);
}

interface Judging {
	readonly judged: ReadonlySet<string>;
	readonly overview: Overview;
}

/** Budgets, or clusters, whose findings could have resolved or eased if it were known that their rows are new. */
function heldBackGaps(open: readonly Finding[]): Gap[] {
	const held = open.filter(
		({ lastKnown }) => lastKnown?.cause === olderRowsCause,
	);
	const byPlace = Map.groupBy(
		held,
		({ budget, cluster }) => budget?.id ?? cluster,
	);
	return [...byPlace.values()].flatMap(([first]): Gap[] => {
		if (first === undefined) return [];
		const { budget, cluster, subscription, lastKnown } = first;
		return [
			{
				kind: "older-rows",
				subscription,
				scope:
					budget === null
						? `cluster ${lastName(cluster)}`
						: `${budgetKinds[budget.kind].noun} ${budget.name}`,
				reason: `its findings stay until newer data is read: ${lastKnown?.unseen[0] ?? ""}`,
			},
		];
	});
}
