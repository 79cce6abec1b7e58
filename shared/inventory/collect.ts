import { groupKey, parseArmId, subscriptionOfId } from "../arm.ts";
import type { Gap } from "../contract.ts";
import {
	autoProvisionedNodesQuery,
	withInterface,
} from "./autoProvisionedNodes.ts";
import { clustersQuery, unreadableCluster } from "./clusters.ts";
import type {
	Inventory,
	Network,
	OtherResource,
	Subnet,
	Subscription,
} from "./facts.ts";
import {
	type NetworkRow,
	networksQuery,
	type PeeringRow,
	peeringsQuery,
} from "./networks.ts";
import { nodeConfigurationsQuery } from "./nodeConfigurations.ts";
import {
	frontendsQuery,
	interfacesQuery,
	otherScaleSetsQuery,
} from "./otherResources.ts";
import { type Answer, lostOf, type Read } from "./reader.ts";
import { routeTablesQuery } from "./routeTables.ts";
import type { Query } from "./rows.ts";
import { scaleSetsQuery, withInterfaces } from "./scaleSets.ts";
import {
	expandLimit,
	type SubnetRow,
	subnetsQuery,
	wholeNetworkQuery,
} from "./subnets.ts";
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
		configurations,
		tables,
		nodes,
		otherResources,
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
		tenant(nodeConfigurationsQuery),
		tenant(routeTablesQuery),
		tenant(autoProvisionedNodesQuery),
		allOtherResources(read),
	]);
	const subnets = await allSubnets(read, subnetRows);
	const networks = withPeerings(networkRows, peeringRows);
	return {
		inventory: {
			lost: {
				subscriptions: lostOf(
					scoped ? [subscriptions, scoped] : [subscriptions],
				),
				resourceGroups: groups.lost,
				clusters: clusters.lost,
				subnets: subnets.lost,
				networks: networkRows.lost,
				peerings: networks.lost,
				scaleSets: sets.lost,
				nodeConfigurations: configurations.lost,
				routeTables: tables.lost,
				autoProvisionedNodes: nodes.lost,
				otherResources: otherResources.lost,
			},
			subscriptions: new Set(subscriptions.rows.map(({ id }) => id)),
			clusters: clusters.rows,
			unreadableClusters: clusters.unreadable.map(unreadableCluster),
			subnets: subnets.rows,
			networks: networks.rows,
			scaleSets: withInterfaces(sets.rows, configurations),
			unreadableGroups: unreadableGroups([
				...sets.unreadable,
				...nodes.unreadable,
			]),
			routeTables: tables.rows,
			autoProvisionedNodes: withInterface(nodes.rows, configurations.rows),
			otherResources:
				otherResources.gaps.length > 0 ? null : otherResources.rows,
			listed: new Map(),
			listedRoutes: new Map(),
			unlisted: new Set(),
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
			configurations,
			tables,
			nodes,
			otherResources,
		].flatMap(({ gaps }) => gaps),
	};
}

/** Everything but nodes that holds addresses. */
async function allOtherResources(read: Read): Promise<Answer<OtherResource>> {
	const answers = await Promise.all(
		[interfacesQuery, frontendsQuery, otherScaleSetsQuery].map((query) =>
			read(query, {}),
		),
	);
	return {
		rows: answers.flatMap(({ rows }) => rows),
		unreadable: answers.flatMap(({ unreadable }) => unreadable),
		gaps: answers.flatMap(({ gaps }) => gaps),
		lost: lostOf(answers),
	};
}

/** Subnets held against each network's own count; a network with more than one expansion shows is read again whole. */
async function allSubnets(
	read: Read,
	answer: Answer<SubnetRow>,
): Promise<Answer<Subnet>> {
	const networks: NetworkSubnets[] = [];
	for (const [network, own] of Map.groupBy(
		answer.rows,
		({ network }) => network,
	)) {
		const expanded = own.flatMap(({ subnet }) => (subnet ? [subnet] : []));
		const unreadable = answer.unreadable.filter(({ id }) => id === network);
		const expected = (own[0]?.ofNetwork ?? 0) - unreadable.length;
		const whole = expanded.length >= expected;
		networks.push(
			whole
				? { subnets: expanded, gaps: [], expected, expanded: expected }
				: await wholeNetwork(read, network, expected, expanded),
		);
	}
	return {
		rows: networks.flatMap(({ subnets }) => subnets),
		unreadable: answer.unreadable,
		gaps: [...answer.gaps, ...networks.flatMap(({ gaps }) => gaps)],
		lost: lostSubnets(answer.lost, networks),
	};
}

/** The subnets of a network, with what its own count says and what its expansion showed. */
interface NetworkSubnets {
	readonly subnets: readonly Subnet[];
	readonly gaps: readonly Gap[];
	readonly expected: number;
	readonly expanded: number;
}

async function wholeNetwork(
	read: Read,
	network: string,
	expected: number,
	expanded: readonly Subnet[],
): Promise<NetworkSubnets> {
	const { rows, gaps } = await read(wholeNetworkQuery(network), {});
	const whole = rows.flat();
	const subnets = whole.length > expanded.length ? whole : expanded;
	const short: Gap[] =
		subnets.length < expected
			? [networkGap(network, subnets.length, expected, "subnets")]
			: [];
	return {
		subnets,
		gaps: [...gaps, ...short],
		expected,
		expanded: expanded.length,
	};
}

/** Rows that the answer lost are among those that networks lack, unless a network is larger than its expansion; some came back with the whole network. */
function lostSubnets(
	lost: number | null,
	networks: readonly NetworkSubnets[],
): number | null {
	if (lost === null) return null;
	let lacking = 0;
	let neverExpanded = 0;
	let returned = 0;
	for (const { subnets, expected, expanded } of networks) {
		lacking += expected - expanded;
		neverExpanded += Math.max(0, expected - Math.max(expanded, expandLimit));
		returned += Math.max(0, Math.min(subnets.length, expected) - expanded);
	}
	return Math.max(lost + neverExpanded, lacking) - returned;
}

/** Peerings held against each network's own count: one that is not seen may be the one that overlaps. */
function withPeerings(
	networks: Answer<NetworkRow>,
	peerings: Answer<PeeringRow>,
): Answer<Network> {
	const byNetwork = Map.groupBy(peerings.rows, ({ network }) => network);
	const unreadable = Map.groupBy(peerings.unreadable, ({ id }) => id);
	const seen = networks.rows.map((network) => {
		const own = (byNetwork.get(network.id) ?? []).flatMap(({ peering }) =>
			peering ? [peering] : [],
		);
		const arrived = own.length + (unreadable.get(network.id)?.length ?? 0);
		return {
			network,
			peerings: own,
			lacking: Math.max(0, network.peerings - arrived),
		};
	});
	const lacking = seen.reduce((total, one) => total + one.lacking, 0);
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
				.filter(({ lacking }) => lacking > 0)
				.map(({ network, peerings }) =>
					networkGap(network.id, peerings.length, network.peerings, "peerings"),
				),
		],
		lost: peerings.lost === null ? null : Math.max(peerings.lost, lacking),
	};
}

function networkGap(
	network: string,
	answered: number,
	expected: number,
	what: "subnets" | "peerings",
): Gap {
	return {
		kind: "network",
		subscription: subscriptionOfId(network),
		scope: network,
		reason: `${answered} of ${expected} ${what} answered`,
	};
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
