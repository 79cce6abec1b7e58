import type { ClusterSpec } from "../../local/fleet/clusterSpec.ts";
import { fleet } from "../../local/fleet/fleet.ts";
import { type Scope, subnetId } from "../../local/fleet/ids.ts";
import type { RawResource } from "../../local/fleet/rawResource.ts";

export const retail = "10000000-0000-4000-8000-000000000001";
export const farm = "20000000-0000-4000-8000-000000000002";

const location = "westeurope";
const retailScope: Scope = { subscription: retail, resourceGroup: "rg-retail" };
const farmScope: Scope = { subscription: farm, resourceGroup: "rg-farm" };
export const sharedSubnet = subnetId(retailScope, "vnet-retail", "snet-shared");
const farmSubnet = subnetId(farmScope, "vnet-farm", "snet-farm");

function idOf(subscription: string, name: string): string {
	const group = subscription === retail ? "rg-retail" : "rg-farm";
	return `/subscriptions/${subscription}/resourcegroups/${group}/providers/microsoft.containerservice/managedclusters/${name}`;
}
export const shop = idOf(retail, "shop");
export const desk = idOf(retail, "desk");
export const barn = idOf(farm, "barn");
export const mill = idOf(farm, "mill");
export const guest = idOf(farm, "guest");

/**
 * Four clusters in two subscriptions.
 *
 * shop, desk  share a /24 = 251 with 29 addresses a node: (5 + 2) x 29 = 203 today, 232 with a surge node. shop may
 *             grow to `shopMax`: at 8 203 + 3 x 29 = 290 is short for shop alone, and tight for desk, which cannot
 *             grow itself. At 6 232, and 261 with a surge node: full-upgrade is short for both (desk: tight).
 * barn        kubenet in a managed network: nothing but its retirement.
 * mill        overlay in a /25 = 123: 3 nodes, at most 5 + 1. Healthy.
 * guest       where asked for: one node of the farm in retail's subnet, and one less of shop: 203 as before, 319 where
 *             shop grows.
 */
export function smallFleet({
	shopMax = 8,
	without = [],
	only = [retail, farm],
	guest = false,
}: {
	readonly shopMax?: number;
	/** Names of clusters that are gone. */
	readonly without?: readonly string[];
	/** Subscriptions that are there. */
	readonly only?: readonly string[];
	readonly guest?: boolean;
} = {}): RawResource[] {
	const clusters: ClusterSpec[] = [
		{
			...retailScope,
			name: "shop",
			location,
			model: "node-subnet",
			nodeSubnet: sharedSubnet,
			pools: [
				{
					name: "apps",
					nodes: guest ? 4 : 5,
					minCount: 3,
					maxCount: shopMax,
				},
			],
		},
		{
			...retailScope,
			name: "desk",
			location,
			model: "node-subnet",
			nodeSubnet: sharedSubnet,
			pools: [{ name: "apps", nodes: 2 }],
		},
		{
			...farmScope,
			name: "barn",
			location,
			model: "kubenet",
			pools: [{ name: "apps", nodes: 2 }],
		},
		{
			...farmScope,
			name: "mill",
			location,
			model: "overlay",
			nodeSubnet: farmSubnet,
			pools: [{ name: "apps", nodes: 3, minCount: 2, maxCount: 5 }],
		},
		{
			...farmScope,
			name: "guest",
			location,
			model: "node-subnet",
			nodeSubnet: sharedSubnet,
			pools: [{ name: "apps", nodes: 1 }],
		},
	];
	const gone = guest ? without : [...without, "guest"];
	return fleet({
		subscriptions: [
			{ id: retail, name: "retail" },
			{ id: farm, name: "farm" },
		].filter(({ id }) => only.includes(id)),
		networks: [
			{
				scope: retailScope,
				name: "vnet-retail",
				location,
				addressSpace: ["10.1.0.0/16"],
				subnets: [{ name: "snet-shared", prefixes: ["10.1.0.0/24"] }],
			},
			{
				scope: farmScope,
				name: "vnet-farm",
				location,
				addressSpace: ["10.2.0.0/16"],
				subnets: [{ name: "snet-farm", prefixes: ["10.2.0.0/25"] }],
			},
		].filter(({ scope }) => only.includes(scope.subscription)),
		clusters: clusters.filter(
			({ name, subscription }) =>
				only.includes(subscription) && !gone.includes(name),
		),
	});
}
