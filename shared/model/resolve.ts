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
	Inventory,
	LostRows,
	NodePool,
	RouteTable,
	ScaleSet,
	Subnet,
} from "../inventory/facts.ts";
import type {
	ExtraSubnet,
	NotJudged,
	ResolvedCluster,
	ResolvedPool,
	Source,
} from "./cluster.ts";
import { hostedSystemPool, isSubnetId } from "./entries.ts";
import { growthOf, maximum } from "./growth.ts";
import type { KnownCluster } from "./known.ts";
import { networkModelOf } from "./networks/networkModel.ts";
import { atLeast, exactly, nothing } from "./range.ts";
import type { SurgeRule } from "./surge.ts";
import {
	type NetworkAround,
	type Surroundings,
	surroundingsOf,
	unseenNetwork,
} from "./surroundings.ts";

/** The rows that clusters refer to, by what they are found by. */
export interface Places {
	readonly subnets: ReadonlyMap<string, Subnet>;
	/** Subnets by the `groupKey` of their network. */
	readonly subnetsByGroup: ReadonlyMap<string, readonly Subnet[]>;
	/** Every network that was read, or has a subnet that was, by its id. */
	readonly networks: ReadonlyMap<string, NetworkAround>;
	readonly scaleSetsByGroup: ReadonlyMap<string, readonly ScaleSet[]>;
	readonly routeTables: ReadonlyMap<string, RouteTable>;
	/** Ids of the subnets that a table hangs on. */
	readonly subnetsByRouteTable: ReadonlyMap<string, readonly string[]>;
	readonly routeTablesByGroup: ReadonlyMap<string, readonly RouteTable[]>;
	readonly autoProvisionedByGroup: ReadonlyMap<
		string,
		readonly AutoProvisionedNode[]
	>;
	/** What the rows say of entries in a subnet's list that are no single IPv4 address, by subnet. */
	readonly entriesBySubnet: ReadonlyMap<string, SubnetEntries>;
	/** What other resources than nodes hold, by subnet; null where that is not known. */
	readonly holdings: ReadonlyMap<string, readonly Holding[]> | null;
	/** Subscriptions that the identity can read. */
	readonly subscriptions: ReadonlySet<string>;
	readonly lost: LostRows;
	/** Groups with a row that cannot be read: why. */
	readonly unreadableGroups: ReadonlyMap<string, string>;
	readonly listed: Inventory["listed"];
	/** Clusters as the newest audit that saw them did, by id. */
	readonly known: ReadonlyMap<string, KnownCluster>;
}

export interface SubnetEntries {
	/** IPv6 entries that the scale sets' own models explain. */
	readonly ipv6: number;
	/** Addresses of blocks beyond the one entry that each makes. */
	readonly inBlocks: number;
	/** False where a scale set in it may hold IPv6 or blocks that an incomplete answer did not show. */
	readonly isKnown: boolean;
}

/** Name of the pool that stands for nodes which auto-provisioning may yet add; no pool of AKS can be called so. */
export const autoProvisionedPool = "(auto-provisioned)";

/** The same for auto-provisioned nodes whose interfaces were seen before, and are among the rows that are missing now. */
const missingNodesPool = "(not read)";

/** Looks up all that the cluster's rows refer to. What cannot be found is said in `notJudged`, and leaves the rest to be judged. */
export function resolveCluster(
	cluster: Cluster,
	places: Places,
): ResolvedCluster {
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
		surroundings: surroundings(cluster, pools, apiServer, places),
		pools: withOneRouteTable(cluster, pools, places),
		notJudged: notJudged(cluster, pools, apiServer, places),
		roles: {},
		largeNetworks: [],
		kept: [],
	};
}

/** Null where pods draw on subnets, or on what another vendor's CNI gives them. */
export function podRange(cluster: Cluster): string | null {
	if (cluster.plugin === "unknown") return cluster.podCidr;
	return cluster.plugin === "kubenet" || cluster.overlay
		? (cluster.podCidr ?? "")
		: null;
}

/** Each reason once; the first stands for the cluster where only one is shown. */
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
		const why = whyNotVisible(id, places);
		return why === null ? [] : [why];
	});
	const all = [
		...(cluster.modelUnknown === null
			? []
			: [inItself(`${cluster.modelUnknown}, which the auditor does not know`)]),
		...(pools.length === 0 && cluster.pools.length === 0
			? [inItself(whyNoPool(cluster))]
			: []),
		...(hostsUnseen(cluster) ? [inItself(hostedElsewhere)] : []),
		...reasons,
	];
	return [...new Map(all.map((one) => [one.reason, one])).values()];
}

function inItself(reason: string): NotJudged {
	return { reason, needsAccess: false };
}

const hostedElsewhere =
	"Azure runs the system nodes in a network of its own, which the cluster does not name and nobody else can read";

function hostsUnseen({ hostedSystem }: Cluster): boolean {
	return hostedSystem !== null && hostedSystem.systemSubnet === null;
}

function whyNoPool(cluster: Cluster): string {
	return cluster.hostedSystem === null
		? "Azure reports no node pools for the cluster"
		: "the cluster names no node pool and no subnet of its nodes";
}

function surroundings(
	cluster: Cluster,
	pools: readonly ResolvedPool[],
	apiServer: string | null,
	{ networks, subnets: rows, subnetsByRouteTable }: Places,
): Surroundings {
	const own = pools.flatMap(({ nodeSubnet, podSubnet, extraSubnets }) => [
		nodeSubnet,
		podSubnet,
		...extraSubnets.map(({ subnet }) => subnet),
	]);
	const subnets = [...new Set([...own, apiServer])].filter(
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
 * The API server's subnet: named, made by AKS in the node resource group, or as it was when its profile was last in the
 * list: a list answer may leave the profile out (Azure/AKS#5224), and the integration cannot be switched off.
 */
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
	const missing = whyNodesMissing(cluster, pool, scaleSets, places);
	const { nodes, source } =
		missing === null
			? nodesNow(cluster, pool, scaleSets)
			: {
					nodes: atLeast(leastNodes(cluster, pool, scaleSets, places)),
					source: "assumed" as const,
				};
	const full =
		missing === null
			? nodesAtFull(cluster, pool, nodes)
			: { low: nodes.low, high: null };
	const nodeSubnet = nodeSubnetOf(cluster, pool.nodeSubnet, scaleSets, places);
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
		routeTable: null,
		nodes,
		nodesSource: source,
		...growthOf(surgeRuleOf(pool), nodes, full, pool.maxNodes),
		surgeRule: surgeRuleOf(pool),
		...measuredPerNode(cluster, scaleSets, nodeSubnet),
		deallocates: pool.deallocates,
		mostNodes: pool.mostNodes,
		missing,
		podsMissing:
			cluster.modelUnknown ??
			(pool.staticBlocks === null
				? (pool.notUnderstood.find((one) => /allocationmode/i.test(one)) ??
					"its allocation mode is not understood")
				: null),
		surgeMissing:
			pool.surge.kind === "unknown"
				? (pool.notUnderstood.find((one) => /upgrade/i.test(one)) ??
					"its upgrade settings are not understood")
				: null,
		countedByAzure: countedByAzure(pool, nodes),
		minNodes: pool.minNodes,
		maxNodes: pool.maxNodes,
	};
}

/** Its subnets are used, nobody can say how much: a scale set tells at least how many nodes there are. */
function unreadPool(
	cluster: Cluster,
	pool: Cluster["unreadPools"][number],
	scaleSets: readonly ScaleSet[],
	places: Places,
): ResolvedPool {
	const nodeSubnet = nodeSubnetOf(cluster, pool.nodeSubnet, scaleSets, places);
	const missing = `pool ${pool.name}: ${pool.reason}`;
	const counted = capacityOf(scaleSets);
	const isCounted = scaleSets.length > 0 && counted.high !== null;
	const before = places.known.get(cluster.id)?.nodes[pool.name] ?? 0;
	const nodes = isCounted
		? counted
		: atLeast(Math.max(counted.low ?? 0, before));
	const model = networkModelOf(cluster, {
		podSubnet: pool.podSubnet,
		staticBlocks: false,
	});
	return {
		...unnamedPool,
		name: pool.name,
		model,
		maxPods: defaultMaxPods(model),
		maxPodsAssumed: true,
		nodeSubnet,
		subnetNamed: pool.nodeSubnet !== null,
		podSubnet: pool.podSubnet,
		nodes,
		nodesSource: isCounted ? "measured" : "assumed",
		growth: atLeast(0),
		surge: atLeast(0),
		surgeAtFull: atLeast(0),
		...measuredPerNode(cluster, scaleSets, nodeSubnet),
		missing,
		podsMissing: missing,
		countedByAzure: atLeast(nodes.low ?? 0),
	};
}

/** Kept with the pool, so that what other settings would lead to can be worked out without its row. */
function surgeRuleOf(pool: NodePool): SurgeRule {
	const { surge, spot, type, kubernetesVersion, upgrading, deallocates } = pool;
	return {
		surge,
		spot,
		type,
		kubernetesVersion,
		upgrading,
		deallocates,
		wantedNodes: pool.reportedNodes,
	};
}

/** Auto-provisioned nodes are replaced one by one, by auto-provisioning itself. */
const noSurge: SurgeRule = {
	surge: { kind: "nodes", nodes: 0 },
	spot: false,
	type: "virtual-machines",
	kubernetesVersion: "",
	upgrading: false,
	deallocates: false,
	wantedNodes: null,
};

/** What pools have in common that the cluster does not list as such. */
const unnamedPool = {
	windows: false,
	autoProvisioned: false,
	hosted: false,
	system: false,
	gateway: false,
	podSubnet: null,
	routeTable: null,
	surge: nothing,
	surgeAtFull: nothing,
	surgeRule: noSurge,
	addressesPerNode: null,
	slotsPerNode: null,
	extraSubnets: [],
	deallocates: false,
	mostNodes: null,
	missing: null,
	podsMissing: null,
	surgeMissing: null,
	minNodes: null,
	maxNodes: null,
} as const;

/** What of a pool's rows is known to be missing, in words; null where nothing is. */
function whyNodesMissing(
	cluster: Cluster,
	pool: NodePool,
	scaleSets: readonly ScaleSet[],
	places: Places,
): string | null {
	const sizeless = scaleSets.find(({ capacity }) => capacity === null);
	if (sizeless)
		return `pool ${pool.name}: scale set ${lastName(sizeless.id)} shows no size (sku.capacity)`;
	if (scaleSets.some(({ interfacesKnown }) => !interfacesKnown))
		return `pool ${pool.name}: what its nodes hold is among the rows that are missing`;
	if (scaleSets.length > 0 || pool.type !== "scale-set") return null;
	const group = groupKey(cluster.subscription, cluster.nodeResourceGroup);
	const unreadable = places.unreadableGroups.get(group);
	if (unreadable !== undefined) return `pool ${pool.name}: ${unreadable}`;
	if (places.lost.scaleSets === 0 || !hadScaleSet(cluster, pool, places))
		return null;
	return `pool ${pool.name}: its scale set is not among the rows that Resource Graph answered, and some are missing`;
}

function hadScaleSet(
	cluster: Cluster,
	pool: NodePool,
	places: Places,
): boolean {
	const known = places.known.get(cluster.id);
	return known === undefined
		? pool.reportedNodes !== 0
		: Object.hasOwn(known.nodes, pool.name);
}

function leastNodes(
	cluster: Cluster,
	pool: NodePool,
	scaleSets: readonly ScaleSet[],
	places: Places,
): number {
	if (scaleSets.length > 0) return capacityOf(scaleSets).low ?? 0;
	return places.known.get(cluster.id)?.nodes[pool.name] ?? 0;
}

function capacityOf(scaleSets: readonly ScaleSet[]): Range {
	const low = scaleSets.reduce((total, set) => total + (set.capacity ?? 0), 0);
	const isKnown = scaleSets.every(({ capacity }) => capacity !== null);
	return { low, high: isKnown ? low : null };
}

/** The scale sets know how many nodes there are; the cluster's own count may be days old (azure-rest-api-specs#12078). */
function nodesNow(
	cluster: Cluster,
	pool: NodePool,
	scaleSets: readonly ScaleSet[],
): { nodes: Range; source: Source } {
	if (scaleSets.length > 0)
		return { nodes: capacityOf(scaleSets), source: "measured" };
	if (pool.stopped || cluster.stopped)
		return { nodes: nothing, source: "derived" };
	if (pool.reportedNodes !== null)
		return {
			nodes: reportedRange(pool, pool.reportedNodes),
			source: "derived",
		};
	return pool.configuredNodes === null
		? { nodes: atLeast(0), source: "assumed" }
		: {
				nodes: pool.configuredNodes,
				source: pool.configuredNodes.high === null ? "assumed" : "derived",
			};
}

/** A count leaves out nodes that scaling in has stopped and kept. */
function reportedRange(
	{ deallocates, maxNodes }: NodePool,
	count: number,
): Range {
	return deallocates
		? { low: count, high: maxNodes === null ? null : Math.max(count, maxNodes) }
		: exactly(count);
}

/**
 * Never fewer than there are, nor than the pool is set to: what was asked for may still come. A stopped pool comes back
 * with its maximum, or the count it stopped with where that is known.
 */
function nodesAtFull(cluster: Cluster, pool: NodePool, nodes: Range): Range {
	if (pool.autoscaling && pool.maxNodes === null)
		return { low: nodes.low, high: null };
	const reported = pool.reportedNodes ?? 0;
	if (pool.maxNodes !== null)
		return maximum(nodes, Math.max(pool.maxNodes, reported));
	if (pool.configuredNodes !== null) {
		const { low, high } = pool.configuredNodes;
		const least = maximum(nodes, Math.max(low ?? 0, reported));
		return high === null ? { low: least.low, high: null } : least;
	}
	if ((pool.stopped || cluster.stopped) && reported === 0)
		return { low: nodes.low, high: null };
	return maximum(nodes, reported);
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

type PerNode = Pick<
	ResolvedPool,
	"addressesPerNode" | "slotsPerNode" | "extraSubnets"
>;

const notMeasured: PerNode = {
	addressesPerNode: null,
	slotsPerNode: null,
	extraSubnets: [],
};

/**
 * What a node holds by the models of its scale sets. In a dual-stack cluster only a model whose IPv6 configurations were
 * read tells how many IPv4 addresses that is.
 */
function measuredPerNode(
	cluster: Cluster,
	scaleSets: readonly ScaleSet[],
	home: string,
): PerNode {
	const models = scaleSets.map(({ interfaces, interfacesKnown }) =>
		interfacesKnown ? interfaces : null,
	);
	if (models.length === 0 || models.some((model) => model === null))
		return notMeasured;
	const known = models.flatMap((model) => model ?? []);
	if (cluster.dualStack && known.every(({ ipv6 }) => ipv6 === 0))
		return notMeasured;
	const bySubnet = Map.groupBy(known, ({ subnet }) => subnet ?? home);
	const own = bySubnet.get(home) ?? [];
	const isWhole = own.length >= models.length;
	bySubnet.delete(home);
	return {
		addressesPerNode: isWhole
			? rangeOf(own, ({ addresses }) => addresses)
			: null,
		slotsPerNode: isWhole
			? rangeOf(own, ({ entries, ipv6 }) => entries - ipv6)
			: null,
		extraSubnets: [...bySubnet].flatMap(([subnet, shares]): ExtraSubnet[] => {
			const addresses = rangeOf(shares, (share) => share.addresses);
			return addresses === null ? [] : [{ subnet, addresses }];
		}),
	};
}

function rangeOf<T>(
	items: readonly T[],
	of: (item: T) => number,
): Range | null {
	const amounts = items.map(of).filter((amount) => amount > 0);
	return amounts.length === 0 || amounts.length < items.length
		? null
		: { low: Math.min(...amounts), high: Math.max(...amounts) };
}

/** Where no subnet is named and none can be found: a stand-in, whose capacity nobody knows. */
function nodeSubnetOf(
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

function whyNoSubnet(cluster: Cluster, places: Places): NotJudged {
	if (cluster.hostedSystem !== null)
		return inItself("the cluster does not name the subnet of its nodes");
	const group = `no virtual network is visible in the node resource group ${cluster.nodeResourceGroup}`;
	return places.lost.subnets === 0
		? {
				reason: `${group}: the auditor needs Reader there`,
				needsAccess: true,
			}
		: inItself(`${group}, and rows of subnets are missing`);
}

function managedSubnets(cluster: Cluster, places: Places): readonly Subnet[] {
	const group = groupKey(cluster.subscription, cluster.nodeResourceGroup);
	return places.subnetsByGroup.get(group) ?? [];
}

/** Null where the subnet is among the rows. */
function whyNotVisible(subnet: string, places: Places): NotJudged | null {
	if (places.subnets.has(subnet)) return null;
	const subscription = subnet.split("/")[2] ?? "";
	if (places.lost.subnets !== 0)
		return inItself(
			`subnet ${subnetName(subnet)} is not among the rows that Resource Graph answered, and some are missing`,
		);
	const reason = places.subscriptions.has(subscription)
		? `virtual network ${networkOfSubnet(subnet).split("/").at(-1)} or its subnet ${subnet.split("/").at(-1)} is not visible: the auditor needs Reader on it`
		: `no read on subscription ${subscription}, which holds the virtual network: the auditor needs Reader there`;
	return { reason, needsAccess: true };
}

/**
 * A kubenet cluster has one route table: its own in the node resource group, which AKS goes on writing to whatever hangs
 * on the subnet (Azure/AKS#1460); else the one on its subnet. A new pool's subnet gets it at the next update only.
 */
function withOneRouteTable(
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
				missing: `route table ${lastName(before)} is not among the rows that Resource Graph answered`,
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

/** Nodes that Azure runs itself in the owner's subnet: seen in its list, and how many come is Azure's affair. */
function hostedSystemPools(cluster: Cluster, places: Places): ResolvedPool[] {
	const subnet = cluster.hostedSystem?.systemSubnet ?? null;
	if (subnet === null) return [];
	const listed = places.subnets.get(subnet)?.ipConfigurations ?? 0;
	return [
		{
			...unnamedPool,
			name: hostedSystemPool,
			model: "byo-cni",
			maxPods: 250,
			maxPodsAssumed: true,
			hosted: true,
			nodeSubnet: subnet,
			subnetNamed: true,
			nodes: { low: 0, high: listed },
			nodesSource: "measured",
			growth: atLeast(0),
			surge: atLeast(0),
			surgeAtFull: atLeast(0),
			countedByAzure: nothing,
		},
	];
}

/** Nodes of auto-provisioning as they are, and pools for those that may come: nobody sets them a maximum that ARM shows. */
function autoProvisionedPools(
	cluster: Cluster,
	siblings: readonly ResolvedPool[],
	places: Places,
): ResolvedPool[] {
	const group = groupKey(cluster.subscription, cluster.nodeResourceGroup);
	const nodes = (places.autoProvisionedByGroup.get(group) ?? []).filter(
		({ hasMachine }) => hasMachine,
	);
	const missing = missingNodes(cluster, nodes.length, places);
	if (nodes.length === 0 && !cluster.autoProvisioning && missing === null)
		return [];
	const home = homeOf(cluster, siblings, places);
	const pods = siblings.find(({ podSubnet }) => podSubnet !== null)?.podSubnet;
	const base = (subnet: string): ResolvedPool =>
		autoProvisioned(cluster, subnet, pods ?? null);
	const groups = groupNodes(nodes, home);
	const now = groups.map((own) => ({
		...base(own.subnet),
		name: own.pool,
		nodes: exactly(own.count),
		addressesPerNode: own.addresses === null ? null : exactly(own.addresses),
		slotsPerNode: own.slots === null ? null : exactly(own.slots),
		growth: nothing,
	}));
	const growing = new Set([
		...groups.map(({ subnet }) => subnet),
		...(cluster.autoProvisioning ? [home] : []),
	]);
	const yetToCome = [...growing].map((subnet) => ({
		...base(subnet),
		...likeThose(groups.filter((own) => own.subnet === subnet)),
	}));
	const lost: ResolvedPool[] =
		missing === null
			? []
			: [
					{
						...base(home),
						name: missingNodesPool,
						nodes: atLeast(missing.nodes),
						nodesSource: "assumed",
						missing: missing.reason,
					},
				];
	return [...now, ...yetToCome, ...lost];
}

/** Where auto-provisioning puts nodes unless a resource inside the cluster says otherwise. */
function homeOf(
	cluster: Cluster,
	siblings: readonly ResolvedPool[],
	places: Places,
): string {
	const hosted = cluster.hostedSystem?.nodeSubnet ?? null;
	if (hosted !== null) return hosted;
	const machines = cluster.pools.find(({ mode }) => mode === "machines");
	const sibling = siblings[0]?.nodeSubnet ?? machines?.nodeSubnet ?? null;
	return sibling ?? nodeSubnetOf(cluster, null, [], places);
}

/** Auto-provisioned nodes that were seen before, and may be among rows that are missing now. */
function missingNodes(
	cluster: Cluster,
	seen: number,
	places: Places,
): { readonly nodes: number; readonly reason: string } | null {
	const group = groupKey(cluster.subscription, cluster.nodeResourceGroup);
	const before = places.known.get(cluster.id)?.machines ?? 0;
	const nodes = Math.max(0, before - seen);
	const unreadable = places.unreadableGroups.get(group);
	if (unreadable !== undefined && (nodes > 0 || cluster.autoProvisioning))
		return { nodes, reason: unreadable };
	if (places.lost.autoProvisionedNodes === 0 || nodes === 0) return null;
	return {
		nodes,
		reason: `${nodes} interfaces of auto-provisioned nodes are not among the rows that Resource Graph answered, and some are missing`,
	};
}

/** New nodes are taken to hold what those that are there hold. */
function likeThose(groups: readonly NodeGroup[]): Partial<ResolvedPool> {
	const addresses = groups.map((own) => own.addresses);
	const slots = groups.map((own) => own.slots);
	if (groups.length === 0 || addresses.includes(null)) return {};
	return {
		addressesPerNode: rangeOf(addresses, (amount) => amount ?? 0),
		slotsPerNode: rangeOf(slots, (amount) => amount ?? 0),
	};
}

function autoProvisioned(
	cluster: Cluster,
	nodeSubnet: string,
	podSubnet: string | null,
): ResolvedPool {
	const model = networkModelOf(cluster, { podSubnet, staticBlocks: false });
	return {
		...unnamedPool,
		name: autoProvisionedPool,
		model,
		maxPods: model === "node-subnet" ? 30 : 250,
		maxPodsAssumed: true,
		autoProvisioned: true,
		nodeSubnet,
		subnetNamed: false,
		podSubnet: model === "dynamic-pod-subnet" ? podSubnet : null,
		nodes: nothing,
		nodesSource: "measured",
		growth: atLeast(0),
		podsMissing: cluster.modelUnknown,
		countedByAzure: nothing,
	};
}

/** As assumed where Azure reports none (AKS IP planning, April 2026). */
function defaultMaxPods(model: ResolvedPool["model"]): number {
	if (model === "node-subnet") return 30;
	return model === "overlay" || model === "byo-cni" ? 250 : 110;
}

interface NodeGroup {
	readonly pool: string;
	readonly subnet: string;
	readonly addresses: number | null;
	readonly slots: number | null;
	readonly count: number;
}

function groupNodes(
	nodes: readonly AutoProvisionedNode[],
	home: string,
): NodeGroup[] {
	const groups = new Map<string, NodeGroup>();
	for (const { pool, interface: own } of nodes) {
		const subnet = armId(own?.subnet ?? home);
		const addresses = own?.addresses ?? null;
		const slots = own === null ? null : own.entries - own.ipv6;
		const key = `${pool}\n${subnet}\n${addresses}\n${slots}`;
		const count = (groups.get(key)?.count ?? 0) + 1;
		groups.set(key, { pool, subnet, addresses, slots, count });
	}
	return [...groups.values()];
}

function lastName(id: string): string {
	return id.split("/").at(-1) ?? id;
}
