import { describe, expect, it } from "vitest";
import {
	resourceGroup,
	subscription as subscriptionResource,
} from "../../local/fleet/builders/containers.ts";
import { managedCluster } from "../../local/fleet/builders/managedCluster.ts";
import { networkInterface } from "../../local/fleet/builders/networkInterface.ts";
import {
	customRoute,
	routeTable,
} from "../../local/fleet/builders/routeTable.ts";
import { scaleSet } from "../../local/fleet/builders/scaleSet.ts";
import {
	type SubnetFields,
	virtualNetwork,
} from "../../local/fleet/builders/virtualNetwork.ts";
import type { ClusterSpec } from "../../local/fleet/clusterSpec.ts";
import { routeTableId, subnetId } from "../../local/fleet/ids.ts";
import type { Json, RawResource } from "../../local/fleet/rawResource.ts";
import { autoProvisionedNodesQuery } from "../../shared/inventory/autoProvisionedNodes.ts";
import { clustersQuery } from "../../shared/inventory/clusters.ts";
import type { Cluster, NodePool } from "../../shared/inventory/facts.ts";
import { routeTablesQuery } from "../../shared/inventory/routeTables.ts";
import { type Query, RowError } from "../../shared/inventory/rows.ts";
import {
	dualStackConfigurationsQuery,
	scaleSetsQuery,
} from "../../shared/inventory/scaleSets.ts";
import {
	subnetsQuery,
	wholeNetworkQuery,
} from "../../shared/inventory/subnets.ts";
import {
	resourceGroupsQuery,
	subscriptionsQuery,
} from "../../shared/inventory/subscriptions.ts";
import { parsed, rowsOf } from "./rows.ts";

const subscription = "00000000-0000-4000-8000-00000000000A";
const scope = { subscription, resourceGroup: "RG-Net" };
const nodes = subnetId(scope, "VNet", "Nodes");
const pods = subnetId(scope, "VNet", "Pods");

function only<T>(items: readonly T[]): T {
	const [item, ...others] = items;
	if (item === undefined || others.length > 0)
		throw new Error(`${items.length} rows`);
	return item;
}

function spec(overrides: Partial<ClusterSpec> = {}): ClusterSpec {
	return {
		subscription,
		resourceGroup: "RG-Aks",
		name: "Aks-One",
		location: "westeurope",
		model: "node-subnet",
		nodeSubnet: nodes,
		pools: [{ name: "np", nodes: 3 }],
		...overrides,
	};
}

/** The resource with other properties; an undefined one is absent. */
function withProperties(resource: RawResource, changes: Json): RawResource {
	return {
		...resource,
		properties: JSON.parse(
			JSON.stringify({ ...resource.properties, ...changes }),
		),
	};
}

function withNetwork(resource: RawResource, changes: Json): RawResource {
	const profile = resource.properties?.networkProfile as Json;
	return withProperties(resource, {
		networkProfile: { ...profile, ...changes },
	});
}

function withPool(changes: Json, of: Partial<ClusterSpec> = {}): RawResource {
	const cluster = managedCluster(spec(of));
	const [pool] = (cluster.properties?.agentPoolProfiles ?? []) as Json[];
	return withProperties(cluster, {
		agentPoolProfiles: [{ ...pool, ...changes }],
	});
}

const clusterFrom = (resource: RawResource): Cluster =>
	only(parsed(clustersQuery, [resource]));
const poolFrom = (changes: Json, of: Partial<ClusterSpec> = {}): NodePool =>
	only(clusterFrom(withPool(changes, of)).pools);

/** The error of the only row that cannot be parsed. */
function errorOf(query: Query<unknown>, resource: RawResource): string {
	try {
		parsed(query, [resource]);
	} catch (error) {
		if (error instanceof RowError) return error.message;
		throw error;
	}
	throw new Error("the row was parsed");
}

describe("a cluster's row", () => {
	it.each(["node-subnet", "overlay", "dynamic-pod-subnet"] as const)(
		"is the same with Cilium, which is a dataplane over %s",
		(model) => {
			const of = (dataplane: "azure" | "cilium") =>
				clusterFrom(managedCluster(spec({ model, dataplane })));
			expect(of("cilium")).toEqual(of("azure"));
		},
	);

	it("gives every field, ids in lower case", () => {
		const cluster = clusterFrom({
			...managedCluster(
				spec({
					model: "overlay",
					dataplane: "cilium",
					version: "1.33.4",
					pools: [
						{
							name: "SysPool",
							nodes: 2,
							mode: "System",
							minCount: 1,
							maxCount: 5,
							maxPods: 250,
							maxSurge: "33%",
						},
					],
				}),
			),
			tags: { "Cost-Center": "38226" },
		});
		expect(cluster).toEqual({
			id: "/subscriptions/00000000-0000-4000-8000-00000000000a/resourcegroups/rg-aks/providers/microsoft.containerservice/managedclusters/aks-one",
			name: "Aks-One",
			subscription: "00000000-0000-4000-8000-00000000000a",
			resourceGroup: "rg-aks",
			tags: { "cost-center": "38226" },
			nodeResourceGroup: "mc_rg-aks_aks-one_westeurope",
			kubernetesVersion: "1.33.4",
			stopped: false,
			provisioningState: "succeeded",
			plugin: "azure",
			overlay: true,
			podCidr: "10.244.0.0/16",
			serviceCidrs: ["10.0.0.0/16"],
			dualStack: false,
			apiServer: null,
			autoProvisioning: false,
			pools: [
				{
					name: "syspool",
					mode: "system",
					type: "scale-set",
					windows: false,
					spot: false,
					stopped: false,
					upgrading: false,
					reportedNodes: 2,
					configuredNodes: null,
					autoscaling: true,
					maxNodes: 5,
					minNodes: 1,
					maxPods: 250,
					maxPodsAssumed: false,
					nodeSubnet: nodes.toLowerCase(),
					podSubnet: null,
					staticBlocks: false,
					surge: { kind: "percent", percent: 33 },
					kubernetesVersion: "1.33.4",
				},
			],
		});
	});

	it.each([
		{ tags: undefined, read: {} },
		{ tags: null, read: {} },
		{ tags: "none", read: {} },
		{
			tags: { Team: "Payments", count: 3, "Cost-Center": null },
			read: { team: "Payments" },
		},
	])("with the tags $tags has $read", ({ tags, read }) => {
		const resource = { ...managedCluster(spec()), tags };
		expect(clusterFrom(resource as unknown as RawResource).tags).toEqual(read);
	});

	it.each<{ what: string; of: Partial<ClusterSpec>; facts: Partial<Cluster> }>([
		{
			what: "kubenet",
			of: { model: "kubenet" },
			facts: { plugin: "kubenet", overlay: false, podCidr: "10.244.0.0/16" },
		},
		{
			what: "a node subnet",
			of: {},
			facts: { plugin: "azure", overlay: false, podCidr: null },
		},
		{
			what: "bring your own CNI",
			of: { model: "none" },
			facts: { plugin: "none", overlay: false, podCidr: null },
		},
		{ what: "a stopped one", of: { stopped: true }, facts: { stopped: true } },
		{
			what: "dual stack",
			of: { model: "overlay", dualStack: true },
			facts: {
				dualStack: true,
				podCidr: "10.244.0.0/16",
				serviceCidrs: ["10.0.0.0/16", "fd20:6f::/108"],
			},
		},
		{
			what: "node auto-provisioning",
			of: { provisioned: [] },
			facts: { autoProvisioning: true },
		},
		{
			what: "an API server in a subnet of one's own",
			of: { apiServer: { subnet: subnetId(scope, "VNet", "Api") } },
			facts: {
				apiServer: { subnet: subnetId(scope, "VNet", "Api").toLowerCase() },
			},
		},
		{
			what: "an API server in a subnet that AKS made",
			of: { apiServer: {} },
			facts: { apiServer: { subnet: null } },
		},
		{
			what: "a private cluster, which has an endpoint and no subnet",
			of: { privateEndpoint: true },
			facts: { apiServer: null },
		},
	])("of $what", ({ of, facts }) => {
		expect(clusterFrom(managedCluster(spec(of)))).toMatchObject(facts);
	});

	it.each<{ what: string; network: Json; facts: Partial<Cluster> }>([
		{
			what: "podCidr alone, as older rows have it",
			network: {
				networkPlugin: "kubenet",
				podCidr: "10.100.0.0/16",
				podCidrs: undefined,
				ipFamilies: undefined,
			},
			facts: { podCidr: "10.100.0.0/16", dualStack: false },
		},
		{
			what: "IPv6 first",
			network: {
				networkPluginMode: "overlay",
				podCidr: "10.100.0.0/16",
				podCidrs: ["fd30::/64", "10.100.0.0/16"],
			},
			facts: { podCidr: "10.100.0.0/16", dualStack: true },
		},
		{
			what: "families in any casing",
			network: { ipFamilies: ["ipv4", "ipv6"] },
			facts: { dualStack: true },
		},
		{
			what: "plugin and mode in any casing",
			network: { networkPlugin: "Azure", networkPluginMode: "Overlay" },
			facts: { plugin: "azure", overlay: true },
		},
		{
			what: "explicit nulls",
			network: {
				networkPluginMode: null,
				networkDataplane: null,
				podCidr: null,
				podCidrs: null,
				serviceCidrs: null,
				ipFamilies: null,
			},
			facts: {
				overlay: false,
				podCidr: null,
				dualStack: false,
				serviceCidrs: ["10.0.0.0/16"],
			},
		},
		{
			what: "none of the newer fields",
			network: {
				networkPluginMode: undefined,
				networkDataplane: undefined,
				podCidrs: undefined,
				serviceCidrs: undefined,
				ipFamilies: undefined,
			},
			facts: { overlay: false, podCidr: null, dualStack: false },
		},
	])("with $what", ({ network, facts }) => {
		expect(
			clusterFrom(withNetwork(managedCluster(spec()), network)),
		).toMatchObject(facts);
	});

	it.each<{ what: string; properties: Json; facts: Partial<Cluster> }>([
		{
			what: "no pools (Automatic with hosted system pools)",
			properties: { agentPoolProfiles: undefined },
			facts: { pools: [] },
		},
		{
			what: "pools null",
			properties: { agentPoolProfiles: null },
			facts: { pools: [] },
		},
		{
			what: "no power state",
			properties: { powerState: undefined },
			facts: { stopped: false },
		},
		{
			what: "no full version",
			properties: {
				currentKubernetesVersion: undefined,
				kubernetesVersion: "1.31.7",
			},
			facts: { kubernetesVersion: "1.31.7" },
		},
		{
			what: "no provisioning profile",
			properties: { nodeProvisioningProfile: undefined },
			facts: { autoProvisioning: false },
		},
		{
			what: "a provisioning profile that is manual",
			properties: { nodeProvisioningProfile: { mode: "Manual" } },
			facts: { autoProvisioning: false },
		},
	])("with $what", ({ properties, facts }) => {
		expect(
			clusterFrom(withProperties(managedCluster(spec()), properties)),
		).toMatchObject(facts);
	});

	it.each<{ what: string; resource: RawResource; field: string }>([
		{
			what: "no plugin",
			resource: withNetwork(managedCluster(spec()), {
				networkPlugin: undefined,
			}),
			field: "networkPlugin",
		},
		{
			what: "an unknown plugin",
			resource: withNetwork(managedCluster(spec()), {
				networkPlugin: "flannel",
			}),
			field: "networkPlugin",
		},
		{
			what: "a pod range that is none",
			resource: withNetwork(managedCluster(spec({ model: "overlay" })), {
				podCidr: "10.244.0.0",
				podCidrs: ["10.244.0.0"],
			}),
			field: "podCidr",
		},
		{
			what: "pod ranges that are no list",
			resource: withNetwork(managedCluster(spec()), {
				podCidrs: "10.244.0.0/16",
			}),
			field: "podCidrs",
		},
		{
			what: "pools that are no list",
			resource: withProperties(managedCluster(spec()), {
				agentPoolProfiles: { name: "np" },
			}),
			field: "pools",
		},
		{
			what: "an unknown plugin mode",
			resource: withNetwork(managedCluster(spec()), {
				networkPluginMode: "underlay",
			}),
			field: "networkPluginMode",
		},
		{
			what: "an unknown type of pool",
			resource: withPool({ type: "Hyperscale" }),
			field: "agentPoolProfiles[0].type",
		},
		{
			what: "an unknown mode of a pool",
			resource: withPool({ mode: "Ghost" }),
			field: "agentPoolProfiles[0].mode",
		},
		{
			what: "an unknown allocation of pods",
			resource: withPool({ podSubnetID: pods, podIPAllocationMode: "Hourly" }),
			field: "agentPoolProfiles[0].podIPAllocationMode",
		},
		{
			what: "a count in words",
			resource: withPool({ count: "three" }),
			field: "agentPoolProfiles[0].count",
		},
		{
			what: "half a node",
			resource: withPool({ count: 2.5 }),
			field: "agentPoolProfiles[0].count",
		},
		{
			what: "fewer than no nodes",
			resource: withPool({ maxCount: -1 }),
			field: "agentPoolProfiles[0].maxcount",
		},
		{
			what: "no name of a pool",
			resource: withPool({ name: "" }),
			field: "agentPoolProfiles[0].name",
		},
		{
			what: "a surge in words",
			resource: withPool({ upgradeSettings: { maxSurge: "some" } }),
			field: "agentPoolProfiles[0].upgradeSettings.maxSurge",
		},
		{
			what: "a negative surge",
			resource: withPool({ upgradeSettings: { maxSurge: "-1" } }),
			field: "agentPoolProfiles[0].upgradeSettings.maxSurge",
		},
		{
			what: "autoscaling in words",
			resource: withPool({ enableAutoScaling: "yes" }),
			field: "agentPoolProfiles[0].enableautoscaling",
		},
	])("with $what is refused, naming $field", ({ resource, field }) => {
		const message = errorOf(clustersQuery, resource);
		expect(message.toLowerCase()).toMatch(/^field /);
		expect(message.toLowerCase()).toContain(field.toLowerCase());
	});
});

describe("a node pool's row", () => {
	it.each<{ what: string; pool: Json; facts: Partial<NodePool> }>([
		{
			what: "podSubnetID, as ARM spells it",
			pool: { podSubnetID: pods, podIPAllocationMode: "StaticBlock" },
			facts: { podSubnet: pods.toLowerCase(), staticBlocks: true },
		},
		{
			what: "podSubnetId, as the CLI spells it",
			pool: { podSubnetId: pods, podIpAllocationMode: "StaticBlock" },
			facts: { podSubnet: pods.toLowerCase(), staticBlocks: true },
		},
		{
			what: "vnetSubnetId, as the CLI spells it",
			pool: { vnetSubnetID: undefined, vnetSubnetId: nodes },
			facts: { nodeSubnet: nodes.toLowerCase() },
		},
		{
			what: "dynamic allocation",
			pool: { podSubnetID: pods, podIPAllocationMode: "DynamicIndividual" },
			facts: { staticBlocks: false },
		},
		{
			what: "no allocation mode: dynamic",
			pool: { podSubnetID: pods },
			facts: { podSubnet: pods.toLowerCase(), staticBlocks: false },
		},
		{
			what: "an empty pod subnet",
			pool: { podSubnetID: "" },
			facts: { podSubnet: null },
		},
		{
			what: "subnets that are null",
			pool: {
				vnetSubnetID: null,
				podSubnetID: null,
				podIPAllocationMode: null,
			},
			facts: { nodeSubnet: null, podSubnet: null, staticBlocks: false },
		},
		{
			what: "no subnets",
			pool: { vnetSubnetID: undefined },
			facts: { nodeSubnet: null, podSubnet: null },
		},
		{
			what: "a count of 3.0",
			pool: { count: JSON.parse("3.0") },
			facts: { reportedNodes: 3 },
		},
		{
			what: "a count of null",
			pool: { count: null },
			facts: { reportedNodes: null },
		},
		{
			what: "no count",
			pool: { count: undefined },
			facts: { reportedNodes: null },
		},
		{
			what: "autoscaling",
			pool: { enableAutoScaling: true, minCount: 1, maxCount: 9 },
			facts: { minNodes: 1, maxNodes: 9 },
		},
		{
			what: "autoscaling without a maximum",
			pool: { enableAutoScaling: true, maxCount: undefined },
			facts: { autoscaling: true, maxNodes: null },
		},
		{
			what: "bounds without autoscaling",
			pool: { enableAutoScaling: false, minCount: 1, maxCount: 9 },
			facts: { autoscaling: false, minNodes: null, maxNodes: null },
		},
		{
			what: "autoscaling outside of its bounds",
			pool: { enableAutoScaling: true, count: 2, minCount: 3, maxCount: 9 },
			facts: { reportedNodes: 2, minNodes: 3, maxNodes: 9 },
		},
		{
			what: "max pods of 0",
			pool: { maxPods: 0 },
			facts: { maxPods: 30, maxPodsAssumed: true },
		},
		{
			what: "no max pods in a node subnet",
			pool: { maxPods: undefined },
			facts: { maxPods: 30, maxPodsAssumed: true },
		},
		{
			what: "no max pods with a pod subnet",
			pool: { maxPods: null, podSubnetID: pods },
			facts: { maxPods: 110, maxPodsAssumed: true },
		},
		{ what: "Windows", pool: { osType: "Windows" }, facts: { windows: true } },
		{
			what: "Windows in lower case",
			pool: { osType: "windows" },
			facts: { windows: true },
		},
		{
			what: "no operating system",
			pool: { osType: undefined },
			facts: { windows: false },
		},
		{ what: "spot", pool: { scaleSetPriority: "Spot" }, facts: { spot: true } },
		{
			what: "stopped",
			pool: { powerState: { code: "Stopped" } },
			facts: { stopped: true },
		},
		{
			what: "no power state",
			pool: { powerState: null },
			facts: { stopped: false },
		},
		{
			what: "upgrading",
			pool: { provisioningState: "Upgrading" },
			facts: { upgrading: true },
		},
		{
			what: "upgrading the node image",
			pool: { provisioningState: "UpgradingNodeImageVersion" },
			facts: { upgrading: true },
		},
		{
			what: "scaling",
			pool: { provisioningState: "Scaling" },
			facts: { upgrading: false },
		},
		{
			what: "an availability set",
			pool: { type: "AvailabilitySet" },
			facts: { type: "availability-set" },
		},
		{
			what: "a hosted system pool",
			pool: { mode: "ManagedSystem" },
			facts: { mode: "managed-system" },
		},
		{
			what: "an egress gateway",
			pool: { mode: "Gateway" },
			facts: { mode: "gateway" },
		},
		{
			what: "machines",
			pool: { mode: "Machines" },
			facts: { mode: "machines" },
		},
		{
			what: "a system pool",
			pool: { mode: "System" },
			facts: { mode: "system" },
		},
		{
			what: "the version that runs, not the one that is asked for",
			pool: {
				orchestratorVersion: "1.35",
				currentOrchestratorVersion: "1.34.9",
			},
			facts: { kubernetesVersion: "1.34.9" },
		},
		{
			what: "the version that is asked for",
			pool: {
				orchestratorVersion: "1.33",
				currentOrchestratorVersion: undefined,
			},
			facts: { kubernetesVersion: "1.33" },
		},
		{
			what: "the cluster's version",
			pool: {
				orchestratorVersion: undefined,
				currentOrchestratorVersion: undefined,
			},
			facts: { kubernetesVersion: "1.34.2" },
		},
	])("with $what", ({ pool, facts }) => {
		expect(poolFrom(pool)).toMatchObject(facts);
	});

	it.each<{ what: string; settings: Json; surge: NodePool["surge"] }>([
		{
			what: "10%",
			settings: { upgradeSettings: { maxSurge: "10%" } },
			surge: { kind: "percent", percent: 10 },
		},
		{
			what: "a text",
			settings: { upgradeSettings: { maxSurge: "2" } },
			surge: { kind: "nodes", nodes: 2 },
		},
		{
			what: "a number",
			settings: { upgradeSettings: { maxSurge: 2 } },
			surge: { kind: "nodes", nodes: 2 },
		},
		{
			what: "none, in place",
			settings: { upgradeSettings: { maxSurge: "0", maxUnavailable: "1" } },
			surge: { kind: "nodes", nodes: 0 },
		},
		{
			what: "nothing",
			settings: { upgradeSettings: {} },
			surge: { kind: "default" },
		},
		{
			what: "only what may be unavailable",
			settings: { upgradeSettings: { maxUnavailable: "0" } },
			surge: { kind: "default" },
		},
		{
			what: "null",
			settings: { upgradeSettings: { maxSurge: null } },
			surge: { kind: "default" },
		},
		{
			what: "settings that are null",
			settings: { upgradeSettings: null },
			surge: { kind: "default" },
		},
		{
			what: "no settings",
			settings: { upgradeSettings: undefined },
			surge: { kind: "default" },
		},
		{
			what: "blue-green",
			settings: {
				upgradeStrategy: "BlueGreen",
				upgradeSettings: { maxSurge: "10%" },
			},
			surge: { kind: "blue-green" },
		},
	])("with a surge of $what", ({ settings, surge }) => {
		expect(poolFrom(settings).surge).toEqual(surge);
	});

	it.each([
		{ what: "overlay", of: { model: "overlay" }, maxPods: 250 },
		{ what: "kubenet", of: { model: "kubenet" }, maxPods: 110 },
		{ what: "a node subnet", of: { model: "node-subnet" }, maxPods: 30 },
		{ what: "bring your own CNI", of: { model: "none" }, maxPods: 250 },
	] as const)("without max pods in $what: $maxPods", ({ of, maxPods }) => {
		expect(poolFrom({ maxPods: undefined }, of)).toMatchObject({
			maxPods,
			maxPodsAssumed: true,
		});
	});

	it("of VirtualMachines sums the sizes that are set and those that live", () => {
		expect(
			poolFrom({
				type: "VirtualMachines",
				count: undefined,
				virtualMachinesProfile: {
					scale: {
						manual: [
							{ size: "a", count: 2 },
							{ size: "b", count: 3 },
						],
					},
				},
				virtualMachineNodesStatus: [
					{ size: "a", count: 2 },
					{ size: "b", count: 1 },
				],
			}),
		).toMatchObject({
			type: "virtual-machines",
			configuredNodes: 5,
			reportedNodes: 3,
			maxNodes: null,
		});
	});

	it.each<{ what: string; autoscale: unknown }>([
		{ what: "an object", autoscale: { size: "a", minCount: 1, maxCount: 6 } },
		{
			what: "a list",
			autoscale: [
				{ size: "a", minCount: 1, maxCount: 4 },
				{ size: "b", minCount: 0, maxCount: 2 },
			],
		},
	])(
		"of VirtualMachines has an autoscaler in its profile, $what, while enableAutoScaling says false",
		({ autoscale }) => {
			expect(
				poolFrom({
					type: "VirtualMachines",
					count: undefined,
					enableAutoScaling: false,
					virtualMachinesProfile: { scale: { autoscale } },
					virtualMachineNodesStatus: [{ size: "a", count: 2 }],
				}),
			).toMatchObject({
				minNodes: 1,
				maxNodes: 6,
				reportedNodes: 2,
				configuredNodes: null,
			});
		},
	);
});

function network(...subnets: SubnetFields[]): RawResource {
	return virtualNetwork({
		scope,
		name: "VNet",
		location: "westeurope",
		addressSpace: ["10.1.0.0/16"],
		subnets,
	});
}

const held = (count: number) =>
	Array.from({ length: count }, (_, index) => ({ id: `/ipconfig/${index}` }));

describe("a subnet's row", () => {
	const ofSubnet = (fields: Partial<SubnetFields>) =>
		only(
			parsed(subnetsQuery, [
				network({ name: "Nodes", prefixes: ["10.1.0.0/24"], ...fields }),
			]),
		);

	it("gives every field, ids in lower case", () => {
		expect(
			ofSubnet({
				ipConfigurations: held(29),
				routeTable: routeTableId(scope, "Routes"),
			}),
		).toEqual({
			network: nodes.toLowerCase().replace("/subnets/nodes", ""),
			ofNetwork: 1,
			subnet: {
				id: nodes.toLowerCase(),
				prefixes: ["10.1.0.0/24"],
				ipConfigurations: 29,
				routeTable: routeTableId(scope, "Routes").toLowerCase(),
			},
		});
	});

	it.each<{ what: string; fields: Partial<SubnetFields>; facts: Json }>([
		{
			what: "a list of one prefix",
			fields: { listForm: true },
			facts: { prefixes: ["10.1.0.0/24"] },
		},
		{
			what: "two prefixes",
			fields: { prefixes: ["10.1.0.0/24", "10.1.9.0/25"] },
			facts: { prefixes: ["10.1.0.0/24", "10.1.9.0/25"] },
		},
		{
			what: "IPv6 beside IPv4",
			fields: { prefixes: ["10.1.0.0/24", "fd00::/64"] },
			facts: { prefixes: ["10.1.0.0/24", "fd00::/64"] },
		},
		{
			what: "a delegation to AKS",
			fields: { delegatedToAks: true },
			facts: { prefixes: ["10.1.0.0/24"] },
		},
		{
			what: "no ip configurations",
			fields: { ipConfigurations: [] },
			facts: { ipConfigurations: null },
		},
		{
			what: "ip configurations that are null",
			fields: { ipConfigurations: null },
			facts: { ipConfigurations: null },
		},
		{ what: "no route table", fields: {}, facts: { routeTable: null } },
	])("with $what", ({ fields, facts }) => {
		expect(ofSubnet(fields).subnet).toMatchObject(facts);
	});

	it("an empty list of ip configurations is none, which is not null", () => {
		const resource = network({ name: "Nodes", prefixes: ["10.1.0.0/24"] });
		const [subnet] = (resource.properties?.subnets ?? []) as Json[];
		const listed = withProperties(resource, {
			subnets: [
				{
					...subnet,
					properties: { ...(subnet?.properties as Json), ipConfigurations: [] },
				},
			],
		});
		expect(only(parsed(subnetsQuery, [listed])).subnet?.ipConfigurations).toBe(
			0,
		);
	});

	it("a list wins over a single prefix that says the same", () => {
		const resource = network({ name: "Nodes", prefixes: ["10.1.0.0/24"] });
		const [subnet] = (resource.properties?.subnets ?? []) as Json[];
		const both = withProperties(resource, {
			subnets: [
				{
					...subnet,
					properties: {
						addressPrefix: "10.1.0.0/24",
						addressPrefixes: ["10.1.0.0/24", "10.1.9.0/24"],
					},
				},
			],
		});
		expect(only(parsed(subnetsQuery, [both])).subnet?.prefixes).toEqual([
			"10.1.0.0/24",
			"10.1.9.0/24",
		]);
	});

	it.each([
		{ what: "no prefix", prefixes: [], quoted: '""' },
		{
			what: "no address prefix",
			prefixes: ["10.1.0.0/33"],
			quoted: '"10.1.0.0/33"',
		},
	])(
		"with $what is refused, naming the field and the value",
		({ prefixes, quoted }) => {
			const message = errorOf(
				subnetsQuery,
				network({ name: "Nodes", prefixes }),
			);
			expect(message).toContain("field addressPrefix");
			expect(message).toContain(quoted);
		},
	);

	it("says how many there are in its network", () => {
		const rows = parsed(subnetsQuery, [
			network(
				{ name: "a", prefixes: ["10.1.0.0/24"] },
				{ name: "b", prefixes: ["10.1.1.0/24"] },
			),
		]);
		expect(
			rows.map(({ ofNetwork, subnet }) => [
				ofNetwork,
				subnet?.id.split("/").at(-1),
			]),
		).toEqual([
			[2, "a"],
			[2, "b"],
		]);
	});

	it("is none of a network without subnets", () => {
		const bare = withProperties(network(), { subnets: undefined });
		expect(parsed(subnetsQuery, [network()])).toEqual([]);
		expect(parsed(subnetsQuery, [bare])).toMatchObject([
			{ ofNetwork: 0, subnet: null },
		]);
	});

	it("read from its whole network is the same", () => {
		const resource = network(
			{
				name: "Nodes",
				prefixes: ["10.1.0.0/24"],
				ipConfigurations: held(3),
				routeTable: routeTableId(scope, "Routes"),
			},
			{ name: "Pods", prefixes: ["10.1.4.0/22", "fd00::/64"] },
		);
		const expanded = parsed(subnetsQuery, [resource]).map(
			({ subnet }) => subnet,
		);
		expect(
			only(parsed(wholeNetworkQuery(resource.id.toLowerCase()), [resource])),
		).toEqual(expanded);
	});
});

describe("a scale set's row", () => {
	const fields = {
		scope: { subscription, resourceGroup: "MC_RG-Aks_Aks-One_westeurope" },
		name: "aks-np-12345678-vmss",
		location: "westeurope",
		pool: "np",
		capacity: 3,
		version: "1.34.2",
		suffix: "12345678",
		subnet: nodes,
		addresses: 29,
	};
	const tagged = (
		resource: RawResource,
		tags: Record<string, string>,
	): RawResource => ({ ...resource, tags });

	it("gives every field, ids in lower case", () => {
		expect(only(parsed(scaleSetsQuery, [scaleSet(fields)]))).toEqual({
			id: "/subscriptions/00000000-0000-4000-8000-00000000000a/resourcegroups/mc_rg-aks_aks-one_westeurope/providers/microsoft.compute/virtualmachinescalesets/aks-np-12345678-vmss",
			group:
				"00000000-0000-4000-8000-00000000000a/mc_rg-aks_aks-one_westeurope",
			pool: "np",
			capacity: 3,
			ipConfigurations: 29,
			ipv6Configurations: 0,
			subnet: nodes.toLowerCase(),
		});
	});

	it("names its pool as AKS did until 2021", () => {
		expect(
			only(
				parsed(scaleSetsQuery, [tagged(scaleSet(fields), { poolName: "Old" })]),
			).pool,
		).toBe("old");
	});

	it("of somebody else is none of AKS", () => {
		expect(
			parsed(scaleSetsQuery, [tagged(scaleSet(fields), { owner: "someone" })]),
		).toEqual([]);
	});

	it("shows no model in a generic list", () => {
		const { properties: _, ...listed } = scaleSet(fields);
		expect(only(parsed(scaleSetsQuery, [listed]))).toMatchObject({
			capacity: 3,
			ipConfigurations: null,
			subnet: null,
		});
	});

	it.each([
		{ what: "no capacity", sku: { name: "Standard_D2s_v5" } },
		{ what: "no sku", sku: undefined },
		{ what: "a capacity in words", sku: { capacity: "many" } },
	])("with $what is refused, naming it", ({ sku }) => {
		const { sku: _, ...rest } = scaleSet(fields);
		expect(
			errorOf(scaleSetsQuery, sku === undefined ? rest : { ...rest, sku }),
		).toContain("field capacity");
	});

	it("of dual stack lists its ip configurations one by one", () => {
		const configurations = parsed(dualStackConfigurationsQuery, [
			scaleSet({ ...fields, addresses: 1, dualStack: true }),
		]);
		expect(configurations.map(({ ipv6, subnet }) => [ipv6, subnet])).toEqual([
			[false, nodes.toLowerCase()],
			[true, nodes.toLowerCase()],
		]);
	});

	it("of IPv4 alone lists none of them", () => {
		expect(parsed(dualStackConfigurationsQuery, [scaleSet(fields)])).toEqual(
			[],
		);
	});
});

describe("a route table's row", () => {
	const table = (routes: number) =>
		routeTable({
			scope: { subscription, resourceGroup: "MC_One" },
			name: "aks-agentpool-12345678-routetable",
			location: "westeurope",
			routes: Array.from({ length: routes }, (_, index) => customRoute(index)),
			subnets: [nodes],
		});

	it("counts its routes", () => {
		expect(only(parsed(routeTablesQuery, [table(12)]))).toEqual({
			id: "/subscriptions/00000000-0000-4000-8000-00000000000a/resourcegroups/mc_one/providers/microsoft.network/routetables/aks-agentpool-12345678-routetable",
			group: "00000000-0000-4000-8000-00000000000a/mc_one",
			routes: 12,
		});
		expect(only(parsed(routeTablesQuery, [table(0)])).routes).toBe(0);
	});

	it("shows no routes in a generic list, which is not none", () => {
		const { properties: _, ...listed } = table(12);
		expect(only(parsed(routeTablesQuery, [listed])).routes).toBeNull();
	});
});

describe("an auto-provisioned node's row", () => {
	const nic = (tags: Record<string, string>) =>
		networkInterface({
			scope: { subscription, resourceGroup: "MC_One" },
			name: "aks-Default-x7k2p",
			location: "westeurope",
			subnet: nodes,
			configurations: [
				{ name: "a", address: "10.1.0.4" },
				{ name: "b", address: "10.1.0.5" },
			],
			tags,
		});

	it("gives every field, ids in lower case", () => {
		expect(
			only(
				parsed(autoProvisionedNodesQuery, [
					nic({ "karpenter.sh_nodepool": "Default" }),
				]),
			),
		).toEqual({
			id: "/subscriptions/00000000-0000-4000-8000-00000000000a/resourcegroups/mc_one/providers/microsoft.network/networkinterfaces/aks-default-x7k2p",
			group: "00000000-0000-4000-8000-00000000000a/mc_one",
			pool: "default",
			addresses: 2,
			subnet: nodes.toLowerCase(),
		});
	});

	it("is none of another machine", () => {
		expect(parsed(autoProvisionedNodesQuery, [nic({})])).toEqual([]);
	});
});

describe("rows of subscriptions", () => {
	const id = subscription;

	it("give id and name", () => {
		expect(
			parsed(subscriptionsQuery, [subscriptionResource(id, "Retail")]),
		).toEqual([{ id: id.toLowerCase(), name: "Retail" }]);
	});

	it("count resource groups", () => {
		const containers = [
			subscriptionResource(id, "Retail"),
			resourceGroup(id, "a", "westeurope"),
			resourceGroup(id, "b", "westeurope"),
		];
		expect(rowsOf(resourceGroupsQuery, containers)).toEqual([
			{ id, count_: 2 },
		]);
		expect(parsed(resourceGroupsQuery, containers)).toEqual([id.toLowerCase()]);
	});

	it("with an id that is none are refused, naming it", () => {
		expect(
			errorOf(subscriptionsQuery, subscriptionResource("retail", "Retail")),
		).toContain("field subscriptionId");
	});
});
