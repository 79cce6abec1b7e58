import { hasIpv6, podBlocks, usableAddresses } from "../cidr.ts";
import type { BudgetName, Range } from "../contract.ts";
import { grouped } from "../text.ts";
import { type Budget, notRead, type Totals } from "./budget.ts";
import { budgetKinds } from "./budgetKinds.ts";
import { isApiServer, isNodeOfAks } from "./lists.ts";
import { clustersNamedIn, type Opening } from "./opening.ts";
import { notKnown } from "./outlook.ts";
import { nothingSpecial, type Places } from "./places.ts";
import {
	atLeast,
	between,
	exactly,
	nothing,
	notNegative,
	sum as sumOf,
	words,
} from "./range.ts";
import { addressesByKind } from "./resourcesByKind.ts";
import { demandToday } from "./view.ts";

/** Routes that a table takes: 400 by the AKS documentation. Newer notes of Azure say more, so it is a setting. */
export interface Limits {
	readonly routesPerTable: number;
}

/** All that is known of who uses a resource, before it is a budget. */
export interface Sum {
	readonly name: BudgetName;
	readonly clusters: Set<string>;
	readonly open: Opening[];
	/** What remembered clusters use of an observed budget: among what is seen, and forcing nothing. */
	remembered: Range;
	/** IPs that rows other than counted nodes prove to be in use, if no observation counts them. */
	proven: number;
	/** Used for different things at once. */
	isMixed: boolean;
	totals: Totals;
}

/** A budget that is in a resource of its own: a subnet or a route table. */
export function resourceBudget(
	sum: Sum,
	places: Places,
	limits: Limits,
): Budget {
	const limit = limitOf(sum.name, places, limits);
	const observed = observedOf(sum, places);
	const foreign = foreignIn(sum, places);
	const open = [
		...sum.open,
		...(limit.limit.high === null ? [notRead(null, limit.limitReason)] : []),
		...openUse(sum, observed, foreign),
	];
	return {
		...sum.name,
		unit: budgetKinds[sum.name.kind].unit,
		...limit,
		observed,
		otherResourcesByKind: kindsIn(sum.name, places),
		foreign,
		totals: withRemembered(sum),
		isMixed: sum.isMixed,
		sharedBy: new Set([...sum.clusters, ...clustersNamedIn(open)]).size,
		open,
		outlook: notKnown,
	};
}

/** Of what a remembered cluster uses nothing is certain, where Azure shows the whole. */
function withRemembered({ totals, remembered }: Sum): Totals {
	return {
		...totals,
		nowHigh: totals.nowHigh + (remembered.high ?? 0),
		nowUnbounded: totals.nowUnbounded + (remembered.high === null ? 1 : 0),
	};
}

/** What is taken of it cannot be told, although Azure shows it elsewhere. */
function openUse(sum: Sum, observed: Range | null, foreign: Range): Opening[] {
	if (observed !== null && observed.high === null)
		return [
			notRead(
				null,
				sum.name.kind === "routes"
					? "Azure shows no list of routes"
					: "Azure shows nodes in the subnet, but no readable list of IP configurations",
			),
		];
	// If the list is as new as the nodes, it counts everything in the subnet.
	const counts = observed === null || (observed.high ?? 0) < sum.totals.nowLow;
	return counts && foreign.high === null
		? [notRead(null, "What else uses the subnet is not known")]
		: [];
}

function limitOf(
	{ id, kind }: BudgetName,
	places: Places,
	{ routesPerTable }: Limits,
): Pick<Budget, "limit" | "limitReason" | "usable"> {
	if (kind === "routes")
		return {
			limit: exactly(routesPerTable),
			limitReason: `${grouped(routesPerTable)} routes per table`,
			usable: null,
		};
	const subnet = places.subnets.get(id);
	if (subnet === undefined)
		return {
			limit: atLeast(0),
			limitReason:
				"The subnet is not visible. The auditor needs Reader on its network.",
			usable: null,
		};
	if (subnet.prefixes.length === 0)
		return {
			limit: atLeast(0),
			limitReason: "Azure shows no address prefix for the subnet",
			usable: null,
		};
	const prefixes = subnet.prefixes.join(", ");
	const usable = usableAddresses(subnet.prefixes);
	if (kind === "pod-blocks") {
		const { low, high } = podBlocks(subnet.prefixes);
		return {
			limit: between(low, high),
			limitReason: `${words(between(low, high))} blocks of /28 in ${prefixes}`,
			usable,
		};
	}
	return {
		limit: exactly(usable),
		limitReason: `${grouped(usable)} usable IPs in ${prefixes}`,
		usable,
	};
}

function kindsIn(
	{ id, kind }: BudgetName,
	places: Places,
): Budget["otherResourcesByKind"] {
	if (kind !== "subnet" || places.otherResources === null) return null;
	return addressesByKind(places.otherResources.get(id) ?? []);
}

/**
 * What Azure shows as taken. What pods and API servers use does not show in IP configurations: null, the models say.
 */
function observedOf(sum: Sum, places: Places): Range | null {
	const { id } = sum.name;
	switch (sum.name.kind) {
		case "subnet": {
			// What pods use beside nodes does not show in the list.
			if (sum.isMixed) return null;
			const proposed = places.subnets.get(id)?.observed;
			return proposed === undefined ? observedAddresses(sum, places) : proposed;
		}
		case "routes": {
			const proposed = places.routeTables.get(id)?.observed;
			return proposed === undefined ? observedRoutes(sum, places) : proposed;
		}
		default:
			return null;
	}
}

function observedRoutes(sum: Sum, places: Places): Range {
	const routes = places.routeTables.get(sum.name.id)?.routes ?? null;
	return routes === null ? atLeast(leastUsed(sum)) : exactly(routes);
}

function observedAddresses(sum: Sum, places: Places): Range {
	const subnet = places.subnets.get(sum.name.id);
	const counted = subnet?.ipConfigurations ?? null;
	if (counted === null) {
		const { nowHigh, nowUnbounded } = sum.totals;
		const empty =
			nowHigh === 0 &&
			nowUnbounded === 0 &&
			sum.proven === 0 &&
			sum.remembered.high === 0;
		return empty && subnet !== undefined ? nothing : atLeast(leastUsed(sum));
	}
	const special = places.entriesBySubnet.get(sum.name.id) ?? nothingSpecial;
	const known = Math.max(0, counted - special.ipv6 + special.inBlocks);
	if (!special.isKnown)
		return atLeast(Math.min(known, sum.totals.nowLow + sum.proven));
	if (!hasIpv6(subnet?.prefixes ?? [])) return exactly(known);
	// What the nodes do not explain may be IPv6 to the last.
	return between(Math.min(known, sum.totals.nowLow + sum.proven), known);
}

/** What is used for certain where no list shows it: remembered clusters use what they used. */
function leastUsed({ totals, proven, remembered }: Sum): number {
	return totals.nowLow + proven + (remembered.low ?? 0);
}

/**
 * Used by something else than nodes, pods and API servers of AKS. In pod and API server subnets it is what their lists
 * show. In node subnets it counts only if the list is older than the nodes: then it is what rows prove.
 */
function foreignIn({ name, clusters }: Sum, places: Places): Range {
	const entries = places.subnets.get(name.id)?.ipConfigurations ?? 0;
	switch (name.kind) {
		case "subnet":
			return provenOtherResources(name.id, places);
		case "pod-subnet":
			return exactly(entries);
		case "pod-blocks":
			// An address costs the block that it is in: all of them one block at least, a block each at most.
			return between(Math.ceil(entries / 16), entries);
		case "api-server-subnet":
			return besideApiServers(name.id, entries, clusters.size, places);
		default:
			return nothing;
	}
}

function provenOtherResources(
	subnet: string,
	{ listed, otherResources }: Places,
): Range {
	const used = otherResources
		?.get(subnet)
		?.reduce((total, { addresses }) => total + addresses, 0);
	const list = listed.get(subnet);
	if (list !== undefined)
		return exactly(
			Math.max(
				used ?? 0,
				list
					.filter((owner) => !isNodeOfAks(owner))
					.reduce((total, { entries }) => total + entries, 0),
			),
		);
	return otherResources === null ? atLeast(0) : exactly(used ?? 0);
}

/** Each API server has one frontend in the list, which is among its nine addresses. */
function besideApiServers(
	subnet: string,
	entries: number,
	clusters: number,
	{ listed }: Places,
): Range {
	const list = listed.get(subnet);
	if (list === undefined)
		return between(
			Math.max(0, entries - 9 * clusters),
			Math.max(0, entries - clusters),
		);
	return exactly(
		list
			.filter((owner) => !isApiServer(owner))
			.reduce((total, { entries }) => total + entries, 0),
	);
}

/**
 * A virtual network, which allocates at most 65,536 IPs whatever its space: everything in it counts, a block once.
 * Nothing shows its use as a whole. It is what the models say of its clusters, and what else its subnets show.
 */
export function networkBudget(
	sum: Sum,
	budgets: ReadonlyMap<string, Budget>,
	places: Places,
): Budget {
	const { id } = sum.name;
	const own = places.subnetsByNetwork.get(id) ?? [];
	const foreign = sumOf(
		own.map((subnet): Range => {
			const budget = budgets.get(subnet.id);
			return budget === undefined
				? exactly(subnet.ipConfigurations ?? 0)
				: notNegative(demandToday(budget).otherResources);
		}),
	);
	const inside = own.flatMap((subnet) => budgets.get(subnet.id)?.open ?? []);
	const unread = places.networks.get(id)?.unread ?? [];
	const open = [
		...sum.open,
		...inside.filter(({ kind }) => kind !== "surge"),
		...(places.networks.get(id)?.isWhole === false
			? [notRead(null, unread[0] ?? "Only a part of the network was read")]
			: []),
	];
	const isOpen = open.length > sum.open.length;
	return {
		...sum.name,
		unit: budgetKinds[sum.name.kind].unit,
		limit: exactly(addressesPerNetwork),
		limitReason: `${addressesPerNetwork} IPs, which Azure allows per virtual network`,
		usable: null,
		observed: null,
		otherResourcesByKind: null,
		foreign: isOpen ? { low: foreign.low, high: null } : foreign,
		totals: sum.totals,
		isMixed: true,
		sharedBy: new Set([...sum.clusters, ...clustersNamedIn(open)]).size,
		open,
		outlook: notKnown,
	};
}

/** Addresses that a virtual network hands out, whatever its address space (Azure networking limits). */
export const addressesPerNetwork = 65_536;
