import { type CompiledQuery, compileQuery } from "./compileQuery.ts";
import { type ArmResource, argRow } from "./rows.ts";
import type { TableName } from "./schema.ts";
import type { Row } from "./values.ts";

/** Raw resources by the table they are found in. A missing table is empty. */
export type RawTables = {
	readonly [Table in TableName]?: readonly ArmResource[];
};

/**
 * All rows of a query over raw resources: no paging, no scope.
 * @throws InvalidQuery
 */
export function evaluate(kql: string, tables: RawTables): readonly Row[] {
	const query: CompiledQuery = compileQuery(kql);
	const resources = tables[query.table] ?? [];

	return query.run(resources.map((resource) => argRow(resource)));
}
