import { type Alert, worstState } from "../alert/alert.ts";
import {
	changeRunning,
	findAudit,
	memoryBefore,
	writeMemory,
} from "../azure/auditStore.ts";
import { putAlert } from "../azure/outbox.ts";
import {
	readDone,
	readOverview,
	readUnseenClusters,
} from "../azure/snapshotStore.ts";
import type { Tables } from "../azure/tables.ts";
import type { Coverage, Gap } from "../contract.ts";
import { addCounts, countChanges } from "../findings/counts.ts";
import type { AuditRecord } from "../records/auditRecord.ts";
import { type Memory, nothingTold } from "../records/memory.ts";
import type { Overview } from "../records/snapshot.ts";
import type { AlertSettings } from "../settings/alert.ts";
import type { Retention } from "../settings/audit.ts";
import { carryOver } from "./carryOver.ts";
import { cleanUp } from "./cleanUp.ts";
import { sumOf } from "./doneCounts.ts";
import { settleHalfDone } from "./halfDone.ts";
import { type FailedSlice, lostSlices } from "./lostSlices.ts";
import { type OpenNow, openCounts, readOpenNow } from "./openNow.ts";
import { prepareAlerts } from "./prepareAlert.ts";
import {
	endedUnseenClusters,
	keepUnseenClusters,
	resolveUnseenClusters,
	vanishedClusters,
} from "./unseenClusters.ts";

export interface CloseInput {
	readonly auditId: string;
	readonly snapshot: string;
	readonly failed: readonly FailedSlice[];
	/** ISO 8601, from the orchestration's clock, so that ending twice writes the same. */
	readonly finishedAt: string;
}

/** Settings that may be wrong without costing the audit. */
interface CloseSettings {
	readonly alert: () => AlertSettings;
	readonly retention: () => Retention;
}

/**
 * Does what needs the whole audit, and ends it: the audit's row is written last. The answer is the ended audit, or null
 * if it had ended before.
 */
export async function closeStep(
	tables: Tables,
	settings: CloseSettings,
	input: CloseInput,
	logError: (message: string) => void,
): Promise<AuditRecord | null> {
	const { auditId } = input;
	const record = await findAudit(tables, auditId);
	if (record?.state !== "running") return null;
	const found = await whatItFound(tables, record, input);
	const alerts = await tell(tables, settings, found, logError);
	const last = {
		...found.result,
		alert: { state: worstState(alerts.map(({ state }) => state)) },
	};
	const isEnded = await changeRunning(tables, auditId, () => last);
	return isEnded ? last : null;
}

/** The audit's row as it will be, but for its alert, and what was needed to know it. */
interface Found {
	readonly result: AuditRecord;
	readonly snapshot: string;
	readonly finishedAt: string;
	readonly overview: Overview;
	readonly open: OpenNow;
	readonly vanished: Memory["vanished"];
}

async function whatItFound(
	tables: Tables,
	record: AuditRecord,
	{ auditId, snapshot, failed, finishedAt }: CloseInput,
): Promise<Found> {
	const overview = await readOverview(tables, snapshot);
	const lost = await lostSlices(tables, snapshot, failed);
	const gaps = [...overview.gaps, ...lost.map(({ gap }) => gap)];
	const complete = gaps.length === 0;
	const unseenClusters = await readUnseenClusters(tables, snapshot);
	const vanished = vanishedClusters(overview, unseenClusters);
	const gone = endedUnseenClusters(unseenClusters, vanished, complete);
	const at = record.startedAt;
	const ended = await resolveUnseenClusters(tables, gone, { auditId, at });
	await keepUnseenClusters(tables, unseenClusters, {
		auditId,
		at,
		last: overview.before,
	});
	const open = await readOpenNow(tables, record.scope);
	const openById = new Map(open.findings.map((one) => [one.id, one]));
	const half = new Set(lost.flatMap(({ clusters }) => clusters));
	const halfDone = await settleHalfDone(tables, auditId, half, openById);
	const carried = await carryOver(tables, record, openById);
	const done = sumOf(await readDone(tables, snapshot));
	const notEvaluated = done.notEvaluated + overview.clusters - done.clusters;
	const result: AuditRecord = {
		...record,
		snapshot,
		state: complete ? "completed" : "partial",
		finishedAt,
		progress: { clusters: overview.clusters, evaluated: done.clusters },
		coverage: coverageOf(overview, gaps, notEvaluated),
		...openCounts(open, finishedAt),
		changes: addCounts(
			done.changes,
			countChanges([...ended, ...halfDone, ...carried]),
		),
	};
	return { result, snapshot, finishedAt, overview, open, vanished };
}

/** Puts the cards into the outbox, remembers what is told, and only then removes what is old. */
async function tell(
	tables: Tables,
	settings: CloseSettings,
	{ result, snapshot, finishedAt, overview, open, vanished }: Found,
	logError: (message: string) => void,
): Promise<Alert[]> {
	const { auditId } = result;
	const before = (await memoryBefore(tables, auditId))?.told ?? nothingTold;
	const { alerts, told } = await prepareAlerts(
		tables,
		settings.alert,
		{ record: result, overview, snapshot, before, open },
		logError,
	);
	const memory = { ...overview.remembered, vanished, told };
	await writeMemory(tables, auditId, memory);
	const stored: Alert[] = [];
	// What is in the outbox already stays as it is: it may be sent.
	for (const alert of alerts) stored.push(await putAlert(tables, alert));
	// After the cards: a second try would miss what a first one removed before it could tell.
	await cleanUp(tables, {
		snapshot,
		at: finishedAt,
		readRetention: settings.retention,
		logError,
	});
	return stored;
}

export function coverageOf(
	overview: Pick<Overview, "expected" | "clusters" | "subnets">,
	gaps: readonly Gap[],
	notEvaluated: number,
): Coverage {
	const missing = gaps.filter(({ kind }) => kind === "subscription");
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
