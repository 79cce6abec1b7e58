import { groupKey, networkOfSubnet, parseArmId } from "../arm.ts";
import type { Inventory, ScaleSet } from "../inventory/facts.ts";
import { holdingsBySubnet } from "./occupants.ts";
import type { Places } from "./resolve.ts";

/** Indexes the rows by what clusters refer to them with. */
export function placesOf(inventory: Inventory): Places {
	return {
		subscriptions: inventory.subscriptions,
		subnetsIncomplete: inventory.subnetsIncomplete,
		scaleSetsIncomplete: inventory.scaleSetsIncomplete,
		subnets: new Map(inventory.subnets.map((subnet) => [subnet.id, subnet])),
		subnetsByGroup: Map.groupBy(inventory.subnets, ({ id }) => {
			const network = parseArmId(networkOfSubnet(id));
			return network === null
				? ""
				: groupKey(network.subscription, network.resourceGroup);
		}),
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

function ipv6BySubnet(scaleSets: readonly ScaleSet[]): Map<string, number> {
	const explained = new Map<string, number>();
	for (const { subnet, capacity, ipv6Configurations } of scaleSets) {
		if (subnet === null || ipv6Configurations === 0) continue;
		const already = explained.get(subnet) ?? 0;
		explained.set(subnet, already + capacity * ipv6Configurations);
	}
	return explained;
}
