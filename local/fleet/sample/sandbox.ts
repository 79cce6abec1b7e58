import type { ClusterSpec } from "../clusterSpec.ts";
import { type LandingZone, spoke, subnet, subscriptions } from "./spoke.ts";

const subscription = subscriptions.sandbox.id;
const network = spoke(subscription, "vnet-sandbox-weu", "westeurope", [
	"10.50.0.0/16",
	"fd00:50:0::/48",
]);

const base = {
	subscription,
	resourceGroup: "rg-sandbox-aks",
	location: "westeurope",
} as const;

const dualStack: ClusterSpec = {
	...base,
	name: "aks-dualstack-sandbox-weu",
	model: "overlay",
	dualStack: true,
	nodeSubnet: network.subnet("snet-dualstack"),
	pools: [
		{ name: "system", mode: "System", nodes: 3 },
		{ name: "apps", nodes: 2, minCount: 1, maxCount: 5 },
	],
};

/** Fits at its maxima, but with little free. A gateway pool is beside the autoscaler. */
const training: ClusterSpec = {
	...base,
	name: "aks-training-sandbox-weu",
	model: "overlay",
	nodeSubnet: network.subnet("snet-training"),
	pools: [
		{ name: "system", mode: "System", nodes: 3 },
		{ name: "egress", mode: "Gateway", nodes: 2, egressConfigurations: 1 },
		{
			name: "students",
			nodes: 20,
			minCount: 10,
			maxCount: 47,
			maxSurge: "1",
		},
	],
};

const lab: ClusterSpec = {
	...base,
	name: "aks-lab-sandbox-weu",
	model: "dynamic-pod-subnet",
	nodeSubnet: network.subnet("snet-lab-nodes"),
	podSubnet: network.subnet("snet-lab-pods"),
	pools: [
		{ name: "system", mode: "System", nodes: 2, maxPods: 50 },
		{ name: "jobs", nodes: 3, minCount: 2, maxCount: 8, maxPods: 50 },
	],
};

export const sandbox: LandingZone = {
	networks: [
		network.network([
			{
				name: "snet-dualstack",
				prefixes: ["10.50.0.0/25", "fd00:50:0:1::/64"],
			},
			subnet("snet-training", "10.50.1.0/26"),
			subnet("snet-lab-nodes", "10.50.1.64/26"),
			subnet("snet-lab-pods", "10.50.4.0/22", { delegatedToAks: true }),
		]),
	],
	clusters: [dualStack, training, lab],
};
