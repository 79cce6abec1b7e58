import { groupKey, lastName, networkOfBudget } from "../arm.ts";
import type { WhyOlder } from "../findings/heldBack.ts";
import type { Cluster, ScaleSet } from "../inventory/facts.ts";
import type { Budget } from "../model/budget.ts";
import { budgetKinds, isOwn } from "../model/budgetKinds.ts";
import type { Fleet, FleetCluster } from "../model/fleet.ts";

/*
 * Rows of Resource Graph do not say how old they are, and one that nobody changes never gets newer. So a row proves
 * something about a time only if Azure Resource Manager itself answered after it. What a budget's verdict rests on:
 *
 *   its clusters, the neighbors too   read by ARM since the request
 *   its network or route table        read by ARM since the request: its size, and how many IPs or routes are in use
 *   the nodes of its clusters         no fewer by their scale sets than the clusters say by ARM
 *
 * More nodes than the cluster says are older rows, too, and harmless: what fits with more nodes fits with fewer.
 */

/** What is known of the age of rows. */
export interface RowAge {
	/** ISO 8601: when the last request came that this audit answers. */
	readonly since: string;
	/** When a cluster, network or route table was read by ARM (ISO 8601), by ID. */
	readonly readByArm: ReadonlyMap<string, string>;
	/** How the scale sets of a cluster and its own count of nodes differ. */
	readonly nodes: ReadonlyMap<string, NodesBySource>;
}

/** `fewer`: the scale sets show fewer nodes than the cluster. `unknown`: some nodes have no count by ARM. */
export type NodesBySource = "same" | "more" | "fewer" | "unknown";

/** By cluster or budget, why the rows that it rests on may be older than the request. What is not in it, is not. */
export type OlderRows = Readonly<Record<string, string>>;

export function olderRows(
	judged: readonly FleetCluster[],
	fleet: Fleet,
	age: RowAge,
): OlderRows {
	const shared = new Map(
		fleet.sharedBudgets.map((one) => [one.budget.id, one]),
	);
	const older: Record<string, string> = {};
	for (const cluster of judged) {
		const own = whyClusterIsOlder(cluster.id, age);
		if (own !== null) older[cluster.id] = own;
		for (const budget of cluster.budgets) {
			const why = own ?? whyResourceIsOlder(budget, age);
			if (why !== null) older[budget.id] = why;
		}
		for (const id of cluster.shared) {
			const one = shared.get(id);
			if (one === undefined) continue;
			const why =
				own ??
				whyResourceIsOlder(one.budget, age) ??
				whyNeighborsAreOlder(
					one.clusters.filter((other) => other !== cluster.id),
					age,
				);
			// Of two clusters that are judged, one may be read and the other not.
			if (why !== null) older[id] = why;
		}
	}
	return older;
}

/** A budget that the cluster does not use any more rests on the cluster alone. */
export function whyOlderIn(older: OlderRows): WhyOlder {
	return ({ rule, cluster, budget }) => {
		if (rule === "range-overlap")
			return older[cluster] ?? "peered networks come from Resource Graph";
		return (budget && older[budget.id]) ?? older[cluster] ?? null;
	};
}

function whyClusterIsOlder(cluster: string, age: RowAge): string | null {
	const name = lastName(cluster);
	if (!isNew(cluster, age))
		return `cluster ${name} was not read from Azure Resource Manager`;
	switch (age.nodes.get(cluster)) {
		case "same":
		case "more":
			return null;
		case "fewer":
			return `Resource Graph shows fewer nodes of cluster ${name} than it has`;
		case "unknown":
		case undefined:
			return `Azure Resource Manager does not count all nodes of cluster ${name}`;
	}
}

function whyResourceIsOlder(
	{ id, kind }: Pick<Budget, "id" | "kind">,
	age: RowAge,
): string | null {
	if (isOwn(kind)) return null;
	const resource = networkOfBudget(id) ?? id;
	// A route table of no ARM ID follows from its cluster.
	if (isNew(resource, age) || resource.includes("/managedclusters/"))
		return null;
	const noun = resource === id ? budgetKinds[kind].noun : "virtual network";
	return `${noun} ${lastName(resource)} was not read from Azure Resource Manager`;
}

function whyNeighborsAreOlder(
	neighbors: readonly string[],
	age: RowAge,
): string | null {
	const older = neighbors.flatMap((id) => whyClusterIsOlder(id, age) ?? []);
	const [first] = older;
	if (first === undefined) return null;
	return older.length === 1 ? first : `${first}, and ${older.length - 1} more`;
}

function isNew(id: string, { since, readByArm }: RowAge): boolean {
	const at = readByArm.get(id);
	return at !== undefined && at >= since;
}

/** Each cluster's nodes by its scale sets, held against its own count. Both from what was read at one time. */
export function nodesBySource(
	clusters: readonly Cluster[],
	scaleSets: readonly ScaleSet[],
): Map<string, NodesBySource> {
	const byPool = Map.groupBy(
		scaleSets,
		({ group, pool }) => `${group} ${pool}`,
	);
	return new Map(
		clusters.map((cluster) => {
			const group = groupKey(cluster.subscription, cluster.nodeResourceGroup);
			const pools = cluster.pools.map((pool) =>
				nodesOfPool(pool, byPool.get(`${group} ${pool.name}`) ?? []),
			);
			const all: NodesBySource[] = cluster.autoProvisioning
				? [...pools, "unknown"]
				: pools;
			return [cluster.id, worstOf(all)];
		}),
	);
}

function nodesOfPool(
	pool: Cluster["pools"][number],
	own: readonly ScaleSet[],
): NodesBySource {
	switch (pool.type) {
		// Their sizes and counts are in the cluster's own row.
		case "virtual-machines":
		case "availability-set":
			return "same";
		case "scale-set": {
			if (pool.reportedNodes === null) return "unknown";
			// Without a visible scale set, the cluster's own count is what is judged.
			if (own.length === 0) return "same";
			const nodes = own.reduce((sum, { capacity }) => sum + (capacity ?? 0), 0);
			if (own.some(({ capacity }) => capacity === null)) return "unknown";
			if (nodes === pool.reportedNodes) return "same";
			return nodes > pool.reportedNodes ? "more" : "fewer";
		}
	}
}

const worstFirst: readonly NodesBySource[] = [
	"unknown",
	"fewer",
	"more",
	"same",
];

function worstOf(all: readonly NodesBySource[]): NodesBySource {
	return worstFirst.find((one) => all.includes(one)) ?? "same";
}
