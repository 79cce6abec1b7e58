import { isListed } from "../alert/buildDigest.ts";
import {
	type AlertChannel,
	channelsFor,
	hasShare,
	isWhole,
	type Place,
} from "../alert/routes.ts";
import { changesOf } from "../azure/changeStore.ts";
import { readTags } from "../azure/snapshotStore.ts";
import type { Tables } from "../azure/tables.ts";
import { type Finding, type Severity, severities } from "../contract.ts";
import type { Change } from "../findings/lifecycle.ts";
import { type News, newsOf } from "../findings/news.ts";
import type { Overview } from "../records/snapshot.ts";
import type { OpenNow } from "./openNow.ts";

/** What there is to tell of the whole fleet. */
interface FleetNews {
	readonly changes: readonly Change[];
	readonly news: readonly News[];
	/** Changes of findings that come and go: counted only. */
	readonly damped: readonly Change[];
	readonly outOfReach: readonly string[];
	placeOf(finding: Finding): Place;
}

/** What the audit changed. Tags are read only if a route asks for one. `at`: when it ended. */
export async function fleetNews(
	tables: Tables,
	audit: {
		readonly auditId: string;
		readonly snapshot: string;
		readonly overview: Overview;
		readonly open: OpenNow;
		readonly at: string;
	},
	channels: readonly AlertChannel[],
): Promise<FleetNews> {
	const { auditId, snapshot, overview, open, at } = audit;
	const changes: Change[] = [];
	for await (const change of changesOf(tables, auditId)) changes.push(change);
	// What ended by itself since then is told by the audit of the fleet.
	const isScoped = overview.olderRows !== undefined;
	const since = isScoped ? null : (overview.before?.finishedAt ?? null);
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
export interface ChannelNews extends Omit<FleetNews, "placeOf"> {
	readonly channel: AlertChannel;
	/** It is told of every cluster. */
	readonly whole: boolean;
	/** It hears about no cluster, since other channels take them all. */
	readonly none: boolean;
	isFor(finding: Finding): boolean;
}

export function channelNewsOf(
	channel: AlertChannel,
	channels: readonly AlertChannel[],
	{ changes, news, damped, outOfReach, placeOf }: FleetNews,
): ChannelNews {
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

const pressing: readonly News["kind"][] = ["opened", "worsened", "reopened"];

/** Of what a change led to, what does not wait for the night: new or worse, and severe enough. */
export function byDayOnly(share: ChannelNews, least: Severity): ChannelNews {
	const news = share.news.filter(
		(one) =>
			pressing.includes(one.kind) &&
			severities.indexOf(one.finding.severity) <= severities.indexOf(least) &&
			isListed(one, share.channel.minSeverity),
	);
	const told = new Set(news.map(({ finding }) => finding.id));
	return {
		...share,
		news,
		changes: share.changes.filter(({ finding }) => told.has(finding.id)),
		damped: [],
	};
}

/** `always`: the first audit and the weekly summary go to everyone who has a share in the fleet. */
export function isDue(
	{ channel, none, news, outOfReach }: ChannelNews,
	always: boolean,
): boolean {
	return (
		(always && !none) ||
		outOfReach.length > 0 ||
		news.some((one) => isListed(one, channel.minSeverity))
	);
}
