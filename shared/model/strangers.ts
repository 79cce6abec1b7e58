import { groupKey } from "../arm.ts";
import type { Cluster, Inventory } from "../inventory/facts.ts";

/** Nodes of AKS that no judged pool accounts for. */
export interface Stranger {
	readonly id: string;
	readonly subnet: string | null;
	/** Addresses that they hold now. */
	readonly held: number;
	/** Their cluster is judged and does not list their pool: it comes or goes, and does not grow unseen. */
	readonly listed: boolean;
}

/** Scale sets and auto-provisioned nodes that no pool of a judged cluster stands for. */
export function strangers(
	inventory: Inventory,
	judged: readonly Cluster[],
): Stranger[] {
	const pools = poolsByGroup(judged);
	const sets = inventory.scaleSets
		.filter(
			({ id, group, pool }) => isOfAks(id) && !pools.get(group)?.has(pool),
		)
		.map((set) => ({
			id: set.id,
			subnet: set.subnet,
			held:
				set.capacity *
				Math.max(1, (set.ipConfigurations ?? 1) - set.ipv6Configurations),
			listed: pools.has(set.group),
		}));
	const nodes = inventory.autoProvisionedNodes
		.filter(({ group }) => !pools.has(group))
		.map(({ id, subnet, addresses }) => ({
			id,
			subnet,
			held: addresses ?? 1,
			listed: false,
		}));
	return [...sets, ...nodes];
}

/** Scale sets of AKS are called `aks-<pool>-<n>-vmss` or `aks<pool>`; the tag of 2021 alone is anybody's. */
function isOfAks(scaleSet: string): boolean {
	return (scaleSet.split("/").at(-1) ?? "").startsWith("aks");
}

/** Pools of the clusters that are judged; a cluster that is not leaves its nodes to nobody. */
function poolsByGroup(
	judged: readonly Cluster[],
): Map<string, ReadonlySet<string>> {
	return new Map(
		judged.map(({ subscription, nodeResourceGroup, pools }) => [
			groupKey(subscription, nodeResourceGroup),
			new Set(pools.map(({ name }) => name)),
		]),
	);
}
