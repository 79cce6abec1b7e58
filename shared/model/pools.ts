import type { Cluster, NodePool, ScaleSet } from "../inventory/facts.ts";
import { defaultMaxPods } from "../inventory/nodePools.ts";
import type { ResolvedPool } from "./cluster.ts";
import { hostedSystemPool } from "./entries.ts";
import { poolGrowth } from "./growth.ts";
import { networkModelOf } from "./networks/networkModel.ts";
import { nodeSubnetOf } from "./nodeSubnets.ts";
import { measuredPerNode } from "./perNode.ts";
import type { Places } from "./places.ts";
import {
	capacityOf,
	countedByAzure,
	leastNodes,
	nodesAtFull,
	nodesNow,
	whyNodesMissing,
} from "./poolNodes.ts";
import { atLeast, nothing } from "./range.ts";
import type { SurgeRule } from "./surge.ts";

export function resolvePool(
	cluster: Cluster,
	pool: NodePool,
	scaleSets: readonly ScaleSet[],
	places: Places,
): ResolvedPool {
	const missing = whyNodesMissing(cluster, pool, scaleSets, places);
	const { nodes, source } =
		missing === null
			? nodesNow(cluster, pool, scaleSets)
			: {
					nodes: atLeast(leastNodes(cluster, pool, scaleSets, places)),
					source: "assumed" as const,
				};
	const full =
		missing === null
			? nodesAtFull(cluster, pool, nodes)
			: { low: nodes.low, high: null };
	const nodeSubnet = nodeSubnetOf(cluster, pool.nodeSubnet, scaleSets, places);
	return {
		name: pool.name,
		model: networkModelOf(cluster, pool),
		windows: pool.windows,
		maxPods: pool.maxPods,
		maxPodsAssumed: pool.maxPodsAssumed,
		autoProvisioned: false,
		hosted: pool.mode === "managed-system",
		system: pool.mode === "system",
		gateway: pool.mode === "gateway",
		nodeSubnet,
		subnetNamed: pool.nodeSubnet !== null,
		podSubnet: pool.podSubnet,
		routeTable: null,
		nodes,
		nodesSource: source,
		...poolGrowth(surgeRuleOf(pool), nodes, full, pool.maxNodes),
		surgeRule: surgeRuleOf(pool),
		...measuredPerNode(cluster, scaleSets, nodeSubnet),
		deallocates: pool.deallocates,
		mostNodes: pool.mostNodes,
		missing,
		podsMissing:
			cluster.modelUnknown ??
			(pool.staticBlocks === null
				? (notUnderstoodAbout(pool, "pods") ??
					"its allocation mode is not understood")
				: null),
		surgeMissing:
			pool.surge.kind === "unknown"
				? (notUnderstoodAbout(pool, "upgrade") ??
					"its upgrade settings are not understood")
				: null,
		countedByAzure: countedByAzure(pool, nodes),
		minNodes: pool.minNodes,
		maxNodes: pool.maxNodes,
		nodeSettings: pool.nodeSettings,
	};
}

function notUnderstoodAbout(
	{ notUnderstood }: NodePool,
	sum: "pods" | "upgrade",
): string | undefined {
	return notUnderstood.find(({ about }) => about === sum)?.reason;
}

/** Kept with the pool, so that what other settings would lead to can be worked out without its row. */
function surgeRuleOf(pool: NodePool): SurgeRule {
	const { surge, spot, type, kubernetesVersion, upgrading, deallocates } = pool;
	return {
		surge,
		spot,
		type,
		kubernetesVersion,
		upgrading,
		deallocates,
		wantedNodes: pool.reportedNodes,
	};
}

/** Its subnets are used, nobody can say how much: a scale set tells at least how many nodes there are. */
export function unreadPool(
	cluster: Cluster,
	pool: Cluster["unreadPools"][number],
	scaleSets: readonly ScaleSet[],
	places: Places,
): ResolvedPool {
	const nodeSubnet = nodeSubnetOf(cluster, pool.nodeSubnet, scaleSets, places);
	const missing = `pool ${pool.name}: ${pool.reason}`;
	const counted = capacityOf(scaleSets);
	const isCounted = scaleSets.length > 0 && counted.high !== null;
	const before = places.known.get(cluster.id)?.nodes[pool.name] ?? 0;
	const nodes = isCounted
		? counted
		: atLeast(Math.max(counted.low ?? 0, before));
	const model = networkModelOf(cluster, {
		podSubnet: pool.podSubnet,
		staticBlocks: false,
	});
	return {
		...unnamedPool,
		name: pool.name,
		model,
		maxPods: defaultMaxPods(cluster, pool.podSubnet !== null),
		maxPodsAssumed: true,
		nodeSubnet,
		subnetNamed: pool.nodeSubnet !== null,
		podSubnet: pool.podSubnet,
		nodes,
		nodesSource: isCounted ? "measured" : "assumed",
		nodesAtFull: atLeast(nodes.low ?? 0),
		growth: atLeast(0),
		surge: atLeast(0),
		surgeAtFull: atLeast(0),
		...measuredPerNode(cluster, scaleSets, nodeSubnet),
		missing,
		podsMissing: missing,
		countedByAzure: atLeast(nodes.low ?? 0),
	};
}

/** Nodes that Azure runs itself in the owner's subnet: seen in its list, and how many come is Azure's affair. */
export function hostedSystemPools(
	cluster: Cluster,
	places: Places,
): ResolvedPool[] {
	const subnet = cluster.hostedSystem?.systemSubnet ?? null;
	if (subnet === null) return [];
	const listed = places.subnets.get(subnet)?.ipConfigurations ?? null;
	return [
		{
			...unnamedPool,
			name: hostedSystemPool,
			model: "byo-cni",
			maxPods: 250,
			maxPodsAssumed: true,
			hosted: true,
			nodeSubnet: subnet,
			subnetNamed: true,
			nodes: { low: 0, high: listed },
			nodesSource: "measured",
			nodesAtFull: atLeast(0),
			growth: atLeast(0),
			surge: atLeast(0),
			surgeAtFull: atLeast(0),
			countedByAzure: nothing,
		},
	];
}

/** Auto-provisioned nodes are replaced one by one, by auto-provisioning itself. */
const noSurge: SurgeRule = {
	surge: { kind: "nodes", nodes: 0 },
	spot: false,
	type: "virtual-machines",
	kubernetesVersion: "",
	upgrading: false,
	deallocates: false,
	wantedNodes: null,
};

/** What pools have in common that the cluster does not list as such. */
export const unnamedPool = {
	windows: false,
	autoProvisioned: false,
	hosted: false,
	system: false,
	gateway: false,
	podSubnet: null,
	routeTable: null,
	surge: nothing,
	surgeAtFull: nothing,
	surgeRule: noSurge,
	addressesPerNode: null,
	slotsPerNode: null,
	extraSubnets: [],
	deallocates: false,
	mostNodes: null,
	missing: null,
	podsMissing: null,
	surgeMissing: null,
	minNodes: null,
	maxNodes: null,
	nodeSettings: null,
} as const;
