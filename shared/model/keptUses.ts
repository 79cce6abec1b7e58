import type { BudgetKind, BudgetName } from "../contract.ts";
import type { Cluster } from "../inventory/facts.ts";
import { totalsOf } from "./budget.ts";
import { budgetKinds } from "./budgetKinds.ts";
import type { KeptUse, UsingCluster } from "./cluster.ts";
import { type Entry, isSubnetId } from "./entries.ts";
import type { KnownCluster, KnownUse } from "./known.ts";
import type { Places } from "./places.ts";
import type { Resolved } from "./resolved.ts";

/** What a cluster used when it was last seen whole, and may still use: rows that would show it are missing tonight. */
export function keptUses(
	{ row, cluster, entries }: Resolved,
	places: Places,
): KeptUse[] {
	const known = places.known.get(row.id);
	if (known === undefined) return [];
	const inPart = known.uses.flatMap((use) =>
		whatIsMissing(use, entries.get(use.budget.id) ?? []),
	);
	const left = known.uses.filter(
		({ budget }) =>
			!entries.has(budget.id) &&
			(isSubnetId(budget.id) ||
				(budget.kind === "routes" && row.modelUnknown !== null)),
	);
	if (left.length === 0) return inPart;
	const reason = whyUsesMayBeHidden(row, cluster, known, places);
	const hidden = left.flatMap(({ budget, demand }): KeptUse[] => {
		const why =
			budget.kind === "api-server-subnet" && row.apiServer === null
				? "its API server's profile is not in the list, which proves nothing"
				: reason;
		if (why === null || isGone(budget, known.group, places)) return [];
		return [{ budget, demand: atMostKnown(budget.kind, demand), reason: why }];
	});
	return [...inPart, ...hidden];
}

/** A budget whose use Azure does not show, and whose entries were read in part: the rest of what it used, at least. */
function whatIsMissing(
	{ budget, demand }: KnownUse,
	entries: readonly Entry[],
): KeptUse[] {
	if (budgetKinds[budget.kind].isObserved) return [];
	const reason = entries.find(({ missing }) => missing !== null)?.missing;
	const rest = (demand.low ?? 0) - totalsOf(entries).nowLow;
	return reason && rest > 0
		? [{ budget, demand: { low: rest, high: null }, reason }]
		: [];
}

/** What Azure shows counts as it is shown. What it does not show is at least what it was. */
function atMostKnown(kind: BudgetKind, { low, high }: KnownUse["demand"]) {
	return budgetKinds[kind].isObserved
		? { low: 0, high }
		: { low: low ?? 0, high: null };
}

function whyUsesMayBeHidden(
	row: Cluster,
	cluster: UsingCluster,
	known: KnownCluster,
	places: Places,
): string | null {
	const { lost, unreadableGroups } = places;
	const unreadable = unreadableGroups.get(known.group);
	if (unreadable !== undefined) return unreadable;
	if (row.modelUnknown !== null) return row.modelUnknown;
	const missing = cluster.pools.find((pool) => pool.missing !== null)?.missing;
	if (missing) return missing;
	const scaleSets = places.scaleSetsByGroup.get(known.group) ?? [];
	if (lost.scaleSets !== 0 && scaleSets.some(({ isListed }) => isListed))
		return "rows of its scale sets are missing";
	const notFound = cluster.pools.some(
		({ nodeSubnet }) => !isSubnetId(nodeSubnet),
	);
	if (notFound && (lost.scaleSets !== 0 || lost.subnets !== 0))
		return "rows that would show its subnet are missing";
	return null;
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
