import { parseArmId } from "../arm.ts";
import { ipv4PrefixLength } from "../cidr.ts";
import type { ArmAnswer, ArmResource } from "../inventory/armAnswer.ts";
import {
	clusterOfArm,
	networkOfArm,
	routeTableOfArm,
} from "../inventory/armRows.ts";
import type { Cluster, NodePool, Subnet } from "../inventory/facts.ts";
import { RowError } from "../inventory/rows.ts";
import type { ProposedChange } from "../propose/changes.ts";
import { clusterDifferences, needsNewNodes } from "../propose/differences.ts";
import type { ReplacementOrder } from "./contract.ts";
import { isFields, listOf, merged, nameOf } from "./merged.ts";
import type { Subject, Wanted } from "./subject.ts";
import { type Fault, WrongRequest } from "./wrongRequest.ts";

/** A pool that is made anew, with both of its settings. */
export interface ReplacedPool {
	readonly cluster: string;
	readonly old: NodePool;
	readonly next: NodePool;
	readonly order: ReplacementOrder;
}

/** What a request changes, in facts. */
export interface Proposal {
	/** Networks, subnets and route tables first, then clusters. */
	readonly changes: readonly ProposedChange[];
	readonly replaced: readonly ReplacedPool[];
	/** ARM IDs of pools that are made when what goes is gone. */
	readonly waiting: ReadonlySet<string>;
	/** IDs of clusters, networks and route tables whose change could not be worked out: why. */
	readonly unclear: ReadonlyMap<string, string>;
}

/**
 * Lays what is wanted over what Azure has, and compares the two. Throws `WrongRequest` where something new is not whole,
 * or a value cannot be read.
 */
export function proposalOf(
	subject: Subject,
	azure: ReadonlyMap<string, ArmAnswer>,
): Proposal {
	const unclear = new Map<string, string>();
	const faults: Fault[] = [];
	const each = (
		all: ReadonlyMap<string, Wanted>,
		change: (one: Wanted, now: ArmResource | null) => ProposedChange[],
	) =>
		[...all.values()].flatMap((one) => {
			const answer = azure.get(one.id) ?? notAsked;
			if (answer.kind === "unreadable") {
				unclear.set(one.id, answer.reason);
				return [];
			}
			const now = answer.kind === "resource" ? answer.resource : null;
			if (one.isRemoved)
				return now === null ? [] : [{ kind: "removed", id: one.id } as const];
			try {
				return change(one, now);
			} catch (error) {
				if (!(error instanceof RowError)) throw error;
				const field = one.at[0] ?? "resources";
				faults.push({ field, detail: `${field}: ${error.message}.` });
				return [];
			}
		});
	const replaced: ReplacedPool[] = [];
	const changes = [
		...each(subject.routeTables, routeTableChanges),
		...each(subject.networks, (one, now) => networkChanges(one, now, faults)),
		...each(subject.clusters, (one, now) => {
			if (now === null) return newCluster(one, faults);
			const before = clusterOfArm({ ...now });
			const raw = laidOver(one, now, "agentPoolProfiles");
			const after = clusterOfArm(raw);
			faults.push(...lackingIn(one, raw, before, after));
			replaced.push(...replacedIn(before, after, one));
			return clusterDifferences(before, scaledToMinimum(before, after));
		}),
	];
	if (faults.length > 0) throw new WrongRequest(faults);
	return { changes, replaced, waiting: waitingIn(subject), unclear };
}

function waitingIn({ clusters }: Subject): Set<string> {
	return new Set(
		[...clusters.values()].flatMap(({ id, replaced }) =>
			[...replaced].flatMap(([name, { order }]) =>
				order === "delete-before-create" ? [`${id}/agentpools/${name}`] : [],
			),
		),
	);
}

const notAsked: ArmAnswer = {
	kind: "unreadable",
	reason: "Azure was not asked for it.",
};

function laidOver(
	{ over, without }: Wanted,
	now: ArmResource,
	list: "agentPoolProfiles" | "subnets" | "routes",
): Record<string, unknown> {
	const whole = merged(now, over) as Record<string, unknown>;
	if (without.size === 0 || !isFields(whole.properties)) return whole;
	const kept = listOf(whole.properties[list]).filter(
		(one) => !without.has(nameOf(one) ?? ""),
	);
	return { ...whole, properties: { ...whole.properties, [list]: kept } };
}

/** A minimum above the nodes that there are is reached at once. */
function scaledToMinimum(before: Cluster, after: Cluster): Cluster {
	const former = new Map(before.pools.map((pool) => [pool.name, pool]));
	return {
		...after,
		pools: after.pools.map((pool) => {
			const { minNodes, reportedNodes } = pool;
			const isRaised = minNodes !== former.get(pool.name)?.minNodes;
			return isRaised && minNodes !== null && (reportedNodes ?? 0) < minNodes
				? { ...pool, reportedNodes: minNodes }
				: pool;
		}),
	};
}

function replacedIn(
	before: Cluster,
	after: Cluster,
	{ replaced }: Wanted,
): ReplacedPool[] {
	return after.pools.flatMap((next): ReplacedPool[] => {
		const old = before.pools.find(({ name }) => name === next.name);
		const order = replaced.get(next.name)?.order;
		if (old === undefined) return [];
		if (order === undefined && !needsNewNodes(old, next)) return [];
		return [
			{ cluster: before.id, old, next, order: order ?? "temporary-pool" },
		];
	});
}

/** What cannot be worked out: new pools without a number of nodes, and pools made anew that are in neither. */
function lackingIn(
	one: Wanted,
	raw: Readonly<Record<string, unknown>>,
	before: Cluster,
	after: Cluster,
): Fault[] {
	const namesOf = ({ pools, unreadPools }: Cluster) =>
		[...pools, ...unreadPools].map(({ name }) => name.toLowerCase());
	const former = new Set(namesOf(before));
	const known = new Set([...former, ...namesOf(after)]);
	const pools = isFields(raw.properties)
		? listOf(raw.properties.agentPoolProfiles)
		: [];
	return [
		...pools.flatMap((pool): Fault[] => {
			const name = nameOf(pool) ?? "";
			if (former.has(name) || hasCount(pool)) return [];
			const field = `${one.parts.get(name) ?? one.at[0] ?? "resources"}.count`;
			return [
				{
					field,
					detail: `${field} is missing: pool ${name} is new in cluster ${one.id}, so say how many nodes it has.`,
				},
			];
		}),
		...[...one.replaced]
			.filter(([name]) => !known.has(name))
			.map(([name, { at }]) => ({
				field: at,
				detail: `${at}: cluster ${one.id} has no pool ${name}.`,
			})),
	];
}

/** What AKS takes where a new cluster does not say it (AKS networking defaults). */
const clusterDefaults = {
	podCidr: "10.244.0.0/16",
	serviceCidr: "10.0.0.0/16",
	networkSpace: "10.224.0.0/12",
	subnet: "10.224.0.0/16",
};

function newCluster(one: Wanted, faults: Fault[]): ProposedChange[] {
	const lacking = lackingOf(one);
	faults.push(...lacking);
	if (lacking.length > 0) return [];
	const { resourceGroup = "", name = "" } = parseArmId(one.id) ?? {};
	const location = String(one.over.location ?? "")
		.toLowerCase()
		.replaceAll(" ", "");
	const parsed = clusterOfArm({
		...(merged(
			{
				id: one.id,
				name,
				properties: {
					nodeResourceGroup: `mc_${resourceGroup}_${name}_${location}`,
					networkProfile: { serviceCidr: clusterDefaults.serviceCidr },
				},
			},
			one.over,
		) as Record<string, unknown>),
	});
	const hasPodCidr = parsed.overlay || parsed.plugin === "kubenet";
	const cluster: Cluster = {
		...parsed,
		podCidr: parsed.podCidr ?? (hasPodCidr ? clusterDefaults.podCidr : null),
		pools: parsed.pools.map((pool) => ({
			...pool,
			reportedNodes: Math.max(pool.reportedNodes ?? 0, pool.minNodes ?? 0),
		})),
	};
	return [...managedNetwork(cluster), { kind: "new-cluster", cluster }];
}

/** Without a subnet of the owner's, AKS makes a network in the node resource group. */
function managedNetwork({
	subscription,
	nodeResourceGroup,
	pools,
	unreadPools,
	hostedSystem,
}: Cluster): ProposedChange[] {
	const isOwn = [...pools, ...unreadPools].some(
		({ nodeSubnet }) => nodeSubnet !== null,
	);
	if (isOwn || hostedSystem !== null) return [];
	const id = `/subscriptions/${subscription}/resourcegroups/${nodeResourceGroup}/providers/microsoft.network/virtualnetworks/aks-vnet-proposed`;
	return [
		{
			kind: "network",
			network: {
				id,
				prefixes: [clusterDefaults.networkSpace],
				subnets: 0,
				peerings: [],
			},
		},
		{
			kind: "new-subnet",
			subnet: `${id}/subnets/aks-subnet`,
			prefixes: [clusterDefaults.subnet],
			routeTable: null,
		},
	];
}

function lackingOf(one: Wanted): Fault[] {
	const at = one.at[0] ?? "resources";
	const properties = isFields(one.over.properties) ? one.over.properties : {};
	const pools = listOf(properties.agentPoolProfiles);
	const isAutomatic =
		isFields(one.over.sku) &&
		String(one.over.sku.name).toLowerCase() === "automatic";
	const lacking = (field: string, what: string): Fault => ({
		field,
		detail: `${field} is missing: cluster ${one.id} is new, so ${what}.`,
	});
	const profile = isFields(properties.networkProfile)
		? properties.networkProfile
		: {};
	return [
		...(pools.length === 0 && !isAutomatic
			? [lacking(`${at}.properties.agentPoolProfiles`, "name its node pools")]
			: []),
		...(typeof profile.networkPlugin !== "string" && !isAutomatic
			? [
					lacking(
						`${at}.properties.networkProfile.networkPlugin`,
						"name its network plugin",
					),
				]
			: []),
		...pools.flatMap((pool, index) => {
			const where =
				one.parts.get(nameOf(pool) ?? "") ??
				`${at}.properties.agentPoolProfiles[${index}]`;
			if (nameOf(pool) === null)
				return [lacking(`${where}.name`, "name its pools")];
			return hasCount(pool)
				? []
				: [lacking(`${where}.count`, "say how many nodes the pool has")];
		}),
	];
}

function hasCount(pool: unknown): boolean {
	return (
		isFields(pool) &&
		[pool.count, pool.minCount, pool.virtualMachinesProfile].some(
			(value) => value !== undefined && value !== null,
		)
	);
}

function networkChanges(
	one: Wanted,
	now: ArmResource | null,
	faults: Fault[],
): ProposedChange[] {
	const after = networkOfArm(
		laidOver(one, now ?? { id: one.id, name: one.id }, "subnets"),
	);
	const before = now === null ? null : networkOfArm({ ...now });
	const former = new Map(before?.subnets.map((subnet) => [subnet.id, subnet]));
	const left = new Set(after.subnets.map(({ id }) => id));
	if (before === null && after.network.prefixes.length === 0) {
		const field = one.at[0] ?? "resources";
		faults.push({
			field: `${field}.properties.addressSpace.addressPrefixes`,
			detail: `${field}: virtual network ${one.id} does not exist. Add it to resources with its addressSpace.addressPrefixes.`,
		});
	}
	const moved =
		JSON.stringify(before?.network.prefixes) !==
		JSON.stringify(after.network.prefixes);
	return [
		...(moved
			? [
					{
						kind: "network",
						// Its subnets come one by one, and count it up.
						network: {
							...after.network,
							subnets: before?.network.subnets ?? 0,
						},
					} as const,
				]
			: []),
		...[...former.keys()]
			.filter((id) => !left.has(id))
			.map((id) => ({ kind: "removed", id }) as const),
		...after.subnets.flatMap((subnet) =>
			subnetChanges(former.get(subnet.id), subnet, one, faults),
		),
	];
}

function subnetChanges(
	before: Subnet | undefined,
	{ id, prefixes, routeTable }: Subnet,
	one: Wanted,
	faults: Fault[],
): ProposedChange[] {
	const name = id.slice(id.lastIndexOf("/") + 1);
	const at = one.parts.get(name) ?? one.at[0] ?? "resources";
	if (before === undefined && !prefixes.some(isIpv4))
		faults.push({
			field: `${at}.properties.addressPrefix`,
			detail: `${at}.properties.addressPrefix is missing: subnet ${id} is new, so give its IPv4 prefix.`,
		});
	if (before === undefined)
		return [{ kind: "new-subnet", subnet: id, prefixes, routeTable }];
	return [
		...(JSON.stringify(before.prefixes) === JSON.stringify(prefixes)
			? []
			: [{ kind: "subnet-prefixes", subnet: id, prefixes } as const]),
		...(before.routeTable === routeTable
			? []
			: [{ kind: "subnet-route-table", subnet: id, routeTable } as const]),
	];
}

function isIpv4(prefix: string): boolean {
	return ipv4PrefixLength(prefix) !== null;
}

function routeTableChanges(
	one: Wanted,
	now: ArmResource | null,
): ProposedChange[] {
	const after = routeTableOfArm(
		laidOver(one, now ?? { id: one.id, properties: { routes: [] } }, "routes"),
	);
	const before = now === null ? null : routeTableOfArm({ ...now });
	return before?.routes === after.routes
		? []
		: [{ kind: "route-table", table: after }];
}
