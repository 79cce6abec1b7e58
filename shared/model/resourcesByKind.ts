import { groupKey } from "../arm.ts";
import type { OtherResourceKind, Range } from "../contract.ts";
import { otherResourceKinds } from "../contract.ts";
import type { Inventory, OtherResource } from "../inventory/facts.ts";
import { type Budget, demandNowIn } from "./budget.ts";
import { exactly, notNegative, subtract } from "./range.ts";
import type { View } from "./view.ts";

/** Addresses that the resources of a kind hold. */
export interface ResourcesOfKind {
	readonly kind: OtherResourceKind;
	readonly addresses: Range;
}

/** What resources other than nodes hold, by subnet; null where that is not known. Machines of a node resource group are nodes. */
export function otherResourcesBySubnet({
	clusters,
	otherResources,
	autoProvisionedNodes,
}: Inventory): ReadonlyMap<string, readonly OtherResource[]> | null {
	if (otherResources === null) return null;
	const leftovers = autoProvisionedNodes.flatMap(
		({ hasMachine, interface: own }): OtherResource[] =>
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
			...otherResources.filter(
				({ group }) => group === null || !nodeGroups.has(group),
			),
			...leftovers,
		],
		({ subnet }) => subnet,
	);
}

/** One number a kind, in the order of the kinds. */
export function addressesByKind(
	otherResources: readonly OtherResource[],
): NonNullable<Budget["otherResourcesByKind"]> {
	return otherResourceKinds.flatMap((kind) => {
		const addresses = otherResources
			.filter((resource) => resource.kind === kind)
			.reduce((total, resource) => total + resource.addresses, 0);
		return addresses > 0 ? [{ kind, addresses }] : [];
	});
}

/**
 * Who the others of a node subnet are: what each kind is known to hold, and what is left. It explains their number and
 * does not change it. Null where it is not known, and for budgets that are no node subnet.
 */
export function resourcesByKind({
	budget,
	now,
}: View): ResourcesOfKind[] | null {
	if (budget.otherResourcesByKind === null) return null;
	const left = notNegative(
		subtract(now.otherResources, exactly(knownOf(budget.otherResourcesByKind))),
	);
	return [
		...budget.otherResourcesByKind.map(({ kind, addresses }) => ({
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
export function otherResourcesExceed({
	budget,
	now,
}: View): "nodes" | "age" | null {
	const known = knownOf(budget.otherResourcesByKind ?? []);
	if (now.otherResources.high === null || known <= now.otherResources.high)
		return null;
	const { observed } = budget;
	if (observed === null || observed.high === null) return null;
	const room = observed.high - (demandNowIn(budget.totals).low ?? 0);
	return known <= room ? "nodes" : "age";
}

function knownOf(held: NonNullable<Budget["otherResourcesByKind"]>): number {
	return held.reduce((total, { addresses }) => total + addresses, 0);
}
