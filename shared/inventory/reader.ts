import type { Gap } from "../contract.ts";
import type { Query } from "./rows.ts";

/** Which part of the tenant a query asks. Nothing set: all that the identity can see. */
export interface QueryScope {
	readonly subscriptions?: readonly string[];
	readonly managementGroups?: readonly string[];
}

/** A row that arrived and could not be parsed. */
export interface UnreadableRow {
	readonly id: string;
	readonly reason: string;
	readonly raw: Readonly<Record<string, unknown>>;
}

/** A query's answer with the proof of its completeness: no gap means every row arrived and was understood. */
export interface Answer<T> {
	readonly rows: readonly T[];
	/** Each is a gap as well. */
	readonly unreadable: readonly UnreadableRow[];
	readonly gaps: readonly Gap[];
	/** Rows that did not arrive: 0 none, null an unknown number. */
	readonly lost: number | null;
}

/** What answers have lost together. */
export function lostOf(
	answers: readonly Pick<Answer<unknown>, "lost">[],
): number | null {
	return answers.reduce<number | null>(
		(total, { lost }) =>
			total === null || lost === null ? null : total + lost,
		0,
	);
}

/** Reads a query whole, or what can be had of it. Throws where nothing of a required query can be had. */
export type Read = <T>(
	query: Query<T>,
	scope: QueryScope,
) => Promise<Answer<T>>;

/** A `Read` that asks these subscriptions in parts where an answer of the whole tenant is too large or cut. */
export type ReadFrom = (subscriptions: readonly string[]) => Read;

/** Resource Graph said no: the message is for people and says what to do. */
export class AccessDenied extends Error {}
