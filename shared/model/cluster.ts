import type { BudgetKind, BudgetName, Range } from "../contract.ts";
import type { NodeSettings } from "../inventory/facts.ts";
import type { SurgeRule } from "./surge.ts";
import type { Surroundings } from "./surroundings.ts";

/**
 * Where a number comes from: counted by Azure itself, from documented arithmetic, or assumed since nobody reported it.
 */
export type Source = "measured" | "derived" | "assumed";

export type NetworkModel =
	| "kubenet"
	| "node-subnet"
	| "overlay"
	| "dynamic-pod-subnet"
	| "static-block-pod-subnet"
	| "byo-cni"
	/** A plugin or mode that is not understood. */
	| "unknown";

/** A cluster with everything that its budgets follow from: no row must be looked up again. */
export interface ResolvedCluster extends UsingCluster {
	readonly surroundings: Surroundings;
}

/** The part of it that says what it uses. */
export interface UsingCluster {
	readonly id: string;
	readonly name: string;
	readonly subscription: string;
	readonly resourceGroup: string;
	/** Where AKS puts what it makes itself, networks too. */
	readonly nodeResourceGroup: string;
	/** As Azure reports it, lower case. */
	readonly provisioningState: string;
	readonly kubenet: boolean;
	readonly dualStack: boolean;
	readonly availabilitySet: boolean;
	/** Null where the model has no pod CIDR. "" where it should and Azure reports none. */
	readonly podCidr: string | null;
	/** The API server's subnet. Null without one, "" where there is one that cannot be seen. */
	readonly apiServerSubnet: string | null;
	readonly pools: readonly ResolvedPool[];
	/** Why some of it cannot be judged, in words: a network that cannot be seen, a network model that is not understood. */
	readonly notJudged: readonly NotJudged[];
	/** What its subnets are judged as, where that is not what a single pool uses them for: nodes and pods in one, blocks and batches in one. */
	readonly roles: Readonly<Record<string, BudgetKind>>;
	/** Its networks that could hand out more addresses than Azure allows a network. */
	readonly largeNetworks: readonly string[];
	/** Budgets that it used when it was seen whole, where what is missing now may hide that it still does. */
	readonly kept: readonly KeptUse[];
}

export interface NotJudged {
	readonly reason: string;
	/** Where the role Reader would fix it; null if it would not. */
	readonly accessTo: string | null;
	/** Budgets that nobody can name may be hidden by it: what is not seen to be used may be used all the same. */
	readonly hidesBudgets: boolean;
}

/** A cluster's own use of a budget, remembered since rows that would show it are missing. */
export interface KeptUse {
	readonly budget: BudgetName;
	/** Used when it was last seen. High null where Azure does not show it. */
	readonly demand: Range;
	readonly reason: string;
}

/** What a node uses in another subnet than its own: through a further interface. */
export interface ExtraSubnet {
	readonly subnet: string;
	readonly addresses: Range;
}

export interface ResolvedPool {
	readonly name: string;
	readonly model: NetworkModel;
	readonly windows: boolean;
	readonly maxPods: number;
	readonly maxPodsAssumed: boolean;
	/** Made by node auto-provisioning: one virtual machine each, no pool's limit. */
	readonly autoProvisioned: boolean;
	/** Hosted by Azure: whether its nodes take addresses of the customer is undocumented. */
	readonly hosted: boolean;
	/** A static egress gateway, whose nodes have one IP more for each of its configurations. */
	readonly gateway: boolean;
	/** Max unavailable cannot be set on it, and one such pool must remain. */
	readonly system: boolean;
	readonly nodeSubnet: string;
	/** False where AKS made the network itself. */
	readonly subnetNamed: boolean;
	readonly podSubnet: string | null;
	/** Kubenet's route table: its ARM ID, or the cluster's own budget where none is visible. */
	readonly routeTable: string | null;
	/** Nodes now. */
	readonly nodes: Range;
	readonly nodesSource: Source;
	/** Nodes at the autoscaler's maximum, and how many more that is. */
	readonly nodesAtFull: Range;
	readonly growth: Range;
	/** Nodes that an upgrade adds now, and at the autoscaler's maximum. */
	readonly surge: Range;
	readonly surgeAtFull: Range;
	readonly surgeRule: SurgeRule;
	/** IPv4 addresses of a node's interface by the scale set's own model. Null if that is not visible. */
	readonly addressesPerNode: Range | null;
	/** The same as a virtual network counts them: a block of addresses once. */
	readonly slotsPerNode: Range | null;
	readonly extraSubnets: readonly ExtraSubnet[];
	/** Scaling in stops nodes instead of deleting them: they keep their addresses, and the pool's own count leaves them out. */
	readonly deallocates: boolean;
	/** Nodes that it can have at most, by its public IP prefix. Null where nothing but AKS's own limit ends it. */
	readonly mostNodes: number | null;
	/** What is missing of the rows that its nodes follow from, in words, or null. */
	readonly missing: string | null;
	/** What is not understood of how its pods get addresses, or of how it is upgraded. Null where all is. */
	readonly podsMissing: string | null;
	readonly surgeMissing: string | null;
	/** Nodes that Azure's own check counts: the autoscaler's maximum, or the count. */
	readonly countedByAzure: Range;
	readonly minNodes: number | null;
	readonly maxNodes: number | null;
	/** Null for nodes of no pool that the cluster lists. */
	readonly nodeSettings: NodeSettings | null;
}
