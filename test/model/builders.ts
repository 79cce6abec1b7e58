import type { BudgetKind, Range } from "../../shared/contract.ts";
import type {
	AutoProvisionedNode,
	Cluster,
	Inventory,
	Network,
	NodePool,
	RouteTable,
	ScaleSet,
	Subnet,
} from "../../shared/inventory/facts.ts";
import { budgetsOf } from "../../shared/judge/judge.ts";
import type { Budget } from "../../shared/model/budget.ts";
import {
	buildFleet,
	type Fleet,
	type FleetCluster,
} from "../../shared/model/fleet.ts";
import type { JudgedBudget } from "../../shared/rules/rule.ts";

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
		...overrides,
	};
}

/** A cluster with a flat node subnet and one ordinary pool; its id and groups follow from the name. */
export function cluster(overrides: Partial<Cluster> = {}): Cluster {
	const name = overrides.name ?? "a";
	return {
		id: clusterId(name),
		name,
		subscription,
		resourceGroup: "rg-aks",
		tags: {},
		nodeResourceGroup: `mc_${name}`,
		kubernetesVersion: "1.34.2",
		stopped: false,
		provisioningState: "succeeded",
		plugin: "azure",
		overlay: false,
		podCidr: null,
		serviceCidrs: ["10.0.0.0/16"],
		dualStack: false,
		apiServer: null,
		autoProvisioning: false,
		pools: [pool()],
		...overrides,
	};
}

export function overlayCluster(overrides: Partial<Cluster> = {}): Cluster {
	return cluster({ overlay: true, podCidr: "10.244.0.0/16", ...overrides });
}

export function kubenetCluster(overrides: Partial<Cluster> = {}): Cluster {
	return cluster({ plugin: "kubenet", podCidr: "10.244.0.0/16", ...overrides });
}

/** A /24 in which Azure shows no ip configurations. */
export function subnet(overrides: Partial<Subnet> = {}): Subnet {
	return {
		id: subnetId(),
		prefixes: ["10.1.0.0/24"],
		ipConfigurations: null,
		routeTable: null,
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

/** The scale set of pool `np` of cluster `a`: three nodes that hold 29 addresses each. */
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
		ipConfigurations: 29,
		ipv6Configurations: 0,
		subnet: subnetId(),
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
		addresses: 30,
		subnet: subnetId(),
		...overrides,
	};
}

export function inventory(overrides: Partial<Inventory> = {}): Inventory {
	return {
		subscriptions: new Set([subscription]),
		clusters: [cluster()],
		unreadableClusters: [],
		subnets: [subnet()],
		subnetsIncomplete: false,
		networks: [network()],
		scaleSets: [],
		scaleSetsIncomplete: false,
		unreadableGroups: new Map(),
		routeTables: [],
		autoProvisionedNodes: [],
		holdings: [],
		...overrides,
	};
}

export const limits = { routesPerTable: 400 };

export function fleetOf(overrides: Partial<Inventory> = {}): Fleet {
	return buildFleet(inventory(overrides), limits);
}

export function sharedOf(fleet: Fleet): Map<string, Budget> {
	return new Map(fleet.sharedBudgets.map(({ budget }) => [budget.id, budget]));
}

export function clusterOf(fleet: Fleet, name = "a"): FleetCluster {
	const found = fleet.clusters.find((one) => one.name === name);
	if (found === undefined) throw new Error(`no cluster ${name} in the fleet`);
	return found;
}

/** All budgets of a cluster; throws with the reason where it could not be evaluated. */
export function judged(
	overrides: Partial<Inventory>,
	name = "a",
): JudgedBudget[] {
	const fleet = fleetOf(overrides);
	const one = clusterOf(fleet, name);
	if (one.notEvaluated !== null) throw new Error(one.notEvaluated);
	return budgetsOf(one, sharedOf(fleet));
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
