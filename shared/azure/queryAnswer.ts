import { subscriptionOfId } from "../arm.ts";
import type { Gap } from "../contract.ts";
import type { Answer, QueryScope, UnreadableRow } from "../inventory/reader.ts";
import { type Query, RowError } from "../inventory/rows.ts";
import { isComplete, type Received } from "./queryPages.ts";

export /** An answer of which nothing could be had says why. */
interface PartAnswer<T> extends Answer<T> {
	readonly failure: Error | null;
}

/** What arrived, parsed, with a gap for what did not. */
export function answerOf<T>(
	query: Query<T>,
	received: Received,
): PartAnswer<T> {
	const { rows, unreadable } = parseRows(query, received.rows.values());
	return {
		rows,
		unreadable,
		gaps: [
			...missing(query, received),
			...unreadable.map(
				({ id, reason }): Gap => ({
					kind: "row",
					subscription: subscriptionOfId(id),
					scope: id,
					reason: `${query.of}: ${reason}`,
				}),
			),
		],
		lost: lostRows(received),
		failure:
			received.total === null && received.end?.kind === "failed"
				? received.end.error
				: null,
	};
}

/** Some rows of a query, in whatever portions they come. A row that cannot be parsed keeps its id and the field that is wrong. */
function parseRows<T>(
	query: Query<T>,
	raws: Iterable<Record<string, unknown>>,
): Pick<Answer<T>, "rows" | "unreadable"> {
	const rows: T[] = [];
	const unreadable: UnreadableRow[] = [];
	for (const raw of raws) {
		try {
			rows.push(query.parse(raw));
		} catch (error) {
			if (!(error instanceof RowError)) throw error;
			unreadable.push({
				id: String(raw.id).toLowerCase(),
				reason: error.message,
				raw,
			});
		}
	}
	return { rows, unreadable };
}

/** Where as many rows came as were announced or more, nobody knows how many are missing. */
function lostRows(received: Received): number | null {
	if (isComplete(received)) return 0;
	const { rows, total } = received;
	return total !== null && total > rows.size ? total - rows.size : null;
}

function missing(query: Query<unknown>, received: Received): Gap[] {
	if (isComplete(received)) return [];
	const { rows, total, scope, end, again } = received;
	const counted =
		total === null
			? `none of the ${query.of} answered`
			: `${rows.size} of ${total} ${query.of} answered${again ? ", also when asked again" : ""}`;
	return [rowsGap(scope, end === null ? counted : `${counted}. ${why(end)}`)];
}

function why(end: NonNullable<Received["end"]>): string {
	switch (end.kind) {
		case "failed":
			return end.error.message;
		case "idle":
			return end.reason;
	}
}

/** Rows of a scope that did not come. */
export function rowsGap(scope: QueryScope, reason: string): Gap {
	const { subscriptions } = scope;
	return {
		kind: "rows",
		subscription:
			subscriptions?.length === 1 ? (subscriptions[0] ?? null) : null,
		scope: scopeText(scope),
		reason,
	};
}

function scopeText({ subscriptions }: QueryScope): string {
	if (subscriptions === undefined) return "tenant";
	return subscriptions.length === 1
		? `subscription ${subscriptions[0]}`
		: `${subscriptions.length} subscriptions from ${subscriptions[0]} to ${subscriptions.at(-1)}`;
}
