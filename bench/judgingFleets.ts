import { generateFleet } from "../local/fleet/generate.ts";
import { evaluate } from "../local/resourceGraph/evaluate.ts";
import { tableOf } from "../local/resourceGraph/rows.ts";
import { networkOfSubnet } from "../shared/arm.ts";
import type {
	Cluster,
	Inventory,
	LostRows,
	NodeInterface,
	NodePool,
	ScaleSet,
	Subnet,
} from "../shared/inventory/facts.ts";
import { gather } from "../shared/inventory/gather.ts";
import { queries } from "../shared/inventory/queries.ts";
import type { Read } from "../shared/inventory/reader.ts";
import { readSubscriptions } from "../shared/inventory/subscriptions.ts";
import { buildFleet, type Fleet } from "../shared/model/fleet.ts";
import type { Knowledge } from "../shared/model/known.ts";
import { auditSettings } from "../shared/settings/audit.ts";
import { settingDefaults } from "../shared/settings/table.ts";

/* Fleets to judge: the generated one as an audit finds it, and clusters of three pools that are all roomy or all short. */

export const { thresholds, ...limits } = auditSettings({
	...settingDefaults,
	AzureWebJobsStorage: "UseDevelopmentStorage=true",
});

/** Nothing is remembered, and every subscription has answered. */
export const firstAudit: Knowledge = {
	auditId: "20260101t050000z-000000",
	at: "2026-01-01T05:00:00.000Z",
	known: new Map(),
	answered: () => true,
};

export async function generatedFleet(clusters: number): Promise<Fleet> {
	const byTable = Map.groupBy(generateFleet({ clusters, seed: 1 }), tableOf);
	const tables = Object.fromEntries(byTable);
	const read: Read = async ({ kql, parse }) => ({
		rows: evaluate(kql, tables).map(parse),
		unreadable: [],
		gaps: [],
		lost: 0,
	});
	const { inventory } = await gather(read, await readSubscriptions(read, []));
	return buildFleet(inventory, firstAudit, limits);
}

/** Roomy: nothing is violated. Short: at full scale a budget is, and remedies are searched for. */
export type Room = "roomy" | "short";

/** Clusters of three pools: flat, overlay and with a pod subnet in turn, each in subnets of its own. */
export function threePoolFleet(clusters: number, room: Room): Fleet {
	const makers = [flatCluster, overlayCluster, podSubnetCluster];
	const parts = Array.from({ length: clusters }, (_, index) =>
		makers[index % makers.length]?.(`c${index}`, room),
	);
	return buildFleet(
		inventoryOf(parts.filter((part) => !!part)),
		firstAudit,
		limits,
	);
}

/**
 * Clusters of three pools whose nodes take an address each, all in one subnet or each in a subnet of its own, with about
 * as much room for each. Where they are short, other resources use all but 20 IPs: enough for an upgrade, too few for one
 * cluster at its autoscaler max.
 */
export function nodesOnlyInventory(
	clusters: number,
	subnets: "one" | "own",
	room: Room,
): Inventory {
	const own = Array.from({ length: clusters }, (_, index) =>
		nodesOnlyCluster(`c${index}`),
	);
	const inventory = inventoryOf(
		subnets === "own" ? own : own.map((part) => moved(part, subnetId("all"))),
	);
	const [prefix, usable, held] =
		subnets === "own"
			? ["10.0.0.0/26", 2 ** 6 - 5, nodes]
			: ["10.0.0.0/17", 2 ** 15 - 5, nodes * clusters];
	const ipConfigurations = room === "roomy" ? held : usable - 20;
	const ids = new Set(inventory.subnets.map(({ id }) => id));
	return {
		...inventory,
		subnets: [...ids].map((id) => subnet(id, prefix, ipConfigurations)),
	};
}

/** One cluster with all that lies in its own resources. */
interface Part {
	readonly cluster: Cluster;
	readonly subnets: readonly Subnet[];
	readonly scaleSets: readonly ScaleSet[];
}

const subscription = "00000000-0000-4000-8000-000000000001";
const scope = `/subscriptions/${subscription}/resourcegroups`;

/** A subnet in a network of its own, unless another one is named: Azure allows 65,536 IPs in a network. */
function subnetId(name: string, network = name): string {
	return `${scope}/rg-net/providers/microsoft.network/virtualnetworks/${network}/subnets/${name}`;
}

/** 13 nodes, 45 at full scale, 50 when that is upgraded. */
const pools = [
	{ name: "system", nodes: 3, maxNodes: 5, surge: 1 },
	{ name: "web", nodes: 5, maxNodes: 20, surge: 2 },
	{ name: "batch", nodes: 5, maxNodes: 20, surge: 2 },
] as const;
const nodes = 13;

const flatMaxPods = 30;
const heldByFlat = nodes * (flatMaxPods - 1);

/** Up to 1,550 addresses: a /21 carries them, a /22 does not. */
function flatCluster(name: string, room: Room): Part {
	const prefix = room === "roomy" ? "10.0.0.0/21" : "10.0.0.0/22";
	return partOf(name, {
		maxPods: flatMaxPods,
		subnets: [subnet(subnetId(name), prefix, heldByFlat)],
	});
}

/** Up to 50 addresses, with a CNI that is none of Azure's. */
function nodesOnlyCluster(name: string): Part {
	return partOf(name, {
		maxPods: 250,
		plugin: "none",
		subnets: [subnet(subnetId(name), "10.0.0.0/26", nodes)],
	});
}

/** Up to 50 addresses and blocks: a /26 and 64 blocks carry them, a /27 and 32 blocks do not. */
function overlayCluster(name: string, room: Room): Part {
	const prefix = room === "roomy" ? "10.0.0.0/26" : "10.0.0.0/27";
	return partOf(name, {
		maxPods: 250,
		podCidr: room === "roomy" ? "10.244.0.0/18" : "10.244.0.0/19",
		subnets: [subnet(subnetId(name), prefix, nodes)],
	});
}

/** Up to 50 first batches of 16: a /20 carries them and many pods, a /24 does not. */
function podSubnetCluster(name: string, room: Room): Part {
	const pods = subnetId(`${name}-pods`, name);
	const prefix = room === "roomy" ? "10.1.0.0/20" : "10.1.0.0/24";
	return partOf(name, {
		maxPods: 110,
		podSubnet: pods,
		subnets: [
			subnet(subnetId(name), "10.0.0.0/26", nodes),
			subnet(pods, prefix, null),
		],
	});
}

function partOf(
	name: string,
	network: {
		readonly maxPods: number;
		readonly plugin?: Cluster["plugin"];
		readonly podCidr?: string;
		readonly podSubnet?: string;
		readonly subnets: readonly Subnet[];
	},
): Part {
	const { maxPods, plugin = "azure", subnets } = network;
	const { podCidr = null, podSubnet = null } = network;
	const flat = plugin === "azure" && podCidr === null && podSubnet === null;
	return {
		cluster: {
			id: `${scope}/rg-aks/providers/microsoft.containerservice/managedclusters/${name}`,
			name,
			subscription,
			resourceGroup: "rg-aks",
			tags: {},
			nodeResourceGroup: `mc_${name}`,
			stopped: false,
			provisioningState: "succeeded",
			plugin,
			overlay: podCidr !== null,
			modelUnknown: null,
			hostedSystem: null,
			unreadPools: [],
			podCidr,
			serviceCidrs: ["10.255.0.0/16"],
			dualStack: false,
			apiServer: null,
			autoProvisioning: false,
			pools: pools.map((pool) =>
				nodePool(pool, { maxPods, podSubnet, nodeSubnet: subnetId(name) }),
			),
		},
		subnets,
		scaleSets: pools.map(({ name: pool, nodes }) => ({
			id: `${scope}/mc_${name}/providers/microsoft.compute/virtualmachinescalesets/aks-${pool}-12345678-vmss`,
			group: `${subscription}/mc_${name}`,
			pool,
			capacity: nodes,
			interfaces: [nodeInterface(subnetId(name), flat ? maxPods - 1 : 1)],
			interfacesKnown: true,
		})),
	};
}

function nodeInterface(subnet: string, addresses: number): NodeInterface {
	return { subnet, entries: addresses, ipv6: 0, addresses };
}

function nodePool(
	{ name, nodes, maxNodes, surge }: (typeof pools)[number],
	network: Pick<NodePool, "maxPods" | "nodeSubnet" | "podSubnet">,
): NodePool {
	return {
		name,
		mode: name === "system" ? "system" : "user",
		type: "scale-set",
		windows: false,
		spot: false,
		stopped: false,
		upgrading: false,
		reportedNodes: nodes,
		configuredNodes: null,
		autoscaling: true,
		maxNodes,
		minNodes: 1,
		maxPodsAssumed: false,
		staticBlocks: false,
		surge: { kind: "nodes", nodes: surge },
		deallocates: false,
		mostNodes: null,
		notUnderstood: [],
		kubernetesVersion: "1.34.2",
		nodeSettings: {
			vmSize: "Standard_D8ds_v5",
			osSku: "Ubuntu",
			zones: ["1", "2", "3"],
			labels: [],
			taints: [],
		},
		...network,
	};
}

function subnet(
	id: string,
	prefix: string,
	ipConfigurations: number | null,
): Subnet {
	return {
		id,
		prefixes: [prefix],
		ipConfigurations,
		routeTable: null,
		linkedClusters: [],
	};
}

/** The same cluster with all its nodes in another subnet. */
function moved({ cluster, subnets, scaleSets }: Part, id: string): Part {
	return {
		cluster: {
			...cluster,
			pools: cluster.pools.map((pool) => ({ ...pool, nodeSubnet: id })),
		},
		subnets: subnets.map((one) => ({ ...one, id })),
		scaleSets: scaleSets.map((set) => ({
			...set,
			interfaces: (set.interfaces ?? []).map((own) => ({ ...own, subnet: id })),
		})),
	};
}

const nothingLost = Object.fromEntries(
	["subscriptions", ...Object.keys(queries)].map((name) => [name, 0]),
) as LostRows;

function inventoryOf(parts: readonly Part[]): Inventory {
	const subnets = parts.flatMap((part) => part.subnets);
	return {
		subscriptions: new Set([subscription]),
		clusters: parts.map(({ cluster }) => cluster),
		unreadableClusters: [],
		subnets,
		lost: nothingLost,
		networks: [...new Set(subnets.map(({ id }) => networkOfSubnet(id)))].map(
			(id) => ({
				id,
				prefixes: ["10.0.0.0/15"],
				subnets: subnets.filter((one) => networkOfSubnet(one.id) === id).length,
				peerings: [],
			}),
		),
		scaleSets: parts.flatMap(({ scaleSets }) => scaleSets),
		unreadableGroups: new Map(),
		routeTables: [],
		autoProvisionedNodes: [],
		otherResources: [],
		listed: new Map(),
		listedRoutes: new Map(),
		unlisted: new Set(),
	};
}
