import { armId, groupKey } from "../arm.ts";
import type { AutoProvisionedNode, Cluster } from "../inventory/facts.ts";
import type { ResolvedPool } from "./cluster.ts";
import { networkModelOf } from "./networks/networkModel.ts";
import { nodeSubnetOf } from "./nodeSubnets.ts";
import { rangeOf } from "./perNode.ts";
import type { Places } from "./places.ts";
import { unnamedPool } from "./pools.ts";
import { atLeast, exactly, nothing } from "./range.ts";

/** Name of the pool for nodes that auto-provisioning may still add. No pool of AKS can have this name. */
export const autoProvisionedPool = "(auto-provisioned)";

/** The same for auto-provisioned nodes whose interfaces were seen before, and are among the rows that are missing now. */
const missingNodesPool = "(not read)";

/** Nodes of auto-provisioning as they are, and pools for those that may come: nobody sets them a maximum that ARM shows. */
export function autoProvisionedPools(
	cluster: Cluster,
	siblings: readonly ResolvedPool[],
	places: Places,
): ResolvedPool[] {
	const group = groupKey(cluster.subscription, cluster.nodeResourceGroup);
	const nodes = (places.autoProvisionedByGroup.get(group) ?? []).filter(
		({ hasMachine }) => hasMachine,
	);
	const missing = missingNodes(cluster, places);
	if (nodes.length === 0 && !cluster.autoProvisioning && missing.length === 0)
		return [];
	const home = homeOf(cluster, siblings, places);
	const pods = siblings.find(({ podSubnet }) => podSubnet !== null)?.podSubnet;
	const base = (subnet: string): ResolvedPool =>
		autoProvisioned(cluster, subnet, pods ?? null);
	const groups = groupNodes(nodes, home);
	const now = groups.map((own) => ({
		...base(own.subnet),
		name: own.pool,
		nodes: exactly(own.count),
		addressesPerNode: own.addresses === null ? null : exactly(own.addresses),
		slotsPerNode: own.slots === null ? null : exactly(own.slots),
		nodesAtFull: exactly(own.count),
		growth: nothing,
	}));
	const growing = new Set([
		...groups.map(({ subnet }) => subnet),
		...(cluster.autoProvisioning ? [home] : []),
	]);
	const yetToCome = [...growing].map((subnet) => ({
		...base(subnet),
		...likeThose(groups.filter((own) => own.subnet === subnet)),
	}));
	const lost = missing.map(
		({ subnet, nodes, reason }): ResolvedPool => ({
			...base(subnet === "" ? home : subnet),
			name: missingNodesPool,
			nodes: atLeast(nodes),
			nodesSource: "assumed",
			missing: reason,
		}),
	);
	return [...now, ...yetToCome, ...lost];
}

/** Where auto-provisioning puts nodes unless a resource inside the cluster says otherwise. */
function homeOf(
	cluster: Cluster,
	siblings: readonly ResolvedPool[],
	places: Places,
): string {
	const hosted = cluster.hostedSystem?.nodeSubnet ?? null;
	if (hosted !== null) return hosted;
	const machines = cluster.pools.find(({ mode }) => mode === "machines");
	const sibling = siblings[0]?.nodeSubnet ?? machines?.nodeSubnet ?? null;
	return sibling ?? nodeSubnetOf(cluster, null, [], places);
}

interface MissingNodes {
	/** "" for where auto-provisioning puts nodes. */
	readonly subnet: string;
	readonly nodes: number;
	readonly reason: string;
}

/** Auto-provisioned nodes that were seen before, and may be among rows that are missing now. */
function missingNodes(cluster: Cluster, places: Places): MissingNodes[] {
	const group = groupKey(cluster.subscription, cluster.nodeResourceGroup);
	const before = places.known.get(cluster.id)?.machines ?? {};
	const now = machinesOf(cluster, places);
	const fewer = Object.entries(before).flatMap(([subnet, count]) => {
		const nodes = count - (now[subnet] ?? 0);
		return nodes > 0 ? [{ subnet, nodes }] : [];
	});
	const unreadable = places.unreadableGroups.get(group);
	if (unreadable !== undefined)
		return (
			fewer.length > 0 || !cluster.autoProvisioning
				? fewer
				: [{ subnet: "", nodes: 0 }]
		).map((one) => ({ ...one, reason: unreadable }));
	if (places.lost.autoProvisionedNodes === 0) return [];
	return fewer.map((one) => ({
		...one,
		reason: `${one.nodes} interfaces of auto-provisioned nodes are missing from the answer of Resource Graph, which lost rows`,
	}));
}

/** Auto-provisioned nodes that are seen, by subnet. */
export function machinesOf(
	{ subscription, nodeResourceGroup }: Cluster,
	{ autoProvisionedByGroup }: Places,
): Record<string, number> {
	const group = groupKey(subscription, nodeResourceGroup);
	const machines: Record<string, number> = {};
	for (const { hasMachine, interface: own } of autoProvisionedByGroup.get(
		group,
	) ?? []) {
		if (!hasMachine) continue;
		const subnet = own?.subnet ?? "";
		machines[subnet] = (machines[subnet] ?? 0) + 1;
	}
	return machines;
}

/** New nodes are assumed to use what the present ones use. */
function likeThose(groups: readonly NodeGroup[]): Partial<ResolvedPool> {
	const addresses = groups.map((own) => own.addresses);
	const slots = groups.map((own) => own.slots);
	if (groups.length === 0 || addresses.includes(null)) return {};
	return {
		addressesPerNode: rangeOf(addresses, (amount) => amount ?? 0),
		slotsPerNode: rangeOf(slots, (amount) => amount ?? 0),
	};
}

function autoProvisioned(
	cluster: Cluster,
	nodeSubnet: string,
	podSubnet: string | null,
): ResolvedPool {
	const model = networkModelOf(cluster, { podSubnet, staticBlocks: false });
	return {
		...unnamedPool,
		name: autoProvisionedPool,
		model,
		maxPods: model === "node-subnet" ? 30 : 250,
		maxPodsAssumed: true,
		autoProvisioned: true,
		nodeSubnet,
		subnetNamed: false,
		podSubnet: model === "dynamic-pod-subnet" ? podSubnet : null,
		nodes: nothing,
		nodesSource: "measured",
		nodesAtFull: atLeast(0),
		growth: atLeast(0),
		podsMissing: cluster.modelUnknown,
		countedByAzure: nothing,
	};
}

interface NodeGroup {
	readonly pool: string;
	readonly subnet: string;
	readonly addresses: number | null;
	readonly slots: number | null;
	readonly count: number;
}

function groupNodes(
	nodes: readonly AutoProvisionedNode[],
	home: string,
): NodeGroup[] {
	const groups = new Map<string, NodeGroup>();
	for (const { pool, interface: own } of nodes) {
		const subnet = armId(own?.subnet ?? home);
		const addresses = own?.addresses ?? null;
		const slots = own === null ? null : own.entries - own.ipv6;
		const key = `${pool}\n${subnet}\n${addresses}\n${slots}`;
		const count = (groups.get(key)?.count ?? 0) + 1;
		groups.set(key, { pool, subnet, addresses, slots, count });
	}
	return [...groups.values()];
}
