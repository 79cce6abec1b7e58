import { type Alert, worstState } from "../alert/alert.ts";
import { failureCard } from "../alert/failureCard.ts";
import {
	type AlertChannel,
	defaultChannel,
	hasShare,
	isWhole,
} from "../alert/routes.ts";
import {
	changeRunning,
	failedSince,
	findAudit,
	memoryBefore,
} from "../azure/auditStore.ts";
import {
	alertStates,
	alertsOf,
	updateAlert,
	withdrawAlerts,
} from "../azure/outbox.ts";
import { isStorageAway, type Tables } from "../azure/tables.ts";
import { shortReason } from "../reason.ts";
import { type AuditRecord, failedRecord } from "../records/auditRecord.ts";
import type { AlertSettings } from "../settings/alert.ts";
import { hoursBetween } from "../time.ts";
import { openCounts, readOpenNow } from "./openNow.ts";
import { settingsOr, stateOf } from "./prepareAlert.ts";

export interface FailInput {
	readonly auditId: string;
	/** For people: what was wrong, where, and what to do. */
	readonly reason: string;
	readonly finishedAt: string;
}

/** Audits that fail for the same reason are told once in this many hours. */
const tellAgainHours = 20;

/**
 * Ends an audit that failed, with a card that says so. What was known before stays as it was. The card is stored before
 * the row is written, as for audits that end well. So the row never says more than the card.
 */
export async function failStep(
	tables: Tables,
	readAlertSettings: () => AlertSettings,
	{ auditId, reason, finishedAt }: FailInput,
	logError: (message: string) => void,
): Promise<void> {
	const record = await findAudit(tables, auditId);
	if (record?.state !== "running") return;
	const now = await readOpenNow(tables, record.scope);
	const open = openCounts(now, finishedAt);
	const failed = failedRecord(record, reason, finishedAt, open);
	try {
		// Who asked for a scoped audit reads its row. The channel knows no more and no less of the fleet than before.
		if (record.scope === null)
			await tell(tables, settingsOr(readAlertSettings), failed, reason);
		// A close that failed half-way has left cards that say the audit is done. The next audit tells what it found.
		else await withdrawAlerts(tables, auditId);
	} catch (error) {
		// A card that cannot be made must not keep the row at `running`.
		if (isStorageAway(error)) throw error;
		logError(`its card could not be stored: ${shortReason(error)}`);
	}
	const alert = { state: worstState(await alertStates(tables, auditId)) };
	await changeRunning(tables, auditId, () => ({ ...failed, alert }));
}

async function tell(
	tables: Tables,
	settings: AlertSettings,
	failed: AuditRecord,
	reason: string,
): Promise<void> {
	// A close that failed half-way has put cards into the outbox that say the audit is done. None of them was sent.
	const unsent = await alertsOf(tables, failed.auditId);
	if (unsent.length === 0 && (await isToldAlready(tables, failed, reason)))
		return;
	const { auditId } = failed;
	const finishedAt = failed.finishedAt ?? failed.startedAt;
	const { findings, accepted } = failed;
	const told = (await memoryBefore(tables, auditId))?.told;
	const card = failureCard({
		reason,
		finishedAt,
		open: findings,
		accepted,
		lastComplete: told?.lastComplete ?? null,
		reportUrl: settings.reportUrl,
	});
	const channels = settings.channels.filter(
		(channel) =>
			audience(settings.channels).includes(channel) ||
			unsent.some((alert) => alert.channel === channel.name),
	);
	for (const channel of channels) {
		const alert: Alert = {
			auditId,
			channel: channel.name,
			card,
			...stateOf(channel),
		};
		await updateAlert(tables, alert);
	}
}

/**
 * It goes to the default channel and to routes without conditions, which own the whole fleet. If none of these can be
 * sent to, it goes to all channels.
 */
function audience(channels: readonly AlertChannel[]): AlertChannel[] {
	const whole = channels.filter(
		(channel) =>
			isWhole(channels, channel) ||
			(channel.name === defaultChannel && hasShare(channels, channel)),
	);
	const reachable = ({ webhook }: AlertChannel) =>
		webhook.kind === "url" || webhook.kind === "secret";
	if (whole.some(reachable)) return whole;
	const others = channels.filter(reachable);
	return others.length > 0 ? others : whole;
}

async function isToldAlready(
	tables: Tables,
	{ auditId, startedAt }: AuditRecord,
	reason: string,
): Promise<boolean> {
	const before = await failedSince(tables, auditId);
	return before.some(
		(one) =>
			one.alert.state !== "none" &&
			one.coverage.gaps[0]?.reason === reason &&
			hoursBetween(one.startedAt, startedAt) < tellAgainHours,
	);
}
