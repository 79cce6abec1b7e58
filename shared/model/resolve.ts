import {
	armId,
	groupKey,
	groupOfNetwork,
	networkOfSubnet,
	subnetName,
} from "../arm.ts";
import { ipv4Of } from "../cidr.ts";
import type { Range } from "../contract.ts";
import type {
	AutoProvisionedNode,
	Cluster,
	Holding,
	NodePool,
	RouteTable,
	ScaleSet,
	Subnet,
} from "../inventory/facts.ts";
import type { ResolvedCluster, ResolvedPool, Source } from "./cluster.ts";
import { growthOf, maximum } from "./growth.ts";
import { networkModelOf } from "./networks/networkModel.ts";
import { atLeast, exactly, nothing } from "./range.ts";
import type { SurgeRule } from "./surge.ts";
import {
	type NetworkAround,
	type Surroundings,
	surroundingsOf,
} from "./surroundings.ts";

/** The rows that clusters refer to, by what they are found by. */
export interface Places {
	readonly subnets: ReadonlyMap<string, Subnet>;
	/** Subnets by the `groupKey` of their network. */
	readonly subnetsByGroup: ReadonlyMap<string, readonly Subnet[]>;
	/** Every network that has a subnet, by its id. */
	readonly networks: ReadonlyMap<string, NetworkAround>;
	readonly scaleSetsByGroup: ReadonlyMap<string, readonly ScaleSet[]>;
	readonly routeTables: ReadonlyMap<string, RouteTable>;
	readonly routeTablesByGroup: ReadonlyMap<string, readonly RouteTable[]>;
	readonly autoProvisionedByGroup: ReadonlyMap<
		string,
		readonly AutoProvisionedNode[]
	>;
	/** IPv6 configurations that the scale sets' own models explain, by subnet. */
	readonly ipv6BySubnet: ReadonlyMap<string, number>;
	/** What other resources than nodes hold, by subnet; null where that is not known. */
	readonly holdings: ReadonlyMap<string, readonly Holding[]> | null;
	/** Subscriptions that the identity can read. */
	readonly subscriptions: ReadonlySet<string>;
	/** Rows are known to be missing: what is not found may exist all the same. */
	readonly subnetsIncomplete: boolean;
	readonly scaleSetsIncomplete: boolean;
}

/** Why a cluster cannot be judged, in words for people. */
export class NotResolvable extends Error {}

/** Name of the pool that stands for nodes which auto-provisioning may yet add; no pool of AKS can be called so. */
export const autoProvisionedPool = "(auto-provisioned)";

/** Looks up all that the cluster's rows refer to; throws `NotResolvable` where its network cannot be seen. */
export function resolveCluster(
	cluster: Cluster,
	places: Places,
): ResolvedCluster {
	if (cluster.pools.length === 0 && !cluster.autoProvisioning)
		throw new NotResolvable("Azure reports no node pools for the cluster");
	const group = groupKey(cluster.subscription, cluster.nodeResourceGroup);
	const scaleSets = places.scaleSetsByGroup.get(group) ?? [];
	const named = cluster.pools.map((pool) =>
		resolvePool(
			cluster,
			pool,
			scaleSets.filter((set) => set.pool === pool.name),
			places,
		),
	);
	const pools = [...named, ...autoProvisionedPools(cluster, named[0], places)];
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
		surroundings: surroundings(cluster, pools, apiServer, places),
		pools,
	};
}

/** Null where pods draw on subnets, or on what another vendor's CNI gives them. */
export function podRange(cluster: Cluster): string | null {
	return cluster.plugin === "kubenet" || cluster.overlay
		? (cluster.podCidr ?? "")
		: null;
}

function surroundings(
	cluster: Cluster,
	pools: readonly ResolvedPool[],
	apiServer: string | null,
	{ networks }: Places,
): Surroundings {
	const own = pools.flatMap(({ nodeSubnet, podSubnet }) => [
		nodeSubnet,
		podSubnet,
	]);
	const subnets = [...new Set([...own, apiServer])].filter((id) => id !== null);
	const ids = new Set(subnets.map(networkOfSubnet));
	const group = groupKey(cluster.subscription, cluster.nodeResourceGroup);
	return surroundingsOf({
		name: cluster.name,
		podCidr: podRange(cluster),
		services: ipv4Of(cluster.serviceCidrs),
		subnets,
		networks: [...ids].flatMap((id) => networks.get(id) ?? []),
		isManaged: (id) => groupOfNetwork(id) === group,
	});
}

function apiServerSubnet(cluster: Cluster, places: Places): string | null {
	if (cluster.apiServer === null) return null;
	if (cluster.apiServer.subnet !== null) return cluster.apiServer.subnet;
	const managed = managedSubnets(cluster, places).find(({ id }) =>
		id.endsWith("/subnets/aks-apiserver-subnet"),
	);
	return managed?.id ?? "";
}

function resolvePool(
	cluster: Cluster,
	pool: NodePool,
	scaleSets: readonly ScaleSet[],
	places: Places,
): ResolvedPool {
	if (needsMissingScaleSet(pool, scaleSets, places))
		throw new NotResolvable(
			`the scale set of pool ${pool.name} is not among the rows that Resource Graph answered, and some are missing`,
		);
	const { nodes, source } = nodesNow(cluster, pool, scaleSets);
	const full = nodesAtFull(cluster, pool, nodes);
	const nodeSubnet = nodeSubnetOf(cluster, pool.nodeSubnet, scaleSets, places);
	if (pool.podSubnet !== null) visible(pool.podSubnet, places);
	return {
		name: pool.name,
		model: networkModelOf(cluster, pool),
		windows: pool.windows,
		maxPods: pool.maxPods,
		maxPodsAssumed: pool.maxPodsAssumed,
		autoProvisioned: false,
		hosted: pool.mode === "managed-system",
		system: pool.mode === "system",
		gateway: pool.mode === "gateway",
		nodeSubnet,
		subnetNamed: pool.nodeSubnet !== null,
		podSubnet: pool.podSubnet,
		routeTable: routeTableOf(cluster, nodeSubnet, places),
		nodes,
		nodesSource: source,
		...growthOf(pool, nodes, full, pool.maxNodes),
		surgeRule: surgeRuleOf(pool),
		addressesPerNode: addressesPerNode(cluster, scaleSets),
		countedByAzure: countedByAzure(pool, nodes),
		minNodes: pool.minNodes,
		maxNodes: pool.maxNodes,
	};
}

/** Kept with the pool, so that what other settings would lead to can be worked out without its row. */
function surgeRuleOf(pool: NodePool): SurgeRule {
	const { surge, spot, type, kubernetesVersion, upgrading } = pool;
	return { surge, spot, type, kubernetesVersion, upgrading };
}

/** Auto-provisioned nodes are replaced one by one, by auto-provisioning itself. */
const noSurge: SurgeRule = {
	surge: { kind: "nodes", nodes: 0 },
	spot: false,
	type: "virtual-machines",
	kubernetesVersion: "",
	upgrading: false,
};

function needsMissingScaleSet(
	pool: NodePool,
	scaleSets: readonly ScaleSet[],
	places: Places,
): boolean {
	return (
		places.scaleSetsIncomplete &&
		scaleSets.length === 0 &&
		pool.type === "scale-set" &&
		pool.reportedNodes !== 0
	);
}

/** The scale sets know how many nodes there are; the cluster's own count may be days old (azure-rest-api-specs#12078). */
function nodesNow(
	cluster: Cluster,
	pool: NodePool,
	scaleSets: readonly ScaleSet[],
): { nodes: Range; source: Source } {
	if (scaleSets.length > 0) {
		const capacity = scaleSets.reduce((total, set) => total + set.capacity, 0);
		return { nodes: exactly(capacity), source: "measured" };
	}
	if (pool.stopped || cluster.stopped)
		return { nodes: nothing, source: "derived" };
	const reported = pool.reportedNodes ?? pool.configuredNodes;
	return reported === null
		? { nodes: atLeast(0), source: "assumed" }
		: { nodes: exactly(reported), source: "derived" };
}

/** Never fewer than there are; a stopped pool comes back with its maximum, or the count it stopped with where that is known. */
function nodesAtFull(cluster: Cluster, pool: NodePool, nodes: Range): Range {
	if (pool.autoscaling && pool.maxNodes === null)
		return { low: nodes.low, high: null };
	const set = pool.maxNodes ?? pool.configuredNodes;
	if (set !== null) return maximum(nodes, set);
	if (!pool.stopped && !cluster.stopped) return nodes;
	return pool.reportedNodes === null || pool.reportedNodes === 0
		? { low: nodes.low, high: null }
		: maximum(nodes, pool.reportedNodes);
}

/** "If autoscaler is enabled, the max-count from each node pool is counted" (InsufficientSubnetSize). */
function countedByAzure(pool: NodePool, nodes: Range): Range {
	if (pool.autoscaling && pool.maxNodes === null)
		return { low: nodes.low, high: null };
	return pool.maxNodes === null
		? pool.reportedNodes === null
			? nodes
			: exactly(pool.reportedNodes)
		: exactly(pool.maxNodes);
}

/** In a dual-stack cluster only a model whose IPv6 configurations were read tells how many IPv4 addresses a node holds. */
function addressesPerNode(
	cluster: Cluster,
	scaleSets: readonly ScaleSet[],
): Range | null {
	const counts = scaleSets
		.filter(
			({ ipv6Configurations }) => !cluster.dualStack || ipv6Configurations > 0,
		)
		.map((set) => (set.ipConfigurations ?? 0) - set.ipv6Configurations)
		.filter((count) => count > 0);
	if (counts.length === 0 || counts.length < scaleSets.length) return null;
	return { low: Math.min(...counts), high: Math.max(...counts) };
}

function nodeSubnetOf(
	cluster: Cluster,
	named: string | null,
	scaleSets: readonly ScaleSet[],
	places: Places,
): string {
	if (named !== null) return visible(named, places);
	const measured = scaleSets.find(({ subnet }) => subnet !== null)?.subnet;
	if (measured) return visible(measured, places);
	const managed = managedSubnets(cluster, places);
	const subnet =
		managed.find(({ id }) => id.endsWith("/subnets/aks-subnet")) ??
		(managed.length === 1 ? managed[0] : undefined);
	if (subnet) return subnet.id;
	throw new NotResolvable(
		`no virtual network is visible in the node resource group ${cluster.nodeResourceGroup}: the auditor needs Reader there`,
	);
}

function managedSubnets(cluster: Cluster, places: Places): readonly Subnet[] {
	const group = groupKey(cluster.subscription, cluster.nodeResourceGroup);
	return places.subnetsByGroup.get(group) ?? [];
}

function visible(subnet: string, places: Places): string {
	if (places.subnets.has(subnet)) return subnet;
	const subscription = subnet.split("/")[2] ?? "";
	if (places.subnetsIncomplete)
		throw new NotResolvable(
			`subnet ${subnetName(subnet)} is not among the rows that Resource Graph answered, and some are missing`,
		);
	throw new NotResolvable(
		places.subscriptions.has(subscription)
			? `virtual network ${networkOfSubnet(subnet).split("/").at(-1)} or its subnet ${subnet.split("/").at(-1)} is not visible: the auditor needs Reader on it`
			: `no read on subscription ${subscription}, which holds the virtual network: the auditor needs Reader there`,
	);
}

function routeTableOf(
	cluster: Cluster,
	subnet: string,
	places: Places,
): string | null {
	if (cluster.plugin !== "kubenet") return null;
	const attached = places.subnets.get(subnet)?.routeTable;
	if (attached) return attached;
	const group = groupKey(cluster.subscription, cluster.nodeResourceGroup);
	return (
		places.routeTablesByGroup.get(group)?.[0]?.id ?? `${cluster.id}/routes`
	);
}

/** Nodes of auto-provisioning as they are, and one pool for those that may come: nobody sets them a maximum that ARM shows. */
function autoProvisionedPools(
	cluster: Cluster,
	sibling: ResolvedPool | undefined,
	places: Places,
): ResolvedPool[] {
	const group = groupKey(cluster.subscription, cluster.nodeResourceGroup);
	const nodes = places.autoProvisionedByGroup.get(group) ?? [];
	const base = (subnet: string) => autoProvisioned(cluster, subnet, places);
	if (nodes.length === 0 && !cluster.autoProvisioning) return [];
	const home = sibling?.nodeSubnet ?? nodeSubnetOf(cluster, null, [], places);
	const now = groupNodes(nodes, home).map((group) => ({
		...base(visible(armId(group.subnet), places)),
		name: group.pool,
		nodes: exactly(group.count),
		addressesPerNode:
			group.addresses === null ? null : exactly(group.addresses),
		growth: nothing,
		countedByAzure: nothing,
	}));
	return cluster.autoProvisioning ? [...now, base(home)] : now;
}

function autoProvisioned(
	cluster: Cluster,
	nodeSubnet: string,
	places: Places,
): ResolvedPool {
	const model = networkModelOf(cluster, {
		podSubnet: null,
		staticBlocks: false,
	});
	return {
		name: autoProvisionedPool,
		model,
		windows: false,
		maxPods: model === "node-subnet" ? 30 : 250,
		maxPodsAssumed: true,
		autoProvisioned: true,
		hosted: false,
		system: false,
		gateway: false,
		nodeSubnet,
		subnetNamed: false,
		podSubnet: null,
		routeTable: routeTableOf(cluster, nodeSubnet, places),
		nodes: nothing,
		nodesSource: "measured",
		growth: atLeast(0),
		surge: nothing,
		surgeAtFull: nothing,
		surgeRule: noSurge,
		addressesPerNode: null,
		countedByAzure: nothing,
		minNodes: null,
		maxNodes: null,
	};
}

interface NodeGroup {
	readonly pool: string;
	readonly subnet: string;
	readonly addresses: number | null;
	readonly count: number;
}

function groupNodes(
	nodes: readonly AutoProvisionedNode[],
	home: string,
): NodeGroup[] {
	const groups = new Map<string, NodeGroup>();
	for (const { pool, subnet: own, addresses } of nodes) {
		const subnet = own ?? home;
		const key = `${pool}\n${subnet}\n${addresses}`;
		const count = (groups.get(key)?.count ?? 0) + 1;
		groups.set(key, { pool, subnet, addresses, count });
	}
	return [...groups.values()];
}
