import { groupKey, lastName } from "../arm.ts";
import type { Cluster, RouteTable } from "../inventory/facts.ts";
import type { ResolvedPool } from "./cluster.ts";
import type { Places } from "./places.ts";

/**
 * A kubenet cluster has one route table. That is its own in the node resource group, to which AKS writes whatever table
 * the subnet has (Azure/AKS#1460). Else it is the one on its subnet. A new pool's subnet gets it at the next update
 * only.
 */
export function withOneRouteTable(
	cluster: Cluster,
	pools: readonly ResolvedPool[],
	places: Places,
): ResolvedPool[] {
	if (cluster.plugin !== "kubenet") return [...pools];
	const { id, missing } = routeTableOf(cluster, pools, places);
	return pools.map((pool) => ({
		...pool,
		routeTable: id,
		...(missing !== null && { missing: pool.missing ?? missing }),
	}));
}

function routeTableOf(
	cluster: Cluster,
	pools: readonly ResolvedPool[],
	places: Places,
): { readonly id: string; readonly missing: string | null } {
	const group = groupKey(cluster.subscription, cluster.nodeResourceGroup);
	const own = fullest(places.routeTablesByGroup.get(group) ?? []);
	const attached = pools
		.map(({ nodeSubnet }) => places.subnets.get(nodeSubnet)?.routeTable)
		.find((table) => table);
	const id = own?.id ?? attached ?? `${cluster.id}/routes`;
	const before = places.known
		.get(cluster.id)
		?.uses.find(({ budget }) => budget.kind === "routes")?.budget.id;
	if (before === undefined || before === id) return { id, missing: null };
	const mayBeMissing =
		places.lost.routeTables !== 0 ||
		pools.some(({ nodeSubnet }) => !places.subnets.has(nodeSubnet));
	return mayBeMissing && !places.routeTables.has(before)
		? {
				id: before,
				missing: `route table ${lastName(before)} is missing from the answer of Resource Graph`,
			}
		: { id, missing: null };
}

/** AKS calls its own aks-agentpool-…-routetable. */
function fullest(tables: readonly RouteTable[]): RouteTable | undefined {
	return tables.toSorted(
		(a, b) =>
			Number(lastName(b.id).startsWith("aks-agentpool-")) -
				Number(lastName(a.id).startsWith("aks-agentpool-")) ||
			(b.routes ?? 0) - (a.routes ?? 0) ||
			(a.id < b.id ? -1 : 1),
	)[0];
}
