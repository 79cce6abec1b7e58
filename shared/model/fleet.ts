import { armId, groupKey, parseArmId } from "../arm.ts";
import type {
	Cluster,
	Inventory,
	UnreadableCluster,
} from "../inventory/facts.ts";
import type { Budget } from "./budget.ts";
import type { ResolvedCluster } from "./cluster.ts";
import type { Knowledge, KnownCluster } from "./known.ts";
import { knownFrom } from "./knownNow.ts";
import type { Outlooks } from "./outlook.ts";
import { type Places, placesOf } from "./places.ts";
import type { Resolved } from "./resolved.ts";
import {
	type Limits,
	networkBudget,
	resourceBudget,
	type Sum,
} from "./resourceBudget.ts";
import { addUp } from "./sums.ts";
import { unattributedNodes } from "./unattributedNodes.ts";
import {
	addLinkedClusters,
	addListedNodes,
	addListedRoutes,
	addLostRows,
	addRemembered,
	addUnattributedNodes,
	addUnlisted,
	addUnreadable,
} from "./unseen.ts";
import { type Member, whoUsesWhat } from "./uses.ts";

/** One cluster with everything that judging it needs, but for the budgets that it shares. */
export interface FleetCluster {
	readonly id: string;
	readonly name: string;
	readonly subscription: string;
	/** Null where its network plugin is not known. */
	readonly kubenet: boolean | null;
	/** Why some or all of it cannot be judged, or null. */
	readonly notEvaluated: string | null;
	/** Null where its row could not be read. */
	readonly cluster: ResolvedCluster | null;
	/** Budgets in resources of their own that no other cluster uses. */
	readonly budgets: readonly Budget[];
	/** IDs of those that other clusters use, too. */
	readonly shared: readonly string[];
	/** What the histories of budgets that follow from it alone say of their future. */
	readonly outlooks: Outlooks;
}

export interface Fleet {
	readonly clusters: readonly FleetCluster[];
	/** Each once, however many clusters use it. */
	readonly sharedBudgets: readonly SharedBudget[];
	/** What the next audit must know of the clusters that were seen now or before. */
	readonly known: readonly KnownCluster[];
}

export interface SharedBudget {
	readonly budget: Budget;
	readonly clusters: readonly string[];
}

/** All clusters of a tenant, added up. */
export interface AddedUp {
	/** In the order of their rows. Rows that could not be read come last. */
	readonly members: readonly Member[];
	/** Those in resources of their own, by ID. */
	readonly budgets: ReadonlyMap<string, Budget>;
	/** Budgets that follow from one cluster alone and can fill up, by cluster. */
	readonly own: ReadonlyMap<string, readonly Budget[]>;
	readonly sharedBudgets: readonly SharedBudget[];
	/** Clusters that were seen before, and are still remembered. */
	readonly remembered: readonly KnownCluster[];
	/**
	 * Makes the cluster of a member, once, and lets go its rows and what was known of it. The clusters of a large fleet
	 * take more memory than their rows, and both together too much.
	 */
	readonly take: (member: Member) => MadeCluster;
}

export interface MadeCluster {
	readonly cluster: FleetCluster;
	/** What the next audit must know of it. Null where its row cannot be read and nothing was known before. */
	readonly known: KnownCluster | null;
}

/** All clusters at once: for fleets that are small, or a part of one. */
export function buildFleet(
	inventory: Inventory,
	before: Knowledge,
	limits: Limits,
): Fleet {
	const { members, sharedBudgets, remembered, take } = addUpFleet(
		inventory,
		before,
		limits,
	);
	const made = members.map(take);
	return {
		clusters: made.map(({ cluster }) => cluster),
		sharedBudgets,
		known: [...made.flatMap(({ known }) => known ?? []), ...remembered],
	};
}

/** Meets rows with clusters and adds up, for each finite thing, everybody who uses it. */
export function addUpFleet(
	inventory: Inventory,
	knowledge: Knowledge,
	limits: Limits,
): AddedUp {
	// Of its own: what is known of a cluster that is made is let go.
	const known = new Map(knowledge.known);
	const before = { ...knowledge, known };
	const places = placesOf(inventory, known);
	const { using, resolve } = whoUsesWhat(inventory, places);
	const sums = addUp(using);
	for (const unattributed of unattributedNodes(inventory))
		addUnattributedNodes(sums, unattributed);
	addUnreadable(sums, inventory.unreadableClusters, before);
	const remembered = addRemembered(sums, inventory, places, before);
	addListedNodes(sums, inventory, remembered);
	addListedRoutes(sums, inventory);
	addUnlisted(sums, inventory);
	addLinkedClusters(sums, inventory, remembered);
	addLostRows(sums, inventory, before, remembered);
	const budgets = budgetsOf(sums, places, limits);
	return {
		members: [
			...using.map(({ member }) => member),
			...inventory.unreadableClusters.map(unreadable).map(
				({ id, name, subscription }): Member => ({
					id,
					name,
					subscription,
					budgets: [],
				}),
			),
		],
		budgets,
		own: new Map(using.map(({ member, own }) => [member.id, own])),
		sharedBudgets: [...sums.values()]
			.filter(({ clusters }) => clusters.size > 1)
			.map((sum) => ({
				budget: found(budgets, sum.name.id),
				clusters: [...sum.clusters].sort(),
			})),
		remembered,
		take: takeFrom(inventory, places, known, (row) => {
			const { resolved, alone } = resolve(row);
			return {
				cluster: withBudgets(resolved, sums, budgets),
				known: knownFrom(resolved, alone.entries, sums, places, before),
			};
		}),
	};
}

function takeFrom(
	{ clusters, unreadableClusters }: Inventory,
	{ scaleSetsByGroup }: Pick<Places, "scaleSetsByGroup">,
	known: Map<string, KnownCluster>,
	make: (row: Cluster) => MadeCluster,
): AddedUp["take"] {
	const rows = new Map(clusters.map((row) => [row.id, row]));
	const unreadableRows = new Map(
		unreadableClusters.map((row) => [armId(row.id), row]),
	);
	const isGroupOfMany = inOneGroup(clusters);
	return ({ id }) => {
		const row = rows.get(id);
		if (row !== undefined) {
			const made = make(row);
			rows.delete(id);
			known.delete(id);
			if (!isGroupOfMany(row)) scaleSetsByGroup.delete(groupOf(row));
			return made;
		}
		const lost = unreadableRows.get(id);
		if (lost === undefined) throw new Error(`no row is of cluster ${id}`);
		return { cluster: unreadable(lost), known: known.get(lost.id) ?? null };
	};
}

/** A cluster that was made anew under another name may have the group of one that Azure still shows. */
function inOneGroup(rows: readonly Cluster[]): (row: Cluster) => boolean {
	const [once, twice] = [new Set<string>(), new Set<string>()];
	for (const group of rows.map(groupOf))
		(once.has(group) ? twice : once).add(group);
	return (row) => twice.has(groupOf(row));
}

function groupOf({ subscription, nodeResourceGroup }: Cluster): string {
	return groupKey(subscription, nodeResourceGroup);
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
	{ row, cluster, entries }: Resolved<ResolvedCluster>,
	sums: ReadonlyMap<string, Sum>,
	budgets: ReadonlyMap<string, Budget>,
): FleetCluster {
	const ids = [...entries.keys()];
	const alone = (id: string) => sums.get(id)?.clusters.size === 1;
	return {
		id: row.id,
		name: row.name,
		subscription: row.subscription,
		kubenet: row.plugin === "unknown" ? null : row.plugin === "kubenet",
		notEvaluated: cluster.notJudged[0]?.reason ?? null,
		cluster,
		budgets: ids.filter(alone).map((id) => found(budgets, id)),
		shared: ids.filter((id) => !alone(id)),
		outlooks: {},
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
		kubenet: null,
		notEvaluated: `The row of the cluster could not be read: ${reason}`,
		cluster: null,
		budgets: [],
		shared: [],
		outlooks: {},
	};
}
