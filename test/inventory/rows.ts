import {
	evaluate,
	type RawTables,
} from "../../local/resourceGraph/evaluate.ts";
import type { ArmResource } from "../../local/resourceGraph/rows.ts";
import type { Query } from "../../shared/inventory/rows.ts";

/** Raw resources by the table they are found in. */
function tablesOf(resources: readonly ArmResource[]): RawTables {
	const isContainer = ({ type }: ArmResource) =>
		/^microsoft\.resources\/subscriptions(\/resourcegroups)?$/i.test(
			String(type),
		);
	return {
		resources: resources.filter((one) => !isContainer(one)),
		resourcecontainers: resources.filter(isContainer),
	};
}

/** Rows as Resource Graph sends them: through JSON, in which 3.0 is 3. */
export function rowsOf(
	{ kql }: Query<unknown>,
	resources: readonly ArmResource[],
): Record<string, unknown>[] {
	return JSON.parse(JSON.stringify(evaluate(kql, tablesOf(resources))));
}

/** What a query's parser makes of raw resources. */
export function parsed<T>(
	query: Query<T>,
	resources: readonly ArmResource[],
): T[] {
	return rowsOf(query, resources).map(query.parse);
}
