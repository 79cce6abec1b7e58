/** What the audit knows of a fleet: Resource Graph's rows, parsed once, ids lower-cased. */

import type { OtherResourceKind, Range } from "../contract.ts";
import type { QueryName } from "./queries.ts";

export type NetworkPlugin = "kubenet" | "azure" | "none" | "unknown";

export interface Cluster {
	readonly id: string;
	readonly name: string;
	readonly subscription: string;
	readonly resourceGroup: string;
	/** The owner's words, names in lower case: they are kept only where a setting names them. */
	readonly tags: Readonly<Record<string, string>>;
	/** Lower case. Scale sets, managed networks and route tables of the cluster are in it. */
	readonly nodeResourceGroup: string;
	readonly stopped: boolean;
	/** As Azure reports it, lower case. */
	readonly provisioningState: string;
	readonly plugin: NetworkPlugin;
	readonly overlay: boolean;
	/**
	 * The plugin or mode that is not understood, as Azure reports it ("networkProfile.networkPlugin is \"ebpf\""). Null
	 * where the model is known.
	 */
	readonly modelUnknown: string | null;
	/** IPv4 range of the pods. Null where Azure reports none. */
	readonly podCidr: string | null;
	readonly serviceCidrs: readonly string[];
	readonly dualStack: boolean;
	/** The API server uses a subnet: the one named, or one that AKS made in the node resource group. */
	readonly apiServer: { readonly subnet: string | null } | null;
	/** Node auto-provisioning adds nodes outside of any pool, without a maximum. Always on with the SKU Automatic. */
	readonly autoProvisioning: boolean;
	/** Azure runs the system nodes itself. The subnets are null where the cluster names none. Null where it does not. */
	readonly hostedSystem: {
		readonly systemSubnet: string | null;
		readonly nodeSubnet: string | null;
	} | null;
	readonly pools: readonly NodePool[];
	/** Pools whose numbers cannot be trusted, since a value of theirs is not understood. */
	readonly unreadPools: readonly UnreadPool[];
}

/** A node pool with a value that is not understood: it uses the subnets that it names, nobody can say how much. */
export interface UnreadPool {
	readonly name: string;
	/** Field and value: "agentPoolProfiles[1].mode is \"hibernating\"". */
	readonly reason: string;
	readonly nodeSubnet: string | null;
	readonly podSubnet: string | null;
}

export interface NodePool {
	readonly name: string;
	readonly mode: "system" | "user" | "gateway" | "managed-system" | "machines";
	readonly type: "scale-set" | "virtual-machines" | "availability-set";
	readonly windows: boolean;
	readonly spot: boolean;
	readonly stopped: boolean;
	readonly upgrading: boolean;
	/** Nodes as the cluster reports them. Null where it does not. May be days old. */
	readonly reportedNodes: number | null;
	/** Nodes that a VirtualMachines pool is set to. High null where a size of it has no count. Null for other pools. */
	readonly configuredNodes: Range | null;
	/** Scaling in stops nodes instead of deleting them: they keep their addresses. */
	readonly deallocates: boolean;
	/**
	 * Nodes that a gateway pool can have at most, by its public IP prefix: /31 2, /30 4, /29 8, /28 16. Null for other
	 * pools.
	 */
	readonly mostNodes: number | null;
	readonly autoscaling: boolean;
	/** The autoscaler's maximum. Null without autoscaling, and where Azure reports none. */
	readonly maxNodes: number | null;
	readonly minNodes: number | null;
	readonly maxPods: number;
	/** True where Azure reported no max pods and the model's default is in. */
	readonly maxPodsAssumed: boolean;
	/** Null: the subnet that AKS made in the node resource group. */
	readonly nodeSubnet: string | null;
	readonly podSubnet: string | null;
	/** Null where the allocation mode is not understood. */
	readonly staticBlocks: boolean | null;
	readonly surge: SurgeSetting;
	readonly kubernetesVersion: string;
	readonly nodeSettings: NodeSettings;
	/** What is not understood and opens single sums only. */
	readonly notUnderstood: readonly NotUnderstood[];
}

export interface NotUnderstood {
	/** What it would say: how pods get addresses, what scaling in does, how the pool is upgraded. */
	readonly about: "pods" | "scale-down" | "upgrade";
	/** Field and value: "agentPoolProfiles[0].podIPAllocationMode is \"x\"". */
	readonly reason: string;
}

/** What a pool instead of this one needs to be set to, beside what is counted. */
export interface NodeSettings {
	/** Null where Azure reports none: a VirtualMachines pool has several. */
	readonly vmSize: string | null;
	readonly osSku: string | null;
	readonly zones: readonly string[];
	/** `key=value`. Null where they are too long to keep, or not of Kubernetes' form. */
	readonly labels: readonly string[] | null;
	/** `key=value:effect`; null as for labels. */
	readonly taints: readonly string[] | null;
}

/** What an upgrade may add: a number of nodes, or percent of the pool, or what AKS takes when nothing is set. */
export type SurgeSetting =
	| { readonly kind: "nodes"; readonly nodes: number }
	| { readonly kind: "percent"; readonly percent: number }
	| { readonly kind: "default" }
	| { readonly kind: "blue-green" }
	/** Not understood: it opens the sums of upgrades. */
	| { readonly kind: "unknown" };

export interface Subnet {
	readonly id: string;
	/** Empty if it has no prefix yet, which is legal while nobody uses it. */
	readonly prefixes: readonly string[];
	/** Number of IP configurations. Null where Azure shows none, which is not the same as none. */
	readonly ipConfigurations: number | null;
	readonly routeTable: string | null;
	/** Clusters that its service association links name. */
	readonly linkedClusters: readonly string[];
	readonly observed?: Proposed;
}

/**
 * Of a proposal: addresses or routes that Azure would show as taken, instead of what was read. Null: it could not tell.
 */
type Proposed = Range | null;

/** A virtual network: what its subnets may be taken from, and whom it reaches directly. */
export interface Network {
	readonly id: string;
	/** Its address space, IPv6 included. */
	readonly prefixes: readonly string[];
	/** How many subnets it says it has. */
	readonly subnets: number;
	/** Null where not all of them were read. */
	readonly peerings: readonly Peering[] | null;
}

export interface Peering {
	/** The remote network's id. */
	readonly remote: string;
	/** Traffic flows. A peering that was removed on the other side still exists, without traffic. */
	readonly connected: boolean;
	/** Of the remote network. Empty where the peering does not show them. */
	readonly prefixes: readonly string[];
}

/** A scale set of AKS. */
export interface ScaleSet {
	readonly id: string;
	/** `subscription/resource group`, by which it meets its cluster. */
	readonly group: string;
	readonly pool: string;
	/** Nodes there are now, in truth. Null where the row shows no size. */
	readonly capacity: number | null;
	/** What one node uses by the scale set's own model, the first interface first. Null if the model shows none. */
	readonly interfaces: readonly NodeInterface[] | null;
	/**
	 * False if an answer that tells IPv6, blocks and further interfaces apart has lost rows: then it is not known what a
	 * node uses.
	 */
	readonly interfacesKnown: boolean;
	/** It has no row: the lists of its subnets tell what is known of it. */
	readonly isListed?: true;
}

/** IP configurations of a node's interface in one subnet. */
export interface NodeInterface {
	readonly subnet: string | null;
	/** Entries that it makes in the subnet's list of IP configurations, IPv6 included. */
	readonly entries: number;
	/** How many of them are IPv6. */
	readonly ipv6: number;
	/** IPv4 addresses: one an entry, 16 where the entry is a block of /28. */
	readonly addresses: number;
}

export interface RouteTable {
	readonly id: string;
	readonly group: string;
	/** Null where Azure shows no list of routes, which is not the same as an empty one. */
	readonly routes: number | null;
	readonly observed?: Proposed;
}

/** An interface that Karpenter made: of a node, or remaining from one. */
export interface AutoProvisionedNode {
	readonly id: string;
	readonly group: string;
	readonly pool: string;
	/** False: no virtual machine has it any more. It still uses its IPs, and is not a node. */
	readonly hasMachine: boolean;
	/** In one subnet. Null where the row shows none. */
	readonly interface: NodeInterface | null;
}

/** IPv4 addresses of a subnet that resources of one kind use. */
export interface OtherResource {
	readonly kind: Exclude<OtherResourceKind, "other">;
	readonly subnet: string;
	/** `subscription/resource group`, where that decides whether they are nodes. Else null. */
	readonly group: string | null;
	readonly addresses: number;
	/** Entries that they make in the subnet's list: fewer than addresses where an entry is a block. */
	readonly entries: number;
}

/** Who is in a subnet's list of IP configurations, by the ids in it. */
export interface ListedOwner {
	readonly subnet: string;
	/** `subscription/resource group` of the resource. */
	readonly group: string;
	/** Type of the resource, without its namespace: "virtualmachinescalesets", "networkinterfaces", "loadbalancers". */
	readonly type: string;
	readonly name: string;
	/** Instance of a scale set. "" for other types. */
	readonly instance: string;
	readonly entries: number;
}

/** A cluster's row that could not be read, with what is legible in it. */
export interface UnreadableCluster {
	readonly id: string;
	readonly reason: string;
	/** "" where it cannot be read. */
	readonly nodeResourceGroup: string;
	/** Every subnet that the raw row names as its API server's, and every other one. */
	readonly apiServerSubnets: readonly string[];
	readonly subnets: readonly string[];
}

/** Rows known to be lost, by query: 0 none, null an unknown number. Rows that arrived and cannot be read are none of them. */
export type LostRows = Readonly<
	Record<QueryName | "subscriptions", number | null>
>;

/** Everything that was read, parsed. */
export interface Inventory {
	readonly lost: LostRows;
	readonly subscriptions: ReadonlySet<string>;
	readonly clusters: readonly Cluster[];
	readonly unreadableClusters: readonly UnreadableCluster[];
	readonly subnets: readonly Subnet[];
	readonly networks: readonly Network[];
	readonly scaleSets: readonly ScaleSet[];
	/** `subscription/resource group` of scale sets whose rows could not be read: what they contain is not known. */
	readonly unreadableGroups: ReadonlyMap<string, string>;
	readonly routeTables: readonly RouteTable[];
	readonly autoProvisionedNodes: readonly AutoProvisionedNode[];
	/** Null where an answer is incomplete: which other resources use IPs is not known then. */
	readonly otherResources: readonly OtherResource[] | null;
	/** By subnet, only of those whose list was read, and only where all of it arrived. */
	readonly listed: ReadonlyMap<string, readonly ListedOwner[]>;
	/** Names of routes by route table, lower case, of those that were read whole. */
	readonly listedRoutes: ReadonlyMap<string, readonly string[]>;
	/** Subnets and route tables whose lists were asked for, and did not arrive whole. */
	readonly unlisted: ReadonlySet<string>;
}
