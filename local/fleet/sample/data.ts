import type { ClusterSpec } from "../clusterSpec.ts";
import { type LandingZone, spoke, subnet, subscriptions } from "./spoke.ts";

const subscription = subscriptions.data.id;
const westEurope = spoke(subscription, "vnet-data-weu", "westeurope", [
	"10.30.0.0/16",
]);
const northEurope = spoke(subscription, "vnet-data-neu", "northeurope", [
	"10.31.0.0/16",
]);

const base = {
	subscription,
	resourceGroup: "rg-data-aks",
	location: "westeurope",
} as const;

/** Two clusters in one pod subnet: each would fit alone, and the subnet shows nobody how full it is. */
const spark: ClusterSpec = {
	...base,
	name: "aks-spark-prod-weu",
	model: "dynamic-pod-subnet",
	nodeSubnet: westEurope.subnet("snet-spark-nodes"),
	podSubnet: westEurope.subnet("snet-streaming-pods"),
	pools: [
		{ name: "system", mode: "System", nodes: 2 },
		{ name: "executors", nodes: 3, minCount: 2, maxCount: 10 },
	],
};

const kafka: ClusterSpec = {
	...base,
	name: "aks-kafka-prod-weu",
	model: "dynamic-pod-subnet",
	nodeSubnet: westEurope.subnet("snet-kafka-nodes"),
	podSubnet: westEurope.subnet("snet-streaming-pods"),
	pools: [
		{ name: "system", mode: "System", nodes: 2 },
		{ name: "brokers", nodes: 2 },
	],
};

/** Azure counts 16 addresses a node, a node at 250 pods takes 16 blocks of 16. At 32 pods a third block for one pod. */
const flink: ClusterSpec = {
	...base,
	name: "aks-flink-prod-weu",
	model: "static-pod-subnet",
	nodeSubnet: westEurope.subnet("snet-flink-nodes"),
	podSubnet: westEurope.subnet("snet-flink-pods"),
	pools: [
		{ name: "system", mode: "System", nodes: 3, maxPods: 32 },
		{ name: "taskmgr", nodes: 4, maxPods: 250 },
	],
};

const warehouse: ClusterSpec = {
	...base,
	name: "aks-warehouse-prod-weu",
	model: "static-pod-subnet",
	version: "1.36.0",
	nodeSubnet: westEurope.subnet("snet-warehouse-nodes"),
	podSubnet: westEurope.subnet("snet-warehouse-pods"),
	pools: [
		{ name: "system", mode: "System", nodes: 3, maxPods: 31 },
		{ name: "query", nodes: 3, minCount: 3, maxCount: 5, maxPods: 31 },
	],
};

/** An autoscaler allowed as many nodes as a pool may have, so that none remains for a surge. */
const events: ClusterSpec = {
	...base,
	name: "aks-events-prod-neu",
	location: "northeurope",
	model: "overlay",
	dataplane: "cilium",
	podCidr: "10.192.0.0/13",
	nodeSubnet: northEurope.subnet("snet-events"),
	pools: [
		{ name: "system", mode: "System", nodes: 3 },
		{ name: "workers", nodes: 120, minCount: 20, maxCount: 1000 },
	],
};

const pods = { delegatedToAks: true } as const;

export const data: LandingZone = {
	networks: [
		westEurope.network([
			subnet("snet-spark-nodes", "10.30.0.0/24"),
			subnet("snet-kafka-nodes", "10.30.1.0/26"),
			subnet("snet-streaming-pods", "10.30.2.0/25", pods),
			subnet("snet-flink-nodes", "10.30.3.0/26"),
			subnet("snet-flink-pods", "10.30.4.0/22", pods),
			subnet("snet-warehouse-nodes", "10.30.3.64/26", { listForm: true }),
			subnet("snet-warehouse-pods", "10.30.8.0/23", pods),
		]),
		northEurope.network([subnet("snet-events", "10.31.0.0/20")]),
	],
	otherResources: [
		{
			kind: "private-endpoint",
			scope: westEurope.scope,
			name: "pe-lake-weu",
			location: westEurope.location,
			subnet: westEurope.subnet("snet-spark-nodes"),
			addresses: 2,
		},
	],
	clusters: [spark, kafka, flink, warehouse, events],
};
