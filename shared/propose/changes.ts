import type { Cluster, NodePool } from "../inventory/facts.ts";

/** What somebody may do to a fleet, named by the ids and names that the inventory has. */
export type ProposedChange =
	/** A pool with other settings. A pool in its place counts as the pool itself: its nodes are there at once. */
	| {
			readonly kind: "pool";
			readonly cluster: string;
			readonly pool: string;
			readonly set: Partial<PoolSettings>;
	  }
	| {
			readonly kind: "new-pool";
			readonly cluster: string;
			readonly pool: NodePool;
	  }
	| {
			readonly kind: "removed-pool";
			readonly cluster: string;
			readonly pool: string;
	  }
	| {
			readonly kind: "cluster";
			readonly cluster: string;
			readonly set: Partial<Pick<Cluster, "podCidr" | "plugin" | "overlay">>;
	  }
	| { readonly kind: "new-cluster"; readonly cluster: Cluster }
	/** All that a cluster has in one subnet goes to another. */
	| {
			readonly kind: "other-subnet";
			readonly cluster: string;
			readonly from: string;
			readonly to: string;
	  }
	/** In the network that its id names. */
	| {
			readonly kind: "new-subnet";
			readonly subnet: string;
			readonly prefixes: readonly string[];
			readonly routeTable: string | null;
	  }
	| {
			readonly kind: "subnet-prefixes";
			readonly subnet: string;
			readonly prefixes: readonly string[];
	  }
	/** How many IPs of a subnet, or routes of a table, other resources use less. */
	| {
			readonly kind: "fewer-other-resources";
			readonly id: string;
			readonly fewer: number;
	  }
	/** Interfaces of a subnet that no machine has any more. */
	| { readonly kind: "no-leftovers"; readonly subnet: string }
	/** A cluster or a subnet is gone. */
	| { readonly kind: "removed"; readonly id: string };

export type PoolSettings = Pick<
	NodePool,
	| "reportedNodes"
	| "minNodes"
	| "maxNodes"
	| "maxPods"
	| "surge"
	| "nodeSubnet"
	| "podSubnet"
>;
