import { groupKey, lastName, networkOfSubnet } from "../arm.ts";
import type {
	Cluster,
	Inventory,
	NodeInterface,
	NodePool,
	ScaleSet,
} from "../inventory/facts.ts";
import type { Knowledge } from "../model/known.ts";

import type { ProposedChange } from "./changes.ts";
import { withObserved } from "./observed.ts";

const nothingBefore: Knowledge = {
	auditId: "",
	at: "",
	known: new Map(),
	answered: () => true,
};

/**
 * The inventory as it would be after these changes, in order: fleet and verdicts are made of it as of any other. New nodes
 * are there at once, and what Azure shows as taken of subnets and route tables moves with them.
 */
export function propose(
	inventory: Inventory,
	changes: readonly ProposedChange[],
	before: Knowledge = nothingBefore,
): Inventory {
	return withObserved(inventory, changes.reduce(applied, inventory), {
		changes,
		before,
	});
}

function applied(now: Inventory, change: ProposedChange): Inventory {
	switch (change.kind) {
		case "pool":
			return withPool(now, change);
		case "new-pool":
			return withNewPool(now, change);
		case "removed-pool":
			return withoutPool(now, change.cluster, change.pool);
		case "cluster":
			return withCluster(now, change);
		case "new-cluster":
			return change.cluster.pools.reduce<Inventory>(
				(all, pool) => withScaleSet(all, change.cluster, pool),
				{ ...now, clusters: [...now.clusters, change.cluster] },
			);
		case "other-subnet":
			return withOtherSubnet(now, change);
		case "new-subnet":
			return withNewSubnet(now, change);
		case "subnet-prefixes":
			return {
				...now,
				subnets: now.subnets.map((one) =>
					one.id === change.subnet
						? { ...one, prefixes: change.prefixes }
						: one,
				),
			};
		case "subnet-route-table":
			return {
				...now,
				subnets: now.subnets.map((one) =>
					one.id === change.subnet
						? { ...one, routeTable: change.routeTable }
						: one,
				),
			};
		case "network":
			return {
				...now,
				networks: [
					...now.networks.filter(({ id }) => id !== change.network.id),
					change.network,
				],
			};
		case "route-table":
			return {
				...now,
				routeTables: [
					...now.routeTables.filter(({ id }) => id !== change.table.id),
					change.table,
				],
			};
		case "fewer-other-resources":
			return now;
		case "no-leftovers":
			return withoutLeftovers(now, change.subnet);
		case "removed":
			return without(now, change.id);
	}
}

type Of<Kind extends ProposedChange["kind"]> = Extract<
	ProposedChange,
	{ readonly kind: Kind }
>;

function withPool(
	now: Inventory,
	{ cluster, pool: name, set }: Of<"pool">,
): Inventory {
	const before = poolOf(now, cluster, name);
	const pool: NodePool = {
		...before,
		...(set.maxPods === undefined ? {} : { maxPodsAssumed: false }),
		...(set.maxNodes === undefined
			? {}
			: { autoscaling: set.maxNodes !== null }),
		...set,
	};
	const whole = mapCluster(now, cluster, (one) => ({
		...one,
		pools: one.pools.map((own) => (own.name === name ? pool : own)),
	}));
	const count = set.reportedNodes ?? null;
	const home = set.nodeSubnet ?? null;
	return mapScaleSets(whole, cluster, name, (sets) => {
		const counted =
			count === null
				? sets
				: sets.slice(0, 1).map((one) => ({ ...one, capacity: count }));
		const moved =
			home === null
				? counted
				: counted.map((one) => inSubnet(one, before.nodeSubnet, home));
		return hasOtherIps(before, pool) || set.maxPods !== undefined
			? moved.map((one) => unmeasured(one, pool.nodeSubnet))
			: moved;
	});
}

/** Whether the pods' IPs come from somewhere else: then a node's interface has others. */
function hasOtherIps(before: NodePool, after: NodePool): boolean {
	return (
		(before.podSubnet === null) !== (after.podSubnet === null) ||
		before.staticBlocks !== after.staticBlocks
	);
}

function withNewPool(
	now: Inventory,
	{ cluster: id, pool, interfaces = null }: Of<"new-pool">,
): Inventory {
	const cluster = clusterOf(now, id);
	const whole = mapCluster(now, id, (one) => ({
		...one,
		pools: [...one.pools, pool],
	}));
	return withScaleSet(whole, cluster, pool, interfaces);
}

/** Its nodes exist. Where nothing is said of their interfaces, nobody has measured what they use. */
function withScaleSet(
	now: Inventory,
	cluster: Cluster,
	{ name, type, reportedNodes }: NodePool,
	interfaces: ScaleSet["interfaces"] = null,
): Inventory {
	if (type !== "scale-set") return now;
	const { subscription, nodeResourceGroup } = cluster;
	const set: ScaleSet = {
		id: `/subscriptions/${subscription}/resourcegroups/${nodeResourceGroup}/providers/microsoft.compute/virtualmachinescalesets/aks-${name}-proposed-vmss`,
		group: groupKey(subscription, nodeResourceGroup),
		pool: name,
		capacity: reportedNodes ?? 0,
		interfaces,
		interfacesKnown: true,
	};
	return { ...now, scaleSets: [...now.scaleSets, set] };
}

function withoutPool(now: Inventory, id: string, name: string): Inventory {
	const whole = mapCluster(now, id, (one) => ({
		...one,
		pools: one.pools.filter((own) => own.name !== name),
	}));
	return mapScaleSets(whole, id, name, () => []);
}

/** Another network model changes what every node uses. */
function withCluster(
	now: Inventory,
	{ cluster: id, set }: Of<"cluster">,
): Inventory {
	const whole = mapCluster(now, id, (one) => ({ ...one, ...set }));
	if (set.plugin === undefined && set.overlay === undefined) return whole;
	return clusterOf(now, id).pools.reduce(
		(all, { name, nodeSubnet }) =>
			mapScaleSets(all, id, name, (sets) =>
				sets.map((one) => unmeasured(one, nodeSubnet)),
			),
		whole,
	);
}

function withOtherSubnet(
	now: Inventory,
	{ cluster: id, from, to }: Of<"other-subnet">,
): Inventory {
	const cluster = clusterOf(now, id);
	const group = groupKey(cluster.subscription, cluster.nodeResourceGroup);
	const move = <T extends string | null>(subnet: T) =>
		subnet === from ? to : subnet;
	const moved = <
		T extends {
			readonly nodeSubnet: string | null;
			readonly podSubnet: string | null;
		},
	>(
		pool: T,
	): T => ({
		...pool,
		nodeSubnet: move(pool.nodeSubnet),
		podSubnet: move(pool.podSubnet),
	});
	const { hostedSystem } = cluster;
	const whole = mapCluster(now, id, (one) => ({
		...one,
		pools: one.pools.map(moved),
		unreadPools: one.unreadPools.map(moved),
		hostedSystem: hostedSystem && {
			systemSubnet: move(hostedSystem.systemSubnet),
			nodeSubnet: move(hostedSystem.nodeSubnet),
		},
	}));
	return {
		...whole,
		scaleSets: whole.scaleSets.map((one) =>
			one.group === group ? inSubnet(one, from, to) : one,
		),
		autoProvisionedNodes: whole.autoProvisionedNodes.map((one) =>
			one.group === group && one.interface?.subnet === from
				? { ...one, interface: { ...one.interface, subnet: to } }
				: one,
		),
	};
}

function withNewSubnet(
	now: Inventory,
	{ subnet: id, prefixes, routeTable }: Of<"new-subnet">,
): Inventory {
	const network = networkOfSubnet(id);
	return {
		...now,
		subnets: [
			...now.subnets,
			{ id, prefixes, ipConfigurations: 0, routeTable, linkedClusters: [] },
		],
		networks: now.networks.map((one) =>
			one.id === network ? { ...one, subnets: one.subnets + 1 } : one,
		),
	};
}

function withoutLeftovers(now: Inventory, subnet: string): Inventory {
	const gone = new Set(
		now.autoProvisionedNodes
			.filter((one) => !one.hasMachine && one.interface?.subnet === subnet)
			.map(({ group, id }) => `${group}/${lastName(id)}`),
	);
	const listed = now.listed
		.get(subnet)
		?.filter(
			({ type, group, name }) =>
				type !== "networkinterfaces" || !gone.has(`${group}/${name}`),
		);
	return {
		...now,
		listed: listed ? new Map([...now.listed, [subnet, listed]]) : now.listed,
		otherResources:
			now.otherResources?.filter(
				(one) => one.kind !== "leftover-interface" || one.subnet !== subnet,
			) ?? null,
		autoProvisionedNodes: now.autoProvisionedNodes.filter(
			(one) => one.hasMachine || one.interface?.subnet !== subnet,
		),
	};
}

function without(now: Inventory, id: string): Inventory {
	const cluster = now.clusters.find((one) => one.id === id);
	if (cluster === undefined)
		return {
			...now,
			networks: now.networks.filter((one) => one.id !== id),
			subnets: now.subnets
				.filter((one) => one.id !== id && networkOfSubnet(one.id) !== id)
				.map((one) =>
					one.routeTable === id ? { ...one, routeTable: null } : one,
				),
			routeTables: now.routeTables.filter((one) => one.id !== id),
		};
	const group = groupKey(cluster.subscription, cluster.nodeResourceGroup);
	return {
		...now,
		clusters: now.clusters.filter((one) => one.id !== id),
		scaleSets: now.scaleSets.filter((one) => one.group !== group),
		autoProvisionedNodes: now.autoProvisionedNodes.filter(
			(one) => one.group !== group,
		),
	};
}

function clusterOf({ clusters }: Inventory, id: string): Cluster {
	const found = clusters.find((one) => one.id === id);
	if (found === undefined)
		throw new Error(`no cluster ${id} is in the inventory`);
	return found;
}

function poolOf(now: Inventory, id: string, name: string): NodePool {
	const found = clusterOf(now, id).pools.find((one) => one.name === name);
	if (found === undefined) throw new Error(`cluster ${id} has no pool ${name}`);
	return found;
}

function mapCluster(
	now: Inventory,
	id: string,
	change: (one: Cluster) => Cluster,
): Inventory {
	const before = clusterOf(now, id);
	return {
		...now,
		clusters: now.clusters.map((one) => (one === before ? change(one) : one)),
	};
}

/** The scale sets of one pool. */
function mapScaleSets(
	now: Inventory,
	id: string,
	pool: string,
	change: (sets: readonly ScaleSet[]) => readonly ScaleSet[],
): Inventory {
	const { subscription, nodeResourceGroup } = clusterOf(now, id);
	const group = groupKey(subscription, nodeResourceGroup);
	const isOwn = (set: ScaleSet) => set.group === group && set.pool === pool;
	return {
		...now,
		scaleSets: [
			...now.scaleSets.filter((set) => !isOwn(set)),
			...change(now.scaleSets.filter(isOwn)),
		],
	};
}

function inSubnet(set: ScaleSet, from: string | null, to: string): ScaleSet {
	return mapInterfaces(set, (one) =>
		one.subnet === from ? { ...one, subnet: to } : one,
	);
}

/** Nodes that are made again: what they use in the pool's own subnet is not measured yet. */
function unmeasured(set: ScaleSet, home: string | null): ScaleSet {
	return mapInterfaces(set, (one) =>
		one.subnet === null || home === null || one.subnet === home
			? { ...one, entries: 0, ipv6: 0, addresses: 0 }
			: one,
	);
}

function mapInterfaces(
	set: ScaleSet,
	change: (one: NodeInterface) => NodeInterface,
): ScaleSet {
	return { ...set, interfaces: set.interfaces?.map(change) ?? null };
}
