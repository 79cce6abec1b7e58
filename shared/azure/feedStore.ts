import { odata } from "@azure/data-tables";
import { type FeedState, nothingHeard } from "../feed/feedState.ts";
import type { HeardChange } from "../feed/heardChange.ts";
import { hash } from "../keys/hash.ts";
import { minuteMs } from "../time.ts";
import { packed, unpacked } from "./entity.ts";
import { pack, packEntities, unpackRows } from "./pack.ts";
import { findEntity, isStatus, type Tables } from "./tables.ts";

/*
 * The change feed has one partition, so that one transaction can write all of it: who works on it (`claim`), what it
 * remembers (`state` and its further parts), and events that wait to be taken in (`waits|…`).
 */

const partition = "feed";
const claimRow = "claim";
const stateRow = "state";
const waits = "waits|";
/** A look takes a minute at most. Whoever has held the claim for longer is dead. */
const longestClaim = 5 * minuteMs;
/** With the state's own rows, what one transaction takes. */
const mostEvents = 80;

export interface Feed {
	readonly state: FeedState;
	/** When the feed was asked last, whatever it answered. Milliseconds since 1970. Null: never. */
	readonly asked: number | null;
	/** Since when each look has failed. Milliseconds since 1970. Null: the last one did not. */
	readonly failing: number | null;
	/** The first of the events that wait. */
	readonly events: readonly HeardChange[];
	/** More events than these. */
	readonly more: boolean;
	readonly claim: { readonly etag: string; readonly until: number } | null;
	/** Rows that the state has. */
	readonly rows: readonly string[];
}

/** How the looks at the feed went. */
export type FeedLooks = Pick<Feed, "asked" | "failing">;

/** The same, in one small row. Null: nobody has looked yet. */
export async function readFeedLooks({
	audits,
}: Tables): Promise<FeedLooks | null> {
	const row = await findEntity(audits, partition, claimRow);
	return row && looksIn(row);
}

export async function readFeed({ audits }: Tables): Promise<Feed> {
	const state: Record<string, unknown>[] = [];
	const events: HeardChange[] = [];
	let claim: Feed["claim"] = null;
	let looks: FeedLooks = { asked: null, failing: null };
	let more = false;
	const rows = audits.listEntities({
		queryOptions: { filter: odata`PartitionKey eq ${partition}` },
	});
	for await (const row of rows) {
		const key = row.rowKey ?? "";
		if (key === claimRow) {
			claim = { etag: String(row.etag), until: Number(row.until) };
			looks = looksIn(row);
		} else if (key.startsWith(stateRow)) state.push(row);
		else if (events.length < mostEvents)
			events.push(unpacked<HeardChange>(row));
		else {
			more = true;
			break;
		}
	}
	return {
		state: state.length === 0 ? nothingHeard : await unpackRows(state),
		...looks,
		events,
		more,
		claim,
		rows: state.map(({ rowKey }) => String(rowKey)),
	};
}

/** One atomic write decides who works on the feed. Null: somebody else does. */
export async function claimFeed(
	{ audits }: Tables,
	{ claim, ...looks }: Feed,
	now: number,
): Promise<string | null> {
	// A time far ahead was written by a clock that has been set back since.
	if (claim !== null && claim.until > now && claim.until <= now + longestClaim)
		return null;
	const row = claimOf(now + longestClaim, looks);
	try {
		const { etag } =
			claim === null
				? await audits.createEntity(row)
				: await audits.updateEntity(row, "Replace", { etag: claim.etag });
		return etag ?? null;
	} catch (error) {
		if (isTaken(error)) return null;
		throw error;
	}
}

/** Without any change of what is remembered, so that the next look need not wait. */
export async function releaseFeed(
	{ audits }: Tables,
	etag: string,
	looks: FeedLooks,
): Promise<void> {
	try {
		await audits.updateEntity(claimOf(0, looks), "Replace", { etag });
	} catch (error) {
		if (!isTaken(error)) throw error;
	}
}

/**
 * Writes what the feed remembers, ends the claim and removes the events that were taken in: all of it, or nothing. False:
 * somebody else has worked on it since.
 */
export async function commitFeed(
	{ audits }: Tables,
	before: Feed,
	etag: string,
	{ state, ...looks }: Pick<Feed, "state"> & FeedLooks,
): Promise<boolean> {
	const parts = packEntities(
		{ partitionKey: partition, rowKey: stateRow },
		await pack(state),
	);
	const kept = new Set(parts.map(({ rowKey }) => rowKey));
	const gone = [
		...before.rows.filter((row) => !kept.has(row)),
		...before.events.map(({ id }) => eventRow(id)),
	];
	try {
		await audits.submitTransaction([
			["update", claimOf(0, looks), "Replace", { etag }],
			...parts.map((part): ["upsert", typeof part, "Replace"] => [
				"upsert",
				part,
				"Replace",
			]),
			...gone.map(
				(rowKey): ["delete", { partitionKey: string; rowKey: string }] => [
					"delete",
					{ partitionKey: partition, rowKey },
				],
			),
		]);
		return true;
	} catch (error) {
		if (isTaken(error)) return false;
		throw error;
	}
}

/** Keeps an event until it is taken in. One that comes twice is one. */
export async function keepEvent(
	{ audits }: Tables,
	event: HeardChange,
): Promise<void> {
	await audits.upsertEntity(
		packed({ partitionKey: partition, rowKey: eventRow(event.id) }, event),
		"Replace",
	);
}

function eventRow(id: string): string {
	return `${waits}${hash(id)}`;
}

function claimOf(until: number, { asked, failing }: FeedLooks) {
	return {
		partitionKey: partition,
		rowKey: claimRow,
		until: String(until),
		asked: textOf(asked),
		failing: textOf(failing),
	};
}

function looksIn(row: Readonly<Record<string, unknown>>): FeedLooks {
	return { asked: timeIn(row.asked), failing: timeIn(row.failing) };
}

function textOf(time: number | null): string {
	return time === null ? "" : String(time);
}

function timeIn(text: unknown): number | null {
	return text === undefined || text === "" ? null : Number(text);
}

function isTaken(error: unknown): boolean {
	return [404, 409, 412].some((status) => isStatus(error, status));
}
