import type { PlannedChange } from "../plannedChange.ts";
import { azapiChange } from "./azapi.ts";
import { automaticCluster, cluster, nodePool } from "./clusters.ts";
import type { Context } from "./collected.ts";
import { association, network, route, routeTable, subnet } from "./networks.ts";
import type { Plan, PlanResource } from "./planFile.ts";

/**
 * What a Terraform plan does to clusters, pools, networks, subnets and route tables. New resources get the ID that Azure will
 * give them. `subscription`: where they are made, where the plan does not name one.
 */
export function terraformChange(
	plan: Plan,
	subscription: string | null,
): PlannedChange {
	const [only, ...more] = plan.subscriptions;
	const context: Context = {
		plan,
		subscription:
			subscription ?? (only !== undefined && more.length === 0 ? only : null),
		into: {
			resources: [],
			removed: [],
			replacements: [],
			unknown: [...plan.incomplete],
			notes: [],
			addresses: new Map(),
		},
	};
	for (const [type, handle] of Object.entries(handlers))
		for (const one of plan.resources) {
			if (one.type !== type || one.action === "none") continue;
			if (one.action === "unknown")
				context.into.unknown.push({
					address: one.address,
					text: "Terraform plans an action that is not known here.",
				});
			else handle(context, one);
		}
	return context.into;
}

/** In this order: a route table comes before its single routes. */
const handlers: Readonly<
	Record<string, (context: Context, one: PlanResource) => void>
> = {
	azurerm_virtual_network: network,
	azurerm_subnet: subnet,
	azurerm_subnet_route_table_association: association,
	azurerm_route_table: routeTable,
	azurerm_route: route,
	azurerm_kubernetes_cluster: cluster,
	azurerm_kubernetes_automatic_cluster: automaticCluster,
	azurerm_kubernetes_cluster_node_pool: nodePool,
	azapi_resource: azapiChange,
	azapi_update_resource: azapiChange,
	azapi_resource_action: azapiChange,
};
