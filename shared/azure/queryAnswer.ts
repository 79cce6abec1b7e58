import { subscriptionOfId } from "../arm.ts";
import type { Gap } from "../contract.ts";
import type { Answer, QueryScope, UnreadableRow } from "../inventory/reader.ts";
import type { Query } from "../inventory/rows.ts";
import { isComplete, type Received } from "./queryPages.ts";

/** An answer of which nothing could be had says why. */
export interface PartAnswer<T> extends Answer<T> {
	readonly failure: Error | null;
}

/** What arrived, with a gap for what did not. */
export function answerOf<T>(
	query: Query<T>,
	received: Received<T>,
): PartAnswer<T> {
	const rows: T[] = [];
	const unreadable: UnreadableRow[] = [];
	for (const one of received.rows.values())
		if (one.kind === "row") rows.push(one.row);
		else unreadable.push(one.unreadable);
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

/** Where as many rows came as were announced or more, nobody knows how many are missing. */
function lostRows(received: Received<unknown>): number | null {
	if (isComplete(received)) return 0;
	const { rows, total } = received;
	return total !== null && total > rows.size ? total - rows.size : null;
}

function missing(query: Query<unknown>, received: Received<unknown>): Gap[] {
	if (isComplete(received)) return [];
	const { rows, total, scope, end, again } = received;
	const counted =
		total === null
			? `none of the ${query.of} answered`
			: `${rows.size} of ${total} ${query.of} answered${again ? ", also when asked again" : ""}`;
	return [rowsGap(scope, end === null ? counted : `${counted}. ${why(end)}`)];
}

function why(end: NonNullable<Received<unknown>["end"]>): string {
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
