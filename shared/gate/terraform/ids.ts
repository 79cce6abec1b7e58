import type { Picked } from "../fields.ts";
import { type Context, textOf } from "./collected.ts";
import type { PlanResource } from "./planFile.ts";
import { referredTo } from "./references.ts";

export const subnetTypes: ReadonlySet<string> = new Set([
	"azurerm_subnet",
	"azapi_resource",
]);
export const clusterTypes: ReadonlySet<string> = new Set([
	"azurerm_kubernetes_cluster",
	"azurerm_kubernetes_automatic_cluster",
	"azapi_resource",
]);
export const routeTableTypes: ReadonlySet<string> = new Set([
	"azurerm_route_table",
	"azapi_resource",
]);
const networkTypes: ReadonlySet<string> = new Set([
	"azurerm_virtual_network",
	"azapi_resource",
]);

const armTypes: Readonly<Record<string, string>> = {
	azurerm_kubernetes_cluster: "Microsoft.ContainerService/managedClusters",
	azurerm_kubernetes_automatic_cluster:
		"Microsoft.ContainerService/managedClusters",
	azurerm_virtual_network: "Microsoft.Network/virtualNetworks",
	azurerm_route_table: "Microsoft.Network/routeTables",
};

/** The ID that a resource has, or that Azure will give it. Null where the plan does not say enough. */
export function idOf(context: Context, one: PlanResource): string | null {
	const known =
		textOf(one.after?.id) ??
		(one.action === "update" || one.action === "delete"
			? textOf(one.before?.id)
			: null);
	if (known !== null) return known;
	const now = one.after ?? one.before;
	const name = textOf(now?.name);
	if (name === null) return null;
	switch (one.type) {
		case "azurerm_subnet": {
			const network = textOf(now?.virtual_network_name);
			const given = textOf(now?.virtual_network_id);
			const parent =
				given ??
				(network === null
					? parentOf(context, one, "virtual_network_id", networkTypes)
					: inGroup(
							context,
							now,
							"Microsoft.Network/virtualNetworks",
							network,
						));
			return parent && `${parent}/subnets/${name}`;
		}
		case "azurerm_kubernetes_cluster_node_pool": {
			const parent =
				textOf(now?.kubernetes_cluster_id) ??
				parentOf(context, one, "kubernetes_cluster_id", clusterTypes);
			return parent && `${parent}/agentPools/${name}`;
		}
		case "azapi_resource": {
			const type = textOf(now?.type)?.split("@")[0];
			const parent = textOf(now?.parent_id) ?? parentOfAzapi(context, one);
			return parent && type ? childId(parent, type, name) : null;
		}
		default: {
			const type = armTypes[one.type];
			return type === undefined ? null : inGroup(context, now, type, name);
		}
	}
}

function childId(parent: string, type: string, name: string): string {
	const own = type.split("/");
	return own.length > 2
		? `${parent}/${own.at(-1)}/${name}`
		: `${parent}/providers/${type}/${name}`;
}

function parentOfAzapi(context: Context, one: PlanResource): string | null {
	const types = new Set([...networkTypes, ...clusterTypes]);
	return parentOf(context, one, "parent_id", types);
}

function parentOf(
	context: Context,
	one: PlanResource,
	attribute: string,
	types: ReadonlySet<string>,
): string | null {
	const parent = referredTo(context.plan, one, [attribute], types);
	return parent && parent !== one ? idOf(context, parent) : null;
}

export function inGroup(
	{ subscription }: Context,
	now: Picked | null,
	type: string,
	name: string,
): string | null {
	const group = textOf(now?.resource_group_name);
	return subscription === null || group === null
		? null
		: `/subscriptions/${subscription}/resourceGroups/${group}/providers/${type}/${name}`;
}

/** The ID of what is planned. Where the plan does not say it, nothing can be checked. */
export function requiredId(context: Context, one: PlanResource): string | null {
	const id = idOf(context, one);
	if (id === null)
		context.into.unknown.push({
			address: one.address,
			text:
				context.subscription === null
					? "The plan does not name its subscription. Give it with --subscription."
					: "The name of the resource, or of what it belongs to, is known only after the plan is applied.",
		});
	return id;
}

export function deleted(context: Context, one: PlanResource): boolean {
	if (one.action !== "delete") return false;
	const id = textOf(one.before?.id);
	if (id === null)
		context.into.unknown.push({
			address: one.address,
			text: "The plan does not name the ID of what it deletes.",
		});
	else {
		context.into.removed.push(id);
		context.into.addresses.set(id.toLowerCase(), one.address);
	}
	return true;
}
