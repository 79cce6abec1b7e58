import {
	groupKey,
	groupOfNetwork,
	networkOfSubnet,
	subnetName,
} from "../arm.ts";
import { ipv4Of } from "../cidr.ts";
import type { Cluster } from "../inventory/facts.ts";
import type {
	NotJudged,
	ResolvedCluster,
	ResolvedPool,
	UsingCluster,
} from "./cluster.ts";
import { isSubnetId } from "./entries.ts";
import {
	inItself,
	managedSubnets,
	whyNoSubnet,
	whyNotVisible,
} from "./nodeSubnets.ts";
import { type Places, podRange } from "./places.ts";
import { hostedSystemPools, resolvePool, unreadPool } from "./pools.ts";
import { autoProvisionedPools } from "./provisionedPools.ts";
import { withOneRouteTable } from "./routeTable.ts";
import {
	type Surroundings,
	surroundingsOf,
	unseenNetwork,
} from "./surroundings.ts";

/** Looks up all that the cluster's rows refer to. What cannot be found is said in `notJudged`, and leaves the rest to be judged. */
export function resolveCluster(
	cluster: Cluster,
	places: Places,
): ResolvedCluster {
	const using = resolveUse(cluster, places);
	return { ...using, surroundings: surroundings(cluster, using, places) };
}

/** The same as far as it says what the cluster uses. */
export function resolveUse(cluster: Cluster, places: Places): UsingCluster {
	const group = groupKey(cluster.subscription, cluster.nodeResourceGroup);
	const scaleSets = places.scaleSetsByGroup.get(group) ?? [];
	const named = cluster.pools
		// A pool of machines has no node of its own: they are auto-provisioned, and seen by their interfaces.
		.filter(({ mode }) => mode !== "machines")
		.map((pool) =>
			resolvePool(
				cluster,
				pool,
				scaleSets.filter((set) => set.pool === pool.name),
				places,
			),
		);
	const unread = cluster.unreadPools.map((pool) =>
		unreadPool(
			cluster,
			pool,
			scaleSets.filter((set) => set.pool === pool.name.toLowerCase()),
			places,
		),
	);
	const pools = [
		...named,
		...unread,
		...hostedSystemPools(cluster, places),
		...autoProvisionedPools(cluster, [...named, ...unread], places),
	];
	const apiServer = apiServerSubnet(cluster, places);
	return {
		id: cluster.id,
		name: cluster.name,
		subscription: cluster.subscription,
		resourceGroup: cluster.resourceGroup,
		nodeResourceGroup: cluster.nodeResourceGroup,
		provisioningState: cluster.provisioningState,
		kubenet: cluster.plugin === "kubenet",
		dualStack: cluster.dualStack,
		availabilitySet: cluster.pools.some(
			({ type }) => type === "availability-set",
		),
		podCidr: podRange(cluster),
		apiServerSubnet: apiServer,
		pools: withOneRouteTable(cluster, pools, places),
		notJudged: notJudged(cluster, pools, apiServer, places),
		roles: {},
		largeNetworks: [],
		kept: [],
	};
}

/** Each reason once. Where only one is shown, it is the first. */
function notJudged(
	cluster: Cluster,
	pools: readonly ResolvedPool[],
	apiServer: string | null,
	places: Places,
): NotJudged[] {
	const subnets = [
		...pools.flatMap(({ nodeSubnet, podSubnet, extraSubnets }) => [
			nodeSubnet,
			podSubnet,
			...extraSubnets.map(({ subnet }) => subnet),
		]),
		apiServer === "" ? null : apiServer,
	];
	const reasons = subnets.flatMap((id): NotJudged[] => {
		if (id === null) return [];
		if (!isSubnetId(id)) return [whyNoSubnet(cluster, places)];
		const why = whyNotVisible(cluster, id, places);
		return why === null ? [] : [why];
	});
	const all = [
		...(cluster.modelUnknown === null
			? []
			: [
					inItself(
						`${cluster.modelUnknown}, which the auditor does not know`,
						true,
					),
				]),
		...(pools.length === 0 && cluster.pools.length === 0
			? [inItself(whyNoPool(cluster), true)]
			: []),
		...(hostsUnseen(cluster)
			? [inItself(whyHostUnseen(cluster, places), false)]
			: []),
		...reasons,
	];
	return [...new Map(all.map((one) => [one.reason, one])).values()];
}

function whyHostUnseen(cluster: Cluster, places: Places): string {
	return managedSubnets(cluster, places).length > 0
		? "Azure runs the system nodes in a subnet that the cluster does not name"
		: "Azure runs the system nodes in its own network. The cluster does not name it, and nobody else can read it.";
}

function hostsUnseen({ hostedSystem }: Cluster): boolean {
	return hostedSystem !== null && hostedSystem.systemSubnet === null;
}

function whyNoPool(cluster: Cluster): string {
	return cluster.hostedSystem === null
		? "Azure reports no node pools for the cluster"
		: "The cluster names no node pool and no subnet of its nodes";
}

function surroundings(
	cluster: Cluster,
	{ pools, apiServerSubnet }: UsingCluster,
	{ networks, subnets: rows, subnetsByRouteTable }: Places,
): Surroundings {
	const own = pools.flatMap(({ nodeSubnet, podSubnet, extraSubnets }) => [
		nodeSubnet,
		podSubnet,
		...extraSubnets.map(({ subnet }) => subnet),
	]);
	const subnets = [...new Set([...own, apiServerSubnet])].filter(
		(id) => id !== null && isSubnetId(id),
	) as string[];
	const ids = new Set(subnets.map(networkOfSubnet));
	const group = groupKey(cluster.subscription, cluster.nodeResourceGroup);
	const around = surroundingsOf({
		name: cluster.name,
		podCidr: podRange(cluster),
		services: ipv4Of(cluster.serviceCidrs),
		subnets,
		networks: [...ids].map((id) => networks.get(id) ?? unseenNetwork(id)),
		isManaged: (id) => groupOfNetwork(id) === group,
	});
	if (cluster.plugin !== "kubenet") return around;
	const tables = new Set(
		subnets.flatMap((id) => rows.get(id)?.routeTable ?? []),
	);
	const onRouteTable = [...tables]
		.flatMap((table) => subnetsByRouteTable.get(table) ?? [])
		.filter((id) => !subnets.includes(id))
		.map(subnetName);
	return onRouteTable.length > 0 ? { ...around, onRouteTable } : around;
}

/**
 * The API server's subnet: named, or made by AKS in the node resource group. A list answer may omit the profile
 * (Azure/AKS#5224). Then traces of it tell, in a subnet that none of the cluster's pools uses.
 */
function apiServerSubnet(cluster: Cluster, places: Places): string | null {
	if (cluster.apiServer === null) return apiServerByTraces(cluster, places);
	if (cluster.apiServer.subnet !== null) return cluster.apiServer.subnet;
	const managed = managedSubnets(cluster, places).find(({ id }) =>
		id.endsWith("/subnets/aks-apiserver-subnet"),
	);
	return managed?.id ?? "";
}

function apiServerByTraces(cluster: Cluster, places: Places): string | null {
	const group = groupKey(cluster.subscription, cluster.nodeResourceGroup);
	const ofPools = new Set(
		[...cluster.pools, ...cluster.unreadPools].flatMap(
			({ nodeSubnet, podSubnet }) => [nodeSubnet, podSubnet],
		),
	);
	const traces = [
		...(places.apiServerSubnets.get(cluster.id) ?? []),
		...(places.apiServerSubnets.get(group) ?? []),
	];
	return traces.find((subnet) => !ofPools.has(subnet)) ?? null;
}
