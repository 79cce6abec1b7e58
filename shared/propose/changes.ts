import type {
	Cluster,
	Network,
	NodePool,
	RouteTable,
	ScaleSet,
} from "../inventory/facts.ts";

/** What somebody may do to a fleet, named by the ids and names that the inventory has. */
export type ProposedChange =
	/** A pool with other settings. A pool in its place counts as the pool itself: its nodes are there at once. */
	| {
			readonly kind: "pool";
			readonly cluster: string;
			readonly pool: string;
			readonly set: Partial<NodePool>;
	  }
	| {
			readonly kind: "new-pool";
			readonly cluster: string;
			readonly pool: NodePool;
			/** What its nodes use, where nodes like them were measured. Absent: nobody knows yet. */
			readonly interfaces?: ScaleSet["interfaces"];
	  }
	| {
			readonly kind: "removed-pool";
			readonly cluster: string;
			readonly pool: string;
	  }
	| {
			readonly kind: "cluster";
			readonly cluster: string;
			readonly set: Partial<Omit<Cluster, "id" | "pools">>;
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
	| {
			readonly kind: "subnet-route-table";
			readonly subnet: string;
			readonly routeTable: string | null;
	  }
	/** A new network, or one with another address space. Its subnets are changes of their own. */
	| { readonly kind: "network"; readonly network: Network }
	/** A new route table, or one with other routes. */
	| { readonly kind: "route-table"; readonly table: RouteTable }
	/** A cluster, a network, a subnet or a route table is gone. */
	| { readonly kind: "removed"; readonly id: string };
