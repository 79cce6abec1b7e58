import type { ResolvedCluster, ResolvedPool } from "../model/cluster.ts";
import { quoted } from "./shell.ts";

/** `az` commands with the real names; settings are written as they are, names quoted. */

export function updatePool(
	cluster: ResolvedCluster,
	pool: ResolvedPool,
	...settings: readonly string[]
): string {
	return poolCommand("update", cluster, pool.name, settings);
}

export function addPool(
	cluster: ResolvedCluster,
	name: string,
	...settings: readonly string[]
): string {
	return poolCommand("add", cluster, name, settings);
}

export function updateCluster(
	cluster: ResolvedCluster,
	...settings: readonly string[]
): string {
	return [
		"az aks update",
		`--resource-group ${quoted(cluster.resourceGroup)}`,
		`--name ${quoted(cluster.name)}`,
		...settings,
	].join(" ");
}

/** A subnet in a network that may lie in another subscription than the cluster. */
export function createSubnet(
	cluster: ResolvedCluster,
	network: {
		readonly subscription: string;
		readonly resourceGroup: string;
		readonly name: string;
	},
	subnet: { readonly name: string; readonly prefix: string },
	...settings: readonly string[]
): string {
	const { subscription, resourceGroup, name } = network;
	return [
		"az network vnet subnet create",
		...(subscription === cluster.subscription
			? []
			: [`--subscription ${quoted(subscription)}`]),
		`--resource-group ${quoted(resourceGroup)}`,
		`--vnet-name ${quoted(name)}`,
		`--name ${quoted(subnet.name)}`,
		`--address-prefixes ${subnet.prefix}`,
		...settings,
	].join(" ");
}

function poolCommand(
	verb: string,
	cluster: ResolvedCluster,
	pool: string,
	settings: readonly string[],
): string {
	return [
		`az aks nodepool ${verb}`,
		`--resource-group ${quoted(cluster.resourceGroup)}`,
		`--cluster-name ${quoted(cluster.name)}`,
		`--name ${quoted(pool)}`,
		...settings,
	].join(" ");
}

/** A name for a pool in the place of each, which no pool has. */
export function unusedNames(
	cluster: ResolvedCluster,
	pools: readonly ResolvedPool[],
): string[] {
	const used = new Set(cluster.pools.map(({ name }) => name));
	return pools.map((pool) => {
		const name = unusedName(pool, used);
		used.add(name);
		return name;
	});
}

/** Pool names take 12 characters on Linux, 6 on Windows. */
function unusedName(pool: ResolvedPool, used: ReadonlySet<string>): string {
	const longest = pool.windows ? 6 : 12;
	for (let number = 2; ; number++) {
		const suffix = String(number);
		const name = `${pool.name.slice(0, longest - suffix.length)}${suffix}`;
		if (!used.has(name)) return name;
	}
}

/** Where the pool's nodes are and how many: what a pool that takes its place needs as well. */
export function likePool(pool: ResolvedPool): string[] {
	return [
		`--mode ${pool.system ? "System" : pool.gateway ? "Gateway" : "User"}`,
		...(pool.windows ? ["--os-type Windows"] : []),
		...(pool.subnetNamed
			? [`--vnet-subnet-id ${quoted(pool.nodeSubnet)}`]
			: []),
		...(pool.podSubnet === null
			? []
			: [`--pod-subnet-id ${quoted(pool.podSubnet)}`]),
		...(pool.model === "static-block-pod-subnet"
			? ["--pod-ip-allocation-mode StaticBlock"]
			: []),
		...(pool.surgeRule.spot ? ["--priority Spot"] : []),
		...(pool.gateway
			? [`--gateway-prefix-size ${gatewayPrefix(startingNodes(pool))}`]
			: []),
		`--node-count ${startingNodes(pool)}`,
		...(pool.maxNodes === null
			? []
			: [
					"--enable-cluster-autoscaler",
					`--min-count ${pool.minNodes ?? 0}`,
					`--max-count ${pool.maxNodes}`,
				]),
	];
}

/** As many as there are. The CLI refuses a count outside of the autoscaler's bounds, and AKS a system pool of none. */
function startingNodes(pool: ResolvedPool): number {
	const { nodes, minNodes, maxNodes, system } = pool;
	const least = maxNodes === null ? 0 : (minNodes ?? 0);
	const wanted = Math.max(nodes.low ?? 0, least, system ? 1 : 0);
	return Math.min(wanted, maxNodes ?? wanted);
}

/** A gateway's public prefix must hold all of its nodes; /28 to /31 are allowed, and /31 is what AKS takes unasked (static egress gateway). */
function gatewayPrefix(nodes: number): number {
	return Math.max(28, 32 - Math.ceil(Math.log2(Math.max(2, nodes))));
}

/** "pool np", "pools a and b", "pools a, b and c". */
export function poolText(pools: readonly { readonly name: string }[]): string {
	const names = pools.map(({ name }) => name);
	const last = names.pop() ?? "";
	return names.length === 0
		? `pool ${last}`
		: `pools ${names.join(", ")} and ${last}`;
}
