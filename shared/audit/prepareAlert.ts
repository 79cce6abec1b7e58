import type { Alert } from "../alert/alert.ts";
import { buildDigest, type DigestInput } from "../alert/buildDigest.ts";
import { alertCard } from "../alert/card.ts";
import {
	type AlertChannel,
	defaultChannel,
	routesChannel,
} from "../alert/routes.ts";
import { weeklyDue } from "../alert/weekly.ts";
import type { Tables } from "../azure/tables.ts";
import type { Finding, Severity } from "../contract.ts";
import { acceptancesAt } from "../findings/acceptance.ts";
import { countChanges, countSeverities } from "../findings/counts.ts";
import type { News } from "../findings/news.ts";
import { type AuditRecord, isByDay } from "../records/auditRecord.ts";
import type { Told } from "../records/memory.ts";
import type { Overview } from "../records/snapshot.ts";
import type { AlertSettings } from "../settings/alert.ts";
import { SettingsError } from "../settings/environment.ts";
import { daysBefore } from "../time.ts";
import {
	byDayOnly,
	type ChannelNews,
	channelNewsOf,
	fleetNews,
	isDue,
} from "./alertShare.ts";
import type { OpenNow } from "./openNow.ts";

/** What an audit has to tell, and what the channels know then. Nothing of it is stored yet. */
interface PreparedAlerts {
	readonly alerts: readonly Alert[];
	readonly told: Told;
	/** IDs of findings with news in a card. */
	readonly listed: readonly string[];
}

interface AlertSource {
	readonly record: AuditRecord;
	readonly overview: Overview;
	/** The key of the audit's snapshot. */
	readonly snapshot: string;
	/** What the channels knew before this audit. */
	readonly before: Told;
	readonly open: OpenNow;
	/** Of a scoped audit: the names of the clusters that it judged. */
	readonly names?: readonly string[];
	/** Of an audit by day: the least severity that it tells. Absent: it tells everything. */
	readonly byDay?: Severity;
}

/**
 * Makes a card for each channel with news, or with the weekly summary. The same audit with the same memory makes the
 * same cards.
 */
export async function prepareAlerts(
	tables: Tables,
	readAlertSettings: () => AlertSettings,
	source: AlertSource,
	logError: (message: string) => void,
): Promise<PreparedAlerts> {
	const { record, overview, before } = source;
	const finishedAt = record.finishedAt ?? record.startedAt;
	const settings = settingsOr(readAlertSettings);
	const weekly =
		record.scope === null &&
		!overview.baseline &&
		weeklyDue(before.lastWeekly, finishedAt, settings.weeklyDay);
	const telling = { source, settings, weekly, finishedAt };
	const shares = await sharesOf(tables, telling);
	const cards = shares.map((share) => alertOf(share, telling));
	const alerts = [
		...cards,
		...(cards.length > 0 ? unusableRoutes(record, settings) : []),
	];
	for (const { channel, state, reason } of alerts)
		if (state === "failed")
			logError(`channel ${channel}: no alert can be sent: ${reason}`);
	return {
		alerts,
		listed: shares.flatMap(({ news }) => news.map(({ finding }) => finding.id)),
		told: {
			lastComplete:
				record.state === "completed" ? finishedAt : before.lastComplete,
			lastWeekly: overview.baseline || weekly ? finishedAt : before.lastWeekly,
		},
	};
}

interface Telling {
	readonly source: AlertSource;
	readonly settings: AlertSettings;
	/** The weekly summary is due. */
	readonly weekly: boolean;
	readonly finishedAt: string;
}

/** What each channel with news is told. */
async function sharesOf(
	tables: Tables,
	{ source, settings, weekly, finishedAt: at }: Telling,
): Promise<ChannelNews[]> {
	const { byDay } = source;
	const { auditId } = source.record;
	const { channels } = settings;
	const fleet = await fleetNews(tables, { auditId, at, ...source }, channels);
	return channels
		.map((channel) => channelNewsOf(channel, channels, fleet))
		.map((share) => (byDay === undefined ? share : byDayOnly(share, byDay)))
		.filter((share) => isDue(share, source.overview.baseline || weekly));
}

function alertOf(share: ChannelNews, telling: Telling): Alert {
	return {
		auditId: telling.source.record.auditId,
		channel: share.channel.name,
		card: cardOf(share, telling),
		...stateOf(share.channel),
	};
}

/** Wrong settings stop delivery and nothing else: the audit says that its alert failed. */
export function settingsOr(read: () => AlertSettings): AlertSettings {
	try {
		return read();
	} catch (error) {
		if (!(error instanceof SettingsError)) throw error;
		const channel: AlertChannel = {
			name: defaultChannel,
			webhook: { kind: "wrong", reason: error.message },
			minSeverity: "high",
			subscriptions: null,
			tag: null,
		};
		return {
			channels: [channel],
			routeProblems: [],
			reportUrl: null,
			weeklyDay: null,
			repeatDays: 1,
		};
	}
}

function cardOf(
	{ channel, whole, changes, news, damped, outOfReach, isFor }: ChannelNews,
	{ source, settings, weekly, finishedAt }: Telling,
): string {
	const { record, overview, before } = source;
	const { given } = source.open;
	const findings = source.open.findings.filter(isFor);
	const accepted = new Set(
		acceptedOf({ findings, given }, finishedAt).map(({ id }) => id),
	);
	return alertCard(
		buildDigest({
			auditId: record.auditId,
			scope: scopeOf(source),
			baseline: overview.baseline,
			state: record.state === "partial" ? "partial" : "completed",
			finishedAt,
			whole,
			changes: news,
			counts:
				whole && source.byDay === undefined
					? record.changes
					: countChanges(changes),
			damped: damped.length,
			open: countSeverities(findings),
			accepted: accepted.size,
			unaccepted: findings.filter((one) => !accepted.has(one.id)),
			weekly: weekly
				? toldAgain({ findings, given }, news, settings, finishedAt)
				: null,
			lastComplete: before.lastComplete,
			coverage: record.coverage,
			outOfReach,
			minSeverity: channel.minSeverity,
			reportUrl: settings.reportUrl,
		}),
	);
}

function scopeOf({ record, names }: AlertSource): DigestInput["scope"] {
	if (record.scope === null) return null;
	const why = record.requests.map(({ why }) => why);
	return { clusters: names ?? [], why, changed: isByDay(record) };
}

function acceptedOf({ findings, given }: OpenNow, at: string): Finding[] {
	const acceptance = acceptancesAt(given, at);
	return findings.filter((finding) => acceptance(finding) !== null);
}

/** Critical findings without news for this many days. Accepted ones are not repeated: somebody knows about them. */
function toldAgain(
	open: OpenNow,
	news: readonly News[],
	{ repeatDays }: AlertSettings,
	finishedAt: string,
): Finding[] {
	const known = new Set([
		...news.map(({ finding }) => finding.id),
		...acceptedOf(open, finishedAt).map(({ id }) => id),
	]);
	const before = daysBefore(finishedAt, repeatDays).getTime();
	return open.findings.filter(
		({ id, severity, changedAt }) =>
			severity === "critical" &&
			!known.has(id) &&
			Date.parse(changedAt) <= before,
	);
}

export function stateOf({
	webhook,
}: AlertChannel): Pick<Alert, "state" | "reason"> {
	switch (webhook.kind) {
		case "url":
		case "secret":
			return { state: "pending", reason: null };
		case "none":
			return { state: "recorded", reason: null };
		case "wrong":
			return { state: "failed", reason: webhook.reason };
	}
}

/** What such a route was to hear goes to the default channel, and the audit says that something is wrong. */
function unusableRoutes(
	{ auditId }: AuditRecord,
	{ routeProblems }: AlertSettings,
): Alert[] {
	if (routeProblems.length === 0) return [];
	const reason = routeProblems.join(" ");
	return [
		{ auditId, channel: routesChannel, card: "", state: "failed", reason },
	];
}
