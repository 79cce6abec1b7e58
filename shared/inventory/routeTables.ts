import * as v from "valibot";
import type { RouteTable } from "./facts.ts";
import {
	byId,
	countOrNull,
	groupOf,
	located,
	type Query,
	rowParser,
} from "./rows.ts";

const routeTableRow = rowParser(
	v.object({
		...located,
		routes: countOrNull,
	}),
);

/** All route tables: kubenet writes one route a node into its own, custom routes count as well. */
export const routeTablesQuery: Query<RouteTable> = {
	name: "route-tables",
	of: "route tables",
	required: false,
	kql: `resources
| where type =~ 'microsoft.network/routetables'
| project id, subscriptionId, resourceGroup, routes = array_length(properties.routes)
| order by id asc`,
	key: byId,
	parse: (row) => {
		const parsed = routeTableRow(row);
		return {
			id: parsed.id,
			group: groupOf(parsed),
			routes: parsed.routes,
		};
	},
};
