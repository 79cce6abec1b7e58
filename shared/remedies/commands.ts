import type { NodeSettings } from "../inventory/facts.ts";
import type { ResolvedCluster, ResolvedPool } from "../model/cluster.ts";
import { listed } from "../text.ts";
import { quoted } from "./shell.ts";

/** `az` commands with the real names. Settings are written as they are, names quoted. */

/** What a command names of a cluster. */
type Named = Pick<ResolvedCluster, "resourceGroup" | "name">;

export function updatePool(
	cluster: Named,
	pool: Pick<ResolvedPool, "name">,
	...settings: readonly string[]
): string {
	return poolCommand("update", cluster, pool.name, settings);
}

export function addPool(
	cluster: Named,
	name: string,
	...settings: readonly string[]
): string {
	return poolCommand("add", cluster, name, settings);
}

/** To a number of nodes, without an autoscaler. */
export function scalePool(
	cluster: Named,
	pool: Pick<ResolvedPool, "name">,
	nodes: number,
): string {
	return poolCommand("scale", cluster, pool.name, [`--node-count ${nodes}`]);
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

/** A subnet in a network that may are in another subscription than the cluster. */
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
	cluster: Named,
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

/** A name for a pool instead of each, which no pool has. */
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

/** What a pool that takes the place of this one needs to be like it. `<...>` for what is not known. */
export function likePool(pool: ResolvedPool): string[] {
	return [
		`--mode ${pool.system ? "System" : pool.gateway ? "Gateway" : "User"}`,
		...(pool.windows ? ["--os-type Windows"] : []),
		...machineOf(pool),
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
		...surgeOf(pool),
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

function machineOf({ name, nodeSettings }: ResolvedPool): string[] {
	const { vmSize, osSku, zones, labels, taints } =
		nodeSettings ?? unknownSettings;
	const option = (option: string, words: readonly string[]) =>
		words.length === 0 ? [] : [`${option} ${words.map(quoted).join(" ")}`];
	return [
		...(vmSize === null
			? [`--node-vm-size <VM size of pool ${name}>`]
			: option("--node-vm-size", [vmSize])),
		...option("--os-sku", osSku === null ? [] : [osSku]),
		...option("--zones", zones),
		...(labels === null
			? [`--labels <labels of pool ${name}>`]
			: option("--labels", labels)),
		...(taints === null
			? [`--node-taints <taints of pool ${name}>`]
			: option("--node-taints", taints.length > 0 ? [taints.join(",")] : [])),
	];
}

const unknownSettings: NodeSettings = {
	vmSize: null,
	osSku: null,
	zones: [],
	labels: null,
	taints: null,
};

/**
 * Without it a new pool gets AKS's default. Max surge 0 needs a node that may be missing instead. A spot pool takes
 * neither.
 */
function surgeOf({ surgeRule: { surge, spot } }: ResolvedPool): string[] {
	if (spot) return [];
	if (surge.kind !== "nodes" && surge.kind !== "percent") return [];
	const [most, unit] =
		surge.kind === "nodes" ? [surge.nodes, ""] : [surge.percent, "%"];
	return most === 0
		? ["--max-surge 0", "--max-unavailable 1"]
		: [`--max-surge ${most}${unit}`];
}

/** As many as there are. The CLI refuses a count outside of the autoscaler's bounds, and AKS a system pool of none. */
function startingNodes(pool: ResolvedPool): number {
	const { nodes, minNodes, maxNodes, system } = pool;
	const least = maxNodes === null ? 0 : (minNodes ?? 0);
	const wanted = Math.max(nodes.low ?? 0, least, system ? 1 : 0);
	return Math.min(wanted, maxNodes ?? wanted);
}

/**
 * A gateway's public prefix must have an IP for each of its nodes. /28 to /31 are allowed, and /31 is what AKS takes by
 * default (static egress gateway).
 */
function gatewayPrefix(nodes: number): number {
	return Math.max(28, 32 - Math.ceil(Math.log2(Math.max(2, nodes))));
}

/** "pool np", "pools a, b and c". */
export function poolText(pools: readonly { readonly name: string }[]): string {
	const names = pools.map(({ name }) => name);
	return `${names.length < 2 ? "pool" : "pools"} ${listed(names)}`;
}

/** A cluster may have a hundred pools: a title has room for a few, a detail for some more. */
const mostInTitle = 3;
const mostInDetail = 8;

/** The same where room is short: "12 pools". */
export function poolsInTitle(
	pools: readonly { readonly name: string }[],
): string {
	return pools.length > mostInTitle ? `${pools.length} pools` : poolText(pools);
}

/** Which pools a title means, where it has no room for their names. */
export function poolsInDetail(
	pools: readonly { readonly name: string }[],
): string[] {
	if (pools.length <= mostInTitle) return [];
	const more = pools.length - mostInDetail;
	const named = pools.slice(0, mostInDetail).map(({ name }) => name);
	return [
		`These are ${listed(more > 0 ? [...named, `${more} more`] : named)}.`,
	];
}

/** How nodes get into new pools. */
export function replaceText(pools: readonly unknown[]): string {
	return pools.length === 1
		? "Add the replacement pool, drain the old one, delete it."
		: "Add replacement pools, drain the old ones, delete them.";
}

/** What a command for a new pool leaves out. */
export const leftOutText =
	"The commands set VM size, zones, labels and taints; add what else the old pools are set to.";
