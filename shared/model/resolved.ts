import type { BudgetKind } from "../contract.ts";
import type { Cluster } from "../inventory/facts.ts";
import type { ResolvedCluster } from "./cluster.ts";
import { type Entry, entriesOf } from "./entries.ts";

export interface Resolved {
	readonly row: Cluster;
	readonly cluster: ResolvedCluster;
	/** Entries on budgets in resources of their own, by budget id. */
	readonly entries: ReadonlyMap<string, readonly Entry[]>;
}

export function resourceEntries(cluster: ResolvedCluster) {
	return Map.groupBy(
		entriesOf(cluster).filter(({ budget }) => isResource(budget.kind)),
		({ budget }) => budget.id,
	);
}

/** Budgets of the other kinds belong to a single cluster and follow from it alone. */
function isResource(kind: BudgetKind): boolean {
	switch (kind) {
		case "subnet":
		case "pod-subnet":
		case "pod-blocks":
		case "routes":
		case "api-server-subnet":
		case "virtual-network":
			return true;
		case "pod-range":
		case "cluster-nodes":
		case "pool-nodes":
			return false;
	}
}
