import { addressAt } from "./addresses.ts";
import type { Route } from "./builders/routeTable.ts";
import type { Reference } from "./rawResource.ts";

/** Who uses what in each subnet, kept while the resources of a fleet are built one after the other. */
export interface Ledger {
	hold(subnet: string, holders: Iterable<Reference>): void;
	heldIn(subnet: string): readonly Reference[];
	/** The next address of the subnet that nobody was told of yet. */
	nextAddress(subnet: string): string;
	addRoute(subnet: string, route: Route): void;
	routesIn(subnet: string): readonly Route[];
	addEndpoint(subnet: string, id: string): void;
	endpointsIn(subnet: string): readonly string[];
}

/** `prefixes`: the IPv4 prefix of each subnet by its id. */
export function openLedger(
	prefixes: ReadonlyMap<string, string> = new Map(),
): Ledger {
	const held = new Map<string, Reference[]>();
	const routes = new Map<string, Route[]>();
	const endpoints = new Map<string, string[]>();
	const given = new Map<string, number>();
	const prefixByKey = new Map(
		[...prefixes].map(([subnet, prefix]) => [subnet.toLowerCase(), prefix]),
	);

	return {
		hold: (subnet, holders) => {
			const list = listIn(held, subnet);
			for (const holder of holders) list.push(holder);
		},
		heldIn: (subnet) => held.get(subnet.toLowerCase()) ?? [],
		nextAddress: (subnet) => {
			const key = subnet.toLowerCase();
			const offset = given.get(key) ?? firstUsable;
			given.set(key, offset + 1);
			return addressAt(prefixByKey.get(key) ?? managedPrefix, offset);
		},
		addRoute: (subnet, route) => listIn(routes, subnet).push(route),
		routesIn: (subnet) => routes.get(subnet.toLowerCase()) ?? [],
		addEndpoint: (subnet, id) => listIn(endpoints, subnet).push(id),
		endpointsIn: (subnet) => endpoints.get(subnet.toLowerCase()) ?? [],
	};
}

/** What AKS takes for a network of its own since 2022. */
export const managedPrefix = "10.224.0.0/16";

/** Azure keeps .0 to .3 of a subnet. */
const firstUsable = 4;

function listIn<T>(lists: Map<string, T[]>, subnet: string): T[] {
	const key = subnet.toLowerCase();
	const list = lists.get(key) ?? [];
	if (list.length === 0) lists.set(key, list);
	return list;
}
