import { networkOfSubnet, subnetName } from "../arm.ts";
import type { BudgetKind, BudgetName, Range } from "../contract.ts";
import type { KeptUse, ResolvedPool, Source, UsingCluster } from "./cluster.ts";
import type { NodeDemand } from "./networks/demand.ts";
import { nodeDemands } from "./networks/networkModel.ts";
import { add, atLeast, exactly, multiply, nothing, words } from "./range.ts";

/** What one pool (or a cluster's API server) uses one budget, now and as it may grow. */
export interface Entry {
	readonly budget: BudgetName;
	readonly cluster: string;
	readonly pool: string | null;
	readonly nodes: Range;
	readonly growth: Range;
	readonly surge: Range;
	readonly surgeAtFull: Range;
	/** Nodes that the pool can have at most, whatever else there is room for. Null for no such limit. */
	readonly mostNodes: number | null;
	/** Units a node. */
	readonly perNode: Range;
	/** Units used whatever the nodes. */
	readonly fixed: Range;
	/** What is missing of the rows that its nodes follow from, in words, or null. */
	readonly missing: string | null;
	/** The same for the nodes that an upgrade adds. */
	readonly surgeMissing: string | null;
	readonly source: Source;
	readonly reason: string;
}

/** Represents the nodes that Azure runs itself in a subnet of the owner. No pool of AKS can have this name. */
export const hostedSystemPool = "(managed system nodes)";

/** The API server takes at least nine addresses of its delegated subnet (AKS API server VNet integration). */
const apiServerAddresses = 9;

/** Asked for several times: for sums and histories, and of a cluster that is made, for lists and shared budgets, too. */
const entriesByCluster = new WeakMap<UsingCluster, readonly Entry[]>();

/** Everything that a cluster uses. */
export function entriesOf(cluster: UsingCluster): readonly Entry[] {
	const known = entriesByCluster.get(cluster);
	if (known !== undefined) return known;
	const entries = makeEntries(cluster);
	entriesByCluster.set(cluster, entries);
	return entries;
}

function makeEntries(cluster: UsingCluster): Entry[] {
	return [
		...cluster.pools.flatMap((pool) => poolEntries(cluster, pool)),
		...inNetworks(
			cluster,
			cluster.apiServerSubnet === null
				? []
				: [apiServerEntry(cluster, cluster.apiServerSubnet)],
			exactly(0),
		),
		...cluster.kept.map((use) => keptEntry(cluster, use)),
	];
}

/** Everything that the nodes of one pool use. */
export function poolEntries(
	cluster: UsingCluster,
	pool: ResolvedPool,
): Entry[] {
	const demands = [
		...nodeDemands(cluster, pool),
		...nodeCountDemands(cluster, pool),
	];
	const entries = demands.map((demand) => {
		const measured = measuredDemand(pool, demand);
		return entryOf(cluster, pool, measured, {
			budget: budgetOf(cluster, pool, demand.kind),
			perNode: pool.hosted ? { ...measured.units, low: 0 } : measured.units,
			source: sourceOf(pool, measured),
			reason: pool.hosted
				? `${measured.reason}; hosted by Azure, may need none`
				: measured.reason,
		});
	});
	for (const { subnet, addresses } of pool.extraSubnets)
		entries.push(
			entryOf(cluster, pool, null, {
				budget: { id: subnet, kind: "subnet", name: subnetName(subnet) },
				perNode: addresses,
				source: "measured",
				reason: "counted on a further network interface",
			}),
		);
	return inNetworks(cluster, entries, pool.slotsPerNode);
}

function entryOf(
	cluster: UsingCluster,
	pool: ResolvedPool,
	demand: NodeDemand | null,
	{
		budget,
		perNode,
		source,
		reason,
	}: Pick<Entry, "budget" | "perNode" | "source" | "reason">,
): Entry {
	const { nodes, growth, surge, surgeAtFull, mostNodes } = pool;
	return {
		cluster: cluster.id,
		pool: pool.name,
		nodes,
		growth,
		surge,
		surgeAtFull,
		mostNodes,
		fixed: nothing,
		missing: pool.missing ?? demand?.missing ?? null,
		surgeMissing: pool.surgeMissing,
		budget,
		perNode,
		source,
		reason,
	};
}

/** Entries as the fleet judges their subnets, and once more for each network that is itself a limit. */
function inNetworks(
	cluster: UsingCluster,
	entries: Entry[],
	slots: Range | null,
): Entry[] {
	const withRoles = hasRoles(cluster);
	if (cluster.largeNetworks.length === 0 && !withRoles) return entries;
	const judged = withRoles
		? entries.map((entry) => inRole(entry, cluster.roles))
		: entries;
	if (cluster.largeNetworks.length === 0) return mergedByPool(judged);
	const large = entries.flatMap((entry): Entry[] => {
		const network = networkOfSubnet(entry.budget.id);
		if (!cluster.largeNetworks.includes(network)) return [];
		const name = network.split("/").at(-1) ?? network;
		const isNode = entry.budget.kind === "subnet" && slots !== null;
		return [
			{
				...entry,
				budget: { id: network, kind: "virtual-network", name },
				perNode: isNode && entry.pool !== null ? slots : entry.perNode,
			},
		];
	});
	return mergedByPool([...judged, ...large]);
}

function hasRoles({ roles }: UsingCluster): boolean {
	for (const _ in roles) return true;
	return false;
}

/** A block of a static pod subnet, in addresses. */
const addressesPerBlock = exactly(16);

/** Blocks are counted in addresses where something else than blocks is in their subnet, too. */
function inRole(entry: Entry, roles: UsingCluster["roles"]): Entry {
	const kind = roles[entry.budget.id];
	if (kind === undefined || kind === entry.budget.kind) return entry;
	return {
		...entry,
		budget: { ...entry.budget, kind },
		...(entry.budget.kind === "pod-blocks" && {
			perNode: multiply(entry.perNode, addressesPerBlock),
			reason: `${entry.reason}, counted in IPs`,
		}),
	};
}

/** A pool that uses one budget for its nodes and for its pods is one entry: its nodes come with all that they take. */
function mergedByPool(entries: readonly Entry[]): Entry[] {
	const merged: Entry[] = [];
	for (const entry of entries) {
		// A pool has a handful of entries: looking through them costs less than a key.
		const index = merged.findIndex((one) => isSameUse(one, entry));
		const before = merged[index];
		if (before === undefined) merged.push(entry);
		else
			merged[index] = {
				...before,
				perNode: add(before.perNode, entry.perNode),
				fixed: add(before.fixed, entry.fixed),
				missing: before.missing ?? entry.missing,
				reason: `${before.reason}, and ${entry.reason}`,
			};
	}
	return merged;
}

function isSameUse(a: Entry, b: Entry): boolean {
	return (
		a.budget.kind === b.budget.kind &&
		a.pool === b.pool &&
		a.budget.id === b.budget.id
	);
}

/** What was last known of a use that tonight's rows cannot show. */
function keptEntry(
	cluster: UsingCluster,
	{ budget, demand, reason }: KeptUse,
): Entry {
	return {
		budget,
		cluster: cluster.id,
		pool: null,
		nodes: nothing,
		growth: atLeast(0),
		surge: nothing,
		surgeAtFull: nothing,
		mostNodes: null,
		perNode: exactly(1),
		fixed: demand,
		missing: reason,
		surgeMissing: null,
		source: "assumed",
		reason: `last known: ${words(demand)}`,
	};
}

/**
 * The scale set's own model counts the IPs of a node in its subnet: no derived number outranks that. If the network
 * model says another number, the reader is told.
 */
function measuredDemand(pool: ResolvedPool, demand: NodeDemand): NodeDemand {
	const { addressesPerNode, maxPods } = pool;
	if (demand.kind !== "subnet" || addressesPerNode === null) return demand;
	const counted = `counted on network interfaces, max pods ${maxPods}`;
	return {
		kind: demand.kind,
		units: addressesPerNode,
		source: "measured",
		reason: isWithin(addressesPerNode, demand.units)
			? counted
			: `${counted}, expected ${words(demand.units)}`,
	};
}

function isWithin(inner: Range, outer: Range): boolean {
	const reach = (end: number | null) => end ?? Number.POSITIVE_INFINITY;
	return (
		(inner.low ?? 0) >= (outer.low ?? 0) &&
		reach(inner.high) <= reach(outer.high)
	);
}

function sourceOf(pool: ResolvedPool, demand: NodeDemand): Source {
	if (pool.hosted || pool.nodesSource === "assumed") return "assumed";
	if (demand.source === "assumed") return "assumed";
	return demand.source === "measured" && pool.nodesSource === "measured"
		? "measured"
		: "derived";
}

/** Nodes themselves are finite: 5,000 a cluster, 1,000 a pool. Auto-provisioned ones belong to no pool of AKS. */
function nodeCountDemands(
	cluster: UsingCluster,
	pool: ResolvedPool,
): NodeDemand[] {
	if (pool.name === hostedSystemPool) return [];
	return pool.autoProvisioned || cluster.availabilitySet
		? [nodeOfCluster]
		: [nodeOfCluster, nodeOfPool];
}

const one = { units: exactly(1), source: "derived", reason: "" } as const;
const nodeOfCluster: NodeDemand = { kind: "cluster-nodes", ...one };
const nodeOfPool: NodeDemand = { kind: "pool-nodes", ...one };

function apiServerEntry(cluster: UsingCluster, subnet: string): Entry {
	return {
		budget: {
			id: subnet === "" ? `${cluster.id}/api-server-subnet` : subnet,
			kind: "api-server-subnet",
			name: subnet === "" ? "API server subnet" : subnetName(subnet),
		},
		cluster: cluster.id,
		pool: null,
		nodes: nothing,
		growth: nothing,
		surge: nothing,
		surgeAtFull: nothing,
		mostNodes: null,
		perNode: nothing,
		fixed: exactly(apiServerAddresses),
		missing: null,
		surgeMissing: null,
		source: "derived",
		reason: `The API server uses ${apiServerAddresses} IPs`,
	};
}

function budgetOf(
	cluster: UsingCluster,
	pool: ResolvedPool,
	kind: BudgetKind,
): BudgetName {
	switch (kind) {
		case "subnet":
		case "api-server-subnet":
		case "virtual-network":
			return { id: pool.nodeSubnet, kind, name: subnetNameOf(pool) };
		case "pod-subnet":
		case "pod-blocks":
			return {
				id: pool.podSubnet ?? `${cluster.id}/${kind}/${pool.name}`,
				kind,
				name:
					pool.podSubnet === null
						? `pods of ${pool.name}`
						: subnetName(pool.podSubnet),
			};
		case "routes": {
			const id = pool.routeTable ?? `${cluster.id}/routes`;
			return { id, kind, name: id.split("/").at(-1) ?? id };
		}
		case "pod-range":
			return {
				id: podRangeId(cluster.id),
				kind,
				name: cluster.podCidr || "(not reported)",
			};
		case "cluster-nodes":
			return {
				id: `${cluster.id}/cluster-nodes`,
				kind,
				name: cluster.name,
			};
		case "pool-nodes":
			return {
				id: `${cluster.id}/pool-nodes/${pool.name}`,
				kind,
				name: pool.name,
			};
	}
}

function subnetNameOf({ nodeSubnet }: ResolvedPool): string {
	return isSubnetId(nodeSubnet)
		? subnetName(nodeSubnet)
		: "(network not visible)";
}

/** False for the placeholder of a subnet that nobody could find. */
export function isSubnetId(id: string): boolean {
	return id.includes("/subnets/");
}

export function podRangeId(cluster: string): string {
	return `${cluster}/pod-range`;
}

export function demandNow(entry: Entry): Range {
	return add(multiply(entry.nodes, entry.perNode), entry.fixed);
}

export function addedDemand(entry: Entry): Range {
	return multiply(entry.growth, entry.perNode);
}
