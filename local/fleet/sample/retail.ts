import type { ClusterSpec, PoolSpec } from "../clusterSpec.ts";
import { type LandingZone, spoke, subnet, subscriptions } from "./spoke.ts";

const subscription = subscriptions.retail.id;
const westEurope = spoke(subscription, "vnet-retail-weu", "westeurope", [
	"10.20.0.0/16",
]);
const hub = spoke(
	subscriptions.connectivity.id,
	"vnet-partner-hub-weu",
	"westeurope",
	["10.0.0.0/20"],
);

const base = {
	subscription,
	resourceGroup: "rg-retail-aks",
	location: "westeurope",
	model: "node-subnet",
} as const;

const system: PoolSpec = { name: "system", mode: "System", nodes: 2 };

/** Five teams in one subnet: one outgrows it alone, the rest only if all of them grow. */
function sharing(team: string, apps: PoolSpec): ClusterSpec {
	return {
		...base,
		name: `aks-${team}-prod-weu`,
		nodeSubnet: westEurope.subnet("snet-aks-shared"),
		internalServices: 1,
		pools: [system, apps],
	};
}

const shared = [
	sharing("checkout", { name: "web", nodes: 6, minCount: 3, maxCount: 12 }),
	sharing("catalog", { name: "apps", nodes: 4, minCount: 2, maxCount: 6 }),
	sharing("basket", { name: "apps", nodes: 4, minCount: 2, maxCount: 6 }),
	sharing("pricing", { name: "apps", nodes: 3, minCount: 2, maxCount: 5 }),
	sharing("loyalty", { name: "apps", nodes: 3, minCount: 2, maxCount: 4 }),
];

/** A Windows pool: two addresses more a node than Linux. */
const pos: ClusterSpec = {
	...base,
	name: "aks-pos-prod-weu",
	nodeSubnet: westEurope.subnet("snet-pos"),
	pools: [
		{ ...system, nodes: 3 },
		{ name: "wpos", os: "Windows", nodes: 2, minCount: 2, maxCount: 4 },
	],
};

const search: ClusterSpec = {
	...base,
	name: "aks-search-prod-weu",
	nodeSubnet: westEurope.subnet("snet-search"),
	pools: [system, { name: "index", nodes: 3, minCount: 3, maxCount: 6 }],
};

/** The workers have a subnet of their own, with no room for one more. They upgrade in place. */
const campaigns: ClusterSpec = {
	...base,
	name: "aks-campaigns-prod-weu",
	nodeSubnet: westEurope.subnet("snet-campaigns-system"),
	pools: [
		system,
		{
			name: "workers",
			nodes: 4,
			minCount: 2,
			maxCount: 8,
			maxSurge: "0",
			maxUnavailable: "1",
			nodeSubnet: westEurope.subnet("snet-campaigns-workers"),
		},
	],
};

/** The reader has no rights on its network. */
const partner: ClusterSpec = {
	...base,
	name: "aks-partner-prod-weu",
	nodeSubnet: hub.subnet("snet-partner-aks"),
	pools: [system, { name: "apps", nodes: 3, minCount: 2, maxCount: 5 }],
};

export const retail: LandingZone = {
	networks: [
		westEurope.network([
			subnet("snet-aks-shared", "10.20.0.0/22"),
			subnet("snet-pos", "10.20.4.0/24"),
			subnet("snet-search", "10.20.5.0/24"),
			subnet("snet-campaigns-system", "10.20.6.0/25"),
			subnet("snet-campaigns-workers", "10.20.6.128/25"),
		]),
		hub.network([subnet("snet-partner-aks", "10.0.8.0/23")]),
	],
	clusters: [...shared, pos, search, campaigns, partner],
};
