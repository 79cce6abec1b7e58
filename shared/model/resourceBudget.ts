import { hasIpv6, podBlocks, usableAddresses } from "../cidr.ts";
import type { BudgetName, Range } from "../contract.ts";
import { type Budget, type Totals, units } from "./budget.ts";
import { heldByKind } from "./occupants.ts";
import { notKnown } from "./outlook.ts";
import { atLeast, between, exactly, nothing } from "./range.ts";
import type { Places } from "./resolve.ts";

/** Routes that a table takes: 400 by the AKS documentation; newer notes of Azure say more, so it is a setting. */
export interface Limits {
	readonly routesPerTable: number;
}

/** All that is known of who draws on a resource, before it is a budget. */
export interface Sum {
	readonly name: BudgetName;
	readonly clusters: Set<string>;
	readonly unseen: string[];
	/** Addresses that rows other than counted nodes prove to be held, where no observation counts them. */
	proven: number;
	totals: Totals;
}

/** A budget that lies in a resource of its own: a subnet or a route table. */
export function resourceBudget(
	sum: Sum,
	places: Places,
	limits: Limits,
): Budget {
	return {
		...sum.name,
		unit: units[sum.name.kind],
		...limitOf(sum.name, places, limits),
		observed: observedOf(sum, places),
		held: heldIn(sum.name, places),
		totals: sum.totals,
		sharedBy: sum.clusters.size,
		unseen: sum.unseen,
		outlook: notKnown,
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

function heldIn({ id, kind }: BudgetName, places: Places): Budget["held"] {
	if (kind !== "subnet" || places.holdings === null) return null;
	return heldByKind(places.holdings.get(id) ?? []);
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
