import { networkOfBudget } from "../arm.ts";
import { freeRanges, hasIpv6, ipv4Of } from "../cidr.ts";
import type { Range } from "../contract.ts";
import type { Inventory, Network, Subnet } from "../inventory/facts.ts";
import type { KnownCluster } from "./known.ts";
import { entriesBySubnet, nothingSpecial, rangesByNetwork } from "./places.ts";
import { between, exactly } from "./range.ts";
import { reservedRanges } from "./surroundings.ts";
import type { Member } from "./uses.ts";

/** The address space of a virtual network, as an audit read it. */
export interface SeenNetwork {
	readonly id: string;
	/** IPv6 included. Empty where the network's row was not read. */
	readonly prefixes: readonly string[];
	/** By ID. */
	readonly subnets: readonly SeenSubnet[];
	/** Aligned IPv4 blocks where a subnet may be put, lowest first. Empty unless all is known. */
	readonly free: readonly string[];
	/** IPv4 of the space without a subnet, which pods, services or AKS itself use. Empty unless all is known. */
	readonly closed: readonly string[];
	/** Why it is not known what is free. Null: it is. */
	readonly unread: string | null;
}

export interface SeenSubnet {
	readonly id: string;
	readonly prefixes: readonly string[];
	/** IPs that Azure shows in use. Null where it does not show them, and where the budgets say more. */
	readonly used: Range | null;
}

/** The networks with budgets of members that are judged. `all`: every cluster that the audit saw. */
export function seenNetworks(
	inventory: Inventory,
	known: ReadonlyMap<string, KnownCluster>,
	all: readonly Member[],
	isJudged: (member: Member) => boolean,
): SeenNetwork[] {
	const asked = new Set<string>();
	const budgets = new Set<string>();
	for (const member of all)
		for (const id of member.budgets) {
			budgets.add(id);
			const network = isJudged(member) ? networkOfBudget(id) : null;
			if (network !== null) asked.add(network);
		}
	const rows = new Map(inventory.networks.map((one) => [one.id, one]));
	const subnets = subnetsOf(inventory, asked);
	const ranges = rangesByNetwork(inventory.clusters, known);
	const special = entriesBySubnet(inventory);
	const usedIn = (subnet: Subnet) =>
		budgets.has(subnet.id)
			? null
			: shownUse(subnet, special.get(subnet.id) ?? nothingSpecial);
	return [...asked].sort().map((id) =>
		seenNetwork(id, rows.get(id), {
			subnets: subnets.get(id) ?? [],
			ranges: [...(ranges.get(id) ?? [])],
			usedIn,
		}),
	);
}

function subnetsOf(
	{ subnets }: Inventory,
	networks: ReadonlySet<string>,
): Map<string, Subnet[]> {
	const found = new Map<string, Subnet[]>();
	for (const subnet of subnets) {
		const network = networkOfBudget(subnet.id);
		if (network === null || !networks.has(network)) continue;
		const own = found.get(network) ?? [];
		own.push(subnet);
		found.set(network, own);
	}
	return found;
}

function seenNetwork(
	id: string,
	network: Network | undefined,
	{
		subnets,
		ranges,
		usedIn,
	}: {
		readonly subnets: readonly Subnet[];
		/** Of the pods and services of all clusters in it. */
		readonly ranges: readonly string[];
		readonly usedIn: (subnet: Subnet) => Range | null;
	},
): SeenNetwork {
	const unread = unreadOf(network, subnets);
	const space = network?.prefixes ?? [];
	const inSubnets = subnets.flatMap(({ prefixes }) => prefixes);
	const open = unread === null ? freeRanges(space, inSubnets) : [];
	const free = freeRanges(open, [...ranges, ...reservedRanges]);
	return {
		id,
		prefixes: space,
		subnets: subnets
			.map((one) => ({
				id: one.id,
				prefixes: one.prefixes,
				used: usedIn(one),
			}))
			.sort((a, b) => (a.id < b.id ? -1 : 1)),
		free,
		closed: freeRanges(open, free),
		unread,
	};
}

/** A range is free only if nothing that was not read can be in it. */
function unreadOf(
	network: Network | undefined,
	subnets: readonly Subnet[],
): string | null {
	if (network === undefined)
		return "The row of the virtual network could not be read.";
	if (ipv4Of(network.prefixes).length === 0)
		return "Azure shows no IPv4 address space of the virtual network.";
	if (subnets.length < network.subnets)
		return `${subnets.length} of ${network.subnets} subnets could be read.`;
	const without = subnets.filter(({ prefixes }) => prefixes.length === 0);
	return without.length > 0
		? `${without.length} of ${subnets.length} subnets have no address prefix yet: they may get any free range.`
		: null;
}

/** What its list shows. Clusters with a link to it may use IPs that no list shows. */
function shownUse(
	{ prefixes, ipConfigurations, linkedClusters }: Subnet,
	{ ipv6, inBlocks, isKnown }: typeof nothingSpecial,
): Range | null {
	if (ipConfigurations === null || linkedClusters.length > 0 || !isKnown)
		return null;
	const used = Math.max(0, ipConfigurations - ipv6 + inBlocks);
	return hasIpv6(prefixes) ? between(0, used) : exactly(used);
}
