import { armId, groupKey, parseArmId } from "../arm.ts";
import type { BudgetName } from "../contract.ts";
import type {
	Cluster,
	Inventory,
	UnreadableCluster,
} from "../inventory/facts.ts";
import { type Budget, noTotals, plusTotals, totalsOf } from "./budget.ts";
import type { ResolvedCluster } from "./cluster.ts";
import { type Entry, entriesOf } from "./entries.ts";
import { notKnown, type Outlook } from "./outlook.ts";
import { placesOf } from "./places.ts";
import { NotResolvable, type Places, resolveCluster } from "./resolve.ts";
import { type Limits, resourceBudget, type Sum } from "./resourceBudget.ts";
import { type Stranger, strangers } from "./strangers.ts";

/** One cluster with everything that judging it needs, but for the budgets that it shares. */
export interface FleetCluster {
	readonly id: string;
	readonly name: string;
	readonly subscription: string;
	readonly kubenet: boolean;
	/** Why it cannot be judged, or null. */
	readonly notEvaluated: string | null;
	readonly cluster: ResolvedCluster | null;
	/** Budgets in resources of their own that no other cluster draws on. */
	readonly budgets: readonly Budget[];
	/** Ids of those that others draw on, too. */
	readonly shared: readonly string[];
	/** What the history of its pod range says of its future. */
	readonly podRangeOutlook: Outlook;
}

export interface Fleet {
	readonly clusters: readonly FleetCluster[];
	/** Each once, however many clusters draw on it. */
	readonly sharedBudgets: readonly SharedBudget[];
}

export interface SharedBudget {
	readonly budget: Budget;
	readonly clusters: readonly string[];
}

/** Meets rows with clusters and adds up, for each finite thing, everybody who draws on it. */
export function buildFleet(inventory: Inventory, limits: Limits): Fleet {
	const places = placesOf(inventory);
	const resolved = inventory.clusters.map((cluster) =>
		resolve(cluster, places, inventory.unreadableGroups),
	);
	const judged = resolved
		.filter(({ cluster }) => cluster !== null)
		.map(({ row }) => row);
	const drawn = addUp(resolved, strangers(inventory, judged));
	const budgets = new Map(
		[...drawn.values()].map((sum) => [
			sum.name.id,
			resourceBudget(sum, places, limits),
		]),
	);
	return {
		clusters: [
			...resolved.map((cluster) => withBudgets(cluster, drawn, budgets)),
			...inventory.unreadableClusters.map(unreadable),
		],
		sharedBudgets: [...drawn.values()]
			.filter(({ clusters }) => clusters.size > 1)
			.map((sum) => ({
				budget: found(budgets, sum.name.id),
				clusters: [...sum.clusters].sort(),
			})),
	};
}

interface Resolved {
	readonly row: Cluster;
	readonly cluster: ResolvedCluster | null;
	readonly notEvaluated: string | null;
	/** Entries on budgets in resources of their own, by budget id. */
	readonly entries: ReadonlyMap<string, readonly Entry[]>;
}

function resolve(
	row: Cluster,
	places: Places,
	unreadableGroups: ReadonlyMap<string, string>,
): Resolved {
	const unreadable = unreadableGroups.get(
		groupKey(row.subscription, row.nodeResourceGroup),
	);
	try {
		if (unreadable !== undefined) throw new NotResolvable(unreadable);
		const cluster = resolveCluster(row, places);
		const entries = Map.groupBy(
			entriesOf(cluster).filter(({ budget }) => isResource(budget)),
			({ budget }) => budget.id,
		);
		return { row, cluster, notEvaluated: null, entries };
	} catch (error) {
		if (!(error instanceof NotResolvable)) throw error;
		return {
			row,
			cluster: null,
			notEvaluated: error.message,
			entries: new Map(),
		};
	}
}

/** Budgets of the other kinds belong to a single cluster and follow from it alone. */
function isResource({ kind }: BudgetName): boolean {
	return (
		kind === "subnet" ||
		kind === "pod-subnet" ||
		kind === "pod-blocks" ||
		kind === "routes" ||
		kind === "api-server-subnet"
	);
}

function addUp(
	resolved: readonly Resolved[],
	strangers: readonly Stranger[],
): Map<string, Sum> {
	const sums = new Map<string, Sum>();
	for (const { cluster, entries } of resolved) {
		if (cluster === null) continue;
		for (const own of entries.values()) {
			const [first] = own;
			if (first === undefined) continue;
			const sum = sumOf(sums, first.budget);
			sum.clusters.add(cluster.id);
			sum.totals = plusTotals(sum.totals, totalsOf(own));
		}
	}
	for (const stranger of strangers) addStranger(sums, stranger);
	for (const { row, cluster } of resolved)
		if (cluster === null) addUnresolved(sums, row);
	return sums;
}

function sumOf(sums: Map<string, Sum>, name: BudgetName): Sum {
	const existing = sums.get(name.id);
	if (existing) return existing;
	const sum: Sum = {
		name,
		clusters: new Set(),
		unseen: [],
		proven: 0,
		totals: noTotals,
	};
	sums.set(name.id, sum);
	return sum;
}

/** A cluster that cannot be judged still draws on the subnets that it names: nobody can say how much. */
function addUnresolved(sums: Map<string, Sum>, row: Cluster): void {
	const subnets = new Set(
		[
			row.apiServer?.subnet ?? null,
			...row.pools.flatMap(({ nodeSubnet, podSubnet }) => [
				nodeSubnet,
				podSubnet,
			]),
		].filter((id) => id !== null),
	);
	for (const id of subnets) sums.get(id)?.unseen.push(row.id);
}

/** They hold addresses as well; only a budget that somebody visible draws on is judged. */
function addStranger(sums: Map<string, Sum>, stranger: Stranger): void {
	const { id, subnet, held, listed } = stranger;
	const sum = subnet === null ? undefined : sums.get(subnet);
	if (sum?.name.kind !== "subnet") return;
	if (listed) {
		sum.proven += held;
		return;
	}
	sum.unseen.push(id);
	sum.totals = plusTotals(sum.totals, {
		...noTotals,
		nowLow: held,
		nowHigh: held,
	});
}

function withBudgets(
	{ row, cluster, notEvaluated, entries }: Resolved,
	sums: ReadonlyMap<string, Sum>,
	budgets: ReadonlyMap<string, Budget>,
): FleetCluster {
	const ids = [...entries.keys()];
	const alone = (id: string) => sums.get(id)?.clusters.size === 1;
	return {
		id: row.id,
		name: row.name,
		subscription: row.subscription,
		kubenet: row.plugin === "kubenet",
		notEvaluated,
		cluster,
		budgets: ids.filter(alone).map((id) => found(budgets, id)),
		shared: ids.filter((id) => !alone(id)),
		podRangeOutlook: notKnown,
	};
}

function found(budgets: ReadonlyMap<string, Budget>, id: string): Budget {
	const budget = budgets.get(id);
	if (budget === undefined) throw new Error(`no budget was made for ${id}`);
	return budget;
}

function unreadable({ id, reason }: UnreadableCluster): FleetCluster {
	const parts = parseArmId(id);
	return {
		id: armId(id),
		name: parts?.name ?? id,
		subscription: parts?.subscription ?? "",
		kubenet: false,
		notEvaluated: `its row could not be read: ${reason}`,
		cluster: null,
		budgets: [],
		shared: [],
		podRangeOutlook: notKnown,
	};
}
