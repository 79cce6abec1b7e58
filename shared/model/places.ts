import { groupOfNetwork, networkOfSubnet } from "../arm.ts";
import type { Cluster, Inventory, ScaleSet } from "../inventory/facts.ts";
import { holdingsBySubnet } from "./occupants.ts";
import { type Places, podRange } from "./resolve.ts";
import { type NetworkAround, networkAround } from "./surroundings.ts";

/** Indexes the rows by what clusters refer to them with. */
export function placesOf(inventory: Inventory): Places {
	return {
		subscriptions: inventory.subscriptions,
		subnetsIncomplete: inventory.subnetsIncomplete,
		scaleSetsIncomplete: inventory.scaleSetsIncomplete,
		subnets: new Map(inventory.subnets.map((subnet) => [subnet.id, subnet])),
		subnetsByGroup: Map.groupBy(inventory.subnets, ({ id }) =>
			groupOfNetwork(networkOfSubnet(id)),
		),
		networks: networksAround(inventory),
		scaleSetsByGroup: Map.groupBy(inventory.scaleSets, ({ group }) => group),
		routeTables: new Map(
			inventory.routeTables.map((table) => [table.id, table]),
		),
		routeTablesByGroup: Map.groupBy(
			inventory.routeTables,
			({ group }) => group,
		),
		autoProvisionedByGroup: Map.groupBy(
			inventory.autoProvisionedNodes,
			({ group }) => group,
		),
		ipv6BySubnet: ipv6BySubnet(inventory.scaleSets),
		holdings: holdingsBySubnet(inventory),
	};
}

function networksAround({
	networks,
	subnets,
	clusters,
}: Inventory): Map<string, NetworkAround> {
	const rows = new Map(networks.map((network) => [network.id, network]));
	const ranges = rangesByNetwork(clusters);
	const subnetsOf = Map.groupBy(subnets, ({ id }) => networkOfSubnet(id));
	return new Map(
		[...subnetsOf].map(([id, own]) => [
			id,
			networkAround(id, rows, own, [...(ranges.get(id) ?? [])]),
		]),
	);
}

/** Pod and service ranges of the clusters in a network: no new subnet should lie in them. */
function rangesByNetwork(clusters: readonly Cluster[]) {
	const ranges = new Map<string, Set<string>>();
	for (const cluster of clusters) {
		const own = [podRange(cluster) ?? "", ...cluster.serviceCidrs];
		for (const { nodeSubnet } of cluster.pools) {
			if (nodeSubnet === null) continue;
			const network = networkOfSubnet(nodeSubnet);
			const known = ranges.get(network) ?? new Set();
			for (const range of own) if (range !== "") known.add(range);
			ranges.set(network, known);
		}
	}
	return ranges;
}

function ipv6BySubnet(scaleSets: readonly ScaleSet[]): Map<string, number> {
	const explained = new Map<string, number>();
	for (const { subnet, capacity, ipv6Configurations } of scaleSets) {
		if (subnet === null || ipv6Configurations === 0) continue;
		const already = explained.get(subnet) ?? 0;
		explained.set(subnet, already + capacity * ipv6Configurations);
	}
	return explained;
}
