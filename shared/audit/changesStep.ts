import {
	beginAudit,
	findAudit,
	listFleetAudits,
	newestEnded,
} from "../azure/auditStore.ts";
import {
	claimFeed,
	commitFeed,
	type Feed,
	readFeed,
	releaseFeed,
} from "../azure/feedStore.ts";
import { findLock } from "../azure/lockStore.ts";
import type { Tables } from "../azure/tables.ts";
import { batchesOf, changesText, mostInRequest } from "../feed/batches.ts";
import {
	askedSince,
	type FeedState,
	type StartedAudit,
	takeIn,
} from "../feed/feedState.ts";
import type { HeardChange } from "../feed/heardChange.ts";
import {
	dueAudits,
	gatherChanges,
	type PendingAudit,
	putBack,
	withTwins,
} from "../feed/pending.ts";
import { madeClusters, placed, subnetsIn } from "../feed/place.ts";
import {
	type AuditRecord,
	type AuditRequest,
	queuedRecord,
} from "../records/auditRecord.ts";
import type { ChangeSettings } from "../settings/changes.ts";
import type { InstanceClient } from "./instances.ts";
import { readFleetIndex } from "./remember.ts";
import { seesWhatWas } from "./scope.ts";
import { newInput, startNext } from "./startAudit.ts";

export interface FeedReaders {
	/** What the feed shows since a time. Never throws. */
	readonly changes: (since: Date) => Promise<FeedAnswer>;
	/** Subnets of these clusters, as far as they are visible. Throws where Resource Graph does not answer. */
	readonly subnets: (
		clusters: readonly string[],
	) => Promise<ReadonlyMap<string, readonly string[]>>;
}

export interface FeedAnswer {
	readonly rows: readonly HeardChange[];
	/** Why rows may be missing. Null: every row arrived and was understood. */
	readonly problem: string | null;
}

interface FeedOptions extends ChangeSettings {
	readonly maxHours: number;
	readonly isJudged: (subscription: string) => boolean;
	readonly now: () => Date;
}

/** What a look at the feed did, for the log. */
export interface Looked {
	/** Rows and events. */
	readonly heard: number;
	/** Those that are new, and that can matter. */
	readonly changes: number;
	/** Groups of clusters that wait. */
	readonly waiting: number;
	/** Audits that were decided on. */
	readonly audits: readonly string[];
	readonly problem: string | null;
	/** Events still wait. */
	readonly more: boolean;
}

/** An audit of the same changes that saw the state before them is repeated as often. */
const mostTries = 3;

/**
 * Looks at the change feed, gathers what it hears, and audits what is due. Everything that it decides is in one
 * transaction, and audits are started after it from what that wrote: a host that dies loses nothing and does nothing
 * twice. Null: there was nothing to do, or another host does it.
 */
export async function changesStep(
	client: InstanceClient,
	tables: Tables,
	readers: FeedReaders,
	options: FeedOptions,
): Promise<Looked | null> {
	const feed = await readFeed(tables);
	if (!hasWork(feed, options)) return null;
	const last = await newestEnded(tables);
	// What is new is new since an audit of the fleet.
	if (last === null) return null;
	const etag = await claimFeed(tables, feed, options.now().getTime());
	if (etag === null) return null;
	let decided: Decided;
	try {
		decided = await decide(tables, feed, last, readers, options);
	} catch (error) {
		await releaseFeed(tables, etag, feed);
		throw error;
	}
	if (!(await commitFeed(tables, feed, etag, decided))) return null;
	await begin(client, tables, decided.state.started, options);
	return { ...decided.looked, more: feed.more };
}

function isAsked({ asked }: Feed, { every, now }: FeedOptions): boolean {
	if (every === null) return false;
	const at = now().getTime();
	// A timer comes early or late. A clock can have been set back.
	return asked === null || at < asked || at - asked >= every * 0.9;
}

function hasWork(feed: Feed, options: FeedOptions): boolean {
	const { pending, started } = feed.state;
	return (
		isAsked(feed, options) ||
		feed.events.length > 0 ||
		started.length > 0 ||
		dueAudits(pending, options.now().getTime(), options).due.length > 0
	);
}

interface Decided extends Pick<Feed, "state" | "asked" | "failing"> {
	readonly looked: Omit<Looked, "more">;
}

async function decide(
	tables: Tables,
	feed: Feed,
	last: AuditRecord,
	readers: FeedReaders,
	options: FeedOptions,
): Promise<Decided> {
	const { state, events } = feed;
	const asks = isAsked(feed, options);
	const answer: FeedAnswer = asks
		? await readers.changes(askedSince(state, last.startedAt))
		: { rows: [], problem: null };
	const now = options.now().getTime();
	const fromEvents = takeIn(state, events, { moves: false, now });
	const moves = asks && answer.problem === null;
	const taken = takeIn(
		// Only an answer moves it: until then it is where the feed began to listen.
		{ ...fromEvents, cursor: state.cursor ?? (asks ? last.startedAt : null) },
		answer.rows,
		{ moves, now },
	);
	const fresh = [...fromEvents.fresh, ...taken.fresh];
	const [newest = null] = await listFleetAudits(tables, 1);
	const fleet = newest?.auditId ?? null;
	const placedAll = await place(
		tables,
		last,
		[...fresh, ...taken.twins.map(({ change }) => change)],
		readers,
		options,
	);
	const told = withTwins(
		gatherChanges(state.pending, placedAll.slice(0, fresh.length), now, fleet),
		taken.twins.flatMap(({ of }, index) => {
			const placed = placedAll[fresh.length + index];
			return placed === undefined ? [] : [{ of, placed }];
		}),
	);
	// The event could not say who else is in a subnet that a pool has moved to.
	const moved = told.late.filter(({ change }) => subnetsIn(change).length > 0);
	const heard = gatherChanges(told.pending, moved, now, fleet);
	const followed = await follow(tables, state.started);
	const pending = putBack(heard, followed.again, now);
	const { due, waiting } = dueAudits(pending, now, options);
	const { go, wait } = byFleetAudit(due, newest);
	const started = await startedFor(tables, go, options);
	const next: FeedState = {
		cursor: taken.cursor,
		heard: taken.heard,
		pending: [...waiting, ...wait],
		started: [...followed.running, ...started],
	};
	return {
		state: next,
		asked: asks ? now : feed.asked,
		failing: failingSince(feed, asks, answer, now),
		looked: {
			heard: answer.rows.length + events.length,
			changes: fresh.length,
			waiting: next.pending.length,
			audits: started.map(({ auditId }) => auditId),
			problem: answer.problem,
		},
	};
}

function failingSince(
	{ failing }: Feed,
	asks: boolean,
	{ problem }: FeedAnswer,
	now: number,
): number | null {
	if (!asks) return failing;
	return problem === null ? null : (failing ?? now);
}

async function place(
	tables: Tables,
	{ snapshot }: AuditRecord,
	fresh: readonly HeardChange[],
	readers: FeedReaders,
	{ isJudged }: FeedOptions,
) {
	if (fresh.length === 0 || snapshot === null) return [];
	const index = await readFleetIndex(tables, snapshot);
	const made = madeClusters(fresh, index);
	const subnets =
		made.length === 0
			? new Map<string, readonly string[]>()
			: await readers.subnets(made);
	return fresh.map((change) => placed(change, index, subnets, isJudged));
}

/** An audit of the fleet that began some minutes after all that was heard sees it. */
function byFleetAudit(
	due: readonly PendingAudit[],
	newest: AuditRecord | null,
): { readonly go: PendingAudit[]; readonly wait: PendingAudit[] } {
	const go: PendingAudit[] = [];
	const wait: PendingAudit[] = [];
	for (const group of due) {
		const isLater =
			newest !== null &&
			newest.auditId > (group.fleet ?? "") &&
			seesWhatWas(newest, group.lastHeard);
		const state = isLater ? newest.state : null;
		if (state === "queued" || state === "running") wait.push(group);
		else if (state !== "completed") go.push(group);
	}
	return { go, wait };
}

async function startedFor(
	tables: Tables,
	due: readonly PendingAudit[],
	{ now }: FeedOptions,
): Promise<StartedAudit[]> {
	if (due.length === 0) return [];
	const held = await findLock(tables);
	const started: StartedAudit[] = [];
	for (const { clusters, groups } of batchesOf(due)) {
		const asked = { now, trigger: "change" as const };
		const input = await newInput(tables, "scoped", held, asked);
		const { auditId, startedAt: at } = input;
		started.push({ auditId, at, clusters: clusters.toSorted(), groups });
	}
	return started;
}

/** Those whose audit has not ended, and the groups that need another one. */
async function follow(
	tables: Tables,
	started: readonly StartedAudit[],
): Promise<{
	readonly running: StartedAudit[];
	readonly again: PendingAudit[];
}> {
	const running: StartedAudit[] = [];
	const again: PendingAudit[] = [];
	for (const one of started) {
		const record = await standingFor(tables, one.auditId);
		switch (record?.state) {
			case undefined:
			case "queued":
			case "running":
			case "merged":
				running.push(one);
				break;
			case "completed":
			case "partial": {
				const unseen = new Set(record.changesNotSeen);
				again.push(
					...one.groups.filter(({ changes }) =>
						changes.some(({ id }) => unseen.has(id)),
					),
				);
				break;
			}
			case "failed":
				again.push(...one.groups);
				break;
		}
	}
	return { running, again: again.filter(({ tries }) => tries < mostTries) };
}

/** The audit that did an audit's work. */
async function standingFor(
	tables: Tables,
	auditId: string,
): Promise<AuditRecord | null> {
	let record = await findAudit(tables, auditId);
	while (record?.state === "merged" && record.mergedInto !== null)
		record = await findAudit(tables, record.mergedInto);
	return record;
}

/** Rows by the IDs that were decided on: whoever does it a second time changes nothing. */
async function begin(
	client: InstanceClient,
	tables: Tables,
	started: readonly StartedAudit[],
	{ maxHours, now }: FeedOptions,
): Promise<void> {
	let begun = false;
	for (const { auditId, at, clusters, groups } of started) {
		if ((await findAudit(tables, auditId)) !== null) continue;
		const input = {
			auditId,
			kind: "scoped" as const,
			trigger: "change" as const,
			startedAt: at,
			restartOf: null,
		};
		const record = queuedRecord(input, { clusters }, groups.map(requestOf));
		await beginAudit(tables, record);
		begun = true;
	}
	if (begun) await startNext(client, tables, { maxHours, now });
}

function requestOf({ changes, count, lastHeard }: PendingAudit): AuditRequest {
	return {
		by: "change",
		why: changesText(changes, count),
		since: new Date(lastHeard).toISOString(),
		changes: changes.slice(0, mostInRequest),
		count,
	};
}
