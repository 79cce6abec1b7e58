import * as v from "valibot";
import { groupKey } from "../arm.ts";
import type { RouteTable } from "./facts.ts";
import {
	byId,
	countOrNull,
	lowerText,
	type Query,
	requiredId,
	rowParser,
} from "./rows.ts";

const routeTableRow = rowParser(
	v.object({
		id: requiredId,
		subscriptionId: lowerText,
		resourceGroup: lowerText,
		routes: countOrNull,
	}),
);

/** All route tables: kubenet writes one route a node into its own, custom routes count as well. */
export const routeTablesQuery: Query<RouteTable> = {
	name: "route-tables",
	of: "route tables",
	kql: `resources
| where type =~ 'microsoft.network/routetables'
| project id, subscriptionId, resourceGroup, routes = array_length(properties.routes)
| order by id asc`,
	key: byId,
	parse: (row) => {
		const parsed = routeTableRow(row);
		return {
			id: parsed.id,
			group: groupKey(parsed.subscriptionId, parsed.resourceGroup),
			routes: parsed.routes,
		};
	},
};
