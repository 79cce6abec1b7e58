import { podBlocks, usableAddresses } from "../cidr.ts";
import type { Range } from "../contract.ts";
import type { ResolvedCluster, ResolvedPool } from "../model/cluster.ts";
import { exactly } from "../model/range.ts";
import type { View } from "../model/view.ts";
import type { ProposedChange } from "../propose/changes.ts";
import { grouped } from "../text.ts";
import { changeablePools } from "./changedPool.ts";
import {
	leftOutText,
	poolsInDetail,
	poolsInTitle,
	replaceText,
} from "./commands.ts";
import { largerPodRange } from "./largerPodRange.ts";
import { migrateToOverlay } from "./migrateToOverlay.ts";
import {
	poolsInPlace,
	type Room,
	roomFor,
	routeTableSettings,
} from "./newSubnet.ts";
import { type Offer, titleOf } from "./offer.ts";
import { split } from "./split.ts";
import {
	alone,
	type BudgetAfter,
	carries,
	needsText,
	outcomeText,
	stayingText,
	viewAfter,
} from "./whatIf.ts";

/**
 * More of what runs out, by kind of budget. With `percent` less than that of it would be taken at autoscaler max with
 * upgrade.
 */
export function moreRoom(
	cluster: ResolvedCluster,
	view: View,
	percent = 100,
): Offer[] {
	const larger = largerOne(cluster, view, percent);
	const found = [...larger, ...migrateToOverlay(cluster, view, percent)];
	return found.some(({ effect }) => effect !== "advice")
		? found
		: [...found, ...split(cluster, view, percent)];
}

function largerOne(
	cluster: ResolvedCluster,
	view: View,
	percent: number,
): Offer[] {
	switch (view.budget.kind) {
		case "subnet":
			return largerSubnet(cluster, view, percent);
		case "pod-subnet":
		case "pod-blocks":
			return largerPodSubnet(cluster, view, percent);
		case "api-server-subnet":
			return largerApiServerSubnet(cluster, view, percent);
		case "pod-range":
			return largerPodRange(cluster, view, percent);
		case "routes":
		case "virtual-network":
		case "cluster-nodes":
		case "pool-nodes":
			return [];
	}
}

interface Sized {
	readonly length: number;
	readonly after: View;
}

/** The smallest subnet that will do and has more than the present one: Azure's smallest is a /29, its largest a /8. */
function smallest(
	moved: BudgetAfter,
	present: Range,
	limitOf: (prefixes: readonly string[]) => Range,
	percent: number,
): Sized | null {
	for (let length = 29; length >= 8; length--) {
		const limit = limitOf([`0.0.0.0/${length}`]);
		if (!isLarger(limit, present)) continue;
		const after = { ...moved, budget: { ...moved.budget, limit } };
		if (carries(after, percent)) return { length, after: viewAfter(after) };
	}
	return null;
}

/** There may be several prefixes: their usable IPs are compared, not their length. */
function isLarger(limit: Range, present: Range): boolean {
	return (
		(limit.low ?? 0) > (present.low ?? 0) &&
		(limit.high ?? 0) > (present.high ?? 0)
	);
}

function usable(prefixes: readonly string[]): Range {
	return exactly(usableAddresses(prefixes));
}

/**
 * The cluster's pools move. Other resources and neighbors do not. Beside pools in a subnet that AKS made, AKS allows
 * none in another ("Cannot use a custom subnet", azure-docs#116169).
 */
function largerSubnet(
	cluster: ResolvedCluster,
	view: View,
	percent: number,
): Offer[] {
	const pools = movable(cluster, view);
	if (pools.some(({ subnetNamed }) => !subnetNamed)) return [];
	const found = smallest(alone(view), view.budget.limit, usable, percent);
	if (found === null) return [];
	const { length, after } = found;
	const moved = poolsOf(view);
	const table = routeTableSettings(pools);
	const room = roomFor(cluster, view.budget.id, length, ...(table ?? []));
	const command =
		table === null ? [] : commandFor(cluster, room, pools, "nodeSubnet");
	const ofKubenet = cluster.kubenet
		? ["It needs the route table of the present one."]
		: [];
	const ofSets = cluster.availabilitySet
		? [
				"Availability sets take no second pool: first run az aks update --migrate-vmas-to-vms.",
			]
		: [];
	return [
		{
			effect: "fixes",
			after,
			changes: movedTo(cluster, view, room, length),
			remedy: {
				kind: "larger-subnet",
				title: titleOf(
					(short) =>
						`Move ${poolsInTitle(moved)} to a new /${length} subnet${room.place(short)}.`,
				),
				detail: [
					needsText(after, "IPs"),
					...outcomeText(after),
					...stayingText(view),
					...poolsInDetail(moved),
					...ofSets,
					replaceText(moved),
					...(command.length > 1 ? [leftOutText] : []),
					"A subnet in use cannot be resized.",
					...room.detail,
					...ofKubenet,
				],
				command,
			},
		},
	];
}

function largerPodSubnet(
	cluster: ResolvedCluster,
	view: View,
	percent: number,
): Offer[] {
	const blocks = view.budget.kind === "pod-blocks";
	const found = smallest(
		alone(view),
		view.budget.limit,
		blocks ? podBlocks : usable,
		percent,
	);
	if (found === null) return [];
	const { length, after } = found;
	const moved = poolsOf(view);
	const room = roomFor(cluster, view.budget.id, length);
	const command = commandFor(
		cluster,
		room,
		movable(cluster, view),
		"podSubnet",
	);
	return [
		{
			effect: "fixes",
			after,
			changes: movedTo(cluster, view, room, length),
			remedy: {
				kind: "larger-pod-subnet",
				title: titleOf(
					(short) =>
						`Move ${poolsInTitle(moved)} to a new /${length} pod subnet${room.place(short)}.`,
				),
				detail: [
					needsText(after, blocks ? "blocks of /28" : "IPs"),
					...outcomeText(after),
					...stayingText(view),
					...poolsInDetail(moved),
					replaceText(moved),
					...(command.length > 1 ? [leftOutText] : []),
					"A pod subnet in use cannot be resized or get a second prefix.",
					...room.detail,
				],
				command,
			},
		},
	];
}

/**
 * All of the cluster's nodes or pods that use the budget, in a new subnet. Its range is an example if none is known to
 * be free.
 */
function movedTo(
	{ id: cluster, pools }: ResolvedCluster,
	{ budget: { id: from } }: View,
	{ subnet }: Room,
	length: number,
): ProposedChange[] {
	const to = subnet?.id ?? `${from}-new`;
	const table = pools.find(({ nodeSubnet }) => nodeSubnet === from)?.routeTable;
	return [
		{
			kind: "new-subnet",
			subnet: to,
			prefixes: [subnet?.prefix ?? `0.0.0.0/${length}`],
			routeTable: table?.includes("/routetables/") ? table : null,
		},
		{ kind: "other-subnet", cluster, from, to },
	];
}

/** The subnet of an API server is chosen once: a new one serves the clusters that are made again. */
function largerApiServerSubnet(
	cluster: ResolvedCluster,
	view: View,
	percent: number,
): Offer[] {
	const found = smallest(view, view.budget.limit, usable, percent);
	if (found === null) return [];
	const { length, after } = found;
	const room = roomFor(cluster, view.budget.id, length);
	return [
		{
			effect: "fixes",
			after,
			changes: [
				{
					kind: "subnet-prefixes",
					subnet: view.budget.id,
					prefixes: [room.subnet?.prefix ?? `0.0.0.0/${length}`],
				},
			],
			remedy: {
				kind: "larger-api-server-subnet",
				title: titleOf(
					(short) =>
						`Rebuild the clusters that do not fit, in a /${length} API server subnet${room.place(short)}.`,
				),
				detail: [
					`All API servers together need ${grouped(after.scenarios["full-upgrade"].demand.high ?? 0)} of its ${grouped(after.budget.limit.low ?? 0)} IPs.`,
					...outcomeText(after),
					"A cluster cannot change its API server subnet. Several smaller subnets are also enough.",
					...room.detail,
				],
				command: [],
			},
		},
	];
}

/**
 * The pools that a command can make again. For the rest, the number of nodes is not the customer's to set, or not
 * known.
 */
function movable(cluster: ResolvedCluster, { entries }: View): ResolvedPool[] {
	return changeablePools(cluster.pools, entries).filter(
		({ nodes }) => nodes.high !== null,
	);
}

/**
 * A cluster may have a hundred pools: for a few the command makes the new ones as well, for more only the subnet. So it
 * does for availability sets, to which AKS adds no pool (AgentPoolAPIsNotSupported).
 */
const mostPools = 3;

function commandFor(
	cluster: ResolvedCluster,
	{ subnet }: Room,
	pools: readonly ResolvedPool[],
	place: "nodeSubnet" | "podSubnet",
): string[] {
	if (subnet === null) return [];
	const added =
		pools.length > mostPools || cluster.availabilitySet
			? []
			: poolsInPlace(cluster, pools, { [place]: subnet.id });
	return [subnet.command, ...added];
}

function poolsOf({ entries }: View): { readonly name: string }[] {
	return entries.flatMap(({ pool }) => (pool === null ? [] : [{ name: pool }]));
}
