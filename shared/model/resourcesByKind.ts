import { groupKey } from "../arm.ts";
import type { OtherResourceKind, Range } from "../contract.ts";
import { otherResourceKinds } from "../contract.ts";
import type { Inventory, OtherResource } from "../inventory/facts.ts";
import { type Budget, demandNowIn } from "./budget.ts";
import { exactly, notNegative, subtract } from "./range.ts";
import type { View } from "./view.ts";

/** IPs that the resources of a kind use. */
export interface ResourcesOfKind {
	readonly kind: OtherResourceKind;
	readonly addresses: Range;
}

/** What other resources use, by subnet. Null if that is not known. Machines of a node resource group are nodes. */
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
 * The other resources of a node subnet: what each kind is known to use, and the rest. It explains their number and does
 * not change it. Null if it is not known, and for budgets that are not node subnets.
 */
export function resourcesByKind({
	budget,
	now,
}: Pick<View, "budget" | "now">): ResourcesOfKind[] | null {
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
 * The kinds add up to more than the number of other resources. `nodes`: the nodes then use less than the high end of
 * their models, which the number allows for; `age`: more than even that explains, so the rows differ in age.
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

function knownOf(kinds: NonNullable<Budget["otherResourcesByKind"]>): number {
	return kinds.reduce((total, { addresses }) => total + addresses, 0);
}
