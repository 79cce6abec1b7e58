import type { Cluster } from "../inventory/facts.ts";
import { isOwn } from "./budgetKinds.ts";
import type { UsingCluster } from "./cluster.ts";
import { type Entry, entriesOf } from "./entries.ts";

export interface Resolved<C extends UsingCluster = UsingCluster> {
	readonly row: Cluster;
	readonly cluster: C;
	/** Entries on budgets in resources of their own, by budget id. */
	readonly entries: ReadonlyMap<string, readonly Entry[]>;
}

export function resourceEntries(cluster: UsingCluster) {
	return Map.groupBy(
		entriesOf(cluster).filter(({ budget }) => !isOwn(budget.kind)),
		({ budget }) => budget.id,
	);
}
