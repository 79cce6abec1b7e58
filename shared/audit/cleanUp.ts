import { removeAcceptancesBefore } from "../azure/acceptanceStore.ts";
import {
	forgetMemories,
	newestEnded,
	removeAuditsBefore,
} from "../azure/auditStore.ts";
import { removeChangesBefore } from "../azure/changeStore.ts";
import { addLines, removeResolvedBefore } from "../azure/findingStore.ts";
import { removeHistoryBefore } from "../azure/historyStore.ts";
import { forgetJudgedBefore } from "../azure/judgedStore.ts";
import { removeAlertsBefore } from "../azure/outbox.ts";
import { removeSnapshots } from "../azure/snapshotStore.ts";
import type { Tables } from "../azure/tables.ts";
import { mostDays } from "../history/series.ts";
import { shortReason } from "../reason.ts";
import type { AuditRecord } from "../records/auditRecord.ts";
import type { Retention } from "../settings/audit.ts";
import { daysBefore } from "../time.ts";

/** Rows of a kind that one night removes at most. The rest goes the next night. */
const mostRows = 5000;

/** What is removed, each by itself: a failure of one kind does not stop the rest. */
type Removals = Readonly<Record<string, () => Promise<unknown>>>;

interface CleaningUp {
	/** The audit that is being ended: its snapshot, and when. */
	readonly snapshot: string;
	/** ISO 8601. */
	readonly at: string;
	readonly readRetention: () => Retention;
	readonly logError: (message: string) => void;
}

/**
 * Removes what later audits do not need, and what is older than its retention, and brings findings of an earlier release
 * into the form of this one. Open findings, running or waiting rows,
 * and the newest audit that ended stay at any age. A failure is logged, and the next night repeats it: it must not cost
 * the audit.
 */
export async function cleanUp(
	tables: Tables,
	{ snapshot, at, readRetention, logError }: CleaningUp,
): Promise<void> {
	const daysAgo = (days: (retention: Retention) => number) =>
		daysBefore(at, days(readRetention()));
	const newest = newestEnded(tables);
	const auditsFrom = () => daysAgo(({ auditDays }) => auditDays);
	await removeAll(
		{
			snapshots: async () => removeOldSnapshots(tables, snapshot, await newest),
			memories: () => forgetMemories(tables),
			audits: async () => {
				const keep = (await newest)?.auditId ?? null;
				return removeAuditsBefore(tables, auditsFrom(), keep, mostRows);
			},
			changes: () => removeChangesBefore(tables, auditsFrom(), mostRows),
			acceptances: () => removeAcceptancesBefore(tables, auditsFrom()),
			// A budget that nobody has seen for as long as points are kept has no point that still counts.
			history: () =>
				removeHistoryBefore(tables, daysBefore(at, mostDays).toISOString()),
			alerts: () => removeAlertsBefore(tables, auditsFrom(), mostRows),
			"resolved findings": () =>
				removeResolvedBefore(
					tables,
					daysAgo(({ resolvedFindingDays }) => resolvedFindingDays),
					mostRows,
				),
		},
		logError,
	);
	await completeFindings(tables, logError);
}

async function completeFindings(
	tables: Tables,
	logError: (message: string) => void,
): Promise<void> {
	try {
		await addLines(tables);
	} catch (error) {
		logError(
			`lines were not added to the findings of an earlier release: ${shortReason(error)}`,
		);
	}
}

async function removeAll(
	removals: Removals,
	logError: (message: string) => void,
): Promise<void> {
	for (const [what, remove] of Object.entries(removals))
		try {
			await remove();
		} catch (error) {
			logError(`old ${what} were not removed: ${shortReason(error)}`);
		}
}

/**
 * The one before stays until this audit has ended, since the capacity route reads it until then. So do those of scoped
 * audits since.
 */
async function removeOldSnapshots(
	tables: Tables,
	snapshot: string,
	before: AuditRecord | null,
): Promise<void> {
	const scoped = await forgetJudgedBefore(tables, before?.startedAt ?? "");
	await removeSnapshots(
		tables,
		[snapshot, before?.snapshot, ...scoped].filter(
			(key) => typeof key === "string",
		),
	);
}
