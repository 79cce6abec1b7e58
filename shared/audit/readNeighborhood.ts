import {
	groupKey,
	groupOfNetwork,
	networkOfBudget,
	networkOfSubnet,
} from "../arm.ts";
import type { Gap } from "../contract.ts";
import { allSubnets } from "../inventory/allSubnets.ts";
import {
	autoProvisionedNodesQuery,
	withInterface,
} from "../inventory/autoProvisionedNodes.ts";
import { clustersQuery, unreadableCluster } from "../inventory/clusters.ts";
import type {
	Cluster,
	Inventory,
	ListedOwner,
	Network,
	Subnet,
	UnreadableCluster,
} from "../inventory/facts.ts";
import { type Gathered, unreadableGroups } from "../inventory/gather.ts";
import {
	anyOf,
	type Condition,
	isOneOf,
	mentions,
	narrowed,
} from "../inventory/narrow.ts";
import {
	networksQuery,
	type PeeredNetworkRow,
	peeredNetworksQuery,
	withPeerings,
} from "../inventory/networks.ts";
import { nodeConfigurationsQuery } from "../inventory/nodeConfigurations.ts";
import {
	allOtherResources,
	otherResourcesQuery,
} from "../inventory/otherResources.ts";
import { type Answer, lostOf, type Read } from "../inventory/reader.ts";
import { routeTablesQuery } from "../inventory/routeTables.ts";
import type { Query } from "../inventory/rows.ts";
import { scaleSetsQuery, withInterfaces } from "../inventory/scaleSets.ts";
import { type SubnetRow, subnetsQuery } from "../inventory/subnets.ts";
import { containersQuery } from "../inventory/subscriptions.ts";
import type { Wanted } from "../model/fleetIndex.ts";
import type { KnownCluster } from "../model/known.ts";
import { isApiServer, isNodeOfAks } from "../model/lists.ts";

/** What a question is about, by ARM IDs in lower case, and by subscriptions whose clusters are all meant. */
export interface Near {
	readonly clusters: readonly string[];
	readonly subscriptions?: readonly string[];
	readonly networks?: readonly string[];
	readonly subnets?: readonly string[];
	readonly routeTables?: readonly string[];
}

/**
 * Looks for clusters in what earlier audits know, by ID. Not all of it is read at once: it is as large as the fleet.
 */
export type LookUpKnown = (
	wanted: Wanted,
) => Promise<ReadonlyMap<string, KnownCluster>>;

/** What was read around some clusters, with the part of the memory that concerns it. */
export interface NeighborhoodRead {
	readonly gathered: Gathered;
	/** Of the whole memory, what is known of clusters there. */
	readonly known: ReadonlyMap<string, KnownCluster>;
	/** The clusters that are asked about and were found: all that their judgement needs was read. */
	readonly asked: readonly string[];
}

/**
 * Reads what judging some clusters needs, and no more: their networks with all that is in them, everybody who uses these
 * networks or a route table of theirs, and their nodes. How many requests that takes does not depend on the fleet:
 * subscriptions, the clusters, their networks and subnets, route tables and who else is on them, clusters there, scale
 * sets, interfaces, other resources, and up to three more for what those leave open.
 */
export async function readNeighborhood(
	read: Read,
	near: Near,
	lookUp: LookUpKnown,
): Promise<NeighborhoodRead> {
	const containers = read(containersQuery, {});
	const first = await ask(
		read,
		clustersQuery,
		anyOf([
			isOneOf("id", near.clusters),
			isOneOf("subscriptionId", near.subscriptions ?? []),
		]),
	);
	const asked = askedIn(
		first,
		await lookUp({
			clusters: near.clusters,
			subscriptions: near.subscriptions ?? [],
		}),
	);
	const around = await readAround(read, near, asked, lookUp);
	const elsewhere = networksOfNodes(around, asked).filter(
		(id) => !around.networkIds.has(id),
	);
	const whole =
		elsewhere.length === 0
			? around
			: await readAround(
					read,
					{ ...near, networks: [...around.networkIds, ...elsewhere] },
					asked,
					lookUp,
				);
	return {
		gathered: gatheredFrom(await containers, whole),
		known: whole.known,
		asked: asked.found,
	};
}

/** The clusters that are asked about, as far as they are known before anything else is. */
interface Asked {
	readonly found: readonly string[];
	readonly clusters: readonly Cluster[];
	readonly unreadable: readonly UnreadableCluster[];
	readonly known: readonly KnownCluster[];
}

function askedIn(
	{ rows, unreadable }: Answer<Cluster>,
	known: ReadonlyMap<string, KnownCluster>,
): Asked {
	return {
		found: [...rows, ...unreadable].map(({ id }) => id),
		clusters: rows,
		unreadable: unreadable.map(unreadableCluster),
		known: [...known.values()],
	};
}

type Around = Awaited<ReturnType<typeof readAround>>;

async function readAround(
	read: Read,
	near: Near,
	asked: Asked,
	lookUp: LookUpKnown,
) {
	const groups = new Set(nodeGroupsOf(asked));
	const networkIds = new Set([
		...(near.networks ?? []),
		...(near.subnets ?? []).map(networkOfSubnet),
		...asked.clusters.flatMap(subnetsOf).map(networkOfSubnet),
		...asked.unreadable.flatMap(subnetsOf).map(networkOfSubnet),
		...asked.known.flatMap(({ uses }) =>
			uses.flatMap(({ budget }) => networkOfBudget(budget.id) ?? []),
		),
	]);
	const here = anyOf([
		isOneOf("id", networkIds),
		isOneOf("resourceGroup", namesOf(groups)),
	]);
	const [peered, rawSubnets, named] = await Promise.all([
		ask(read, peeredNetworksQuery, here),
		ask(read, subnetsQuery, here),
		readOnTables(read, near.routeTables ?? [], []),
	]);
	const own = await allSubnets(read, rawSubnets);
	const tables = tablesOf(near, asked, own.rows, named.rows);
	const onTables = usesTables(asked)
		? await readOnTables(read, tables.unread, [...groups])
		: nothing<SubnetRow>();
	for (const { id } of own.rows) networkIds.add(networkOfSubnet(id));
	for (const { network } of named.rows) networkIds.add(network);
	const elsewhere = [...named.rows, ...onTables.rows].filter(
		({ network }) =>
			!own.rows.some(({ id }) => networkOfSubnet(id) === network),
	);
	const texts = [
		...[...networkIds, ...elsewhere.map(({ network }) => network)].map(
			(id) => `${id}/`,
		),
		...[...groups].map(networksInGroup),
	];
	// Clusters that use something here, seen or not.
	const known = await lookUp({
		clusters: [...asked.found, ...asked.known.map(({ id }) => id)],
		networks: networkIds,
		routeTables: tables.ids,
	});
	const clusters = await ask(
		read,
		clustersQuery,
		anyOf([
			isOneOf("id", [...near.clusters, ...known.keys(), ...asked.found]),
			isOneOf("subscriptionId", near.subscriptions ?? []),
			mentions("properties", texts),
		]),
	);
	const seen = {
		clusters: clusters.rows,
		unreadable: clusters.unreadable.map(unreadableCluster),
		known: [...known.values()],
	};
	const nodes = anyOf([
		isOneOf("resourceGroup", namesOf(nodeGroupsOf(seen))),
		mentions("properties", texts),
	]);
	const tablesOfAks =
		tables.ids.size > 0 || usesTables(asked)
			? isOneOf("resourceGroup", namesOf(nodeGroupsOf(kubenetOnly(seen))))
			: null;
	const [routeTables, scaleSets, interfaces, others] = await Promise.all([
		ask(
			read,
			routeTablesQuery,
			anyOf([isOneOf("id", tables.ids), tablesOfAks]),
		),
		ask(read, scaleSetsQuery, nodes),
		ask(read, autoProvisionedNodesQuery, nodes),
		ask(read, otherResourcesQuery, mentions("properties", texts)),
	]);
	const isPlain =
		scaleSets.rows.every(isPlainNode) && interfaces.rows.every(isPlainNode);
	const peers = remotesOf(peered.rows);
	const [configurations, remotes] = await Promise.all([
		isPlain ? nothing<never>() : ask(read, nodeConfigurationsQuery, nodes),
		ask(read, networksQuery, isOneOf("id", peers)),
	]);
	return {
		networkIds,
		known,
		clusters,
		peered,
		remotes,
		subnets: withOthers(own, elsewhere, [named, onTables]),
		routeTables,
		scaleSets,
		interfaces,
		others,
		configurations,
	};
}

/** Asks a query of the rows that meet a condition. Where none can, the answer is known to be empty. */
async function ask<T>(
	read: Read,
	query: Query<T>,
	condition: Condition,
): Promise<Answer<T>> {
	return condition === null
		? nothing<T>()
		: read(narrowed(query, condition), {});
}

function nothing<T>(): Answer<T> {
	return { rows: [], unreadable: [], gaps: [], lost: 0 };
}

/** Subnets with one of these route tables, or one that AKS made in one of these groups, in any network. */
async function readOnTables(
	read: Read,
	tables: readonly string[],
	groups: readonly string[],
): Promise<Answer<SubnetRow>> {
	const condition = anyOf([
		isOneOf("tostring(subnet.properties.routeTable.id)", tables),
		mentions("subnet.properties.routeTable.id", groups.map(tablesInGroup)),
	]);
	if (condition === null) return nothing();
	const lines = subnetsQuery.kql.split("\n");
	const expansion = lines.findIndex((line) => line.startsWith("| mv-expand"));
	const kql = lines.toSpliced(expansion + 1, 0, `| where ${condition}`);
	return read({ ...subnetsQuery, kql: kql.join("\n") }, {});
}

/** Of networks that are not read themselves, the subnets on a table: what else is in them does not matter. */
function withOthers(
	own: Answer<Subnet>,
	elsewhere: readonly SubnetRow[],
	answers: readonly Answer<SubnetRow>[],
): Answer<Subnet> {
	const more = elsewhere.flatMap(({ subnet }) => (subnet ? [subnet] : []));
	return {
		rows: [
			...new Map([...more, ...own.rows].map((one) => [one.id, one])).values(),
		],
		unreadable: own.unreadable,
		gaps: [...own.gaps, ...answers.flatMap(({ gaps }) => gaps)],
		lost: lostOf([own, ...answers]),
	};
}

/** Route tables matter to kubenet alone, and where the table itself is asked about. */
function usesTables({ clusters, known }: Asked): boolean {
	return (
		clusters.some(
			({ plugin }) => plugin === "kubenet" || plugin === "unknown",
		) ||
		known.some(({ uses }) =>
			uses.some(({ budget }) => budget.kind === "routes"),
		)
	);
}

/** A cluster with a table of its own uses that one, whatever its subnet has. */
function kubenetOnly<T extends Pick<Asked, "clusters">>(seen: T): T {
	return {
		...seen,
		clusters: seen.clusters.filter(
			({ plugin }) => plugin === "kubenet" || plugin === "unknown",
		),
	};
}

function tablesOf(
	near: Near,
	asked: Asked,
	subnets: readonly Subnet[],
	named: readonly SubnetRow[],
): { readonly ids: ReadonlySet<string>; readonly unread: readonly string[] } {
	const explicit = new Set(near.routeTables ?? []);
	const attached = usesTables(asked)
		? [
				...subnets.flatMap(({ routeTable }) => routeTable ?? []),
				...named.flatMap(({ subnet }) => subnet?.routeTable ?? []),
				...asked.known.flatMap(({ uses }) =>
					uses.flatMap(({ budget }) =>
						budget.kind === "routes" ? [budget.id] : [],
					),
				),
			]
		: [];
	const ids = new Set([...explicit, ...attached]);
	return { ids, unread: [...ids].filter((id) => !explicit.has(id)) };
}

function subnetsOf(one: Cluster | UnreadableCluster): string[] {
	if ("subnets" in one) return [...one.subnets, ...one.apiServerSubnets];
	const { pools, unreadPools, apiServer, hostedSystem } = one;
	return [
		...[...pools, ...unreadPools].flatMap(({ nodeSubnet, podSubnet }) => [
			nodeSubnet,
			podSubnet,
		]),
		apiServer?.subnet ?? null,
		hostedSystem?.systemSubnet ?? null,
		hostedSystem?.nodeSubnet ?? null,
	].filter((id) => id !== null);
}

/** `subscription/resource group` of the nodes of these clusters. */
function nodeGroupsOf({
	clusters,
	unreadable,
	known,
}: Pick<Asked, "clusters" | "unreadable" | "known">): string[] {
	return [
		...clusters.map(({ subscription, nodeResourceGroup }) =>
			groupKey(subscription, nodeResourceGroup),
		),
		...unreadable.map(({ id, nodeResourceGroup }) =>
			groupKey(id.split("/")[2] ?? "", nodeResourceGroup),
		),
		...known.map(({ group }) => group),
	].filter((group) => !group.endsWith("/"));
}

function namesOf(groups: Iterable<string>): string[] {
	return [...groups].map((group) => group.slice(group.indexOf("/") + 1));
}

function inGroup(group: string, type: string): string {
	const [subscription = "", resourceGroup = ""] = group.split("/");
	return `/subscriptions/${subscription}/resourcegroups/${resourceGroup}/providers/microsoft.network/${type}/`;
}

function networksInGroup(group: string): string {
	return inGroup(group, "virtualnetworks");
}

function tablesInGroup(group: string): string {
	return inGroup(group, "routetables");
}

/** Its own row tells all IPs of it: nothing of it is IPv6, a block or on a further interface. */
function isPlainNode(row: {
	readonly interfaceCount?: number;
	readonly first: {
		readonly special: { readonly ipv6: number; readonly blocks: number };
	} | null;
}): boolean {
	const { interfaceCount = 1, first } = row;
	return (
		interfaceCount <= 1 &&
		(first === null || first.special.ipv6 + first.special.blocks === 0)
	);
}

/** Networks whose addresses a peering does not show: their own rows may. */
function remotesOf(rows: readonly PeeredNetworkRow[]): string[] {
	const seen = new Set(rows.map(({ network }) => network.id));
	return rows
		.flatMap(({ peerings }) => peerings)
		.flatMap(({ peering }) =>
			peering !== null && peering.prefixes.length === 0 ? [peering.remote] : [],
		)
		.filter((id) => !seen.has(id));
}

/** Networks that nodes of these clusters are in by their own interfaces. */
function networksOfNodes(
	{ scaleSets, interfaces }: Around,
	asked: Asked,
): string[] {
	const groups = new Set(nodeGroupsOf(asked));
	const subnets = [...scaleSets.rows, ...interfaces.rows].flatMap(
		({ group, first }) =>
			groups.has(group) && first?.subnet ? [first.subnet] : [],
	);
	return [...new Set(subnets.map(networkOfSubnet))].filter(
		(id) => !groups.has(groupOfNetwork(id)),
	);
}

function gatheredFrom(
	containers: Answer<{ readonly subscription: string; readonly kind: string }>,
	around: Around,
): Gathered {
	const { clusters, subnets, routeTables, others, configurations } = around;
	const { scaleSets, interfaces, peered, remotes } = around;
	const peerings = {
		...peered,
		rows: peered.rows.flatMap((one) => one.peerings),
	};
	const networks = withPeerings(
		peered.rows.map(({ network }) => network),
		peerings,
	);
	const answers = {
		containers,
		clusters,
		subnets,
		networks,
		remotes,
		routeTables,
		scaleSets,
		interfaces,
		others,
		configurations,
	};
	const inventory: Inventory = {
		lost: {
			subscriptions: containers.lost,
			resourceGroups: containers.lost,
			clusters: clusters.lost,
			subnets: subnets.lost,
			networks: lostOf([peered, remotes]),
			peerings: networks.lost,
			scaleSets: scaleSets.lost,
			nodeConfigurations: configurations.lost,
			routeTables: routeTables.lost,
			autoProvisionedNodes: interfaces.lost,
			interfaces: others.lost,
			frontends: others.lost,
			otherScaleSets: others.lost,
		},
		subscriptions: new Set(containers.rows.map((one) => one.subscription)),
		clusters: clusters.rows,
		unreadableClusters: clusters.unreadable.map(unreadableCluster),
		subnets: subnets.rows,
		networks: [...networks.rows, ...remotes.rows.map(withoutPeerings)],
		scaleSets: withInterfaces(scaleSets.rows, configurations),
		unreadableGroups: unreadableGroups({
			scaleSets,
			autoProvisionedNodes: interfaces,
		}),
		routeTables: routeTables.rows,
		autoProvisionedNodes: withInterface(interfaces.rows, configurations.rows),
		otherResources: allOtherResources({
			interfaces: others,
			frontends: nothing(),
			otherScaleSets: nothing(),
		}),
		listed: new Map(),
		listedRoutes: new Map(),
		unlisted: new Set(),
	};
	return {
		inventory,
		withResourceGroups: new Set(
			containers.rows.flatMap(({ kind, subscription }) =>
				kind === "resource-groups" ? [subscription] : [],
			),
		),
		gaps: Object.values<{ readonly gaps: readonly Gap[] }>(answers).flatMap(
			({ gaps }) => gaps,
		),
	};
}

/** Of a network that only a peering leads to, the addresses alone matter. */
function withoutPeerings(network: Omit<Network, "peerings">): Network {
	return { ...network, peerings: null };
}

/** Clusters by their node resource groups or IDs that nodes, lists and links name and that no row explained. */
export async function readNamedClusters(
	read: Read,
	{ inventory, ...rest }: Gathered,
): Promise<Gathered> {
	const { clusters, unreadableClusters, scaleSets, autoProvisionedNodes } =
		inventory;
	const known = { clusters, unreadable: unreadableClusters, known: [] };
	const seenGroups = new Set(nodeGroupsOf(known));
	const seen = new Set(
		[...clusters, ...unreadableClusters].map(({ id }) => id),
	);
	const owners: readonly Pick<ListedOwner, "group">[] = [
		...scaleSets,
		...autoProvisionedNodes,
		...[...inventory.listed.values()]
			.flat()
			.filter((one) => isNodeOfAks(one) || isApiServer(one)),
	];
	const groups = new Set(
		owners.map(({ group }) => group).filter((one) => !seenGroups.has(one)),
	);
	const ids = inventory.subnets
		.flatMap(({ linkedClusters }) => linkedClusters)
		.filter((id) => !seen.has(id));
	const answer = await ask(
		read,
		clustersQuery,
		anyOf([
			isOneOf("tostring(properties.nodeResourceGroup)", namesOf(groups)),
			isOneOf("id", ids),
		]),
	);
	const more = answer.rows.filter(
		({ id, subscription, nodeResourceGroup }) =>
			!seen.has(id) &&
			(ids.includes(id) ||
				groups.has(groupKey(subscription, nodeResourceGroup))),
	);
	return {
		...rest,
		gaps: [...rest.gaps, ...answer.gaps],
		inventory: {
			...inventory,
			clusters: [...clusters, ...more],
			unreadableClusters: [
				...unreadableClusters,
				...answer.unreadable
					.filter(({ id }) => !seen.has(id))
					.map(unreadableCluster),
			],
			lost: {
				...inventory.lost,
				clusters: lostOf([{ lost: inventory.lost.clusters }, answer]),
			},
		},
	};
}
