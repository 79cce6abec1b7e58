import type { Range } from "../contract.ts";
import type { Inventory } from "../inventory/facts.ts";
import { type Budget, demandNowIn, totalsOf } from "../model/budget.ts";
import { budgetKinds } from "../model/budgetKinds.ts";
import { entriesOf } from "../model/entries.ts";
import { buildFleet, type Fleet } from "../model/fleet.ts";
import type { Knowledge } from "../model/known.ts";
import {
	add,
	exactly,
	nothing,
	notNegative,
	subtract,
} from "../model/range.ts";
import { observedAfter } from "../model/view.ts";
import type { ProposedChange } from "./changes.ts";

/** What Azure would show as taken of subnets and route tables, once nodes and other resources are where they would be. */
export function withObserved(
	inventory: Inventory,
	proposed: Inventory,
	{
		changes,
		before,
	}: {
		readonly changes: readonly ProposedChange[];
		readonly before: Knowledge;
	},
): Inventory {
	if (!changes.some(movesAddresses)) return proposed;
	const [then, now] = [inventory, proposed].map((rows) =>
		buildFleet(rows, before, { routesPerTable: 0 }),
	) as [Fleet, Fleet];
	const seen = observedIn(then);
	const clusters = new Set(changes.flatMap(clusterIn));
	const [left, joined] = [usesOf(then, clusters), usesOf(now, clusters)];
	const freed = freedBy(inventory, changes);
	const ids = new Set([...left.keys(), ...joined.keys(), ...freed.keys()]);
	const observed = (id: string, listed: number | null) => {
		if (!ids.has(id)) return {};
		const budget = seen.get(id) ?? unused(listed);
		const fewer = exactly(freed.get(id) ?? 0);
		const rest =
			budget.observed && notNegative(subtract(budget.observed, fewer));
		return {
			observed: observedAfter(
				{ ...budget, observed: rest },
				left.get(id) ?? nothing,
				joined.get(id) ?? nothing,
			),
		};
	};
	return {
		...proposed,
		subnets: proposed.subnets.map((one) => ({
			...one,
			...observed(one.id, one.ipConfigurations),
		})),
		routeTables: proposed.routeTables.map((one) => ({
			...one,
			...observed(one.id, one.routes),
		})),
	};
}

/** Growth and upgrades use no IPs yet, and a prefix uses none. */
function movesAddresses(change: ProposedChange): boolean {
	switch (change.kind) {
		case "pool":
			return (
				change.set.reportedNodes !== undefined ||
				change.set.maxPods !== undefined ||
				change.set.nodeSubnet !== undefined ||
				change.set.podSubnet !== undefined ||
				change.set.staticBlocks !== undefined
			);
		case "cluster":
			return (
				change.set.plugin !== undefined ||
				change.set.overlay !== undefined ||
				change.set.apiServer !== undefined
			);
		case "new-subnet":
		case "subnet-prefixes":
		case "network":
			return false;
		case "subnet-route-table":
		case "route-table":
		case "new-pool":
		case "removed-pool":
		case "new-cluster":
		case "other-subnet":
		case "fewer-other-resources":
		case "no-leftovers":
		case "removed":
			return true;
	}
}

function clusterIn(change: ProposedChange): string[] {
	switch (change.kind) {
		case "new-cluster":
			return [change.cluster.id];
		case "removed":
			return [change.id];
		case "pool":
		case "new-pool":
		case "removed-pool":
		case "cluster":
		case "other-subnet":
			return [change.cluster];
		case "new-subnet":
		case "subnet-prefixes":
		case "subnet-route-table":
		case "network":
		case "route-table":
		case "fewer-other-resources":
		case "no-leftovers":
			return [];
	}
}

function observedIn(fleet: Fleet): Map<string, Budget> {
	const all = [
		...fleet.clusters.flatMap(({ budgets }) => budgets),
		...fleet.sharedBudgets.map(({ budget }) => budget),
	];
	return new Map(all.map((budget) => [budget.id, budget]));
}

/** What the nodes of these clusters use now, by budgets whose use Azure shows. */
function usesOf(
	{ clusters }: Fleet,
	ids: ReadonlySet<string>,
): Map<string, Range> {
	const uses = new Map<string, Range>();
	for (const { id, cluster } of clusters) {
		if (cluster === null || !ids.has(id)) continue;
		const entries = entriesOf(cluster).filter(
			({ budget }) => budgetKinds[budget.kind].isObserved,
		);
		for (const [budget, own] of Map.groupBy(entries, (one) => one.budget.id))
			uses.set(
				budget,
				add(uses.get(budget) ?? nothing, demandNowIn(totalsOf(own))),
			);
	}
	return uses;
}

function freedBy(
	{ otherResources }: Inventory,
	changes: readonly ProposedChange[],
): Map<string, number> {
	const freed = new Map<string, number>();
	const free = (id: string, addresses: number) =>
		freed.set(id, (freed.get(id) ?? 0) + addresses);
	for (const change of changes) {
		if (change.kind === "fewer-other-resources") free(change.id, change.fewer);
		if (change.kind === "no-leftovers")
			for (const { kind, subnet, addresses } of otherResources ?? [])
				if (kind === "leftover-interface" && subnet === change.subnet)
					free(subnet, addresses);
	}
	return freed;
}

/** Nobody's nodes are in it so far: what its list says is what is taken. */
function unused(
	listed: number | null,
): Pick<Budget, "observed" | "totals" | "foreign"> {
	return {
		observed: exactly(listed ?? 0),
		totals: totalsOf([]),
		foreign: nothing,
	};
}
