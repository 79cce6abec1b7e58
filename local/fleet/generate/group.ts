import type { ClusterSpec, NetworkModel, PoolSpec } from "../clusterSpec.ts";
import { podRangeLengthFor, prefixLengthFor } from "./addressPlan.ts";
import type { Dice } from "./dice.ts";
import type { Estate } from "./estate.ts";
import { addressesOf, podAddressesOf, total } from "./need.ts";
import { planPools } from "./pools.ts";
import {
	type FleetModel,
	managedShares,
	outgrownShare,
	regions,
	versions,
} from "./shares.ts";

/** A cluster by its number, with the subscription that it is in. */
export interface Seat {
	readonly index: number;
	readonly estate: Estate;
}

/** Clusters of one model in one node subnet, in the network of the first one's subscription. */
export function planGroup(
	model: FleetModel,
	seats: readonly [Seat, ...Seat[]],
	dice: Dice,
): ClusterSpec[] {
	const clusters = seats.map((seat) => planCluster(model, seat, dice));
	const isManaged = seats.length === 1 && dice.chance(managedShares[model]);
	if (isManaged) return clusters;

	const home = seats[0].estate;
	const subnets = planSubnets(
		clusters,
		home,
		`g${String(seats[0].index).padStart(5, "0")}`,
		dice,
	);
	return clusters.map((cluster) => ({
		...cluster,
		location: home.location,
		...subnets,
		...(cluster.apiServer ? { apiServer: apiServer(cluster, home) } : {}),
	}));
}

function planCluster(
	fleetModel: FleetModel,
	{ index, estate }: Seat,
	dice: Dice,
): ClusterSpec {
	const nap = fleetModel === "auto-provisioned";
	const model = nap ? "overlay" : fleetModel;
	const stopped = !nap && dice.chance(0.02);
	const provisioned = nap
		? { provisioned: [{ nodePool: "default", nodes: dice.between(2, 12) }] }
		: {};
	const planned = planPools(fleetModel, dice);
	const pools = stopped ? planned.map(autoscaled) : planned;
	const team = dice.pick(teams);
	const region = regions[estate.location];

	return {
		subscription: estate.subscription.id,
		resourceGroup: `rg-${team}-aks`,
		name: `aks-${team}-${region}-${String(index).padStart(5, "0")}`,
		location: estate.location,
		model,
		pools,
		version: dice.weighted(versions),
		dataplane: nap || dice.chance(0.25) ? "cilium" : "azure",
		internalServices: dice.chance(0.5) ? dice.between(1, 3) : 0,
		privateEndpoint: dice.chance(0.15),
		stopped,
		...provisioned,
		...podRange(
			model,
			total(pools, () => 1).today + created(provisioned),
			dice,
		),
		...(dice.chance(0.08) && !nap ? { apiServer: {} } : {}),
	};
}

/** What is stopped shows no count. How it comes back is known by its autoscaler alone. */
function autoscaled(pool: PoolSpec): PoolSpec {
	return { minCount: 1, maxCount: pool.nodes + 1, ...pool };
}

/** Nodes that Karpenter has made. */
function created({ provisioned = [] }: Pick<ClusterSpec, "provisioned">) {
	return provisioned.reduce((sum, { nodes }) => sum + nodes, 0);
}

const teams = [
	"payments",
	"orders",
	"identity",
	"search",
	"media",
	"reporting",
	"risk",
	"fraud",
	"logistics",
	"core",
] as const;

/** The default range has room for 256 nodes. People often make their own too small. */
function podRange(
	model: NetworkModel,
	nodes: number,
	dice: Dice,
): Pick<ClusterSpec, "podCidr"> {
	const hasRange = model === "overlay" || model === "kubenet";
	if (!hasRange || !dice.chance(outgrownShare / 4)) return {};
	return { podCidr: `10.244.0.0/${podRangeLengthFor(nodes)}` };
}

/** The subnets that the group's nodes and pods join, wide enough for all that may come unless they were outgrown. */
function planSubnets(
	clusters: readonly ClusterSpec[],
	home: Estate,
	name: string,
	dice: Dice,
): Pick<ClusterSpec, "nodeSubnet" | "podSubnet"> {
	const [{ model }] = clusters as [ClusterSpec];
	const pools = clusters.flatMap((cluster) => cluster.pools);
	const guests = dice.chance(0.3) ? dice.between(1, 5) : 0;
	const others =
		guests + clusters.reduce((sum, one) => sum + ownOthers(one), 0);
	const nodes = addressesOf(model, pools);
	const route =
		model === "kubenet"
			? { routeTable: home.addRouteTable(`rt-${name}`, dice.between(0, 5)) }
			: {};

	const nodeSubnet = home.addSubnet(
		`snet-${name}-nodes`,
		prefixLengthFor(wanted(nodes, others, dice)),
		route,
	);
	home.addOtherResources(nodeSubnet, guests);
	if (model !== "dynamic-pod-subnet" && model !== "static-pod-subnet")
		return { nodeSubnet };

	const pods = wanted(podAddressesOf(model, pools), 32, dice);
	return {
		nodeSubnet,
		podSubnet: home.addSubnet(`snet-${name}-pods`, prefixLengthFor(pods), {
			delegatedToAks: true,
		}),
	};
}

/** Outgrown: what is there now and no more. Otherwise an eighth of room above the most that is allowed. */
function wanted(
	need: { readonly today: number; readonly most: number },
	others: number,
	dice: Dice,
): number {
	return dice.chance(outgrownShare)
		? Math.max(3, need.today + others)
		: Math.ceil((need.most + others) * 1.13);
}

/** Frontends, an endpoint, and the nodes that Karpenter has made. */
function ownOthers(cluster: ClusterSpec): number {
	const { internalServices = 0, privateEndpoint } = cluster;
	return internalServices + (privateEndpoint ? 1 : 0) + created(cluster);
}

/** A /28 for one API server, in the network that its cluster joins. */
function apiServer(cluster: ClusterSpec, home: Estate) {
	return {
		subnet: home.addSubnet(`snet-${cluster.name}-api`, 28, {
			delegatedToAks: true,
		}),
	};
}
