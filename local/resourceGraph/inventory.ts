import type { QueryRequest, Scope } from "./queryRequest.ts";
import {
	type ArmResource,
	argRow,
	subscriptionOf,
	subscriptionType,
	tableOf,
} from "./rows.ts";
import type { TableName } from "./schema.ts";
import type { Row } from "./values.ts";

/** The rows by table and subscription, and who belongs to which management group. */
interface Inventory {
	readonly subscriptions: ReadonlySet<string>;
	/** Of those that are silent, nothing but the subscription itself. */
	rows(
		table: TableName,
		subscriptions: readonly string[],
		silent?: ReadonlySet<string>,
	): readonly Row[];
	/** Subscriptions of the data below one of these management groups. */
	below(managementGroups: readonly string[]): readonly string[];
}

export function createInventory(
	resources: readonly ArmResource[],
	tenantId: string,
): Inventory {
	const tables: Record<TableName, Map<string, Row[]>> = {
		resources: new Map(),
		resourcecontainers: new Map(),
		resourcechanges: new Map(),
	};
	const groups = new Map<string, ReadonlySet<string>>();
	for (const resource of resources) {
		const subscription = subscriptionOf(resource);
		rowsOf(tables[tableOf(resource)], subscription).push(
			argRow(resource, tenantId),
		);
		if (isSubscription(resource))
			groups.set(subscription, managementGroupsOf(resource));
	}
	const subscriptions = new Set([
		...tables.resourcecontainers.keys(),
		...tables.resources.keys(),
	]);

	return {
		subscriptions,
		rows: (table, wanted, silent) =>
			wanted.flatMap((subscription) => {
				const own = tables[table].get(subscription) ?? [];
				return silent?.has(subscription) ? own.filter(isSubscription) : own;
			}),
		below: (names) =>
			[...groups]
				.filter(([, above]) => names.some((name) => above.has(name)))
				.map(([subscription]) => subscription),
	};
}

/**
 * The subscriptions that a request is answered from, in a stable order. Resource Graph silently omits those that the
 * identity cannot read. It denies access only if none remains (undefined).
 */
export function readableScope(
	inventory: Inventory,
	{ scope }: Pick<QueryRequest, "scope">,
	canRead: (subscription: string) => boolean,
): readonly string[] | undefined {
	const readable = asked(inventory, scope).filter(
		(subscription) =>
			inventory.subscriptions.has(subscription) && canRead(subscription),
	);
	const isTenant =
		scope.subscriptions.length + scope.managementGroups.length === 0;

	return readable.length === 0 && !isTenant ? undefined : readable.toSorted();
}

function asked(inventory: Inventory, scope: Scope): readonly string[] {
	if (scope.subscriptions.length > 0) return scope.subscriptions;
	if (scope.managementGroups.length > 0)
		return inventory.below(scope.managementGroups);
	return [...inventory.subscriptions];
}

function rowsOf(table: Map<string, Row[]>, subscription: string): Row[] {
	const rows = table.get(subscription) ?? [];
	table.set(subscription, rows);
	return rows;
}

function isSubscription({ type }: { readonly type?: unknown }): boolean {
	return (
		typeof type === "string" &&
		type.toLowerCase() === subscriptionType.toLowerCase()
	);
}

function managementGroupsOf({ properties }: ArmResource): ReadonlySet<string> {
	const chain = (
		properties as
			| { managementGroupAncestorsChain?: readonly { name: string }[] }
			| undefined
	)?.managementGroupAncestorsChain;
	return new Set((chain ?? []).map(({ name }) => name.toLowerCase()));
}
