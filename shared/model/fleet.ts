import { armId, groupKey, networkOfSubnet, parseArmId } from "../arm.ts";
import { ipv4Of, ipv4PrefixLength } from "../cidr.ts";
import type { BudgetKind, BudgetName } from "../contract.ts";
import type {
	Cluster,
	Inventory,
	UnreadableCluster,
} from "../inventory/facts.ts";
import {
	type Budget,
	noTotals,
	notRead,
	nowOf,
	openingsOf,
	plusTotals,
	totalsOf,
} from "./budget.ts";
import type { KeptUse, ResolvedCluster } from "./cluster.ts";
import { type Entry, entriesOf, isSubnetId } from "./entries.ts";
import {
	type Evidence,
	type KnownCluster,
	type KnownUse,
	stillKnown,
} from "./known.ts";
import { explainedEntries, isApiServer, isNodeOfAks } from "./lists.ts";
import type { Opening } from "./opening.ts";
import { notKnown, type Outlook } from "./outlook.ts";
import { placesOf } from "./places.ts";
import { add, nothing } from "./range.ts";
import { type Places, podRange, resolveCluster } from "./resolve.ts";
import {
	addressesPerNetwork,
	type Limits,
	networkBudget,
	resourceBudget,
	type Sum,
} from "./resourceBudget.ts";
import { type Stranger, strangers } from "./strangers.ts";

/** One cluster with everything that judging it needs, but for the budgets that it shares. */
export interface FleetCluster {
	readonly id: string;
	readonly name: string;
	readonly subscription: string;
	readonly kubenet: boolean;
	/** Why some or all of it cannot be judged, or null. */
	readonly notEvaluated: string | null;
	/** Null where its row could not be read. */
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
	/** What the next audit must know of the clusters that were seen now or before. */
	readonly known: readonly KnownCluster[];
}

export interface SharedBudget {
	readonly budget: Budget;
	readonly clusters: readonly string[];
}

/** What an audit knows beside its rows. */
export interface Before {
	readonly auditId: string;
	/** When the audit started, ISO 8601. */
	readonly at: string;
	readonly known: ReadonlyMap<string, KnownCluster>;
	/** Whether a subscription has answered, with clusters or without. */
	readonly answered: (subscription: string) => boolean;
}

/** Meets rows with clusters and adds up, for each finite thing, everybody who draws on it. */
export function buildFleet(
	inventory: Inventory,
	before: Before,
	limits: Limits,
): Fleet {
	const places = placesOf(inventory, before.known);
	const alone = inventory.clusters.map((row): Resolved => {
		const cluster = resolveCluster(row, places);
		return { row, cluster, entries: resourceEntries(cluster) };
	});
	const rolesOf = rolesInFleet(alone);
	const isLarge = largeNetworks(places);
	const resolved = alone.map((one): Resolved => {
		const { row, cluster } = one;
		const roles = rolesOf(one);
		const largeNetworks = isLarge(cluster);
		const kept = keptUses(one, places);
		const changes = [Object.keys(roles), largeNetworks, kept];
		if (changes.every(({ length }) => length === 0)) return one;
		const whole = { ...cluster, roles, largeNetworks, kept };
		return { row, cluster: whole, entries: resourceEntries(whole) };
	});
	const sums = addUp(resolved);
	for (const stranger of strangers(inventory)) addStranger(sums, stranger);
	addListedNodes(sums, inventory, before);
	addLinkedClusters(sums, inventory, before);
	addUnreadable(sums, inventory.unreadableClusters, before);
	const gone = addRemembered(sums, inventory, places, before);
	addLostRows(sums, inventory, before, gone);
	const budgets = budgetsOf(sums, places, limits);
	return {
		clusters: [
			...resolved.map((cluster) => withBudgets(cluster, sums, budgets)),
			...inventory.unreadableClusters.map(unreadable),
		],
		sharedBudgets: [...sums.values()]
			.filter(({ clusters }) => clusters.size > 1)
			.map((sum) => ({
				budget: found(budgets, sum.name.id),
				clusters: [...sum.clusters].sort(),
			})),
		known: [
			...resolved.map((cluster) => knownFrom(cluster, sums, places, before)),
			...inventory.unreadableClusters.flatMap(
				({ id }) => before.known.get(id) ?? [],
			),
			...gone,
		],
	};
}

interface Resolved {
	readonly row: Cluster;
	readonly cluster: ResolvedCluster;
	/** Entries on budgets in resources of their own, by budget id. */
	readonly entries: ReadonlyMap<string, readonly Entry[]>;
}

function resourceEntries(cluster: ResolvedCluster) {
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

/** Where several clusters or pools use one subnet for different things, it is judged once, as one of them. */
function rolesInFleet(resolved: readonly Resolved[]) {
	const kinds = new Map<string, Set<BudgetKind>>();
	for (const { entries } of resolved)
		for (const [id, own] of entries)
			for (const { budget } of own) {
				const known = kinds.get(id);
				if (known === undefined) kinds.set(id, new Set([budget.kind]));
				else known.add(budget.kind);
			}
	const mixed = new Map(
		[...kinds]
			.filter(([, own]) => own.size > 1)
			.map(
				([id, own]) =>
					[id, own.has("subnet") ? "subnet" : "pod-subnet"] as const,
			),
	);
	return ({ entries }: Resolved): Record<string, BudgetKind> =>
		mixed.size === 0
			? {}
			: Object.fromEntries(
					[...entries.keys()].flatMap((subnet) => {
						const kind = mixed.get(subnet);
						return kind === undefined ? [] : [[subnet, kind]];
					}),
				);
}

/** Networks whose subnets could together ask for more than that: elsewhere the subnets end first. */
function largeNetworks({ subnets, networks }: Places) {
	const sizes = new Map<string, number>();
	for (const { id, prefixes } of subnets.values()) {
		const size = ipv4Of(prefixes).reduce(
			(total, prefix) => total + 2 ** (32 - (ipv4PrefixLength(prefix) ?? 32)),
			0,
		);
		const network = networkOfSubnet(id);
		sizes.set(network, (sizes.get(network) ?? 0) + size);
	}
	const large = new Set(
		[...sizes]
			.filter(([, size]) => size > addressesPerNetwork)
			.map(([id]) => id)
			.filter((id) => networks.has(id)),
	);
	return ({ pools, apiServerSubnet }: ResolvedCluster): string[] => {
		if (large.size === 0) return [];
		const own = pools.flatMap(({ nodeSubnet, podSubnet }) => [
			nodeSubnet,
			podSubnet ?? "",
		]);
		const ids = [...own, apiServerSubnet ?? ""].map(networkOfSubnet);
		return [...new Set(ids)].filter((id) => large.has(id));
	};
}

/** What a cluster used when it was last seen whole, and may still use: rows that would show it are missing tonight. */
function keptUses(
	{ row, cluster, entries }: Resolved,
	places: Places,
): KeptUse[] {
	const known = places.known.get(row.id);
	if (known === undefined) return [];
	const left = known.uses.filter(
		({ budget }) => !entries.has(budget.id) && budget.kind !== "routes",
	);
	if (left.length === 0) return [];
	const reason = whyUsesMayBeHidden(row, cluster, known, places);
	return left.flatMap(({ budget, demand }): KeptUse[] => {
		const why =
			budget.kind === "api-server-subnet" && row.apiServer === null
				? "its API server's profile is not in the list, which proves nothing"
				: reason;
		if (why === null || isGone(budget, known.group, places)) return [];
		return [{ budget, demand: atMostKnown(budget.kind, demand), reason: why }];
	});
}

/** What Azure shows counts as it is shown; what it does not show is at least what it was. */
function atMostKnown(kind: BudgetKind, { low, high }: KnownUse["demand"]) {
	return kind === "subnet" ? { low: 0, high } : { low: low ?? 0, high: null };
}

function whyUsesMayBeHidden(
	row: Cluster,
	cluster: ResolvedCluster,
	known: KnownCluster,
	places: Places,
): string | null {
	const { lost, unreadableGroups } = places;
	const unreadable = unreadableGroups.get(known.group);
	if (unreadable !== undefined) return unreadable;
	if (row.unreadPools.some(({ nodeSubnet }) => nodeSubnet === null))
		return "a pool that cannot be read names no subnet";
	const notFound = cluster.pools.some(
		({ nodeSubnet }) => !isSubnetId(nodeSubnet),
	);
	if (notFound && (lost.scaleSets !== 0 || lost.subnets !== 0))
		return "rows that would show its subnet are missing";
	const machines = machinesOf(row, places);
	return lost.autoProvisionedNodes !== 0 && machines < known.machines
		? "interfaces of its auto-provisioned nodes are missing"
		: null;
}

function machinesOf(row: Cluster, { autoProvisionedByGroup }: Places): number {
	const group = groupKey(row.subscription, row.nodeResourceGroup);
	return (autoProvisionedByGroup.get(group) ?? []).filter(
		({ hasMachine }) => hasMachine,
	).length;
}

/** The list of the subnet is empty, or names nobody of the group. */
function isGone(
	{ id }: BudgetName,
	group: string,
	{ subnets, listed }: Places,
): boolean {
	const list = listed.get(id);
	return list === undefined
		? subnets.get(id)?.ipConfigurations === 0
		: list.every((owner) => owner.group !== group);
}

function addUp(resolved: readonly Resolved[]): Map<string, Sum> {
	const sums = new Map<string, Sum>();
	for (const { cluster, entries } of resolved)
		for (const own of entries.values()) {
			const [first] = own;
			if (first === undefined) continue;
			const sum = sumOf(sums, first.budget);
			sum.clusters.add(cluster.id);
			sum.totals = plusTotals(sum.totals, totalsOf(own));
			sum.open.push(...openingsOf(own));
			sum.isMixed ||= own.some(
				({ budget }) => cluster.roles[budget.id] !== undefined,
			);
		}
	return sums;
}

function sumOf(sums: Map<string, Sum>, name: BudgetName): Sum {
	const existing = sums.get(name.id);
	if (existing) return existing;
	const sum: Sum = {
		name,
		clusters: new Set(),
		open: [],
		remembered: nothing,
		proven: 0,
		isMixed: false,
		totals: noTotals,
	};
	sums.set(name.id, sum);
	return sum;
}

/** Azure shows what is taken of it, so that what is unseen is open for growth alone. */
export function isObserved(kind: BudgetKind): boolean {
	return kind === "subnet" || kind === "routes";
}

/** Somebody unseen uses the budget: at least so much, and nobody knows how much more. */
function openUp(sum: Sum, opening: Opening, least: number): void {
	if (!sum.open.some(({ reason }) => reason === opening.reason))
		sum.open.push(opening);
	const observed = isObserved(sum.name.kind);
	sum.totals = plusTotals(sum.totals, {
		...noTotals,
		nowLow: observed ? 0 : least,
		nowHigh: observed ? 0 : least,
		nowUnbounded: observed ? 0 : 1,
		growthUnbounded: 1,
	});
}

/** They hold addresses as well; only a budget that somebody visible draws on is judged. */
function addStranger(sums: Map<string, Sum>, stranger: Stranger): void {
	const { subnet, held, listed, reason } = stranger;
	const sum = subnet === null ? undefined : sums.get(subnet);
	if (sum?.name.kind !== "subnet") return;
	if (listed) {
		sum.proven += held;
		return;
	}
	openUp(sum, seenThere(reason), 0);
	sum.totals = plusTotals(sum.totals, {
		...noTotals,
		nowLow: held,
		nowHigh: held,
	});
}

function seenThere(reason: string): Opening {
	const cause = "nodes of clusters that are not visible";
	return { kind: "seen-there", cluster: null, cause, reason, lastSeen: null };
}

/** Nodes and API servers in a subnet's list whose cluster is not among the rows, remembered or not. */
function addListedNodes(
	sums: Map<string, Sum>,
	inventory: Inventory,
	{ known }: Before,
): void {
	const explained = groupsWithRows(inventory);
	const remembered = new Set([...known.values()].map(({ group }) => group));
	for (const [subnet, owners] of inventory.listed) {
		const sum = sums.get(subnet);
		if (sum === undefined) continue;
		const isApi = sum.name.kind === "api-server-subnet";
		const unknown = owners
			.filter(({ group }) => !explained.has(group) && !remembered.has(group))
			.filter(isApi ? isApiServer : isNodeOfAks);
		for (const [group, own] of Map.groupBy(unknown, ({ group }) => group)) {
			const resourceGroup = group.split("/")[1] ?? group;
			const entries = own.reduce((total, { entries }) => total + entries, 0);
			const what = isApi
				? "an API server"
				: `${entries} ${entries === 1 ? "address" : "addresses"} of nodes`;
			openUp(
				sum,
				seenThere(
					`${what} in resource group ${resourceGroup}, whose cluster is not visible`,
				),
				isApi ? apiServerLeast : 0,
			);
			if (!isApi)
				sum.totals = plusTotals(sum.totals, {
					...noTotals,
					nowLow: entries,
					nowHigh: entries,
				});
		}
	}
}

/** At least nine addresses (AKS API server VNet integration). */
const apiServerLeast = 9;

/** Node resource groups of clusters that have a row, and those of nodes that have rows of their own. */
function groupsWithRows({
	clusters,
	unreadableClusters,
	scaleSets,
	autoProvisionedNodes,
}: Inventory): Set<string> {
	return new Set([
		...clusters.map(({ subscription, nodeResourceGroup }) =>
			groupKey(subscription, nodeResourceGroup),
		),
		...unreadableClusters.map(({ id, nodeResourceGroup }) =>
			groupKey(id.split("/")[2] ?? "", nodeResourceGroup),
		),
		...scaleSets.map(({ group }) => group),
		...autoProvisionedNodes.map(({ group }) => group),
	]);
}

/** Clusters that a subnet's service association links name and that nobody sees. */
function addLinkedClusters(
	sums: Map<string, Sum>,
	{ subnets, clusters, unreadableClusters }: Inventory,
	{ known }: Before,
): void {
	const accounted = new Set([
		...clusters.map(({ id }) => id),
		...unreadableClusters.map(({ id }) => id),
		...known.keys(),
	]);
	for (const { id, linkedClusters } of subnets) {
		const sum = sums.get(id);
		if (sum === undefined) continue;
		for (const cluster of linkedClusters) {
			if (accounted.has(cluster)) continue;
			const reason = `a service association link names cluster ${lastName(cluster)}, which is not visible`;
			const isApi = sum.name.kind === "api-server-subnet";
			openUp(
				sum,
				{ ...seenThere(reason), cluster },
				isApi ? apiServerLeast : 0,
			);
		}
	}
}

/** A cluster whose row cannot be read uses every subnet that the row names, and what it used before. */
function addUnreadable(
	sums: Map<string, Sum>,
	rows: readonly UnreadableCluster[],
	{ known }: Before,
): void {
	for (const { id, reason, apiServerSubnets, subnets } of rows) {
		const before = known.get(id);
		const uses = new Map(
			(before?.uses ?? []).map((use) => [use.budget.id, use.demand.low ?? 0]),
		);
		for (const subnet of apiServerSubnets)
			uses.set(subnet, Math.max(apiServerLeast, uses.get(subnet) ?? 0));
		for (const subnet of subnets) uses.set(subnet, uses.get(subnet) ?? 0);
		for (const [budget, least] of uses) {
			const sum = sums.get(budget);
			if (sum === undefined) continue;
			openUp(
				sum,
				{
					...notRead(
						id,
						`the row of cluster ${lastName(id)} could not be read: ${reason}`,
					),
					lastSeen: before?.lastSeen ?? null,
				},
				least,
			);
			rememberIn(sum, before, budget);
		}
	}
}

/** On an observed budget they are among what is seen: they explain it, and force nothing. */
function rememberIn(
	sum: Sum,
	before: KnownCluster | undefined,
	budget: string,
): void {
	const use = before?.uses.find((one) => one.budget.id === budget);
	if (use && isObserved(sum.name.kind))
		sum.remembered = add(sum.remembered, use.demand);
}

/** Clusters that were seen before and are not now, with what they are still remembered for. */
function addRemembered(
	sums: Map<string, Sum>,
	inventory: Inventory,
	places: Places,
	{ known, answered }: Before,
): KnownCluster[] {
	const seen = new Set([
		...inventory.clusters.map(({ id }) => id),
		...inventory.unreadableClusters.map(({ id }) => id),
	]);
	const absent = [...known.values()].filter(({ id }) => !seen.has(id));
	if (absent.length === 0) return [];
	const whole = inventory.lost.clusters === 0;
	const evidence: Evidence = {
		answered: (subscription) => whole && answered(subscription),
		shows: shownOn(sums, inventory, places),
	};
	const remembered = absent.flatMap((one) => stillKnown(one, evidence) ?? []);
	for (const one of remembered)
		for (const { budget, demand } of one.uses) {
			const sum = sums.get(budget.id);
			if (sum === undefined) continue;
			const opening: Opening = {
				kind: "last-known",
				cluster: one.id,
				cause: whyNotSeen(one, answered, whole),
				reason: `cluster ${one.name}`,
				lastSeen: one.lastSeen,
			};
			openUp(sum, opening, demand.low ?? 0);
			rememberIn(sum, one, budget.id);
		}
	return remembered;
}

function whyNotSeen(
	{ subscription }: KnownCluster,
	answered: Before["answered"],
	whole: boolean,
): string {
	if (!answered(subscription))
		return `subscription ${subscription} did not answer`;
	return whole
		? "clusters that were there before, and are believed to be gone when two audits have not seen them"
		: "rows of clusters are missing";
}

function shownOn(
	sums: ReadonlyMap<string, Sum>,
	inventory: Inventory,
	{ subnets, routeTables, listed }: Places,
): Evidence["shows"] {
	const explained = explainedEntries(inventory);
	return ({ budget: { id, kind }, otherRoutes }, group) => {
		if (kind === "routes") {
			const routes = routeTables.get(id)?.routes ?? null;
			if (routes === null) return null;
			const left = routes - (sums.get(id)?.totals.nowLow ?? 0);
			return left <= otherRoutes ? false : null;
		}
		if (kind !== "subnet") return null;
		const entries = subnets.get(id)?.ipConfigurations ?? null;
		if (entries === null) return null;
		const list = listed.get(id);
		if (list !== undefined) return list.some((owner) => owner.group === group);
		return entries === 0 || entries === explained.get(id) ? false : null;
	};
}

/**
 * More clusters were lost than those that are remembered and not seen: others may be among them. They can use any budget
 * whose use Azure does not show; those that two or more subscriptions used before are open then.
 */
function addLostRows(
	sums: Map<string, Sum>,
	{ lost: { clusters: lost } }: Inventory,
	{ known, answered }: Before,
	gone: readonly KnownCluster[],
): void {
	const missing = gone.filter(({ subscription }) =>
		answered(subscription),
	).length;
	if (lost === 0 || (lost !== null && missing >= lost)) return;
	const bySubscription = new Map<string, Set<string>>();
	for (const { subscription, uses } of known.values())
		for (const { budget } of uses) {
			if (isObserved(budget.kind)) continue;
			const users = bySubscription.get(budget.id) ?? new Set();
			bySubscription.set(budget.id, users.add(subscription));
		}
	for (const [id, users] of bySubscription) {
		const sum = sums.get(id);
		if (sum === undefined || users.size < 2) continue;
		openUp(
			sum,
			{
				kind: "lost-rows",
				cluster: null,
				cause: "rows of clusters are missing",
				reason: `${lost === null ? "an unknown number of" : lost} rows of clusters are missing, ${missing} of them known`,
				lastSeen: null,
			},
			0,
		);
	}
}

function budgetsOf(
	sums: ReadonlyMap<string, Sum>,
	places: Places,
	limits: Limits,
): Map<string, Budget> {
	const budgets = new Map<string, Budget>();
	const networks: Sum[] = [];
	for (const sum of sums.values()) {
		if (sum.name.kind === "virtual-network") networks.push(sum);
		else budgets.set(sum.name.id, resourceBudget(sum, places, limits));
	}
	for (const sum of networks)
		budgets.set(sum.name.id, networkBudget(sum, budgets, places));
	return budgets;
}

function withBudgets(
	{ row, cluster, entries }: Resolved,
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
		notEvaluated: cluster.notJudged[0]?.reason ?? null,
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

/** What the next audit must know of a cluster that was seen; what is missing of it tonight is as it was known before. */
function knownFrom(
	{ row, cluster, entries }: Resolved,
	sums: ReadonlyMap<string, Sum>,
	places: Places,
	{ auditId, at, known }: Before,
): KnownCluster {
	const before = known.get(row.id);
	const group = groupKey(row.subscription, row.nodeResourceGroup);
	const uses = [...entries].flatMap(([id, own]): KnownUse[] => {
		const [first] = own;
		if (first === undefined || first.budget.kind === "virtual-network")
			return [];
		const missing = own.some((entry) => entry.missing !== null);
		const last = before?.uses.find(({ budget }) => budget.id === id);
		if (missing && last) return [last];
		return [
			{
				budget: first.budget,
				demand: nowOf(totalsOf(own)),
				otherRoutes: otherRoutesIn(sums.get(id), places),
				absent: 0,
			},
		];
	});
	const nodes = Object.fromEntries(
		cluster.pools.flatMap(({ name, missing, nodes, nodesSource }) => {
			const last = before?.nodes[name];
			if (missing !== null) return last === undefined ? [] : [[name, last]];
			return nodesSource === "measured" &&
				row.pools.some((pool) => pool.name === name)
				? [[name, nodes.low ?? 0]]
				: [];
		}),
	);
	const machines = machinesOf(row, places);
	const isMissing = cluster.pools.some(
		({ autoProvisioned, missing }) => autoProvisioned && missing !== null,
	);
	return {
		id: row.id,
		name: row.name,
		subscription: row.subscription,
		group,
		lastSeen: { auditId, at },
		missed: 0,
		nodes,
		machines: isMissing ? Math.max(machines, before?.machines ?? 0) : machines,
		ranges: [podRange(row) ?? "", ...row.serviceCidrs].filter(
			(range) => range !== "",
		),
		uses,
	};
}

function otherRoutesIn(sum: Sum | undefined, { routeTables }: Places): number {
	if (sum?.name.kind !== "routes") return 0;
	const routes = routeTables.get(sum.name.id)?.routes ?? 0;
	const { totals, remembered } = sum;
	return Math.max(0, routes - totals.nowLow - (remembered.low ?? 0));
}

function lastName(id: string): string {
	return id.split("/").at(-1) ?? id;
}
