import { buildDigest, isListed } from "../alert/buildDigest.ts";
import { alertCard } from "../alert/card.ts";
import type { AuditRecord } from "../azure/auditStore.ts";
import { changesOf } from "../azure/findingStore.ts";
import { putAlert } from "../azure/outbox.ts";
import type { Overview } from "../azure/snapshotStore.ts";
import type { Tables } from "../azure/tables.ts";
import type { AlertState, Coverage } from "../contract.ts";
import type { Change } from "../findings/lifecycle.ts";
import { newsOf } from "../findings/news.ts";
import { type AlertSettings, SettingsError } from "../settings.ts";
import type { OpenNow } from "./openNow.ts";

/** Puts the card into the outbox where there is news. What is in the outbox already stays: it may be sent. */
export async function prepareAlert(
	tables: Tables,
	readAlertSettings: () => AlertSettings,
	record: AuditRecord,
	overview: Overview,
	open: OpenNow,
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
	const at = finishedAt ?? "";
	const since = overview.before?.finishedAt ?? null;
	const { news, damped } = newsOf(changes, open.findings, open.given, {
		since,
		at,
	});
	const worthIt = news.some((one) => isListed(one, minSeverity));
	if (!worthIt && !overview.baseline && overview.outOfReach.length === 0)
		return "none";
	const digest = buildDigest({
		auditId,
		baseline: overview.baseline,
		state: state === "partial" ? "partial" : "completed",
		finishedAt: at,
		changes: news,
		damped,
		counts: record.changes,
		open: record.findings,
		accepted: record.accepted,
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
