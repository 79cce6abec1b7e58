import type { ClusterSpec } from "../clusterSpec.ts";
import { routeTableId } from "../ids.ts";
import {
	type LandingZone,
	peeredWith,
	spoke,
	subnet,
	subscriptions,
} from "./spoke.ts";

const subscription = subscriptions.nonprod.id;
const network = spoke(subscription, "vnet-nonprod-weu", "westeurope", [
	"10.40.0.0/16",
]);
const { scope, location } = network;

const base = {
	subscription,
	resourceGroup: "rg-nonprod-aks",
	location,
} as const;

/** Two kubenet clusters in one subnet and one route table, which AKS does not support. */
const legacy = ["a", "b"].map(
	(letter, index): ClusterSpec => ({
		...base,
		name: `aks-legacy-${letter}-test-weu`,
		model: "kubenet",
		version: "1.33.5",
		podCidr: `10.${244 + index}.0.0/16`,
		nodeSubnet: network.subnet("snet-legacy"),
		pools: [{ name: "agentpool", mode: "System", nodes: 3 - index }],
	}),
);

/** A kubenet cluster close to the 400 routes of its table. A peered network has addresses of its pod CIDR. */
const render: ClusterSpec = {
	...base,
	name: "aks-render-nonprod-weu",
	model: "kubenet",
	podCidr: "10.142.0.0/15",
	nodeSubnet: network.subnet("snet-render"),
	pools: [
		{ name: "system", mode: "System", nodes: 3 },
		{
			name: "render",
			nodes: 359,
			minCount: 50,
			maxCount: 390,
			maxSurge: "5",
		},
	],
};

const crm: ClusterSpec = {
	...base,
	name: "aks-crm-test-weu",
	model: "kubenet",
	pools: [{ name: "nodepool1", mode: "System", nodes: 3 }],
};

/** The reader has no rights on the node resource group: only documentation says what a node uses. */
const perf: ClusterSpec = {
	...base,
	name: "aks-perf-nonprod-weu",
	model: "node-subnet",
	nodeSubnet: network.subnet("snet-perf-system"),
	hiddenNodeResources: true,
	pools: [
		{ name: "system", mode: "System", nodes: 2 },
		{
			name: "load",
			nodes: 1,
			minCount: 1,
			maxCount: 2,
			maxSurge: "0",
			maxUnavailable: "1",
			nodeSubnet: network.subnet("snet-perf-load"),
		},
	],
};

/** 250 pods a node in a flat network. Azure does not show who uses its addresses. */
const integration: ClusterSpec = {
	...base,
	name: "aks-integration-nonprod-weu",
	model: "node-subnet",
	nodeSubnet: network.subnet("snet-integration"),
	pools: [
		{
			name: "system",
			mode: "System",
			nodes: 2,
			minCount: 2,
			maxCount: 3,
			maxPods: 250,
		},
	],
};

const appsDev: ClusterSpec = {
	...base,
	name: "aks-apps-dev-weu",
	model: "overlay",
	stopped: true,
	nodeSubnet: network.subnet("snet-apps-dev"),
	pools: [
		{ name: "system", mode: "System", nodes: 2, minCount: 1, maxCount: 3 },
		{ name: "apps", nodes: 3, minCount: 1, maxCount: 5 },
	],
};

/**
 * Two API servers in one /28: nine addresses each, eleven there. The nodes have a /22 for at most ten. Its service CIDR
 * was made a subnet later.
 */
const tools: ClusterSpec = {
	...base,
	name: "aks-tools-nonprod-weu",
	model: "overlay",
	serviceCidr: "10.40.13.0/24",
	nodeSubnet: network.subnet("snet-tools"),
	apiServer: { subnet: network.subnet("snet-apiserver") },
	pools: [
		{ name: "system", mode: "System", nodes: 2 },
		{ name: "tools", nodes: 3, minCount: 2, maxCount: 6 },
	],
};

/** Room for 22 pods a node where 110 are allowed. */
const portal: ClusterSpec = {
	...base,
	name: "aks-portal-nonprod-weu",
	model: "dynamic-pod-subnet",
	nodeSubnet: network.subnet("snet-portal-nodes"),
	podSubnet: network.subnet("snet-portal-pods"),
	apiServer: { subnet: network.subnet("snet-apiserver") },
	pools: [
		{ name: "system", mode: "System", nodes: 3 },
		{ name: "web", nodes: 8 },
	],
};

const ci: ClusterSpec = {
	...base,
	name: "aks-ci-nonprod-weu",
	model: "overlay",
	version: "1.35.1",
	nodeSubnet: network.subnet("snet-ci"),
	pools: [
		{ name: "system", mode: "System", nodes: 3 },
		{ name: "spot", nodes: 6, minCount: 0, maxCount: 20, spot: true },
		{ name: "nightly", nodes: 4, minCount: 1, maxCount: 6, stopped: true },
		{
			name: "agents",
			type: "VirtualMachines",
			nodes: 3,
			minCount: 2,
			maxCount: 8,
		},
	],
};

const pods = { delegatedToAks: true } as const;

export const nonprod: LandingZone = {
	networks: [
		network.network(
			[
				subnet("snet-legacy", "10.40.0.0/24", {
					routeTable: routeTableId(scope, "rt-legacy"),
				}),
				subnet("snet-render", "10.40.4.0/22", {
					routeTable: routeTableId(scope, "rt-render"),
				}),
				subnet("snet-perf-system", "10.40.1.0/25"),
				subnet("snet-perf-load", "10.40.1.128/26"),
				subnet("snet-integration", "10.40.8.0/22", {
					hidesIpConfigurations: true,
				}),
				subnet("snet-apps-dev", "10.40.1.192/26"),
				subnet("snet-tools", "10.40.16.0/22", { listForm: true }),
				subnet("snet-portal-nodes", "10.40.2.64/26"),
				subnet("snet-portal-pods", "10.40.3.0/24", pods),
				subnet("snet-apiserver", "10.40.2.240/28", pods),
				subnet("snet-ci", "10.40.12.0/25"),
				subnet("snet-spare", "10.40.13.0/24"),
			],
			[
				peeredWith(
					subscriptions.platform.id,
					"vnet-platform-weu",
					"10.10.0.0/16",
				),
				peeredWith(
					subscriptions.connectivity.id,
					"vnet-renderfarm-weu",
					"10.143.0.0/24",
				),
			],
		),
	],
	routeTables: [
		{ scope, name: "rt-legacy", location, customRoutes: 3 },
		{ scope, name: "rt-render", location, customRoutes: 12 },
	],
	clusters: [
		...legacy,
		render,
		crm,
		perf,
		integration,
		appsDev,
		tools,
		portal,
		ci,
	],
};
