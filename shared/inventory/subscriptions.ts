import * as v from "valibot";
import type { Gap } from "../contract.ts";
import { type Answer, lostOf, type Read } from "./reader.ts";
import { byId, lowerText, type Query, rowParser } from "./rows.ts";

/** What the audit's identity can see. It is read first: everything else is asked of these. */
export interface Subscriptions {
	readonly ids: readonly string[];
	/** Those of the management groups that are audited. Null where none is set. */
	readonly inManagementGroups: ReadonlySet<string> | null;
	readonly gaps: readonly Gap[];
	readonly lost: Answer<string>["lost"];
}

export async function readSubscriptions(
	read: Read,
	managementGroups: readonly string[],
): Promise<Subscriptions> {
	const [visible, audited] = await Promise.all([
		read(subscriptionsQuery, {}),
		readInManagementGroups(read, managementGroups),
	]);
	const answers = audited ? [visible, audited] : [visible];
	return {
		ids: visible.rows,
		inManagementGroups: audited && new Set(audited.rows),
		gaps: answers.flatMap(({ gaps }) => gaps),
		lost: lostOf(answers),
	};
}

/** Null where no management group is set. */
export async function readInManagementGroups(
	read: Read,
	managementGroups: readonly string[],
): Promise<Answer<string> | null> {
	return managementGroups.length > 0
		? read(subscriptionsQuery, { managementGroups })
		: null;
}

const subscriptionRow = rowParser(
	v.object({ subscriptionId: v.pipe(lowerText, v.uuid()) }),
);

/** The subscriptions that the identity can see, by id. */
export const subscriptionsQuery: Query<string> = {
	name: "subscriptions",
	of: "subscriptions",
	required: true,
	kql: `resourcecontainers
| where type =~ 'microsoft.resources/subscriptions'
| project id, subscriptionId
| order by id asc`,
	key: byId,
	parse: (row) => subscriptionRow(row).subscriptionId,
};

const groupCountRow = rowParser(
	v.object({ id: v.pipe(lowerText, v.uuid()), count_: v.number() }),
);

/** Subscriptions that show resource groups: they have answered, even without a cluster. */
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

const containerRow = rowParser(
	v.object({
		id: v.pipe(lowerText, v.uuid()),
		type: lowerText,
		count_: v.number(),
	}),
);

/** What the two queries above answer, in one request: of a few clusters nobody needs them apart. */
export const containersQuery: Query<{
	readonly subscription: string;
	readonly kind: "subscription" | "resource-groups";
}> = {
	name: "containers",
	of: "subscriptions and their resource groups",
	required: true,
	kql: `resourcecontainers
| where type in~ ('microsoft.resources/subscriptions', 'microsoft.resources/subscriptions/resourcegroups')
| summarize count() by subscriptionId, type
| project id = subscriptionId, type, count_
| order by id asc, type asc`,
	key: (row) => `${byId(row)}\n${String(row.type).toLowerCase()}`,
	parse: (row) => {
		const { id, type } = containerRow(row);
		return {
			subscription: id,
			kind: type.endsWith("/resourcegroups")
				? "resource-groups"
				: "subscription",
		};
	},
};
