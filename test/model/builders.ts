import type { BudgetKind, BudgetName, Range } from "../../shared/contract.ts";
import type {
	AutoProvisionedNode,
	Cluster,
	Inventory,
	ListedOwner,
	LostRows,
	Network,
	NodeInterface,
	NodePool,
	RouteTable,
	ScaleSet,
	Subnet,
	UnreadableCluster,
} from "../../shared/inventory/facts.ts";
import { queries } from "../../shared/inventory/queries.ts";
import type { Budget } from "../../shared/model/budget.ts";
import {
	budgetLister,
	type ListedBudget,
} from "../../shared/model/budgetList.ts";
import {
	type AddedUp,
	addUpFleet,
	buildFleet,
	type Fleet,
	type FleetCluster,
} from "../../shared/model/fleet.ts";
import {
	budgetsOf,
	type JudgedBudget,
} from "../../shared/model/judgedBudget.ts";
import type {
	Knowledge,
	KnownCluster,
	KnownUse,
} from "../../shared/model/known.ts";

/** Parsed facts with overrides: what a test does not name is ordinary and does not decide its outcome. */

export const subscription = "00000000-0000-4000-8000-000000000001";

export function subnetId(name = "nodes", network = "net"): string {
	return `${networkId(network)}/subnets/${name}`;
}

export function clusterId(name = "a"): string {
	return `/subscriptions/${subscription}/resourcegroups/rg-aks/providers/microsoft.containerservice/managedclusters/${name}`;
}

export function nodeGroup(clusterName = "a"): string {
	return `${subscription}/mc_${clusterName}`;
}

/** Three Linux nodes of a flat subnet, max pods 30, surge of one node, no autoscaler. */
export function pool(overrides: Partial<NodePool> = {}): NodePool {
	return {
		name: "np",
		mode: "user",
		type: "scale-set",
		windows: false,
		spot: false,
		stopped: false,
		upgrading: false,
		reportedNodes: 3,
		configuredNodes: null,
		deallocates: false,
		mostNodes: null,
		autoscaling: typeof overrides.maxNodes === "number",
		maxNodes: null,
		minNodes: null,
		maxPods: 30,
		maxPodsAssumed: false,
		nodeSubnet: subnetId(),
		podSubnet: null,
		staticBlocks: false,
		surge: { kind: "nodes", nodes: 1 },
		kubernetesVersion: "1.34.2",
		nodeSettings: {
			vmSize: "Standard_D4s_v5",
			osSku: null,
			zones: [],
			labels: [],
			taints: [],
		},
		notUnderstood: [],
		...overrides,
	};
}

/** A cluster with a flat node subnet and one ordinary pool. Its id and groups follow from the name. */
export function cluster(overrides: Partial<Cluster> = {}): Cluster {
	const name = overrides.name ?? "a";
	return {
		id: clusterId(name),
		name,
		subscription,
		resourceGroup: "rg-aks",
		tags: {},
		nodeResourceGroup: `mc_${name}`,
		stopped: false,
		provisioningState: "succeeded",
		plugin: "azure",
		overlay: false,
		modelUnknown: null,
		podCidr: null,
		serviceCidrs: ["10.0.0.0/16"],
		dualStack: false,
		apiServer: null,
		autoProvisioning: false,
		hostedSystem: null,
		pools: [pool()],
		unreadPools: [],
		...overrides,
	};
}

export function overlayCluster(overrides: Partial<Cluster> = {}): Cluster {
	return cluster({ overlay: true, podCidr: "10.244.0.0/16", ...overrides });
}

export function kubenetCluster(overrides: Partial<Cluster> = {}): Cluster {
	return cluster({ plugin: "kubenet", podCidr: "10.244.0.0/16", ...overrides });
}

/** The row of a cluster that cannot be read and names nothing. */
export function unreadableCluster(
	overrides: Partial<UnreadableCluster> = {},
): UnreadableCluster {
	return {
		id: clusterId(),
		reason: "maxPods is not a number",
		nodeResourceGroup: "",
		apiServerSubnets: [],
		subnets: [],
		...overrides,
	};
}

/** A /24 in which Azure shows no IP configurations. */
export function subnet(overrides: Partial<Subnet> = {}): Subnet {
	return {
		id: subnetId(),
		prefixes: ["10.1.0.0/24"],
		ipConfigurations: null,
		routeTable: null,
		linkedClusters: [],
		...overrides,
	};
}

export function networkId(name = "net"): string {
	return `/subscriptions/${subscription}/resourcegroups/rg-net/providers/microsoft.network/virtualnetworks/${name}`;
}

/** The network `net` of a /16, with its one subnet and no peering. */
export function network(overrides: Partial<Network> = {}): Network {
	return {
		id: networkId(),
		prefixes: ["10.1.0.0/16"],
		subnets: 1,
		peerings: [],
		...overrides,
	};
}

/** One interface with this many IPv4 addresses, an entry each, in the subnet of the ordinary pool. */
export function nodeInterface(
	addresses: number,
	overrides: Partial<NodeInterface> = {},
): NodeInterface {
	return {
		subnet: subnetId(),
		entries: addresses,
		ipv6: 0,
		addresses,
		...overrides,
	};
}

/** The scale set of pool `np` of cluster `a`: three nodes that use 29 addresses each. */
export function scaleSet({
	cluster: clusterName = "a",
	...overrides
}: Partial<ScaleSet> & { readonly cluster?: string } = {}): ScaleSet {
	const pool = overrides.pool ?? "np";
	return {
		id: `/subscriptions/${subscription}/resourcegroups/mc_${clusterName}/providers/microsoft.compute/virtualmachinescalesets/aks-${pool}-12345678-vmss`,
		group: nodeGroup(clusterName),
		pool,
		capacity: 3,
		interfaces: [nodeInterface(29)],
		interfacesKnown: true,
		...overrides,
	};
}

export function routeTableId(name = "routes"): string {
	return `/subscriptions/${subscription}/resourcegroups/rg-net/providers/microsoft.network/routetables/${name}`;
}

export function routeTable(overrides: Partial<RouteTable> = {}): RouteTable {
	return {
		id: routeTableId(),
		group: `${subscription}/rg-net`,
		routes: 0,
		...overrides,
	};
}

let interfaces = 0;
/** The interface of an auto-provisioned node of cluster `a`: it uses 30 addresses. */
export function autoProvisionedNode({
	cluster: clusterName = "a",
	...overrides
}: Partial<AutoProvisionedNode> & {
	readonly cluster?: string;
} = {}): AutoProvisionedNode {
	interfaces += 1;
	return {
		id: `/subscriptions/${subscription}/resourcegroups/mc_${clusterName}/providers/microsoft.network/networkinterfaces/aks-default-${interfaces}`,
		group: nodeGroup(clusterName),
		pool: "default",
		hasMachine: true,
		interface: nodeInterface(30),
		...overrides,
	};
}

/** An entry of a subnet's list: one address of the first node of pool `np` of cluster `a`. */
export function listedOwner({
	cluster: clusterName = "a",
	...overrides
}: Partial<ListedOwner> & { readonly cluster?: string } = {}): ListedOwner {
	return {
		subnet: subnetId(),
		group: nodeGroup(clusterName),
		type: "virtualmachinescalesets",
		name: "aks-np-12345678-vmss",
		instance: "0",
		entries: 1,
		...overrides,
	};
}

/** No query has lost a row. */
export const nothingLost: LostRows = Object.fromEntries(
	["subscriptions", ...Object.keys(queries)].map((name) => [name, 0]),
) as LostRows;

export function inventory(overrides: Partial<Inventory> = {}): Inventory {
	return {
		lost: nothingLost,
		subscriptions: new Set([subscription]),
		clusters: [cluster()],
		unreadableClusters: [],
		subnets: [subnet()],
		networks: [network()],
		scaleSets: [],
		unreadableGroups: new Map(),
		routeTables: [],
		autoProvisionedNodes: [],
		otherResources: [],
		listed: new Map(),
		listedRoutes: new Map(),
		unlisted: new Set(),
		...overrides,
	};
}

/** The audit before saw cluster `a` with what it used. */
export function knownCluster({
	name = "a",
	...overrides
}: Partial<KnownCluster> = {}): KnownCluster {
	return {
		id: clusterId(name),
		name,
		subscription,
		group: `${overrides.subscription ?? subscription}/mc_${name}`,
		lastSeen: { auditId: "0", at: "2026-10-31T05:00:00.000Z" },
		missed: 0,
		nodes: {},
		machines: {},
		ranges: [],
		uses: [],
		...overrides,
	};
}

/** It used this many addresses of the subnet of the ordinary pool. */
export function knownUse(
	demand: Range = range(87),
	budget: Partial<BudgetName> = {},
): KnownUse {
	return {
		budget: { id: subnetId(), kind: "subnet", name: "net/nodes", ...budget },
		demand,
		roles: [budget.kind ?? "subnet"],
		otherRoutes: 0,
		absent: 0,
	};
}

/** Nothing is remembered, and every subscription has answered. */
export function memory(
	known: readonly KnownCluster[] = [],
	overrides: Partial<Omit<Knowledge, "known">> = {},
): Knowledge {
	return {
		auditId: "1",
		at: "2026-11-01T05:00:00.000Z",
		known: new Map(known.map((one) => [one.id, one])),
		answered: () => true,
		...overrides,
	};
}

export const limits = { routesPerTable: 400 };

export function fleetOf(
	overrides: Partial<Inventory> = {},
	remembered: Knowledge = memory(),
): Fleet {
	return buildFleet(inventory(overrides), remembered, limits);
}

/** The same, added up, and its clusters not made yet. */
export function addedUp(
	overrides: Partial<Inventory> = {},
	remembered: Knowledge = memory(),
): AddedUp {
	return addUpFleet(inventory(overrides), remembered, limits);
}

/** The list of budgets of the clusters that are judged. */
export function listedIn(
	{ clusters, sharedBudgets }: Fleet,
	isJudged: (cluster: FleetCluster) => boolean = () => true,
): ListedBudget[] {
	const lister = budgetLister(sharedBudgets);
	for (const one of clusters) lister.add(one, isJudged(one));
	return lister.all();
}

export function sharedOf(fleet: Fleet): Map<string, Budget> {
	return new Map(fleet.sharedBudgets.map(({ budget }) => [budget.id, budget]));
}

export function clusterOf(fleet: Fleet, name = "a"): FleetCluster {
	const found = fleet.clusters.find((one) => one.name === name);
	if (found === undefined) throw new Error(`no cluster ${name} in the fleet`);
	return found;
}

/** All budgets of a cluster. Throws with the reason where some of it could not be evaluated. */
export function judged(
	overrides: Partial<Inventory>,
	name = "a",
): JudgedBudget[] {
	const fleet = fleetOf(overrides);
	const reason = why(fleet, name);
	if (reason !== null) throw new Error(reason);
	return judgedIn(fleet, name);
}

/** All budgets of a cluster, also where some of it could not be evaluated. */
export function judgedIn(fleet: Fleet, name = "a"): JudgedBudget[] {
	return budgetsOf(clusterOf(fleet, name), sharedOf(fleet));
}

/** One budget of a cluster, also where some of it could not be evaluated. */
export function budgetIn(
	fleet: Fleet,
	kind: BudgetKind = "subnet",
	name = "a",
	id?: string,
): JudgedBudget {
	const found = judgedIn(fleet, name).find(
		({ view: { budget } }) =>
			budget.kind === kind && (id === undefined || budget.id === id),
	);
	if (found === undefined) throw new Error(`${name} has no budget ${kind}`);
	return found;
}

/** The cluster's budget of a kind (of a subnet, where there are several). */
export function seen(
	overrides: Partial<Inventory>,
	kind: BudgetKind = "subnet",
	name = "a",
	id?: string,
): JudgedBudget {
	const found = judged(overrides, name).find(
		({ view: { budget } }) =>
			budget.kind === kind && (id === undefined || budget.id === id),
	);
	if (found === undefined) throw new Error(`${name} has no budget ${kind}`);
	return found;
}

export function why(fleet: Fleet, name = "a"): string | null {
	return clusterOf(fleet, name).notEvaluated;
}

export function range(low: number | null, high: number | null = low): Range {
	return { low, high };
}
