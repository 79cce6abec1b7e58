import { isPlainId, type Query } from "./rows.ts";

/** A condition of a query. Null: nothing meets it, so the query need not be asked. */
export type Condition = string | null;

/** A query of the whole fleet, asked of the rows that meet a condition. It is put behind the query's own first `where`. */
export function narrowed<T>(query: Query<T>, condition: string): Query<T> {
	const [table, type, ...rest] = query.kql.split("\n");
	if (!type?.startsWith("| where type "))
		throw new Error(`query ${query.name} does not begin with its type`);
	return {
		...query,
		kql: [table, type, `| where ${condition}`, ...rest].join("\n"),
	};
}

export function anyOf(conditions: readonly Condition[]): Condition {
	const all = conditions.filter((one) => one !== null);
	return all.length === 0 ? null : all.join(" or ");
}

/** The column is one of these texts. What could leave its quotes is omitted: no ID or name of Azure can. */
export function isOneOf(column: string, texts: Iterable<string>): Condition {
	const plain = [...new Set(texts)].filter(isPlain).sort();
	return plain.length === 0
		? null
		: `${column} in~ (${plain.map((text) => `'${text}'`).join(", ")})`;
}

/** The column has one of these texts in it, in any case. */
export function mentions(column: string, texts: Iterable<string>): Condition {
	return anyOf(
		[...new Set(texts)]
			.filter(isPlain)
			.sort()
			.map((text) => `tostring(${column}) contains '${text}'`),
	);
}

function isPlain(text: string): boolean {
	return isPlainId(text.startsWith("/") ? text : `/${text}`);
}
