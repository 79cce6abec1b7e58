import type { ClusterSpec } from "../clusterSpec.ts";
import {
	type LandingZone,
	peeredWith,
	spoke,
	subnet,
	subscriptions,
} from "./spoke.ts";

const subscription = subscriptions.platform.id;
const westEurope = spoke(subscription, "vnet-platform-weu", "westeurope", [
	"10.10.0.0/16",
]);
const northEurope = spoke(subscription, "vnet-platform-neu", "northeurope", [
	"10.11.0.0/16",
]);

const base = {
	subscription,
	resourceGroup: "rg-platform-aks",
	location: "westeurope",
} as const;

/** A flat network that is full: not even one surge node fits. */
const ingress: ClusterSpec = {
	...base,
	name: "aks-ingress-prod-weu",
	model: "node-subnet",
	nodeSubnet: westEurope.subnet("snet-ingress"),
	privateEndpoint: true,
	internalServices: 1,
	pools: [
		{ name: "system", mode: "System", nodes: 2 },
		{ name: "gateways", nodes: 6 },
	],
};

/** Whoever made it wrote the subnet's id in lower case, which Azure keeps. */
const identity: ClusterSpec = {
	...base,
	name: "aks-identity-prod-weu",
	model: "overlay",
	version: "1.35.1",
	nodeSubnet: westEurope.subnet("snet-identity").toLowerCase(),
	internalServices: 1,
	pools: [
		{ name: "system", mode: "System", nodes: 3 },
		{ name: "apps", nodes: 4, minCount: 3, maxCount: 10 },
	],
};

/** A pod CIDR of 16 nodes, taken from the network's own addresses. */
const observability: ClusterSpec = {
	...base,
	name: "aks-observability-prod-weu",
	model: "overlay",
	podCidr: "10.10.128.0/20",
	nodeSubnet: westEurope.subnet("snet-observability"),
	pools: [
		{ name: "system", mode: "System", nodes: 3 },
		{ name: "collectors", nodes: 7, minCount: 5, maxCount: 17 },
	],
};

/** Another vendor's CNI: AKS allocates addresses to nodes only. */
const edge: ClusterSpec = {
	...base,
	name: "aks-edge-prod-neu",
	location: "northeurope",
	model: "none",
	nodeResourceGroup: "rg-edge-nodes-neu",
	nodeSubnet: northEurope.subnet("snet-edge"),
	pools: [
		{ name: "system", mode: "System", nodes: 3 },
		{ name: "edge", nodes: 6, minCount: 5, maxCount: 20, maxPods: 110 },
	],
};

/** AKS Automatic: Cilium over an overlay, Karpenter's nodes, the API server in a network that AKS made. */
const automatic: ClusterSpec = {
	...base,
	name: "aks-automatic-prod-sdc",
	location: "swedencentral",
	model: "overlay",
	dataplane: "cilium",
	automatic: true,
	apiServer: {},
	pools: [{ name: "systempool", mode: "System", nodes: 3 }],
	provisioned: [{ nodePool: "default", nodes: 14 }],
};

const intranet: ClusterSpec = {
	...base,
	name: "aks-intranet-prod-weu",
	model: "node-subnet",
	dataplane: "cilium",
	nodeSubnet: westEurope.subnet("snet-intranet"),
	internalServices: 1,
	pools: [
		{ name: "system", mode: "System", nodes: 3 },
		{ name: "apps", nodes: 4, minCount: 3, maxCount: 8 },
	],
};

export const platform: LandingZone = {
	networks: [
		westEurope.network(
			[
				subnet("snet-ingress", "10.10.1.0/24"),
				subnet("snet-identity", "10.10.2.0/25"),
				subnet("snet-observability", "10.10.2.128/25", { listForm: true }),
				subnet("snet-intranet", "10.10.4.0/23"),
			],
			[
				peeredWith(
					subscriptions.nonprod.id,
					"vnet-nonprod-weu",
					"10.40.0.0/16",
				),
			],
		),
		northEurope.network([subnet("snet-edge", "10.11.0.0/26")]),
	],
	otherResources: [
		{
			kind: "machine",
			scope: westEurope.scope,
			name: "vm-jump-01",
			location: westEurope.location,
			subnet: westEurope.subnet("snet-intranet"),
		},
		{
			kind: "scale-set",
			scope: westEurope.scope,
			name: "vmss-runners",
			location: westEurope.location,
			subnet: westEurope.subnet("snet-intranet"),
			instances: 3,
			addresses: 2,
		},
		{
			kind: "private-link-service",
			scope: westEurope.scope,
			name: "pls-intranet",
			location: westEurope.location,
			subnet: westEurope.subnet("snet-intranet"),
			addresses: 2,
		},
	],
	clusters: [ingress, identity, observability, edge, automatic, intranet],
};
