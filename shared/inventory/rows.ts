import * as v from "valibot";
import { groupKey } from "../arm.ts";
import { ipv4PrefixLength } from "../cidr.ts";

/** A named query with the parser of its rows: KQL selects, expands and counts, TypeScript decides. */
export interface Query<T> {
	readonly name: string;
	/** What the rows are, in words for a gap's reason. */
	readonly of: string;
	readonly kql: string;
	/** Without any of its rows there is no audit: reading it throws if nothing of it can be had. */
	readonly required: boolean;
	/** What makes a row unique. Rows that come twice are one. */
	readonly key: (row: Record<string, unknown>) => string;
	/** Throws `RowError` naming the field when a row is not as documented. */
	readonly parse: (row: Record<string, unknown>) => T;
}

export class RowError extends Error {}

export function byId(row: Record<string, unknown>): string {
	return String(row.id).toLowerCase();
}

/** An ARM ID that is safe between quotes in a query. */
export function isPlainId(id: string): boolean {
	return /^\/[-\p{L}\p{N}_./() ]+$/u.test(id);
}

/** ARM IDs as a list in a query. Throws RowError at one that could leave its quotes. */
export function quotedIds(ids: readonly string[]): string {
	for (const id of ids)
		if (!isPlainId(id))
			throw new RowError(`field id: ${JSON.stringify(id)} is not an ARM ID`);
	return ids.map((id) => `'${id}'`).join(", ");
}

/** Absent is the normal form of "not set". Null and "" come from other crawlers of the same row. */
export const text = v.pipe(
	v.nullish(v.string(), ""),
	v.transform((value) => value.trim()),
);
export const lowerText = v.pipe(
	text,
	v.transform((value) => value.toLowerCase()),
);
export const idOrNull = v.pipe(
	lowerText,
	v.transform((value) => (value === "" ? null : value)),
);
export const requiredId = v.pipe(
	v.string(),
	v.trim(),
	v.startsWith("/"),
	v.toLowerCase(),
);
/** Resource Graph sends whole numbers as 3 or as 3.0. Both are 3 in JSON. */
export const count = v.pipe(v.number(), v.integer(), v.minValue(0));
/** What is looked at later, or may be absent. */
export const anything = v.optional(v.unknown());
export const countOrNull = v.nullish(count, null);

/** The columns by which a row meets its cluster. */
export const located = {
	id: requiredId,
	subscriptionId: lowerText,
	resourceGroup: lowerText,
};

export function groupOf(row: {
	readonly subscriptionId: string;
	readonly resourceGroup: string;
}): string {
	return groupKey(row.subscriptionId, row.resourceGroup);
}

/** A parser of rows that says which field is wrong. A field that nobody reads is never looked at. */
export function rowParser<const S extends v.GenericSchema>(
	schema: S,
): (row: unknown) => v.InferOutput<S> {
	return (row) => {
		const result = v.safeParse(schema, row, { abortEarly: true });
		if (result.success) return result.output;
		const issue = result.issues[0];
		const path = v.getDotPath(issue) ?? "row";
		throw new RowError(`field ${path}: ${issue.message}`);
	};
}

/** An address prefix as it came, IPv4 or IPv6. Throws `RowError` where it is neither. */
export function checkedPrefix(field: string, prefix: string): string {
	try {
		ipv4PrefixLength(prefix);
	} catch {
		throw new RowError(
			`field ${field}: ${JSON.stringify(prefix)} is not an address prefix`,
		);
	}
	return prefix;
}
