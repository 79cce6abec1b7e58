import { groupKey, networkOfSubnet, subnetName } from "../arm.ts";
import type { Cluster, ScaleSet, Subnet } from "../inventory/facts.ts";
import type { NotJudged } from "./cluster.ts";
import type { Places } from "./places.ts";

/** A placeholder of unknown capacity, if no subnet is named and none can be found. */
export function nodeSubnetOf(
	cluster: Cluster,
	named: string | null,
	scaleSets: readonly ScaleSet[],
	places: Places,
): string {
	if (named !== null) return named;
	const measured = scaleSets
		.flatMap(({ interfaces }) => interfaces ?? [])
		.find(({ subnet }) => subnet !== null)?.subnet;
	if (measured) return measured;
	const managed = managedSubnets(cluster, places);
	const subnet =
		managed.find(({ id }) => id.endsWith("/subnets/aks-subnet")) ??
		(managed.length === 1 ? managed[0] : undefined);
	return subnet?.id ?? `${cluster.id}/subnet`;
}

export function managedSubnets(
	cluster: Cluster,
	places: Places,
): readonly Subnet[] {
	const group = groupKey(cluster.subscription, cluster.nodeResourceGroup);
	return places.subnetsByGroup.get(group) ?? [];
}

export function whyNoSubnet(cluster: Cluster, places: Places): NotJudged {
	if (cluster.hostedSystem !== null)
		return inItself("The cluster does not name the subnet of its nodes", true);
	const group = `No virtual network is visible in the node resource group ${cluster.nodeResourceGroup}`;
	return places.lost.subnets === 0
		? {
				reason: `${group}. The auditor needs Reader there.`,
				accessTo: `resource group ${cluster.nodeResourceGroup}`,
				hidesBudgets: true,
			}
		: inItself(`${group}. Rows of subnets are missing.`, true);
}

/** Null where the subnet is among the rows. */
export function whyNotVisible(
	{ plugin }: Cluster,
	subnet: string,
	places: Places,
): NotJudged | null {
	if (places.subnets.has(subnet)) return null;
	// The subnet of a kubenet cluster tells its route table.
	const hidesBudgets = plugin === "kubenet";
	const subscription = subnet.split("/")[2] ?? "";
	if (places.lost.subnets !== 0)
		return inItself(
			`Subnet ${subnetName(subnet)} is missing from the answer of Resource Graph, which lost rows`,
			hidesBudgets,
		);
	if (!places.subscriptions.has(subscription))
		return {
			reason: `The virtual network is in subscription ${subscription}, which is not visible. The auditor needs Reader there.`,
			accessTo: `subscription ${subscription}`,
			hidesBudgets,
		};
	const network = networkOfSubnet(subnet).split("/").at(-1) ?? "";
	return {
		reason: `Virtual network ${network} or its subnet ${subnet.split("/").at(-1)} is not visible. The auditor needs Reader on it.`,
		accessTo: `virtual network ${network}`,
		hidesBudgets,
	};
}

export function inItself(reason: string, hidesBudgets: boolean): NotJudged {
	return { reason, accessTo: null, hidesBudgets };
}
