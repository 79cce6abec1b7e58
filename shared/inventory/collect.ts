import { groupKey, parseArmId } from "../arm.ts";
import type { Gap } from "../contract.ts";
import { autoProvisionedNodesQuery } from "./autoProvisionedNodes.ts";
import { clustersQuery } from "./clusters.ts";
import type {
	Holding,
	Inventory,
	Network,
	ScaleSet,
	Subnet,
	Subscription,
} from "./facts.ts";
import {
	frontendsQuery,
	interfacesQuery,
	otherScaleSetsQuery,
} from "./holdings.ts";
import {
	type NetworkRow,
	networksQuery,
	type PeeringRow,
	peeringsQuery,
} from "./networks.ts";
import type { Answer, Read } from "./reader.ts";
import { routeTablesQuery } from "./routeTables.ts";
import type { Query } from "./rows.ts";
import {
	dualStackConfigurationsQuery,
	type NicConfiguration,
	scaleSetsQuery,
} from "./scaleSets.ts";
import { type SubnetRow, subnetsQuery, wholeNetworkQuery } from "./subnets.ts";
import { resourceGroupsQuery, subscriptionsQuery } from "./subscriptions.ts";

/** What was read of the tenant, with what is missing from it. */
export interface Collected {
	readonly inventory: Inventory;
	readonly subscriptions: readonly Subscription[];
	/** Those that show resource groups: they have answered, with clusters or without. */
	readonly withResourceGroups: ReadonlySet<string>;
	/** Those of the management groups that are audited; null where none is set. */
	readonly inManagementGroups: ReadonlySet<string> | null;
	readonly gaps: readonly Gap[];
}

/** The fixed, small number of fleet-wide queries; nothing is asked per cluster. */
export async function collect(
	read: Read,
	managementGroups: readonly string[],
	onSubscriptions: (ids: readonly string[]) => void,
): Promise<Collected> {
	const subscriptions = await read(subscriptionsQuery, {});
	onSubscriptions(subscriptions.rows.map(({ id }) => id));
	const tenant = <T>(query: Query<T>) => read(query, {});
	const [
		scoped,
		groups,
		clusters,
		subnetRows,
		networkRows,
		peeringRows,
		sets,
		dual,
		tables,
		nodes,
		holdings,
	] = await Promise.all([
		managementGroups.length > 0
			? read(subscriptionsQuery, { managementGroups })
			: null,
		tenant(resourceGroupsQuery),
		tenant(clustersQuery),
		tenant(subnetsQuery),
		tenant(networksQuery),
		tenant(peeringsQuery),
		tenant(scaleSetsQuery),
		tenant(dualStackConfigurationsQuery),
		tenant(routeTablesQuery),
		tenant(autoProvisionedNodesQuery),
		allHoldings(read),
	]);
	const subnets = await allSubnets(read, subnetRows);
	const networks = withPeerings(networkRows, peeringRows);
	return {
		inventory: {
			subscriptions: new Set(subscriptions.rows.map(({ id }) => id)),
			clusters: clusters.rows,
			unreadableClusters: clusters.unreadable,
			subnets: subnets.rows,
			subnetsIncomplete: subnets.gaps.length > 0,
			networks: networks.rows,
			scaleSets: withIpv6(sets.rows, dual.rows),
			scaleSetsIncomplete: sets.gaps.length > 0,
			unreadableGroups: unreadableGroups([
				...sets.unreadable,
				...nodes.unreadable,
			]),
			routeTables: tables.rows,
			autoProvisionedNodes: nodes.rows,
			holdings: holdings.gaps.length > 0 ? null : holdings.rows,
		},
		subscriptions: subscriptions.rows,
		withResourceGroups: new Set(groups.rows),
		inManagementGroups: scoped && new Set(scoped.rows.map(({ id }) => id)),
		gaps: [
			subscriptions,
			...(scoped ? [scoped] : []),
			groups,
			clusters,
			subnets,
			networks,
			sets,
			dual,
			tables,
			nodes,
			holdings,
		].flatMap(({ gaps }) => gaps),
	};
}

/** Everything but nodes that holds addresses. */
async function allHoldings(read: Read): Promise<Answer<Holding>> {
	const answers = await Promise.all(
		[interfacesQuery, frontendsQuery, otherScaleSetsQuery].map((query) =>
			read(query, {}),
		),
	);
	return {
		rows: answers.flatMap(({ rows }) => rows),
		unreadable: answers.flatMap(({ unreadable }) => unreadable),
		gaps: answers.flatMap(({ gaps }) => gaps),
	};
}

/** Subnets held against each network's own count; a network with more than one expansion shows is read again whole. */
async function allSubnets(
	read: Read,
	answer: Answer<SubnetRow>,
): Promise<Answer<Subnet>> {
	const networks = Map.groupBy(answer.rows, ({ network }) => network);
	const whole: Answer<Subnet>[] = [];
	const rows: Subnet[] = [];
	for (const [network, own] of networks) {
		const subnets = own.flatMap(({ subnet }) => (subnet ? [subnet] : []));
		const expected = own[0]?.ofNetwork ?? 0;
		const unreadable = answer.unreadable.filter(({ id }) => id === network);
		if (subnets.length + unreadable.length >= expected) rows.push(...subnets);
		else whole.push(await wholeNetwork(read, network, expected, subnets));
	}
	return {
		rows: [...rows, ...whole.flatMap(({ rows }) => rows)],
		unreadable: answer.unreadable,
		gaps: [...answer.gaps, ...whole.flatMap(({ gaps }) => gaps)],
	};
}

async function wholeNetwork(
	read: Read,
	network: string,
	expected: number,
	expanded: readonly Subnet[],
): Promise<Answer<Subnet>> {
	const { rows, unreadable, gaps } = await read(wholeNetworkQuery(network), {});
	const subnets = rows.flat();
	if (subnets.length >= expected) return { rows: subnets, unreadable, gaps };
	const best = subnets.length > expanded.length ? subnets : expanded;
	return {
		rows: best,
		unreadable,
		gaps: [
			...gaps,
			{
				scope: network,
				reason: `${best.length} of ${expected} subnets answered`,
			},
		],
	};
}

/** Peerings held against each network's own count: one that is not seen may be the one that overlaps. */
function withPeerings(
	networks: Answer<NetworkRow>,
	peerings: Answer<PeeringRow>,
): Answer<Network> {
	const byNetwork = Map.groupBy(peerings.rows, ({ network }) => network);
	const seen = networks.rows.map((network) => ({
		network,
		peerings: (byNetwork.get(network.id) ?? []).flatMap(({ peering }) =>
			peering ? [peering] : [],
		),
	}));
	const unreadable = new Set(peerings.unreadable.map(({ id }) => id));
	return {
		rows: seen.map(({ network, peerings }) => ({
			...network,
			peerings: peerings.length < network.peerings ? null : peerings,
		})),
		unreadable: [...networks.unreadable, ...peerings.unreadable],
		gaps: [
			...networks.gaps,
			...peerings.gaps,
			...seen
				.filter(
					({ network, peerings }) =>
						peerings.length < network.peerings && !unreadable.has(network.id),
				)
				.map(({ network, peerings }) => ({
					scope: network.id,
					reason: `${peerings.length} of ${network.peerings} peerings answered`,
				})),
		],
	};
}

function withIpv6(
	sets: readonly ScaleSet[],
	configurations: readonly NicConfiguration[],
): ScaleSet[] {
	const bySet = Map.groupBy(configurations, ({ scaleSet }) => scaleSet);
	return sets.map((set) => {
		const own = bySet.get(set.id) ?? [];
		// An incomplete list would make IPv4 of IPv6: then the models say what a node holds.
		if (own.length === 0 || own.length !== set.ipConfigurations) return set;
		return {
			...set,
			ipv6Configurations: own.filter(({ ipv6 }) => ipv6).length,
		};
	});
}

/** Resource groups of rows that could not be read: the cluster that needs them is not evaluated. */
function unreadableGroups(
	rows: readonly { readonly id: string; readonly reason: string }[],
): Map<string, string> {
	return new Map(
		rows.flatMap(({ id, reason }) => {
			const parts = parseArmId(id);
			return parts === null
				? []
				: [
						[
							groupKey(parts.subscription, parts.resourceGroup),
							`row of ${parts.name} could not be read: ${reason}`,
						] as const,
					];
		}),
	);
}
