import * as v from "valibot";
import type { Gap } from "../contract.ts";
import type { RouteTable } from "./facts.ts";
import type { Read } from "./reader.ts";
import {
	byId,
	isPlainId,
	lowerText,
	type Query,
	quotedIds,
	requiredId,
	rowParser,
} from "./rows.ts";
import { expandLimit } from "./subnets.ts";

/** Tables that one query asks about. */
const mostTables = 50;

/**
 * Names of the routes in these tables: those of nodes are called after the node. Where rows are lost, a table whose
 * routes do not add up to its own count is omitted.
 */
export async function readListedRoutes(
	read: Read,
	tables: readonly Pick<RouteTable, "id" | "routes">[],
): Promise<{
	readonly listed: Map<string, readonly string[]>;
	readonly gaps: readonly Gap[];
}> {
	const asked = tables.filter(({ id }) => isPlainId(id));
	const portions: string[][] = [];
	for (let from = 0; from < asked.length; from += mostTables)
		portions.push(asked.slice(from, from + mostTables).map(({ id }) => id));
	const answers = await Promise.all(
		portions.map((ids) => read(listedRoutesQuery(ids), {})),
	);
	const names = Map.groupBy(
		answers.flatMap(({ rows }) => rows),
		({ table }) => table,
	);
	const isWhole = answers.every(({ lost }) => lost === 0);
	const listed = new Map<string, readonly string[]>();
	for (const { id, routes } of asked) {
		const own = (names.get(id) ?? []).map(({ name }) => name);
		const isRead = isWhole && own.length > 0;
		if (isRead || own.length === routes) listed.set(id, own);
	}
	return { listed, gaps: answers.flatMap(({ gaps }) => gaps) };
}

const routeRow = rowParser(v.object({ id: requiredId, routeName: lowerText }));

export function listedRoutesQuery(
	tables: readonly string[],
): Query<{ readonly table: string; readonly name: string }> {
	return {
		name: "listed-routes",
		of: "routes by table",
		required: false,
		kql: `resources
| where type =~ 'microsoft.network/routetables'
| where id in~ (${quotedIds(tables)})
| mv-expand route = properties.routes limit ${expandLimit}
| project id, routeName = tostring(route.name)
| order by id asc, routeName asc`,
		key: (row) => `${byId(row)}\n${String(row.routeName).toLowerCase()}`,
		parse: (row) => {
			const { id, routeName } = routeRow(row);
			return { table: id, name: routeName };
		},
	};
}
