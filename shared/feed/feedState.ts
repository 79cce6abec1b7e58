import { hash } from "../keys/hash.ts";
import { minuteMs } from "../time.ts";
import type { HeardChange } from "./heardChange.ts";
import { matters } from "./matters.ts";
import type { PendingAudit } from "./pending.ts";

/** What the feed remembers. It is written whole, in one transaction. */
export interface FeedState {
	/** When the newest change was made that the feed has shown. ISO 8601, by Azure's clock. Null: it was never asked. */
	readonly cursor: string | null;
	/** Changes that were taken in: a hash of their ID, and when they were made (milliseconds since 1970). */
	readonly heard: readonly (readonly [id: string, at: number])[];
	readonly pending: readonly PendingAudit[];
	readonly started: readonly StartedAudit[];
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
} {
	const known = new Set(state.heard.map(([id]) => id));
	const fresh = rows.filter(matters).filter(({ id }) => !known.has(keyOf(id)));
	const newest = rows.reduce<string | null>(
		(last, { at }) =>
			(last === null || at > last) && Date.parse(at) <= now + skew ? at : last,
		state.cursor,
	);
	const cursor = moves ? newest : state.cursor;
	const from = cursor === null ? 0 : Date.parse(cursor) - overlap;
	const heard = [
		...state.heard,
		...fresh.map(({ id, at }) => [keyOf(id), Date.parse(at)] as const),
	].filter(([, at]) => at >= from);
	return { cursor, heard: heard.slice(-mostHeard), fresh };
}

/** IDs of changes are long, and there can be thousands. */
function keyOf(id: string): string {
	return hash(id).slice(0, 16);
}
