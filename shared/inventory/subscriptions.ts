import * as v from "valibot";
import type { Subscription } from "./facts.ts";
import { byId, lowerText, type Query, rowParser, text } from "./rows.ts";

const subscriptionRow = rowParser(
	v.object({ subscriptionId: v.pipe(lowerText, v.uuid()), name: text }),
);

/** The subscriptions that the identity can see. */
export const subscriptionsQuery: Query<Subscription> = {
	name: "subscriptions",
	of: "subscriptions",
	required: true,
	kql: `resourcecontainers
| where type =~ 'microsoft.resources/subscriptions'
| project id, subscriptionId, name
| order by id asc`,
	key: byId,
	parse: (row) => {
		const { subscriptionId, name } = subscriptionRow(row);
		return { id: subscriptionId, name };
	},
};

const groupCountRow = rowParser(
	v.object({ id: v.pipe(lowerText, v.uuid()), count_: v.number() }),
);

/** Subscriptions that show resource groups: they have answered, even where no cluster is left in them. */
export const resourceGroupsQuery: Query<string> = {
	name: "resource-groups",
	of: "resource groups by subscription",
	required: false,
	kql: `resourcecontainers
| where type =~ 'microsoft.resources/subscriptions/resourcegroups'
| summarize count() by subscriptionId
| project id = subscriptionId, count_
| order by id asc`,
	key: byId,
	parse: (row) => groupCountRow(row).id,
};
