import { stringify } from "csv-stringify/sync";
import type { Range } from "../contract.ts";

/** A column: texts are made harmless, numbers stay numbers, null is an empty cell. */
export interface Column<T> {
	readonly name: string;
	readonly value: (row: T) => string | number | null;
}

/** Excel reads UTF-8 only behind this mark. */
const byteOrderMark = "\ufeff";

export function csvHead(columns: readonly Column<never>[]): string {
	return byteOrderMark + csvText([columns.map(({ name }) => name)]);
}

/** Rows of a CSV (RFC 4180), each with its line end. */
export function csvRows<T>(
	columns: readonly Column<T>[],
	rows: readonly T[],
): string {
	return csvText(rows.map((row) => columns.map(({ value }) => value(row))));
}

/** Two columns for an amount; an unbounded end is an empty cell. */
export function rangeColumns<T>(
	name: string,
	range: (row: T) => Range | null,
): Column<T>[] {
	return [
		{ name: `${name}Low`, value: (row) => range(row)?.low ?? null },
		{ name: `${name}High`, value: (row) => range(row)?.high ?? null },
	];
}

function csvText(rows: readonly (readonly (string | number | null)[])[]) {
	return stringify(
		rows.map((row) => [...row]),
		{
			cast: { string: harmless },
			quoted_string: true,
			record_delimiter: "windows",
		},
	);
}

/**
 * What a spreadsheet would run as a formula gets an apostrophe (OWASP, CSV injection): names and reasons come from people.
 * The library's own option would do so with negative numbers, too.
 */
function harmless(text: string): string {
	return /^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/.test(text)
		? `'${text}`
		: text;
}

/** The answer that a browser saves under a name: `findings-2026-11-28.csv`. */
export function csvAnswer(name: string, at: string, parts: readonly Buffer[]) {
	return {
		headers: {
			"content-type": "text/csv; charset=utf-8",
			"content-disposition": `attachment; filename="${name}-${at.slice(0, 10)}.csv"`,
		},
		body: Buffer.concat(parts),
	};
}
