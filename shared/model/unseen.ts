import { groupKey, lastName } from "../arm.ts";
import type { Range } from "../contract.ts";
import type { Inventory, UnreadableCluster } from "../inventory/facts.ts";
import { noTotals, notRead, plusTotals } from "./budget.ts";
import { budgetKinds } from "./budgetKinds.ts";

import {
	type Evidence,
	type Knowledge,
	type KnownCluster,
	type KnownUse,
	stillKnown,
} from "./known.ts";
import {
	explainedEntries,
	isApiServer,
	isNodeOfAks,
	poolOf,
	scaleSetOfRoute,
} from "./lists.ts";
import type { Opening } from "./opening.ts";
import type { Places } from "./places.ts";
import { add, exactly, multiply } from "./range.ts";
import type { Sum } from "./resourceBudget.ts";
import { isShown, openUp } from "./sums.ts";
import type { UnattributedNodes } from "./unattributedNodes.ts";

/** They use IPs as well. Only a budget that somebody visible uses is judged. */
export function addUnattributedNodes(
	sums: Map<string, Sum>,
	unattributed: UnattributedNodes,
): void {
	const { subnet, used, listed, reason } = unattributed;
	const sum = subnet === null ? undefined : sums.get(subnet);
	if (sum?.name.kind !== "subnet") return;
	if (listed) {
		sum.proven += used;
		return;
	}
	openUp(sum, seenThere(reason), 0);
	sum.totals = plusTotals(sum.totals, {
		...noTotals,
		nowLow: used,
		nowHigh: used,
	});
}

function seenThere(reason: string): Opening {
	const cause = "Nodes belong to clusters that are not visible";
	return { kind: "seen-there", cluster: null, cause, reason, lastSeen: null };
}

/** Nodes and API servers in a subnet's list whose cluster is not among the rows, remembered or not. */
export function addListedNodes(
	sums: Map<string, Sum>,
	inventory: Inventory,
	remembered: readonly KnownCluster[],
): void {
	const explained = groupsWithRows(inventory);
	const users = usersByBudget(remembered);
	for (const [subnet, owners] of inventory.listed) {
		const sum = sums.get(subnet);
		if (sum === undefined) continue;
		const isApi = sum.name.kind === "api-server-subnet";
		const known = new Set(users.get(subnet)?.map(({ group }) => group));
		const unknown = owners
			.filter(({ group }) => !explained.has(group) && !known.has(group))
			.filter(isApi ? isApiServer : isNodeOfAks);
		for (const [group, own] of Map.groupBy(unknown, ({ group }) => group)) {
			const resourceGroup = group.split("/")[1] ?? group;
			const entries = own.reduce((total, { entries }) => total + entries, 0);
			const what = isApi
				? "an API server"
				: `${entries} ${entries === 1 ? "IP" : "IPs"} of nodes`;
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

/** The subnet has something that no row explains, and the list that would name it could not be read. */
export function addUnlisted(
	sums: Map<string, Sum>,
	inventory: Inventory,
): void {
	if (inventory.unlisted.size === 0) return;
	const explained = explainedEntries(inventory);
	for (const subnet of inventory.subnets) {
		if (!inventory.unlisted.has(subnet.id)) continue;
		const entries = subnet.ipConfigurations ?? 0;
		const sum = sums.get(subnet.id);
		if (sum !== undefined && entries > (explained.get(subnet.id) ?? 0))
			openUp(sum, seenThere("who uses its IPs could not be read"), 0);
	}
	for (const { id } of inventory.routeTables) {
		const sum = sums.get(id);
		if (sum !== undefined && inventory.unlisted.has(id))
			openUp(sum, seenThere("the owners of its routes could not be read"), 0);
	}
}

/**
 * Routes of nodes in a table of several writers, whose scale set is not visible and cannot belong to a cluster on the
 * table. AKS ends the names of a cluster's scale sets with the same number.
 */
export function addListedRoutes(
	sums: Map<string, Sum>,
	{ listedRoutes, scaleSets, clusters }: Inventory,
): void {
	if (listedRoutes.size === 0) return;
	const suffixes = new Set(scaleSets.map(({ id }) => suffixOf(lastName(id))));
	const hidden = poolsWithoutScaleSets(clusters, scaleSets);
	for (const [table, routes] of listedRoutes) {
		const sum = sums.get(table);
		if (sum?.name.kind !== "routes") continue;
		const pools = new Set(
			[...sum.clusters].flatMap((id) => hidden.get(id) ?? []),
		);
		const unknown = new Set(
			routes.flatMap((route) => {
				const scaleSet = scaleSetOfRoute(route);
				if (scaleSet === null || suffixes.has(suffixOf(scaleSet))) return [];
				return pools.has(poolOf(scaleSet)) ? [] : [scaleSet];
			}),
		);
		for (const scaleSet of unknown)
			openUp(
				sum,
				seenThere(
					`routes of scale set ${scaleSet}, whose cluster is not visible`,
				),
				0,
			);
	}
}

function suffixOf(scaleSet: string): string {
	return /-(\d+)-vmss$/.exec(scaleSet)?.[1] ?? scaleSet;
}

/** Names of the pools of clusters, by id, that have no scale set at all. */
function poolsWithoutScaleSets(
	clusters: Inventory["clusters"],
	scaleSets: Inventory["scaleSets"],
): Map<string, string[]> {
	const groups = new Set(scaleSets.map(({ group }) => group));
	return new Map(
		clusters
			.filter(
				({ subscription, nodeResourceGroup }) =>
					!groups.has(groupKey(subscription, nodeResourceGroup)),
			)
			.map(({ id, pools }) => [id, pools.map(({ name }) => name)]),
	);
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
export function addLinkedClusters(
	sums: Map<string, Sum>,
	{ subnets, clusters, unreadableClusters }: Inventory,
	remembered: readonly KnownCluster[],
): void {
	const seen = new Set([
		...clusters.map(({ id }) => id),
		...unreadableClusters.map(({ id }) => id),
	]);
	const users = usersByBudget(remembered);
	for (const { id, linkedClusters } of subnets) {
		const sum = sums.get(id);
		if (sum === undefined) continue;
		const known = new Set(users.get(id)?.map((one) => one.id));
		for (const cluster of linkedClusters) {
			if (seen.has(cluster) || known.has(cluster)) continue;
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

/** Remembered clusters by the budgets that they use. */
function usersByBudget(
	remembered: readonly KnownCluster[],
): ReadonlyMap<string, readonly KnownCluster[]> {
	const users = new Map<string, KnownCluster[]>();
	for (const cluster of remembered)
		for (const { budget } of cluster.uses) {
			const own = users.get(budget.id);
			if (own === undefined) users.set(budget.id, [cluster]);
			else own.push(cluster);
		}
	return users;
}

/** A cluster whose row cannot be read uses every subnet that the row names, and what it used before. */
export function addUnreadable(
	sums: Map<string, Sum>,
	rows: readonly UnreadableCluster[],
	{ known }: Knowledge,
): void {
	for (const { id, reason, apiServerSubnets, subnets } of rows) {
		const before = known.get(id);
		const uses = new Map(
			(before?.uses ?? []).map((use) => {
				const sum = sums.get(use.budget.id);
				const demand = sum === undefined ? use.demand : demandOn(sum, use);
				return [use.budget.id, demand.low ?? 0];
			}),
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
	if (use && isShown(sum)) sum.remembered = add(sum.remembered, use.demand);
}

/** Addresses of a block. */
const blockSize = 16;

/**
 * What was used, in the unit of tonight's budget: blocks are counted in IPs if the subnet is used for something else as
 * well.
 */
function demandOn({ name }: Sum, { budget, demand }: KnownUse): Range {
	if (budget.kind === "pod-blocks" && name.kind !== "pod-blocks")
		return multiply(demand, exactly(blockSize));
	if (budget.kind !== "pod-blocks" && name.kind === "pod-blocks")
		return {
			low: Math.ceil((demand.low ?? 0) / blockSize),
			high: demand.high === null ? null : Math.ceil(demand.high / blockSize),
		};
	return demand;
}

/** Clusters that were seen before and are not now, with what they are still remembered for. */
export function addRemembered(
	sums: Map<string, Sum>,
	inventory: Inventory,
	places: Places,
	{ known, answered }: Knowledge,
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
		for (const use of one.uses) {
			const { budget } = use;
			const sum = sums.get(budget.id);
			if (sum === undefined) continue;
			const demand = demandOn(sum, use);
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
	answered: Knowledge["answered"],
	whole: boolean,
): string {
	if (!answered(subscription))
		return `Subscription ${subscription} did not answer`;
	return whole
		? "Clusters seen before are missing (two such audits mean deleted)"
		: "Rows of clusters are missing";
}

function shownOn(
	sums: ReadonlyMap<string, Sum>,
	inventory: Inventory,
	{ subnets, routeTables, listed }: Places,
): Evidence["shows"] {
	const explained = explainedEntries(inventory);
	return (
		{ budget: { id, kind }, otherRoutes, roles },
		{ id: cluster, group },
	) => {
		if (subnets.get(id)?.linkedClusters.includes(cluster)) return true;
		// What pods and API servers use does not show in a list.
		if (!roles.every((kind) => budgetKinds[kind].isObserved)) return null;
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
 * More clusters are missing than those that are remembered and not seen, so unknown clusters may be among them. They
 * can use any budget whose use Azure does not show. Those that two or more subscriptions used before are open then.
 */
export function addLostRows(
	sums: Map<string, Sum>,
	{ lost: { clusters: lost } }: Inventory,
	{ known, answered }: Knowledge,
	gone: readonly KnownCluster[],
): void {
	const missing = gone.filter(({ subscription }) =>
		answered(subscription),
	).length;
	if (lost === 0 || (lost !== null && missing >= lost)) return;
	const bySubscription = new Map<string, Set<string>>();
	for (const { subscription, uses } of known.values())
		for (const { budget } of uses) {
			const sum = sums.get(budget.id);
			if (sum === undefined || isShown(sum)) continue;
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
				cause: "Rows of clusters are missing",
				reason: `${lost === null ? "an unknown number of" : lost} rows, ${missing} of them known`,
				lastSeen: null,
			},
			0,
		);
	}
}
