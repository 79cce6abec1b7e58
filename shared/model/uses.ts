import type { BudgetKind, BudgetName } from "../contract.ts";
import type { Cluster, Inventory } from "../inventory/facts.ts";
import {
	type Budget,
	budgetOfCluster,
	openingsOf,
	type Totals,
	totalsOf,
} from "./budget.ts";
import { hasHistory, isOwn } from "./budgetKinds.ts";
import type { ResolvedCluster, UsingCluster } from "./cluster.ts";
import { type Entry, entriesOf } from "./entries.ts";
import { keptUses } from "./keptUses.ts";
import type { Opening } from "./opening.ts";
import type { Places } from "./places.ts";
import { resolveCluster, resolveUse } from "./resolve.ts";
import { type Resolved, resourceEntries } from "./resolved.ts";
import { largeNetworks, mixedRoles, type RolesOf } from "./roles.ts";

/** What a cluster uses of a budget in a resource of its own. */
interface Use {
	readonly budget: BudgetName;
	readonly totals: Totals;
	/** What the cluster leaves open. */
	readonly open: readonly Opening[];
	/** Somebody uses it for something else. */
	readonly isMixed: boolean;
}

/** A cluster that has a row, as little as it takes to know who uses what. */
export interface Member {
	readonly id: string;
	readonly name: string;
	readonly subscription: string;
	/** IDs of the budgets that it uses in resources of their own. */
	readonly budgets: readonly string[];
}

/** What is needed of a cluster until all are added up. */
export interface Using {
	readonly member: Member;
	/** By budget. */
	readonly uses: readonly Use[];
	/** Budgets that follow from it alone and can fill up. */
	readonly own: readonly Budget[];
}

interface Resolution<C extends UsingCluster> {
	/** As the fleet sees it. */
	readonly resolved: Resolved<C>;
	/** As its own rows say. */
	readonly alone: Resolved<C>;
}

/** What each cluster uses, and how a cluster is resolved again when that is known of all. */
export function whoUsesWhat(
	inventory: Inventory,
	places: Places,
): {
	readonly using: readonly Using[];
	readonly resolve: (row: Cluster) => Resolution<ResolvedCluster>;
} {
	const isLarge = largeNetworks(places);
	const seen = new Set(inventory.clusters.map(({ id }) => id));
	const roles = mixedRoles(
		[...places.known.values()].filter(({ id }) => !seen.has(id)),
	);
	const inFleet = <C extends UsingCluster>(
		row: Cluster,
		cluster: C,
		rolesOf: RolesOf,
	): Resolution<C> => {
		const alone = { row, cluster, entries: resourceEntries(cluster) };
		const own = {
			roles: rolesOf(alone.entries.keys()),
			largeNetworks: isLarge(cluster),
			kept: keptUses(alone, places),
		};
		const changes = [Object.keys(own.roles), own.largeNetworks, own.kept];
		if (changes.every(({ length }) => length === 0))
			return { resolved: alone, alone };
		const whole = { ...cluster, ...own };
		const resolved = { row, cluster: whole, entries: resourceEntries(whole) };
		return { resolved, alone };
	};
	const useIn = (row: Cluster, rolesOf: RolesOf) =>
		inFleet(row, resolveUse(row, places), rolesOf);
	const first = inventory.clusters.map((row) => {
		const { resolved, alone } = useIn(row, () => ({}));
		roles.see(alone.entries);
		return usingOf(resolved);
	});
	const rolesOf = roles.ofAll();
	// What others use a subnet for is known only now. Few clusters are in such a subnet.
	const using = inventory.clusters.flatMap((row, index) => {
		const alone = first[index];
		if (alone === undefined) return [];
		const isMixed = Object.keys(rolesOf(alone.member.budgets)).length > 0;
		return [isMixed ? usingOf(useIn(row, rolesOf).resolved) : alone];
	});
	return {
		using,
		resolve: (row) => inFleet(row, resolveCluster(row, places), rolesOf),
	};
}

function usingOf({ row, cluster, entries }: Resolved): Using {
	const { id, name, subscription } = row;
	return {
		member: { id, name, subscription, budgets: [...entries.keys()] },
		uses: [...entries.values()].flatMap((own) => useOf(own, cluster.roles)),
		own: fillingBudgets(cluster),
	};
}

/** Budgets that follow from the cluster alone and can fill up. What their histories say is not known yet. */
export function fillingBudgets(cluster: UsingCluster): Budget[] {
	const entries = Map.groupBy(
		fillingEntries(cluster),
		({ budget }) => budget.id,
	);
	return [...entries.values()].flatMap((own) => {
		const [first] = own;
		return first === undefined
			? []
			: (budgetOfCluster(cluster, first.budget, own, {}) ?? []);
	});
}

/** What the cluster uses of them. */
export function fillingEntries(cluster: UsingCluster): Entry[] {
	return entriesOf(cluster).filter(
		({ budget }) => isOwn(budget.kind) && hasHistory(budget),
	);
}

function useOf(
	entries: readonly Entry[],
	roles: Readonly<Record<string, BudgetKind>>,
): Use[] {
	const [first] = entries;
	if (first === undefined) return [];
	return [
		{
			budget: first.budget,
			totals: totalsOf(entries),
			open: openingsOf(entries),
			isMixed: roles[first.budget.id] !== undefined,
		},
	];
}
