/** What the audit knows of a fleet: Resource Graph's rows, parsed once, ids lower-cased. */

import type { OccupantKind } from "../contract.ts";

export interface Subscription {
	readonly id: string;
	readonly name: string;
}

export type NetworkPlugin = "kubenet" | "azure" | "none";

export interface Cluster {
	readonly id: string;
	readonly name: string;
	readonly subscription: string;
	readonly resourceGroup: string;
	/** The owner's words, names in lower case: they are kept only where a setting names them. */
	readonly tags: Readonly<Record<string, string>>;
	/** Lower case; scale sets, managed networks and route tables of the cluster lie in it. */
	readonly nodeResourceGroup: string;
	readonly kubernetesVersion: string;
	readonly stopped: boolean;
	/** As Azure reports it, lower case. */
	readonly provisioningState: string;
	readonly plugin: NetworkPlugin;
	readonly overlay: boolean;
	/** IPv4 range of the pods; null where Azure reports none. */
	readonly podCidr: string | null;
	readonly serviceCidrs: readonly string[];
	readonly dualStack: boolean;
	/** The API server draws on a subnet: the one named, or one that AKS made in the node resource group. */
	readonly apiServer: { readonly subnet: string | null } | null;
	/** Node auto-provisioning adds nodes outside of any pool, without a maximum. */
	readonly autoProvisioning: boolean;
	readonly pools: readonly NodePool[];
}

export interface NodePool {
	readonly name: string;
	readonly mode: "system" | "user" | "gateway" | "managed-system" | "machines";
	readonly type: "scale-set" | "virtual-machines" | "availability-set";
	readonly windows: boolean;
	readonly spot: boolean;
	readonly stopped: boolean;
	readonly upgrading: boolean;
	/** Nodes as the cluster reports them; null where it does not. May be days old. */
	readonly reportedNodes: number | null;
	/** Nodes that a VirtualMachines pool is set to, or null. */
	readonly configuredNodes: number | null;
	readonly autoscaling: boolean;
	/** The autoscaler's maximum; null without autoscaling, and where Azure reports none. */
	readonly maxNodes: number | null;
	readonly minNodes: number | null;
	readonly maxPods: number;
	/** True where Azure reported no max pods and the model's default stands in. */
	readonly maxPodsAssumed: boolean;
	/** Null: the subnet that AKS made in the node resource group. */
	readonly nodeSubnet: string | null;
	readonly podSubnet: string | null;
	readonly staticBlocks: boolean;
	readonly surge: SurgeSetting;
	readonly kubernetesVersion: string;
}

/** What an upgrade may add: a number of nodes, or percent of the pool, or what AKS takes when nothing is set. */
export type SurgeSetting =
	| { readonly kind: "nodes"; readonly nodes: number }
	| { readonly kind: "percent"; readonly percent: number }
	| { readonly kind: "default" }
	| { readonly kind: "blue-green" };

export interface Subnet {
	readonly id: string;
	readonly prefixes: readonly string[];
	/** Number of ip configurations; null where Azure shows none, which is not the same as none. */
	readonly ipConfigurations: number | null;
	readonly routeTable: string | null;
}

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
	/** Traffic flows; a peering that was taken away on the other side is there still, and carries none. */
	readonly connected: boolean;
	/** Of the remote network; empty where the peering does not show them. */
	readonly prefixes: readonly string[];
}

/** A scale set of AKS. */
export interface ScaleSet {
	readonly id: string;
	/** `subscription/resource group`, by which it meets its cluster. */
	readonly group: string;
	readonly pool: string;
	/** Nodes there are now, in truth. */
	readonly capacity: number;
	/** Ip configurations of a node's first interface, IPv6 included; null where the model shows none. */
	readonly ipConfigurations: number | null;
	/** How many of them are IPv6, where that was read. */
	readonly ipv6Configurations: number;
	readonly subnet: string | null;
}

export interface RouteTable {
	readonly id: string;
	readonly group: string;
	/** Null where Azure shows no list of routes, which is not the same as an empty one. */
	readonly routes: number | null;
}

/** A node that auto-provisioning made: a virtual machine of its own, seen by its interface. */
export interface AutoProvisionedNode {
	readonly id: string;
	readonly group: string;
	readonly pool: string;
	readonly addresses: number | null;
	readonly subnet: string | null;
}

/** IPv4 addresses of a subnet that resources of one kind hold. */
export interface Holding {
	readonly kind: Exclude<OccupantKind, "other">;
	readonly subnet: string;
	/** `subscription/resource group`, where that decides whether they are nodes; else null. */
	readonly group: string | null;
	readonly addresses: number;
}

/** A cluster's row that could not be read, by its id. */
export interface UnreadableCluster {
	readonly id: string;
	readonly reason: string;
}

/** Everything that was read, parsed. */
export interface Inventory {
	readonly subscriptions: ReadonlySet<string>;
	readonly clusters: readonly Cluster[];
	readonly unreadableClusters: readonly UnreadableCluster[];
	readonly subnets: readonly Subnet[];
	/** Rows are known to be missing: what is not found may exist all the same. */
	readonly subnetsIncomplete: boolean;
	readonly networks: readonly Network[];
	readonly scaleSets: readonly ScaleSet[];
	readonly scaleSetsIncomplete: boolean;
	/** `subscription/resource group` of scale sets whose rows could not be read: what lies there is not known. */
	readonly unreadableGroups: ReadonlyMap<string, string>;
	readonly routeTables: readonly RouteTable[];
	readonly autoProvisionedNodes: readonly AutoProvisionedNode[];
	/** Null where an answer is incomplete: who else holds addresses is not known then. */
	readonly holdings: readonly Holding[] | null;
}
