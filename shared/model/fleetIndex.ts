import { networkOfBudget, subscriptionOfId } from "../arm.ts";
import { isOwn } from "./budgetKinds.ts";
import type { KnownCluster } from "./known.ts";

/** Which clusters use what, as the newest audit of the fleet saw it. IDs are in lower case. */
export interface FleetIndex {
	/** Clusters by subnet or route table. */
	readonly byPlace: ReadonlyMap<string, readonly string[]>;
	/** Clusters by virtual network. */
	readonly byNetwork: ReadonlyMap<string, readonly string[]>;
	/** The cluster of `subscription/node resource group`. */
	readonly byGroup: ReadonlyMap<string, string>;
	/** Subnets and route tables by cluster. */
	readonly places: ReadonlyMap<string, readonly string[]>;
}

export function fleetIndex(known: Iterable<KnownCluster>): FleetIndex {
	const byPlace = new Map<string, string[]>();
	const byNetwork = new Map<string, string[]>();
	const byGroup = new Map<string, string>();
	const places = new Map<string, readonly string[]>();
	for (const { id, group, uses } of known) {
		byGroup.set(group, id);
		const budgets = uses
			.filter(({ budget }) => !isOwn(budget.kind))
			.map(({ budget }) => budget);
		const own = budgets
			.filter(({ kind }) => kind !== "virtual-network")
			.map((budget) => budget.id);
		places.set(id, [...new Set(own)]);
		for (const place of new Set(own)) add(byPlace, place, id);
		for (const network of new Set(
			budgets.flatMap((budget) => networkOfBudget(budget.id) ?? []),
		))
			add(byNetwork, network, id);
	}
	return { byPlace, byNetwork, byGroup, places };
}

function add(map: Map<string, string[]>, key: string, value: string): void {
	const list = map.get(key);
	if (list === undefined) map.set(key, [value]);
	else list.push(value);
}

/** Which clusters are meant: by ID, by what they are in, and by what they use. IDs are in lower case. */
export interface Wanted {
	readonly clusters?: Iterable<string>;
	readonly subscriptions?: readonly string[];
	readonly networks?: Iterable<string>;
	readonly routeTables?: Iterable<string>;
}

/** IDs of the clusters in the index that are meant. */
export function wantedIn(
	{ byPlace, byNetwork, places }: FleetIndex,
	{
		clusters = [],
		subscriptions = [],
		networks = [],
		routeTables = [],
	}: Wanted,
): Set<string> {
	const found = new Set<string>();
	for (const id of clusters) if (places.has(id)) found.add(id);
	for (const network of networks)
		for (const id of byNetwork.get(network) ?? []) found.add(id);
	for (const table of routeTables)
		for (const id of byPlace.get(table) ?? []) found.add(id);
	if (subscriptions.length > 0)
		for (const id of places.keys())
			if (subscriptions.includes(subscriptionOfId(id) ?? "")) found.add(id);
	return found;
}
