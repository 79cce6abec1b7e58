import { minuteMs } from "../time.ts";
import type { HeardChange } from "./heardChange.ts";
import { keyOf } from "./keyOf.ts";
import { matters } from "./matters.ts";
import type { PendingAudit } from "./pending.ts";

/** What the feed remembers. It is written whole, in one transaction. */
export interface FeedState {
	/** When the newest change was made that the feed has shown. ISO 8601, by Azure's clock. Null: it was never asked. */
	readonly cursor: string | null;
	/** Changes that were taken in. */
	readonly heard: readonly HeardOnce[];
	readonly pending: readonly PendingAudit[];
	readonly started: readonly StartedAudit[];
}

/** A change that was taken in. */
export interface HeardOnce {
	/** A hash of its ID. */
	readonly id: string;
	/** When it was made. Milliseconds since 1970. */
	readonly at: number;
	/** Null: the feed and an event have both told of it. */
	readonly alone: Alone | null;
}

/** By what the other source's words are found for the same change. */
interface Alone {
	readonly source: HeardChange["source"];
	/** A hash of the changed resource. */
	readonly what: string;
	/** A hash of the operation's ID. Null where it is not told. */
	readonly operation: string | null;
}

/** What one source tells of a change that the other has told of. */
export interface Twin {
	/** Hash of the ID that the change was heard by. */
	readonly of: string;
	readonly change: HeardChange;
}

/** A scoped audit that was decided on. Its row is written after this, and as often as it is found missing. */
export interface StartedAudit {
	readonly auditId: string;
	/** ISO 8601. */
	readonly at: string;
	readonly clusters: readonly string[];
	readonly groups: readonly PendingAudit[];
}

export const nothingHeard: FeedState = {
	cursor: null,
	heard: [],
	pending: [],
	started: [],
};

/** Resource Graph shows a change late, and not in order. One that comes later than this waits for the night. */
const overlap = 30 * minuteMs;
/** A change from the future would stop the feed until then. Clocks of two machines may differ by so much. */
const skew = 10 * minuteMs;
/** More changes than this within the overlap: the oldest is forgotten, and heard again at worst. */
const mostHeard = 20_000;

/** From when on the feed is asked. `first`: ISO 8601, where it was never asked. */
export function askedSince(
	{ cursor }: Pick<FeedState, "cursor">,
	first: string,
): Date {
	return new Date(Date.parse(cursor ?? first) - overlap);
}

/** What an answer of the feed, or events, tell that is new and can matter. `moves`: the answer was whole. */
export function takeIn(
	state: Pick<FeedState, "cursor" | "heard">,
	rows: readonly HeardChange[],
	{ moves, now }: { readonly moves: boolean; readonly now: number },
): Pick<FeedState, "cursor" | "heard"> & {
	readonly fresh: readonly HeardChange[];
	readonly twins: readonly Twin[];
} {
	const known = new Set(state.heard.map(({ id }) => id));
	// Older ones were heard, and are forgotten: an event can be sent again after hours.
	const from = forgottenBefore(state.cursor);
	const unheard = rows
		.filter(matters)
		.filter(({ id, at }) => Date.parse(at) >= from && !known.has(keyOf(id)));
	const newest = rows.reduce<string | null>(
		(last, { at }) =>
			(last === null || at > last) && Date.parse(at) <= now + skew ? at : last,
		state.cursor,
	);
	const cursor = moves ? newest : state.cursor;
	const { heard, ...told } = paired(state.heard, unheard);
	const kept = heard.filter(({ at }) => at >= forgottenBefore(cursor));
	return { cursor, heard: kept.slice(-mostHeard), ...told };
}

function forgottenBefore(cursor: string | null): number {
	return cursor === null ? 0 : Date.parse(cursor) - overlap;
}

/** Finds the changes of which the other source has told before: they are heard, and are not new. */
function paired(
	before: readonly HeardOnce[],
	unheard: readonly HeardChange[],
): {
	readonly heard: readonly HeardOnce[];
	readonly fresh: readonly HeardChange[];
	readonly twins: readonly Twin[];
} {
	const heard = [...before];
	const fresh: HeardChange[] = [];
	const twins: Twin[] = [];
	const places = Map.groupBy(heard.keys(), (at) => heard[at]?.alone?.what);
	for (const change of unheard) {
		const own = { id: keyOf(change.id), at: Date.parse(change.at) };
		const alone = aloneOf(change);
		const twin = nearest(heard, places.get(alone.what) ?? [], own.at, alone);
		if (twin === null) {
			fresh.push(change);
			heard.push({ ...own, alone });
			continue;
		}
		const { id, at } = twin.one;
		twins.push({ of: id, change });
		// Of two like changes that follow each other, each has one twin.
		heard[twin.place] = { id, at, alone: null };
		heard.push({ ...own, alone: null });
	}
	return { heard, fresh, twins };
}

/** The times that event and feed tell of one change differ by so much at most. */
const twinMargin = minuteMs;

function nearest(
	heard: readonly HeardOnce[],
	places: readonly number[],
	at: number,
	{ source, operation }: Alone,
): { readonly place: number; readonly one: HeardOnce } | null {
	const twins = places.flatMap((place) => {
		const one = heard[place];
		const other = one?.alone ?? null;
		return one !== undefined &&
			other !== null &&
			other.source !== source &&
			(other.operation ?? operation) === (operation ?? other.operation) &&
			Math.abs(one.at - at) <= twinMargin
			? [{ place, one }]
			: [];
	});
	const [first = null] = twins.sort(
		(a, b) => Math.abs(a.one.at - at) - Math.abs(b.one.at - at),
	);
	return first;
}

/** An event can be of a pool or subnet. The feed tells of the same change as one of the cluster or network. */
function aloneOf({ source, resource, kind, operation }: HeardChange): Alone {
	const whole = resource.split("/").slice(0, 9).join("/");
	const isGone = kind === "delete" && resource === whole;
	return {
		source,
		what: keyOf(isGone ? `${whole} is gone` : whole),
		operation: operation === null ? null : keyOf(operation),
	};
}
