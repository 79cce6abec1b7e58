import type { Gap } from "../contract.ts";
import type { Query } from "./rows.ts";

/** Which part of the tenant a query asks; nothing set: all that the identity can see. */
export interface QueryScope {
	readonly subscriptions?: readonly string[];
	readonly managementGroups?: readonly string[];
}

/** A query's answer with the proof of its completeness: no gap means every row arrived and was understood. */
export interface Answer<T> {
	readonly rows: readonly T[];
	/** Rows that could not be parsed, by their id; each is a gap as well. */
	readonly unreadable: readonly {
		readonly id: string;
		readonly reason: string;
	}[];
	readonly gaps: readonly Gap[];
}

/** Reads a query whole. Throws where nothing can be had at all. */
export type Read = <T>(
	query: Query<T>,
	scope: QueryScope,
) => Promise<Answer<T>>;

/** Resource Graph said no: the message is for people and says what to do. */
export class AccessDenied extends Error {}
