import { blockAt } from "./addresses.ts";
import { interfaceId, networkInterface } from "./builders/networkInterface.ts";
import { nodeRoute } from "./builders/routeTable.ts";
import { nicConfigurationNames, scaleSet } from "./builders/scaleSet.ts";
import { virtualMachine, virtualMachineId } from "./builders/virtualMachine.ts";
import {
	type ClusterSpec,
	defaultPodCidr,
	defaultVersion,
	heldPerNode,
	heldPerProvisionedNode,
	liveNodes,
	type PoolSpec,
	poolType,
} from "./clusterSpec.ts";
import type { Scope } from "./ids.ts";
import type { Ledger } from "./ledger.ts";
import { eightDigits, fiveCharacters, hash32, scaleSetNode } from "./naming.ts";
import { interfaceHolders, scaleSetHolders } from "./otherResources.ts";
import type { RawResource } from "./rawResource.ts";

/** The subnets of a cluster's nodes, and what tells them apart. */
export interface NodePlace {
	readonly scope: Scope;
	/** The eight digits that all resources of the cluster share. */
	readonly suffix: string;
	readonly subnetOf: (pool?: PoolSpec) => string;
}

/** The machines of all pools and of Karpenter. Their addresses and routes go into the ledger. */
export function clusterNodes(
	cluster: ClusterSpec,
	place: NodePlace,
	ledger: Ledger,
): RawResource[] {
	const pools = cluster.pools.map((pool) =>
		poolType(pool) === "VirtualMachineScaleSets"
			? scaleSetPool(cluster, pool, place, ledger)
			: machinePool(cluster, pool, place, ledger),
	);
	if (cluster.model === "kubenet")
		addNodeRoutes(
			cluster,
			pools.flatMap(({ nodes }) => nodes),
			place,
			ledger,
		);

	return [
		...pools.flatMap(({ resources }) => resources),
		...provisionedNodes(cluster, place, ledger),
	];
}

interface PoolParts {
	readonly resources: readonly RawResource[];
	readonly nodes: readonly string[];
}

function scaleSetPool(
	cluster: ClusterSpec,
	pool: PoolSpec,
	{ scope, suffix, subnetOf }: NodePlace,
	ledger: Ledger,
): PoolParts {
	const windows = pool.os === "Windows";
	const digits = eightDigits(`${cluster.name}/${pool.name}`);
	const name = windows ? `aks${pool.name}` : `aks-${pool.name}-${digits}-vmss`;
	const capacity = liveNodes(cluster, pool);
	const subnet = subnetOf(pool);
	const addresses = heldPerNode(cluster.model, pool);
	const { dualStack = false, version = defaultVersion } = cluster;

	const configurations = nicConfigurationNames(addresses, dualStack);
	// One network in four is of the older kind.
	const loud = hash32(subnet.toLowerCase()) % 4 > 0;
	ledger.hold(
		subnet,
		scaleSetHolders(scope, name, capacity, configurations, loud),
	);
	const resource = scaleSet({
		scope,
		name,
		location: cluster.location,
		pool: pool.name,
		capacity,
		windows,
		spot: pool.spot ?? false,
		overlay: cluster.model === "overlay",
		version,
		suffix,
		subnet,
		addresses,
		dualStack,
		...(pool.vmSize === undefined ? {} : { vmSize: pool.vmSize }),
	});
	const nodes = Array.from({ length: capacity }, (_, instance) =>
		scaleSetNode(name, instance),
	);
	return { resources: [resource], nodes };
}

/** Pools of single machines: VirtualMachines and the availability sets of old. */
function machinePool(
	cluster: ClusterSpec,
	pool: PoolSpec,
	place: NodePlace,
	ledger: Ledger,
): PoolParts {
	const stem = `aks-${pool.name}-${eightDigits(`${cluster.name}/${pool.name}`)}`;
	const kind = poolType(pool) === "AvailabilitySet" ? "-" : "-vms";
	const nodes = Array.from(
		{ length: liveNodes(cluster, pool) },
		(_, instance) => `${stem}${kind}${instance}`,
	);
	const subnet = place.subnetOf(pool);
	const configurations = nicConfigurationNames(
		heldPerNode(cluster.model, pool),
	);
	const tags = { "aks-managed-poolName": pool.name };

	const resources = nodes.flatMap((node) =>
		machine(cluster, place, ledger, {
			node,
			nic: `${node}-nic`,
			subnet,
			configurations,
			tags,
		}),
	);
	return { resources, nodes };
}

function provisionedNodes(
	cluster: ClusterSpec,
	place: NodePlace,
	ledger: Ledger,
): RawResource[] {
	const held = heldPerProvisionedNode(cluster.model);

	return (cluster.provisioned ?? []).flatMap(({ nodePool, nodes }) =>
		Array.from({ length: nodes }, (_, index) => {
			const seed = `${cluster.name}/${nodePool}/${index}`;
			const node = `aks-${nodePool}-${fiveCharacters(seed)}`;
			return machine(cluster, place, ledger, {
				node,
				nic: node,
				subnet: place.subnetOf(),
				configurations: [node, ...nicConfigurationNames(held - 1)],
				tags: {
					"karpenter.azure.com_cluster": cluster.name,
					"karpenter.sh_nodepool": nodePool,
					"compute.aks.billing": "linux",
				},
			});
		}).flat(),
	);
}

interface Machine {
	readonly node: string;
	readonly nic: string;
	readonly subnet: string;
	readonly configurations: readonly string[];
	readonly tags: Readonly<Record<string, string>>;
}

function machine(
	{ location }: ClusterSpec,
	{ scope }: NodePlace,
	ledger: Ledger,
	{ node, nic, subnet, configurations, tags }: Machine,
): RawResource[] {
	ledger.hold(subnet, interfaceHolders(scope, nic, configurations));
	return [
		virtualMachine({
			scope,
			name: node,
			location,
			size: "Standard_D8ds_v5",
			networkInterface: interfaceId(scope, nic),
			tags,
		}),
		networkInterface({
			scope,
			name: nic,
			location,
			subnet,
			configurations: configurations.map((name) => ({
				name,
				address: ledger.nextAddress(subnet),
			})),
			virtualMachine: virtualMachineId(scope, node),
			tags,
		}),
	];
}

function addNodeRoutes(
	cluster: ClusterSpec,
	nodes: readonly string[],
	place: NodePlace,
	ledger: Ledger,
): void {
	const { podCidr = defaultPodCidr } = cluster;
	const subnet = place.subnetOf();
	for (const [index, node] of nodes.entries())
		ledger.addRoute(
			subnet,
			nodeRoute(node, blockAt(podCidr, 24, index), ledger.nextAddress(subnet)),
		);
}
