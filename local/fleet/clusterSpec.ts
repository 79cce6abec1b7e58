import type { Scope } from "./ids.ts";

export type NetworkModel =
	| "kubenet"
	| "node-subnet"
	| "overlay"
	| "dynamic-pod-subnet"
	| "static-pod-subnet"
	| "none";

type PoolType =
	| "VirtualMachineScaleSets"
	| "VirtualMachines"
	| "AvailabilitySet";

/** A node pool in the words of `az aks nodepool add`. What is omitted is as AKS would choose it. */
export interface PoolSpec {
	readonly name: string;
	/** Nodes there are now. */
	readonly nodes: number;
	/** The autoscaler's maximum. Absent: no autoscaling. */
	readonly maxCount?: number;
	readonly minCount?: number;
	readonly maxPods?: number;
	readonly type?: PoolType;
	readonly mode?: "System" | "User" | "Gateway";
	/** Static gateway configurations of a gateway pool: each adds an IP to every node. */
	readonly egressConfigurations?: number;
	readonly os?: "Linux" | "Windows";
	/** As Azure keeps them: text, e.g. "10%" or "1". */
	readonly maxSurge?: string;
	readonly maxUnavailable?: string;
	readonly spot?: boolean;
	readonly stopped?: boolean;
	readonly vmSize?: string;
	/** Ids. Absent: those of the cluster. */
	readonly nodeSubnet?: string;
	readonly podSubnet?: string;
}

export interface ClusterSpec extends Scope {
	readonly name: string;
	readonly location: string;
	readonly model: NetworkModel;
	readonly pools: readonly PoolSpec[];
	readonly version?: string;
	readonly dataplane?: "azure" | "cilium";
	readonly dualStack?: boolean;
	readonly podCidr?: string;
	readonly serviceCidr?: string;
	readonly nodeResourceGroup?: string;
	/** Id of the subnet that the nodes join. Absent: AKS makes a network of its own. */
	readonly nodeSubnet?: string;
	readonly podSubnet?: string;
	/** The API server in the cluster's network. No subnet: AKS makes one in the cluster's own network. */
	readonly apiServer?: { readonly subnet?: string };
	/** The API server behind a private endpoint in the first pool's subnet. */
	readonly privateEndpoint?: boolean;
	/** Services of type LoadBalancer with an address of the node subnet. */
	readonly internalServices?: number;
	/** Node auto-provisioning: nodes of no pool, made by Karpenter. */
	readonly provisioned?: readonly {
		readonly nodePool: string;
		readonly nodes: number;
	}[];
	readonly automatic?: boolean;
	readonly stopped?: boolean;
	/** The reader has no rights on the node resource group: nothing in it can be seen. */
	readonly hiddenNodeResources?: boolean;
}

export const defaultVersion = "1.34.2";
export const defaultPodCidr = "10.244.0.0/16";
export const defaultServiceCidr = "10.0.0.0/16";

/** Max pods that AKS sets by default. */
export function maxPodsOf(model: NetworkModel, pool: PoolSpec): number {
	if (pool.maxPods !== undefined) return pool.maxPods;
	switch (model) {
		case "node-subnet":
			return 30;
		case "overlay":
		case "none":
			return 250;
		case "kubenet":
		case "dynamic-pod-subnet":
		case "static-pod-subnet":
			return 110;
	}
}

/**
 * Addresses that a node of the pool uses in its subnet, as recorded networks show: max pods - 1 on Linux, + 1 on
 * Windows if pods use it.
 */
export function heldPerNode(model: NetworkModel, pool: PoolSpec): number {
	const { os, egressConfigurations = 0 } = pool;
	if (model !== "node-subnet") return 1 + egressConfigurations;
	const maxPods = maxPodsOf(model, pool);
	const own = os === "Windows" ? maxPods + 1 : maxPods - 1;
	return own + egressConfigurations;
}

/** Karpenter allocates an address for every pod to a node of a flat network. */
export function heldPerProvisionedNode(model: NetworkModel): number {
	return model === "node-subnet" ? 30 : 1;
}

export function poolType(pool: PoolSpec): PoolType {
	return pool.type ?? "VirtualMachineScaleSets";
}

/** Nodes that exist: a stopped pool has none. */
export function liveNodes(cluster: ClusterSpec, pool: PoolSpec): number {
	return cluster.stopped || pool.stopped ? 0 : pool.nodes;
}

/** `MC_{group}_{cluster}_{location}` unless a name was asked for. */
export function nodeResourceGroupOf(cluster: ClusterSpec): string {
	return (
		cluster.nodeResourceGroup ??
		`MC_${cluster.resourceGroup}_${cluster.name}_${cluster.location}`.slice(
			0,
			80,
		)
	);
}
