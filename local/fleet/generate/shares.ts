import type { NetworkModel } from "../clusterSpec.ts";

/** A network model, or the overlay whose nodes Karpenter makes. */
export type FleetModel = NetworkModel | "auto-provisioned";

/** How often a model occurs, in percent. */
export const modelShares: Readonly<Record<FleetModel, number>> = {
	overlay: 45,
	"node-subnet": 25,
	kubenet: 10,
	"dynamic-pod-subnet": 8,
	"static-pod-subnet": 4,
	none: 3,
	"auto-provisioned": 5,
};

/** How many clusters of a model live in a network that AKS made for them. */
export const managedShares: Readonly<Record<FleetModel, number>> = {
	overlay: 0.35,
	"node-subnet": 0.1,
	kubenet: 0.3,
	"dynamic-pod-subnet": 0,
	"static-pod-subnet": 0,
	none: 0,
	"auto-provisioned": 0.4,
};

/** Models whose clusters may share a subnet. AKS does not support it for kubenet. */
export const sharing: ReadonlySet<FleetModel> = new Set<FleetModel>([
	"overlay",
	"node-subnet",
	"dynamic-pod-subnet",
	"none",
]);

/** How many of the groups have more than one cluster. With 2 to 30 in them, a third of the clusters end up sharing. */
export const sharedGroupShare = 0.06;

/** How many subnets and pod ranges were made for the nodes of the day and not for those to come. */
export const outgrownShare = 0.2;

export const regions = {
	westeurope: "weu",
	northeurope: "neu",
	germanywestcentral: "gwc",
	swedencentral: "sdc",
	eastus2: "eus2",
	southeastasia: "sea",
} as const;

export const versions = {
	"1.32.9": 8,
	"1.33.5": 22,
	"1.34.2": 40,
	"1.35.1": 25,
	"1.36.0": 5,
} as const;
