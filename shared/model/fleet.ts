import { armId, parseArmId } from "../arm.ts";
import type { Inventory, UnreadableCluster } from "../inventory/facts.ts";
import type { Budget } from "./budget.ts";
import type { ResolvedCluster } from "./cluster.ts";
import { keptUses } from "./keptUses.ts";
import type { Knowledge, KnownCluster } from "./known.ts";
import { knownFrom } from "./knownNow.ts";
import type { Outlooks } from "./outlook.ts";
import { type Places, placesOf } from "./places.ts";
import { resolveCluster } from "./resolve.ts";
import { type Resolved, resourceEntries } from "./resolved.ts";
import {
	type Limits,
	networkBudget,
	resourceBudget,
	type Sum,
} from "./resourceBudget.ts";
import { largeNetworks, rolesInFleet } from "./roles.ts";
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

/** Meets rows with clusters and adds up, for each finite thing, everybody who uses it. */
export function buildFleet(
	inventory: Inventory,
	before: Knowledge,
	limits: Limits,
): Fleet {
	const places = placesOf(inventory, before.known);
	const alone = inventory.clusters.map((row): Resolved => {
		const cluster = resolveCluster(row, places);
		return { row, cluster, entries: resourceEntries(cluster) };
	});
	const rolesOf = rolesInFleet(alone, before.known);
	const ownEntries = new Map(
		alone.map(({ row, entries }) => [row.id, entries]),
	);
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
	for (const unattributed of unattributedNodes(inventory))
		addUnattributedNodes(sums, unattributed);
	addUnreadable(sums, inventory.unreadableClusters, before);
	const gone = addRemembered(sums, inventory, places, before);
	addListedNodes(sums, inventory, gone);
	addListedRoutes(sums, inventory);
	addUnlisted(sums, inventory);
	addLinkedClusters(sums, inventory, gone);
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
			...resolved.map((cluster) =>
				knownFrom(
					cluster,
					ownEntries.get(cluster.row.id),
					sums,
					places,
					before,
				),
			),
			...inventory.unreadableClusters.flatMap(
				({ id }) => before.known.get(id) ?? [],
			),
			...gone,
		],
	};
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
