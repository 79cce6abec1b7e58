import { groupKey, parseArmId } from "../arm.ts";
import type { Cluster, Inventory, NodePool } from "../inventory/facts.ts";
import { settledMs } from "../inventory/settled.ts";
import type { ChangedValue, HeardChange } from "./heardChange.ts";
import { changedCluster } from "./place.ts";

/** What was read, and how new it is. */
export interface Shown {
	readonly inventory: Pick<Inventory, "clusters" | "scaleSets">;
	/** When a resource was read by ARM (ISO 8601), by ID. That is what it is, not what it was. */
	readonly readByArm: ReadonlyMap<string, string>;
	/** Milliseconds since 1970. */
	readonly now: number;
}

/** Changes whose effect is not in the rows yet, newest first in `changes`. An audit of such rows proves nothing. */
export function notSeen(
	changes: readonly HeardChange[],
	shown: Shown,
): HeardChange[] {
	const compared = new Set<string>();
	return changes.filter((change) => {
		if (isReadByArm(change, shown)) return false;
		if (change.kind !== "update") return isUndone(change, shown);
		const values = (change.values ?? []).filter(({ path }) => {
			const key = `${change.resource} ${path.toLowerCase()}`;
			// A later change of the same property says what it must be now.
			if (compared.has(key)) return false;
			compared.add(key);
			return true;
		});
		const seen = values.flatMap((value) => {
			const now = shownValue(change, value, shown);
			return now === undefined ? [] : [{ ...value, now }];
		});
		if (seen.length === 0) return isYoung(change, shown);
		return seen.some(
			({ before, after, now }) => now !== after && now === before,
		);
	});
}

function isReadByArm({ resource, type, at }: HeardChange, shown: Shown) {
	const read = [
		resource,
		changedCluster({ resource, type }),
		networkOf(resource),
	];
	return read.some((id) => {
		const when = id === null ? undefined : shown.readByArm.get(id);
		return when !== undefined && when >= at;
	});
}

function networkOf(resource: string): string | null {
	const [network, subnet] = resource.split("/subnets/");
	return subnet === undefined ? null : (network ?? null);
}

/** What was created is not there, or what was deleted is. Only clusters and scale sets are looked for. */
function isUndone(change: HeardChange, shown: Shown): boolean {
	const { resource, kind, type } = change;
	const { clusters, scaleSets } = shown.inventory;
	if (type === "microsoft.containerservice/managedclusters")
		return clusters.some(({ id }) => id === resource) !== (kind === "create");
	if (type === "microsoft.containerservice/managedclusters/agentpools") {
		const pool = poolOf(clusters, change, null);
		return (pool !== undefined) !== (kind === "create");
	}
	if (type === "microsoft.compute/virtualmachinescalesets")
		return scaleSets.some(({ id }) => id === resource) !== (kind === "create");
	return isYoung(change, shown);
}

function isYoung({ at }: HeardChange, { now }: Shown): boolean {
	return now - Date.parse(at) < settledMs;
}

/** What the rows show of a property, as a text. Null: not set. Undefined: they do not tell. */
function shownValue(
	change: HeardChange,
	{ path }: ChangedValue,
	{ inventory }: Shown,
): string | null | undefined {
	if (change.type === "microsoft.compute/virtualmachinescalesets") {
		if (path.toLowerCase() !== "sku.capacity") return undefined;
		const set = inventory.scaleSets.find(({ id }) => id === change.resource);
		return set === undefined || set.capacity === null
			? undefined
			: String(set.capacity);
	}
	const property = /([a-z]+)$/i.exec(path)?.[1]?.toLowerCase() ?? "";
	const read = Object.hasOwn(ofPool, property) ? ofPool[property] : undefined;
	const pool = poolOf(inventory.clusters, change, path);
	if (read === undefined || pool === undefined) return undefined;
	const value = read(pool);
	return value === null ? null : String(value);
}

const ofPool: Readonly<
	Record<string, (pool: NodePool) => number | string | null>
> = {
	maxcount: ({ maxNodes }) => maxNodes,
	mincount: ({ minNodes }) => minNodes,
	count: ({ reportedNodes }) => reportedNodes,
	maxpods: ({ maxPods }) => maxPods,
};

/** The pool that a change is about: its own, or the one that the path names. */
function poolOf(
	clusters: readonly Cluster[],
	{ type, resource }: HeardChange,
	path: string | null,
): NodePool | undefined {
	const cluster = changedCluster({ type, resource });
	const pools = clusters.find(({ id }) => id === cluster)?.pools;
	const own = resource.split("/agentpools/")[1];
	if (own !== undefined) return pools?.find(({ name }) => name === own);
	const place = /agentpoolprofiles\[(?:(\d+)|"([^"]+)")\]/i.exec(path ?? "");
	if (place === null) return undefined;
	const [, index, name] = place;
	return name === undefined
		? pools?.[Number(index)]
		: pools?.find((one) => one.name === name);
}

/** Whether a change can concern a cluster: its own, its nodes', or of something that it uses. */
export function concerns(
	{ resource, type }: HeardChange,
	cluster: {
		readonly id: string;
		/** `subscription/node resource group`. */
		readonly group: string;
		/** IDs of what it uses, networks included. */
		readonly uses: ReadonlySet<string>;
	},
): boolean {
	if (changedCluster({ resource, type }) === cluster.id) return true;
	const parts = parseArmId(resource);
	return (
		cluster.uses.has(resource) ||
		(parts !== null &&
			groupKey(parts.subscription, parts.resourceGroup) === cluster.group)
	);
}
