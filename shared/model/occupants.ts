import { groupKey } from "../arm.ts";
import type { OccupantKind, Range } from "../contract.ts";
import { occupantKinds } from "../contract.ts";
import type { Holding, Inventory } from "../inventory/facts.ts";
import { type Budget, nowOf } from "./budget.ts";
import { exactly, notNegative, subtract } from "./range.ts";
import type { View } from "./view.ts";

/** Addresses that the resources of a kind hold. */
export interface Occupant {
	readonly kind: OccupantKind;
	readonly addresses: Range;
}

/** What resources other than nodes hold, by subnet; null where that is not known. Machines of a node resource group are nodes. */
export function holdingsBySubnet({
	clusters,
	holdings,
	autoProvisionedNodes,
}: Inventory): ReadonlyMap<string, readonly Holding[]> | null {
	if (holdings === null) return null;
	const leftovers = autoProvisionedNodes.flatMap(
		({ hasMachine, interface: own }): Holding[] =>
			hasMachine || own === null || own.subnet === null
				? []
				: [
						{
							kind: "leftover-interface",
							subnet: own.subnet,
							group: null,
							addresses: own.addresses,
							entries: own.entries - own.ipv6,
						},
					],
	);
	const nodeGroups = new Set(
		clusters.map(({ subscription, nodeResourceGroup }) =>
			groupKey(subscription, nodeResourceGroup),
		),
	);
	return Map.groupBy(
		[
			...holdings.filter(
				({ group }) => group === null || !nodeGroups.has(group),
			),
			...leftovers,
		],
		({ subnet }) => subnet,
	);
}

/** One number a kind, in the order of the kinds. */
export function heldByKind(
	holdings: readonly Holding[],
): NonNullable<Budget["held"]> {
	return occupantKinds.flatMap((kind) => {
		const addresses = holdings
			.filter((holding) => holding.kind === kind)
			.reduce((total, holding) => total + holding.addresses, 0);
		return addresses > 0 ? [{ kind, addresses }] : [];
	});
}

/**
 * Who the others of a node subnet are: what each kind is known to hold, and what is left. It explains their number and
 * does not change it. Null where it is not known, and for budgets that are no node subnet.
 */
export function occupantsOf({ budget, now }: View): Occupant[] | null {
	if (budget.held === null) return null;
	const left = notNegative(subtract(now.others, exactly(knownOf(budget.held))));
	return [
		...budget.held.map(({ kind, addresses }) => ({
			kind,
			addresses: exactly(addresses),
		})),
		...(left.high === 0 ? [] : [{ kind: "other" as const, addresses: left }]),
	];
}

/**
 * Known by kind, beyond the others' number. `nodes`: the nodes hold less than the high end of their models then, which
 * the number allows for; `age`: more than even that leaves, so the rows are of different age.
 */
export function occupantsExceed({ budget, now }: View): "nodes" | "age" | null {
	const known = knownOf(budget.held ?? []);
	if (now.others.high === null || known <= now.others.high) return null;
	const { observed } = budget;
	if (observed === null || observed.high === null) return null;
	const room = observed.high - (nowOf(budget.totals).low ?? 0);
	return known <= room ? "nodes" : "age";
}

function knownOf(held: NonNullable<Budget["held"]>): number {
	return held.reduce((total, { addresses }) => total + addresses, 0);
}
