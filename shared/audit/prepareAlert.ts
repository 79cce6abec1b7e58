import { buildDigest, isListed } from "../alert/buildDigest.ts";
import { alertCard } from "../alert/card.ts";
import {
	type AlertChannel,
	channelsFor,
	defaultChannel,
	hasShare,
	isWhole,
	type Place,
	routesChannel,
} from "../alert/routes.ts";
import { weeklyDue } from "../alert/weekly.ts";
import type { AuditRecord, Told } from "../azure/auditStore.ts";
import { changesOf } from "../azure/findingStore.ts";
import type { Alert } from "../azure/outbox.ts";
import { type Overview, readTags } from "../azure/snapshotStore.ts";
import type { Tables } from "../azure/tables.ts";
import type { Coverage, Finding } from "../contract.ts";
import { acceptancesAt } from "../findings/acceptance.ts";
import { countChanges, countSeverities } from "../findings/counts.ts";
import type { Change } from "../findings/lifecycle.ts";
import { type News, newsOf } from "../findings/news.ts";
import { type AlertSettings, SettingsError } from "../settings.ts";
import type { OpenNow } from "./openNow.ts";

/** What an audit has to tell, and what the channels know then. Nothing of it is stored yet. */
export interface PreparedAlerts {
	readonly alerts: readonly Alert[];
	readonly told: Told;
}

export interface AlertSource {
	readonly record: AuditRecord;
	readonly overview: Overview;
	/** The key of the audit's snapshot. */
	readonly snapshot: string;
	/** What the channels knew before this audit. */
	readonly before: Told;
	readonly open: OpenNow;
}

/**
 * Draws a card for each channel that has news, or that hears the word of the week. The same audit with the same memory
 * before it draws the same cards.
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
		!overview.baseline &&
		weeklyDue(before.lastWeekly, finishedAt, settings.weeklyDay);
	const fleet = await fleetNews(tables, source, settings.channels, finishedAt);
	const alerts = settings.channels
		.map((channel) => shareOf(channel, settings.channels, fleet))
		.filter((share) => isDue(share, overview.baseline || weekly))
		.map((share) => ({
			auditId: record.auditId,
			channel: share.channel.name,
			card: cardOf(share, { source, settings, weekly, finishedAt }),
			...stateOf(share.channel),
		}));
	const unusable = alerts.length > 0 ? unusableRoutes(record, settings) : [];
	for (const { channel, state, reason } of [...alerts, ...unusable])
		if (state === "failed")
			logError(`channel ${channel}: no alert can be sent: ${reason}`);
	return {
		alerts: [...alerts, ...unusable],
		told: {
			lastComplete:
				record.state === "completed" ? finishedAt : before.lastComplete,
			lastWeekly: overview.baseline || weekly ? finishedAt : before.lastWeekly,
		},
	};
}

/** Wrong settings stop delivery and nothing else: the audit says that its alert failed. */
function settingsOr(read: () => AlertSettings): AlertSettings {
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

/** What there is to tell of the whole fleet. */
interface FleetNews {
	readonly changes: readonly Change[];
	readonly news: readonly News[];
	readonly damped: readonly Change[];
	readonly outOfReach: readonly string[];
	placeOf(finding: Finding): Place;
}

async function fleetNews(
	tables: Tables,
	{ record, overview, snapshot, open }: AlertSource,
	channels: readonly AlertChannel[],
	at: string,
): Promise<FleetNews> {
	const changes: Change[] = [];
	for await (const change of changesOf(tables, record.auditId))
		changes.push(change);
	const since = overview.before?.finishedAt ?? null;
	const tags: ReadonlyMap<string, Place["tags"]> = channels.some(
		({ tag }) => tag !== null,
	)
		? await readTags(tables, snapshot)
		: new Map();
	return {
		changes,
		...newsOf(changes, open.findings, open.given, { since, at }),
		outOfReach: overview.outOfReach,
		placeOf: ({ cluster, subscription }) => ({
			subscription,
			tags: tags.get(cluster) ?? {},
		}),
	};
}

/** What one channel is told of. */
interface Share extends Omit<FleetNews, "placeOf"> {
	readonly channel: AlertChannel;
	/** It is told of everything; false with `none`: of nothing at all. */
	readonly whole: boolean;
	readonly none: boolean;
	isFor(finding: Finding): boolean;
}

function shareOf(
	channel: AlertChannel,
	channels: readonly AlertChannel[],
	{ changes, news, damped, outOfReach, placeOf }: FleetNews,
): Share {
	const hears = (place: Place) =>
		channelsFor(channels, place).includes(channel);
	const isFor = (finding: Finding) => hears(placeOf(finding));
	const ofIt = ({ finding }: { readonly finding: Finding }) => isFor(finding);
	return {
		channel,
		whole: isWhole(channels, channel),
		none: !hasShare(channels, channel),
		changes: changes.filter(ofIt),
		news: news.filter(ofIt),
		damped: damped.filter(ofIt),
		outOfReach: outOfReach.filter((subscription) =>
			hears({ subscription, tags: {} }),
		),
		isFor,
	};
}

/** `always`: the first audit and the word of the week go to everyone who has a share in the fleet. */
function isDue(
	{ channel, none, news, outOfReach }: Share,
	always: boolean,
): boolean {
	return (
		(always && !none) ||
		outOfReach.length > 0 ||
		news.some((one) => isListed(one, channel.minSeverity))
	);
}

function cardOf(
	{ channel, whole, changes, news, damped, outOfReach, isFor }: Share,
	{
		source: { record, overview, before, open },
		settings,
		weekly,
		finishedAt,
	}: {
		readonly source: AlertSource;
		readonly settings: AlertSettings;
		readonly weekly: boolean;
		readonly finishedAt: string;
	},
): string {
	const { given } = open;
	const findings = open.findings.filter(isFor);
	return alertCard(
		buildDigest({
			auditId: record.auditId,
			baseline: overview.baseline,
			state: record.state === "partial" ? "partial" : "completed",
			finishedAt,
			whole,
			changes: news,
			counts: whole ? record.changes : countChanges(changes),
			damped: damped.length,
			open: countSeverities(findings),
			accepted: acceptedOf({ findings, given }, finishedAt).length,
			weekly: weekly
				? toldAgain({ findings, given }, news, settings, finishedAt)
				: null,
			lastComplete: before.lastComplete,
			coverage: withOutOfReach(record.coverage, outOfReach),
			minSeverity: channel.minSeverity,
			reportUrl: settings.reportUrl,
		}),
	);
}

function acceptedOf({ findings, given }: OpenNow, at: string): Finding[] {
	const acceptance = acceptancesAt(given, at);
	return findings.filter((finding) => acceptance(finding) !== null);
}

const day = 86_400_000;

/** Critical findings that nobody has said anything of for so many days; who accepted one knows of it. */
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
	const before = Date.parse(finishedAt) - repeatDays * day;
	return open.findings.filter(
		({ id, severity, changedAt }) =>
			severity === "critical" &&
			!known.has(id) &&
			Date.parse(changedAt) <= before,
	);
}

function stateOf({ webhook }: AlertChannel): Pick<Alert, "state" | "reason"> {
	switch (webhook.kind) {
		case "url":
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
	const reason = routeProblems.join("; ");
	return [
		{ auditId, channel: routesChannel, card: "", state: "failed", reason },
	];
}

/** Subscriptions that are expected no more are said once, beside the gaps. */
function withOutOfReach(
	coverage: Coverage,
	outOfReach: readonly string[],
): Coverage {
	if (outOfReach.length === 0) return coverage;
	return {
		...coverage,
		gaps: [
			...outOfReach.map((id) => ({
				scope: `subscription ${id}`,
				reason: "out of reach for several audits: expected no more",
			})),
			...coverage.gaps,
		],
	};
}
