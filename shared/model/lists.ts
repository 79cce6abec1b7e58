import { groupKey } from "../arm.ts";
import { hasIpv6 } from "../cidr.ts";
import type {
	Cluster,
	Inventory,
	ListedOwner,
	RouteTable,
	ScaleSet,
	Subnet,
} from "../inventory/facts.ts";
import { networkModelOf } from "./networks/networkModel.ts";

/**
 * Entries that rows explain in each subnet's list of IP configurations. Nodes alone where other resources are not
 * known.
 */
export function explainedEntries({
	scaleSets,
	autoProvisionedNodes,
	otherResources,
}: Inventory): ReadonlyMap<string, number> {
	const explained = new Map<string, number>();
	const add = (subnet: string | null, entries: number) => {
		if (subnet !== null)
			explained.set(subnet, (explained.get(subnet) ?? 0) + entries);
	};
	for (const { capacity, interfaces } of scaleSets)
		for (const { subnet, entries } of interfaces ?? [])
			add(subnet, (capacity ?? 0) * entries);
	for (const { interface: own } of autoProvisionedNodes)
		if (own !== null) add(own.subnet, own.entries);
	for (const { subnet, entries } of otherResources ?? []) add(subnet, entries);
	return explained;
}

/**
 * Subnets of clusters whose list has something that no row explains: the IDs in it may name nodes of clusters that
 * nobody can read. Lists of pod subnets are not read: nodes and pods do not show there.
 */
export function listsToRead(
	inventory: Inventory,
): Pick<Subnet, "id" | "ipConfigurations">[] {
	const explained = explainedEntries(inventory);
	const { nodes, apiServers } = subnetsOfClusters(inventory);
	return inventory.subnets.filter(({ id, ipConfigurations }) => {
		if (ipConfigurations === null || ipConfigurations === 0) return false;
		if (nodes.has(id)) return (explained.get(id) ?? 0) !== ipConfigurations;
		const servers = apiServers.get(id);
		return servers !== undefined && servers !== ipConfigurations;
	});
}

/** Subnets with nodes of clusters, and how many API servers each of these subnets has: one entry each. */
function subnetsOfClusters({
	clusters,
	scaleSets,
	autoProvisionedNodes,
}: Inventory) {
	const nodes = new Set<string>();
	const apiServers = new Map<string, number>();
	const addNodes = (id: string | null | undefined) => {
		if (id) nodes.add(id);
	};
	for (const { pools, unreadPools, apiServer, hostedSystem } of clusters) {
		for (const { nodeSubnet } of [...pools, ...unreadPools])
			addNodes(nodeSubnet);
		addNodes(hostedSystem?.nodeSubnet);
		if (apiServer?.subnet)
			apiServers.set(
				apiServer.subnet,
				(apiServers.get(apiServer.subnet) ?? 0) + 1,
			);
	}
	for (const { interfaces } of scaleSets)
		for (const { subnet } of interfaces ?? []) addNodes(subnet);
	for (const { interface: own } of autoProvisionedNodes) addNodes(own?.subnet);
	return { nodes, apiServers };
}

/**
 * Route tables that AKS did not make, on subnets of kubenet clusters, with more routes than the nodes of these clusters
 * explain: another cluster may write to them.
 */
export function tablesToRead({
	clusters,
	subnets,
	scaleSets,
	routeTables,
}: Inventory): RouteTable[] {
	const kubenet = clusters.filter(({ plugin }) => plugin === "kubenet");
	if (kubenet.length === 0) return [];
	const tableOf = new Map(
		subnets.map(({ id, routeTable }) => [id, routeTable]),
	);
	const nodes = new Map<string, number>();
	for (const { group, capacity } of scaleSets)
		nodes.set(group, (nodes.get(group) ?? 0) + (capacity ?? 0));
	const explained = new Map<string, number>();
	for (const cluster of kubenet) {
		const tables = new Set(
			cluster.pools.flatMap(({ nodeSubnet }) =>
				nodeSubnet === null ? [] : (tableOf.get(nodeSubnet) ?? []),
			),
		);
		const own =
			(nodes.get(groupOf(cluster)) ?? 0) * (cluster.dualStack ? 2 : 1);
		for (const table of tables)
			explained.set(table, (explained.get(table) ?? 0) + own);
	}
	const nodeGroups = new Set(clusters.map(groupOf));
	return routeTables.filter(
		({ id, group, routes }) =>
			!nodeGroups.has(group) &&
			explained.has(id) &&
			(routes ?? 0) > (explained.get(id) ?? 0),
	);
}

/** The scale set that a kubenet route is named after, by its node: "aks-web-12345678-vmss"; null for other routes. */
export function scaleSetOfRoute(route: string): string | null {
	return /^(aks-.+-\d+-vmss)[0-9a-z]{6}(_|$)/.exec(route)?.[1] ?? null;
}

/**
 * Pools whose scale sets are not visible, as the lists of their subnets show them: how many nodes there are, and what
 * they use. Better than the count of the cluster's row, which may be days old.
 */
export function withListedScaleSets(inventory: Inventory): Inventory {
	if (inventory.listed.size === 0) return inventory;
	const pools = poolsWithoutScaleSet(inventory);
	const owners = [...inventory.listed.values()]
		.flat()
		.filter(({ type }) => type === scaleSetType)
		.filter(({ group, name }) => pools.get(group)?.has(poolOf(name)));
	if (owners.length === 0) return inventory;
	const subnets = new Map(inventory.subnets.map((one) => [one.id, one]));
	const sets = Map.groupBy(owners, ({ group, name }) => `${group}\n${name}`);
	const clustersByGroup = new Map(
		inventory.clusters.map((cluster) => [groupOf(cluster), cluster]),
	);
	return {
		...inventory,
		scaleSets: [
			...inventory.scaleSets,
			...[...sets.values()].map((own) =>
				listedScaleSet(own, subnets, clustersByGroup),
			),
		],
	};
}

const scaleSetType = "virtualmachinescalesets";

function poolsWithoutScaleSet({
	clusters,
	scaleSets,
}: Inventory): Map<string, ReadonlySet<string>> {
	const seen = new Set(scaleSets.map(({ group, pool }) => `${group}\n${pool}`));
	return new Map(
		clusters.map((cluster): [string, ReadonlySet<string>] => {
			const group = groupOf(cluster);
			const names = cluster.pools
				.map(({ name }) => name)
				.filter((name) => !seen.has(`${group}\n${name}`));
			return [group, new Set(names)];
		}),
	);
}

function groupOf({ subscription, nodeResourceGroup }: Cluster): string {
	return groupKey(subscription, nodeResourceGroup);
}

/** Linux scale sets are called `aks-<pool>-<n>-vmss`, Windows ones `aks<pool>`. */
export function poolOf(scaleSet: string): string {
	const linux = /^aks-(.+)-\d+-vmss$/.exec(scaleSet);
	return linux?.[1] ?? scaleSet.replace(/^aks/, "");
}

function listedScaleSet(
	owners: readonly ListedOwner[],
	subnets: ReadonlyMap<string, Subnet>,
	clusters: ReadonlyMap<string, Cluster>,
): ScaleSet {
	const [first] = owners;
	if (first === undefined) throw new Error("a scale set without an entry");
	const { group, name } = first;
	const instances = new Set(owners.map(({ instance }) => instance)).size;
	const bySubnet = [...Map.groupBy(owners, ({ subnet }) => subnet)];
	const perNode = total(owners) / instances;
	const isPlain =
		isPlausible(perNode, poolOf(name), clusters.get(group)) &&
		bySubnet.every(
			([subnet, own]) =>
				!hasIpv6(subnets.get(subnet)?.prefixes ?? []) &&
				total(own) % instances === 0,
		);
	const [subscription = "", resourceGroup = ""] = group.split("/");
	return {
		id: `/subscriptions/${subscription}/resourcegroups/${resourceGroup}/providers/microsoft.compute/virtualmachinescalesets/${name}`,
		group,
		pool: poolOf(name),
		capacity: instances,
		interfaces: bySubnet.map(([subnet, own]) => {
			const entries = Math.ceil(total(own) / instances);
			return { subnet, entries, ipv6: 0, addresses: entries };
		}),
		interfacesKnown: isPlain,
		isListed: true,
	};
}

/** A list shows entries, and an entry can be a block: only as many as the network model asks for are addresses for certain. */
function isPlausible(
	perNode: number,
	poolName: string,
	cluster: Cluster | undefined,
): boolean {
	const pool = cluster?.pools.find(({ name }) => name === poolName);
	if (cluster === undefined || pool === undefined) return false;
	const isFlat = networkModelOf(cluster, pool) === "node-subnet";
	return isFlat ? Math.abs(perNode - pool.maxPods) <= 1 : perNode === 1;
}

function total(owners: readonly ListedOwner[]): number {
	return owners.reduce((sum, { entries }) => sum + entries, 0);
}

/** Nodes of AKS by the name of the address's owner: scale sets `aks…`, machines `aks-…`. */
export function isNodeOfAks({ type, name }: ListedOwner): boolean {
	return (
		(type === scaleSetType && name.startsWith("aks")) ||
		(type === "networkinterfaces" && name.startsWith("aks-"))
	);
}

/** The frontend that AKS makes for an API server in a subnet of its own. */
export function isApiServer({ type, name }: ListedOwner): boolean {
	return type === "loadbalancers" && name === "kube-apiserver";
}
