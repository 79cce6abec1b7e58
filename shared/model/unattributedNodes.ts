import { groupKey, lastName } from "../arm.ts";
import type { Inventory } from "../inventory/facts.ts";

/** Nodes of AKS that no pool of a visible cluster accounts for. */
export interface UnattributedNodes {
	readonly subnet: string | null;
	/** IPs that they use now. */
	readonly used: number;
	/** Their cluster is visible and does not list their pool: it comes or goes, and does not grow unseen. */
	readonly listed: boolean;
	/** Who they are, in words. */
	readonly reason: string;
}

/** Scale sets and auto-provisioned nodes without a pool of a visible cluster. */
export function unattributedNodes(inventory: Inventory): UnattributedNodes[] {
	const pools = poolsByGroup(inventory);
	const sets = inventory.scaleSets
		.filter(
			({ id, group, pool }) => isOfAks(id) && !pools.get(group)?.has(pool),
		)
		.flatMap(({ id, group, capacity, interfaces }) =>
			(interfaces ?? [{ subnet: null, addresses: 1 }]).map(
				({ subnet, addresses }) => ({
					subnet,
					used: (capacity ?? 0) * Math.max(1, addresses),
					listed: pools.has(group),
					reason: `scale set ${lastName(id)} in resource group ${resourceGroup(group)}, whose cluster is not visible`,
				}),
			),
		);
	const nodes = inventory.autoProvisionedNodes
		.filter(({ group, hasMachine }) => hasMachine && !pools.has(group))
		.map(({ group, interface: own }) => ({
			subnet: own?.subnet ?? null,
			used: own?.addresses ?? 1,
			listed: false,
			reason: `auto-provisioned nodes in resource group ${resourceGroup(group)}, whose cluster is not visible`,
		}));
	return [...sets, ...nodes];
}

/** Scale sets of AKS are called `aks-<pool>-<n>-vmss` or `aks<pool>`. The tag of 2021 alone is anybody's. */
function isOfAks(scaleSet: string): boolean {
	return lastName(scaleSet).startsWith("aks");
}

/** Pools of the clusters that have a row. A cluster without leaves its nodes to nobody. */
function poolsByGroup({
	clusters,
}: Inventory): Map<string, ReadonlySet<string>> {
	return new Map(
		clusters.map(({ subscription, nodeResourceGroup, pools, unreadPools }) => [
			groupKey(subscription, nodeResourceGroup),
			new Set([...pools, ...unreadPools].map(({ name }) => name.toLowerCase())),
		]),
	);
}

function resourceGroup(group: string): string {
	return group.split("/")[1] ?? group;
}
