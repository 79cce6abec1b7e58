import type { UnreadableRow } from "../inventory/reader.ts";
import { type Query, RowError } from "../inventory/rows.ts";

/** What is kept of a row: what it says, or the row itself where nobody can read it. */
export type ParsedRow<T> =
	| { readonly kind: "row"; readonly row: T }
	| { readonly kind: "unreadable"; readonly unreadable: UnreadableRow };

/** A row that cannot be parsed keeps its id and the field that is wrong. */
export function parseRow<T>(
	query: Query<T>,
	raw: Record<string, unknown>,
): ParsedRow<T> {
	try {
		return { kind: "row", row: query.parse(raw) };
	} catch (error) {
		if (!(error instanceof RowError)) throw error;
		return {
			kind: "unreadable",
			unreadable: {
				id: String(raw.id).toLowerCase(),
				reason: error.message,
				raw,
			},
		};
	}
}
