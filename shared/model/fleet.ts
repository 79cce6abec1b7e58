import { armId, groupKey, networkOfSubnet, parseArmId } from "../arm.ts";
import type { BudgetName, Range } from "../contract.ts";
import type {
	AutoProvisionedNode,
	Cluster,
	RouteTable,
	ScaleSet,
	Subnet,
	UnreadableCluster,
} from "../inventory/facts.ts";
import {
	type Budget,
	noTotals,
	plusTotals,
	type Totals,
	totalsOf,
	units,
} from "./budget.ts";
import { hasIpv6, podBlocks, usableAddresses } from "./cidr.ts";
import type { ResolvedCluster } from "./cluster.ts";
import { type Entry, entriesOf } from "./entries.ts";
import { atLeast, between, exactly, nothing } from "./range.ts";
import { NotResolvable, type Places, resolveCluster } from "./resolve.ts";

/** Everything that was read, parsed. */
export interface Inventory {
	readonly subscriptions: ReadonlySet<string>;
	readonly clusters: readonly Cluster[];
	readonly unreadableClusters: readonly UnreadableCluster[];
	readonly subnets: readonly Subnet[];
	/** Rows are known to be missing: what is not found may exist all the same. */
	readonly subnetsIncomplete: boolean;
	readonly scaleSets: readonly ScaleSet[];
	readonly scaleSetsIncomplete: boolean;
	/** `subscription/resource group` of scale sets whose rows could not be read: what lies there is not known. */
	readonly unreadableGroups: ReadonlyMap<string, string>;
	readonly routeTables: readonly RouteTable[];
	readonly autoProvisionedNodes: readonly AutoProvisionedNode[];
}

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

/** Routes that a table takes: 400 by the AKS documentation; newer notes of Azure say more, so it is a setting. */
export interface Limits {
	readonly routesPerTable: number;
}

/** Meets rows with clusters and adds up, for each finite thing, everybody who draws on it. */
export function buildFleet(inventory: Inventory, limits: Limits): Fleet {
	const places = placesOf(inventory);
	const resolved = inventory.clusters.map((cluster) =>
		resolve(cluster, places, inventory.unreadableGroups),
	);
	const drawn = addUp(resolved, strangers(inventory, resolved));
	const budgets = new Map(
		[...drawn.values()].map((sum) => [
			sum.name.id,
			makeBudget(sum, places, limits),
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

interface Sum {
	readonly name: BudgetName;
	readonly clusters: Set<string>;
	readonly unseen: string[];
	/** Addresses that rows other than counted nodes prove to be held, where no observation counts them. */
	proven: number;
	totals: Totals;
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

/** Nodes of AKS that no judged pool accounts for. */
interface Stranger {
	readonly id: string;
	readonly subnet: string | null;
	/** Addresses that they hold now. */
	readonly held: number;
	/** Their cluster is judged and does not list their pool: it comes or goes, and does not grow unseen. */
	readonly listed: boolean;
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

function strangers(
	inventory: Inventory,
	resolved: readonly Resolved[],
): Stranger[] {
	const pools = poolsByGroup(resolved);
	const sets = inventory.scaleSets
		.filter(
			({ id, group, pool }) => isOfAks(id) && !pools.get(group)?.has(pool),
		)
		.map((set) => ({
			id: set.id,
			subnet: set.subnet,
			held:
				set.capacity *
				Math.max(1, (set.ipConfigurations ?? 1) - set.ipv6Configurations),
			listed: pools.has(set.group),
		}));
	const nodes = inventory.autoProvisionedNodes
		.filter(({ group }) => !pools.has(group))
		.map(({ id, subnet, addresses }) => ({
			id,
			subnet,
			held: addresses ?? 1,
			listed: false,
		}));
	return [...sets, ...nodes];
}

/** Scale sets of AKS are called `aks-<pool>-<n>-vmss` or `aks<pool>`; the tag of 2021 alone is anybody's. */
function isOfAks(scaleSet: string): boolean {
	return (scaleSet.split("/").at(-1) ?? "").startsWith("aks");
}

/** Pools of the clusters that are judged; a cluster that is not leaves its nodes to nobody. */
function poolsByGroup(
	resolved: readonly Resolved[],
): Map<string, ReadonlySet<string>> {
	return new Map(
		resolved
			.filter(({ cluster }) => cluster !== null)
			.map(({ row }) => [
				groupKey(row.subscription, row.nodeResourceGroup),
				new Set(row.pools.map(({ name }) => name)),
			]),
	);
}

function makeBudget(sum: Sum, places: Places, limits: Limits): Budget {
	return {
		...sum.name,
		unit: units[sum.name.kind],
		...limitOf(sum.name, places, limits),
		observed: observedOf(sum, places),
		totals: sum.totals,
		sharedBy: sum.clusters.size,
		unseen: sum.unseen,
	};
}

function limitOf(
	{ id, kind }: BudgetName,
	places: Places,
	{ routesPerTable }: Limits,
): Pick<Budget, "limit" | "limitReason" | "usable"> {
	if (kind === "routes")
		return {
			limit: exactly(routesPerTable),
			limitReason: `${routesPerTable} routes a table`,
			usable: null,
		};
	const subnet = places.subnets.get(id);
	if (subnet === undefined)
		return {
			limit: atLeast(0),
			limitReason:
				"the subnet is not visible: the auditor needs Reader on its network",
			usable: null,
		};
	const prefixes = subnet.prefixes.join(", ");
	const usable = usableAddresses(subnet.prefixes);
	if (kind === "pod-blocks") {
		const { low, high } = podBlocks(subnet.prefixes);
		return {
			limit: between(low, high),
			limitReason: `${high} blocks of /28 in ${prefixes}, first and last doubtful`,
			usable,
		};
	}
	return {
		limit: exactly(usable),
		limitReason: `${usable} usable addresses of ${prefixes}`,
		usable,
	};
}

/** What Azure shows as taken. Pod subnets and API servers do not show in ip configurations: null, the models say. */
function observedOf(sum: Sum, places: Places): Range | null {
	switch (sum.name.kind) {
		case "subnet":
			return observedAddresses(sum, places);
		case "routes":
			return observedRoutes(sum, places);
		default:
			return null;
	}
}

function observedRoutes(sum: Sum, places: Places): Range {
	const routes = places.routeTables.get(sum.name.id)?.routes ?? null;
	return routes === null ? atLeast(sum.totals.nowLow) : exactly(routes);
}

function observedAddresses(sum: Sum, places: Places): Range {
	const subnet = places.subnets.get(sum.name.id);
	const counted = subnet?.ipConfigurations ?? null;
	const least = sum.totals.nowLow + sum.proven;
	if (counted === null) {
		const { nowHigh, nowUnbounded } = sum.totals;
		const empty = nowHigh === 0 && nowUnbounded === 0 && sum.proven === 0;
		return empty ? nothing : atLeast(least);
	}
	if (!hasIpv6(subnet?.prefixes ?? [])) return exactly(counted);
	const known = Math.max(
		0,
		counted - (places.ipv6BySubnet.get(sum.name.id) ?? 0),
	);
	// What the nodes do not explain may be IPv6 to the last.
	return between(Math.min(known, least), known);
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
	};
}

function placesOf(inventory: Inventory): Places {
	return {
		subscriptions: inventory.subscriptions,
		subnetsIncomplete: inventory.subnetsIncomplete,
		scaleSetsIncomplete: inventory.scaleSetsIncomplete,
		subnets: new Map(inventory.subnets.map((subnet) => [subnet.id, subnet])),
		subnetsByGroup: Map.groupBy(inventory.subnets, ({ id }) => {
			const network = parseArmId(networkOfSubnet(id));
			return network === null
				? ""
				: groupKey(network.subscription, network.resourceGroup);
		}),
		scaleSetsByGroup: Map.groupBy(inventory.scaleSets, ({ group }) => group),
		routeTables: new Map(
			inventory.routeTables.map((table) => [table.id, table]),
		),
		routeTablesByGroup: Map.groupBy(
			inventory.routeTables,
			({ group }) => group,
		),
		autoProvisionedByGroup: Map.groupBy(
			inventory.autoProvisionedNodes,
			({ group }) => group,
		),
		ipv6BySubnet: ipv6BySubnet(inventory.scaleSets),
	};
}

function ipv6BySubnet(scaleSets: readonly ScaleSet[]): Map<string, number> {
	const explained = new Map<string, number>();
	for (const { subnet, capacity, ipv6Configurations } of scaleSets) {
		if (subnet === null || ipv6Configurations === 0) continue;
		const already = explained.get(subnet) ?? 0;
		explained.set(subnet, already + capacity * ipv6Configurations);
	}
	return explained;
}
