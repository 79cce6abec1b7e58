import { groupOfNetwork, networkOfSubnet } from "../arm.ts";
import type {
	AutoProvisionedNode,
	Cluster,
	Inventory,
	LostRows,
	OtherResource,
	RouteTable,
	ScaleSet,
	Subnet,
} from "../inventory/facts.ts";
import type { KnownCluster } from "./known.ts";
import { isApiServer } from "./lists.ts";
import { otherResourcesBySubnet } from "./resourcesByKind.ts";
import { type NetworkAround, networkAround } from "./surroundings.ts";

/** The rows that clusters refer to, by what they are found by. */
export interface Places {
	readonly subnets: ReadonlyMap<string, Subnet>;
	/** Subnets by the `groupKey` of their network. */
	readonly subnetsByGroup: ReadonlyMap<string, readonly Subnet[]>;
	/** Subnets by their network's id. */
	readonly subnetsByNetwork: ReadonlyMap<string, readonly Subnet[]>;
	/** Every network that was read, or has a subnet that was, by its id. */
	readonly networks: ReadonlyMap<string, NetworkAround>;
	/** Of a cluster that is made, they are let go. */
	readonly scaleSetsByGroup: Map<string, readonly ScaleSet[]>;
	readonly routeTables: ReadonlyMap<string, RouteTable>;
	/** Ids of the subnets that a table hangs on. */
	readonly subnetsByRouteTable: ReadonlyMap<string, readonly string[]>;
	readonly routeTablesByGroup: ReadonlyMap<string, readonly RouteTable[]>;
	readonly autoProvisionedByGroup: ReadonlyMap<
		string,
		readonly AutoProvisionedNode[]
	>;
	/** What the rows say of entries in a subnet's list that are not single IPv4 addresses, by subnet. */
	readonly entriesBySubnet: ReadonlyMap<string, SubnetEntries>;
	/** What other resources use, by subnet. Null if that is not known. */
	readonly otherResources: ReadonlyMap<string, readonly OtherResource[]> | null;
	/** Subscriptions that the identity can read. */
	readonly subscriptions: ReadonlySet<string>;
	readonly lost: LostRows;
	/** Groups with a row that cannot be read: why. */
	readonly unreadableGroups: ReadonlyMap<string, string>;
	readonly listed: Inventory["listed"];
	/**
	 * Subnets with traces of a cluster's API server, by its ID (service association links) and by its node resource group
	 * (the list).
	 */
	readonly apiServerSubnets: ReadonlyMap<string, readonly string[]>;
	/** Clusters as the newest audit that saw them did, by id. */
	readonly known: ReadonlyMap<string, KnownCluster>;
}

interface SubnetEntries {
	/** IPv6 entries that the scale sets' own models explain. */
	readonly ipv6: number;
	/** Addresses of blocks beyond the one entry that each makes. */
	readonly inBlocks: number;
	/** False if a scale set in it may use IPv6 or blocks that an incomplete answer did not show. */
	readonly isKnown: boolean;
}

/** Indexes the rows by what clusters refer to them with. */
export function placesOf(
	inventory: Inventory,
	known: ReadonlyMap<string, KnownCluster>,
): Places {
	const subnetsByNetwork = Map.groupBy(inventory.subnets, ({ id }) =>
		networkOfSubnet(id),
	);
	return {
		subscriptions: inventory.subscriptions,
		lost: inventory.lost,
		unreadableGroups: inventory.unreadableGroups,
		listed: inventory.listed,
		known,
		apiServerSubnets: apiServerSubnets(inventory),
		subnets: new Map(inventory.subnets.map((subnet) => [subnet.id, subnet])),
		subnetsByGroup: Map.groupBy(inventory.subnets, ({ id }) =>
			groupOfNetwork(networkOfSubnet(id)),
		),
		subnetsByNetwork,
		networks: networksAround(inventory, subnetsByNetwork, known),
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
		subnetsByRouteTable: subnetsByRouteTable(inventory.subnets),
		entriesBySubnet: entriesBySubnet(inventory),
		otherResources: otherResourcesBySubnet(inventory),
	};
}

function networksAround(
	{ networks, clusters }: Inventory,
	subnetsOf: Places["subnetsByNetwork"],
	known: ReadonlyMap<string, KnownCluster>,
): Map<string, NetworkAround> {
	const rows = new Map(networks.map((network) => [network.id, network]));
	const ranges = rangesByNetwork(clusters, known);
	const ids = new Set([...subnetsOf.keys(), ...rows.keys()]);
	return new Map(
		[...ids].map((id) => [
			id,
			networkAround(id, rows, subnetsOf.get(id) ?? [], [
				...(ranges.get(id) ?? []),
			]),
		]),
	);
}

function apiServerSubnets({ subnets, listed }: Inventory) {
	const found = new Map<string, string[]>();
	const add = (key: string, subnet: string) => {
		const own = found.get(key) ?? [];
		own.push(subnet);
		found.set(key, own);
	};
	for (const { id, linkedClusters } of subnets)
		for (const cluster of linkedClusters) add(cluster, id);
	for (const [subnet, owners] of listed)
		for (const owner of owners)
			if (isApiServer(owner)) add(owner.group, subnet);
	return found;
}

function subnetsByRouteTable(subnets: Inventory["subnets"]) {
	const byTable = new Map<string, string[]>();
	for (const { id, routeTable } of subnets) {
		if (routeTable === null) continue;
		const own = byTable.get(routeTable) ?? [];
		own.push(id);
		byTable.set(routeTable, own);
	}
	return byTable;
}

/** Pod and service ranges of the clusters in a network, last known ones too: no new subnet should be in them. */
export function rangesByNetwork(
	clusters: readonly Cluster[],
	known: ReadonlyMap<string, KnownCluster>,
) {
	const ranges = new Map<string, Set<string>>();
	const add = (subnet: string, own: readonly string[]) => {
		const network = networkOfSubnet(subnet);
		const before = ranges.get(network) ?? new Set();
		for (const range of own) if (range !== "") before.add(range);
		ranges.set(network, before);
	};
	for (const cluster of clusters) {
		const own = [podRange(cluster) ?? "", ...cluster.serviceCidrs];
		for (const { nodeSubnet } of cluster.pools)
			if (nodeSubnet !== null) add(nodeSubnet, own);
	}
	const seen = new Set(clusters.map(({ id }) => id));
	for (const { id, uses, ranges } of known.values())
		if (!seen.has(id)) for (const { budget } of uses) add(budget.id, ranges);
	return ranges;
}

/** What rows say of a subnet's list: entries that are IPv6, and addresses of blocks beyond their one entry. */
export function entriesBySubnet({
	scaleSets,
	autoProvisionedNodes,
	otherResources,
}: Inventory): Map<string, SubnetEntries> {
	const explained = new Map<string, SubnetEntries>();
	const add = (subnet: string | null, more: SubnetEntries) => {
		if (subnet === null) return;
		if (more.ipv6 === 0 && more.inBlocks === 0 && more.isKnown) return;
		const before = explained.get(subnet) ?? nothingSpecial;
		explained.set(subnet, {
			ipv6: before.ipv6 + more.ipv6,
			inBlocks: before.inBlocks + more.inBlocks,
			isKnown: before.isKnown && more.isKnown,
		});
	};
	for (const { capacity, interfaces, interfacesKnown } of scaleSets)
		for (const { subnet, entries, ipv6, addresses } of interfaces ?? [])
			add(subnet, {
				ipv6: (capacity ?? 0) * ipv6,
				inBlocks: (capacity ?? 0) * (addresses - (entries - ipv6)),
				isKnown: interfacesKnown,
			});
	for (const { interface: own } of autoProvisionedNodes)
		if (own !== null)
			add(own.subnet, {
				ipv6: own.ipv6,
				inBlocks: own.addresses - (own.entries - own.ipv6),
				isKnown: true,
			});
	for (const { subnet, addresses, entries } of otherResources ?? [])
		add(subnet, { ipv6: 0, inBlocks: addresses - entries, isKnown: true });
	return explained;
}

/** Null if pods use subnets, or get their IPs from another vendor's CNI. */
export function podRange(cluster: Cluster): string | null {
	if (cluster.plugin === "unknown") return cluster.podCidr;
	return cluster.plugin === "kubenet" || cluster.overlay
		? (cluster.podCidr ?? "")
		: null;
}

export const nothingSpecial: SubnetEntries = {
	ipv6: 0,
	inBlocks: 0,
	isKnown: true,
};
