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
import { virtualMachineId } from "../../local/fleet/builders/virtualMachine.ts";
import {
	type SubnetFields,
	virtualNetwork,
} from "../../local/fleet/builders/virtualNetwork.ts";
import type { ClusterSpec } from "../../local/fleet/clusterSpec.ts";
import { routeTableId, subnetId } from "../../local/fleet/ids.ts";
import type { Json, RawResource } from "../../local/fleet/rawResource.ts";
import { autoProvisionedNodesQuery } from "../../shared/inventory/autoProvisionedNodes.ts";
import {
	clustersQuery,
	unreadableCluster,
} from "../../shared/inventory/clusters.ts";
import type {
	Cluster,
	NodePool,
	UnreadPool,
} from "../../shared/inventory/facts.ts";
import { routeTablesQuery } from "../../shared/inventory/routeTables.ts";
import { type Query, RowError } from "../../shared/inventory/rows.ts";
import { scaleSetsQuery } from "../../shared/inventory/scaleSets.ts";
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

/** The resource with other properties. An undefined one is absent. */
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
const unreadPoolFrom = (changes: Json): UnreadPool => {
	const { pools, unreadPools } = clusterFrom(withPool(changes));
	expect(pools).toEqual([]);
	return only(unreadPools);
};

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

	it("has every field, IDs in lower case", () => {
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
			stopped: false,
			provisioningState: "succeeded",
			plugin: "azure",
			overlay: true,
			modelUnknown: null,
			podCidr: "10.244.0.0/16",
			serviceCidrs: ["10.0.0.0/16"],
			dualStack: false,
			apiServer: null,
			autoProvisioning: false,
			hostedSystem: null,
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
					deallocates: false,
					mostNodes: null,
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
					nodeSettings: {
						vmSize: "Standard_D8ds_v5",
						osSku: "Ubuntu",
						zones: ["1", "2", "3"],
						labels: [],
						taints: [],
					},
					notUnderstood: [],
				},
			],
			unreadPools: [],
		});
	});

	it.each<{ what: string; of: Json; read: Partial<NodePool["nodeSettings"]> }>([
		{
			what: "labels and taints, whose case counts",
			of: {
				nodeLabels: { "Team.io/App": "Web-1", empty: "" },
				nodeTaints: ["CriticalAddonsOnly=true:NoSchedule", "solo:NoExecute"],
			},
			read: {
				labels: ["Team.io/App=Web-1", "empty="],
				taints: ["CriticalAddonsOnly=true:NoSchedule", "solo:NoExecute"],
			},
		},
		{
			what: "not what AKS sets on a spot pool itself",
			of: {
				nodeLabels: { "kubernetes.azure.com/scalesetpriority": "spot", a: "b" },
				nodeTaints: ["kubernetes.azure.com/scalesetpriority=spot:NoSchedule"],
			},
			read: { labels: ["a=b"], taints: [] },
		},
		{
			what: "no text that is no label or taint",
			of: { nodeLabels: { a: "$(id)" }, nodeTaints: ["a=b; rm -rf /"] },
			read: { labels: null, taints: null },
		},
		{
			what: "no option of a command",
			of: { nodeLabels: { "--no-wait": "" }, nodeTaints: ["-x=y:NoSchedule"] },
			read: { labels: null, taints: null },
		},
		{
			what: "no more labels than it has room for",
			of: {
				nodeLabels: Object.fromEntries(
					Array.from({ length: 60 }, (_, index) => [`label-${index}`, "x"]),
				),
			},
			read: { labels: null, taints: [] },
		},
		{
			what: "nothing of a row that says nothing",
			of: { vmSize: null, osSKU: 3, availabilityZones: null },
			read: { vmSize: null, osSku: null, zones: [], labels: [], taints: [] },
		},
	])("keeps of a pool $what", ({ of, read }) => {
		expect(poolFrom(of).nodeSettings).toMatchObject(read);
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
		{
			what: "no plugin",
			network: { networkPlugin: undefined },
			facts: {
				plugin: "unknown",
				overlay: false,
				modelUnknown: "networkProfile.networkPlugin is not set",
			},
		},
		{
			what: "a plugin that nobody knows",
			network: { networkPlugin: "eBPF", networkPluginMode: "overlay" },
			facts: {
				plugin: "unknown",
				overlay: false,
				modelUnknown: 'networkProfile.networkPlugin is "eBPF"',
			},
		},
		{
			what: "a plugin mode that nobody knows",
			network: { networkPluginMode: "underlay" },
			facts: {
				plugin: "unknown",
				overlay: false,
				modelUnknown: 'networkProfile.networkPluginMode is "underlay"',
			},
		},
	])("with $what", ({ network, facts }) => {
		expect(
			clusterFrom(withNetwork(managedCluster(spec()), network)),
		).toMatchObject(facts);
	});

	it("whose model nobody knows still has its pools", () => {
		const { pools } = clusterFrom(
			withNetwork(managedCluster(spec()), { networkPlugin: "ebpf" }),
		);
		expect(pools).toMatchObject([
			{ name: "np", nodeSubnet: nodes.toLowerCase() },
		]);
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
			what: "no provisioning profile",
			properties: { nodeProvisioningProfile: undefined },
			facts: { autoProvisioning: false },
		},
		{
			what: "a provisioning profile that is manual",
			properties: { nodeProvisioningProfile: { mode: "Manual" } },
			facts: { autoProvisioning: false },
		},
		{
			// Without a maximum is the worst that it can mean.
			what: "a provisioning mode that nobody knows",
			properties: { nodeProvisioningProfile: { mode: "Hybrid" } },
			facts: { autoProvisioning: true },
		},
		{
			what: "hosted system pools",
			properties: {
				agentPoolProfiles: undefined,
				hostedSystemProfile: {
					enabled: true,
					systemNodeSubnetID: pods,
					nodeSubnetID: nodes,
				},
			},
			facts: {
				pools: [],
				hostedSystem: {
					systemSubnet: pods.toLowerCase(),
					nodeSubnet: nodes.toLowerCase(),
				},
			},
		},
		{
			what: "hosted system pools in another casing",
			properties: {
				hostedSystemProfile: {
					Enabled: true,
					systemNodeSubnetId: pods,
					nodesubnetid: nodes,
				},
			},
			facts: {
				hostedSystem: {
					systemSubnet: pods.toLowerCase(),
					nodeSubnet: nodes.toLowerCase(),
				},
			},
		},
		{
			what: "hosted system pools without subnets",
			properties: {
				hostedSystemProfile: { enabled: true, systemNodeSubnetID: "" },
			},
			facts: { hostedSystem: { systemSubnet: null, nodeSubnet: null } },
		},
		{
			what: "hosted system pools whose subnets are null",
			properties: {
				hostedSystemProfile: {
					enabled: true,
					systemNodeSubnetID: null,
					nodeSubnetID: null,
				},
			},
			facts: { hostedSystem: { systemSubnet: null, nodeSubnet: null } },
		},
		{
			what: "no hosted system pools, as ordinary clusters say it",
			properties: { hostedSystemProfile: { enabled: false } },
			facts: { hostedSystem: null },
		},
		{
			what: "no hosted system pools and subnets all the same",
			properties: {
				hostedSystemProfile: { enabled: false, nodeSubnetID: nodes },
			},
			facts: { hostedSystem: null },
		},
		{
			what: "a hosted system profile that is null",
			properties: { hostedSystemProfile: null },
			facts: { hostedSystem: null },
		},
	])("with $what", ({ properties, facts }) => {
		expect(
			clusterFrom(withProperties(managedCluster(spec()), properties)),
		).toMatchObject(facts);
	});

	it.each<{ what: string; resource: RawResource; field: string }>([
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
	])("with $what is refused, naming $field", ({ resource, field }) => {
		const message = errorOf(clustersQuery, resource);
		expect(message.toLowerCase()).toMatch(/^field /);
		expect(message.toLowerCase()).toContain(field.toLowerCase());
	});
});

describe("the SKU Automatic", () => {
	it.each([
		{ sku: { name: "Automatic", tier: "Standard" }, autoProvisioning: true },
		{ sku: { name: "automatic" }, autoProvisioning: true },
		{ sku: { name: "Base", tier: "Free" }, autoProvisioning: false },
		{ sku: undefined, autoProvisioning: false },
	])(
		"$sku: auto-provisioning is $autoProvisioning without a profile",
		({ sku, autoProvisioning }) => {
			const { sku: _, ...cluster } = withProperties(managedCluster(spec()), {
				nodeProvisioningProfile: undefined,
			});
			const resource = sku === undefined ? cluster : { ...cluster, sku };
			expect(clusterFrom(resource).autoProvisioning).toBe(autoProvisioning);
		},
	);
});

describe("a cluster's row that cannot be read", () => {
	const api = subnetId(scope, "VNet", "Api");
	const id = managedCluster(spec()).id.toLowerCase();
	const from = (changes: Record<string, unknown>) => {
		const [raw] = rowsOf(clustersQuery, [
			managedCluster(
				spec({
					model: "dynamic-pod-subnet",
					apiServer: { subnet: api },
					pools: [{ name: "np", nodes: 3, podSubnet: pods }],
				}),
			),
		]);
		return unreadableCluster({
			id,
			reason: "field podCidrs",
			raw: { ...raw, ...changes },
		});
	};

	it("names its subnets and its node resource group all the same", () => {
		expect(from({ podCidrs: "10.244.0.0/16" })).toEqual({
			id,
			reason: "field podCidrs",
			nodeResourceGroup: "mc_rg-aks_aks-one_westeurope",
			apiServerSubnets: [api.toLowerCase()],
			subnets: [nodes.toLowerCase(), pods.toLowerCase()],
		});
	});

	it.each<{
		what: string;
		changes: Record<string, unknown>;
		facts: Partial<ReturnType<typeof unreadableCluster>>;
	}>([
		{
			what: "wherever they stand, each once",
			changes: {
				apiServerSubnet: { now: api, before: [api.toUpperCase()] },
				hostedSystem: { nodeSubnetID: nodes },
				pools: { np: { text: `{"a":"${pods}","b":"${nodes}"}` } },
			},
			facts: {
				apiServerSubnets: [api.toLowerCase()],
				subnets: [nodes.toLowerCase(), pods.toLowerCase()],
			},
		},
		{
			what: "but not in the owner's tags",
			changes: { apiServerSubnet: "", pools: null, tags: { of: nodes } },
			facts: { apiServerSubnets: [], subnets: [] },
		},
		{
			what: "a network is none",
			changes: {
				apiServerSubnet: "",
				pools: [nodes.replace("/subnets/Nodes", "")],
			},
			facts: { apiServerSubnets: [], subnets: [] },
		},
		{
			what: "and no group where that is no text",
			changes: { nodeResourceGroup: 7 },
			facts: { nodeResourceGroup: "" },
		},
	])("$what", ({ changes, facts }) => {
		expect(from(changes)).toMatchObject(facts);
	});
});

describe("a node pool that is not understood", () => {
	it.each<{ what: string; pool: Json; reason: string }>([
		{
			what: "an unknown mode",
			pool: { mode: "Hibernating" },
			reason: 'agentPoolProfiles[0].mode is "Hibernating"',
		},
		{
			what: "an unknown type",
			pool: { type: "Hyperscale" },
			reason: 'agentPoolProfiles[0].type is "Hyperscale"',
		},
		{
			what: "a count in words",
			pool: { count: "three" },
			reason: 'agentPoolProfiles[0].count is "three"',
		},
		{
			what: "half a node",
			pool: { count: 2.5 },
			reason: "agentPoolProfiles[0].count is 2.5",
		},
		{
			what: "fewer than no nodes",
			pool: { maxCount: -1 },
			reason: "agentPoolProfiles[0].maxCount is -1",
		},
		{
			what: "autoscaling in words",
			pool: { enableAutoScaling: "yes" },
			reason: 'agentPoolProfiles[0].enableAutoScaling is "yes"',
		},
		{
			what: "a size's count in words",
			pool: {
				virtualMachinesProfile: {
					scale: { manual: [{ size: "a", count: "two" }] },
				},
			},
			reason:
				'agentPoolProfiles[0].virtualMachinesProfile.scale.manual[0].count is "two"',
		},
		{
			what: "a gateway's prefix of a size that Azure does not give",
			pool: { mode: "Gateway", gatewayProfile: { publicIPPrefixSize: 24 } },
			reason: "agentPoolProfiles[0].gatewayProfile.publicIPPrefixSize is 24",
		},
	])("for $what still names its subnets", ({ pool, reason }) => {
		expect(unreadPoolFrom({ ...pool, podSubnetId: pods })).toEqual({
			name: "np",
			reason,
			nodeSubnet: nodes.toLowerCase(),
			podSubnet: pods.toLowerCase(),
		});
	});

	it("may have no name", () => {
		expect(unreadPoolFrom({ name: "" })).toMatchObject({
			name: "agentPoolProfiles[0]",
			reason: "agentPoolProfiles[0].name is not set",
		});
	});

	it("may have a subnet that cannot be read", () => {
		expect(unreadPoolFrom({ vnetSubnetID: 5 })).toMatchObject({
			reason: "agentPoolProfiles[0].vnetSubnetID is 5",
			nodeSubnet: null,
		});
	});

	it("may not be a pool at all, and the rest stays", () => {
		const cluster = managedCluster(spec());
		const [pool] = (cluster.properties?.agentPoolProfiles ?? []) as Json[];
		const { pools, unreadPools } = clusterFrom(
			withProperties(cluster, { agentPoolProfiles: ["np", pool] }),
		);
		expect(unreadPools).toEqual([
			{
				name: "agentPoolProfiles[0]",
				reason: 'agentPoolProfiles[0] is "np"',
				nodeSubnet: null,
				podSubnet: null,
			},
		]);
		expect(pools.map(({ name }) => name)).toEqual(["np"]);
	});

	it.each<{ what: string; pool: Json; facts: Partial<NodePool> }>([
		{
			what: "an allocation of pods",
			pool: { podSubnetID: pods, podIPAllocationMode: "Hourly" },
			facts: {
				staticBlocks: null,
				notUnderstood: [
					{
						about: "pods",
						reason: 'agentPoolProfiles[0].podIPAllocationMode is "Hourly"',
					},
				],
			},
		},
		{
			what: "a surge in words",
			pool: { upgradeSettings: { maxSurge: "some" } },
			facts: {
				surge: { kind: "unknown" },
				notUnderstood: [
					{
						about: "upgrade",
						reason: 'agentPoolProfiles[0].upgradeSettings.maxSurge is "some"',
					},
				],
			},
		},
		{
			what: "a negative surge",
			pool: { upgradeSettings: { maxSurge: "-1" } },
			facts: {
				surge: { kind: "unknown" },
				notUnderstood: [
					{
						about: "upgrade",
						reason: 'agentPoolProfiles[0].upgradeSettings.maxSurge is "-1"',
					},
				],
			},
		},
		{
			what: "a surge of another shape",
			pool: { upgradeSettings: { maxSurge: { nodes: 1 } } },
			facts: {
				surge: { kind: "unknown" },
				notUnderstood: [
					{
						about: "upgrade",
						reason:
							'agentPoolProfiles[0].upgradeSettings.maxSurge is {"nodes":1}',
					},
				],
			},
		},
		{
			what: "settings of another shape",
			pool: { upgradeSettings: "fast" },
			facts: {
				surge: { kind: "unknown" },
				notUnderstood: [
					{
						about: "upgrade",
						reason: 'agentPoolProfiles[0].upgradeSettings is "fast"',
					},
				],
			},
		},
		{
			what: "an upgrade strategy",
			pool: { upgradeStrategy: "Canary", upgradeSettings: { maxSurge: "1" } },
			facts: {
				surge: { kind: "unknown" },
				notUnderstood: [
					{
						about: "upgrade",
						reason: 'agentPoolProfiles[0].upgradeStrategy is "Canary"',
					},
				],
			},
		},
		{
			what: "a scale-down mode",
			pool: { scaleDownMode: "Hibernate" },
			facts: {
				deallocates: true,
				notUnderstood: [
					{
						about: "scale-down",
						reason: 'agentPoolProfiles[0].scaleDownMode is "Hibernate"',
					},
				],
			},
		},
	])("in $what alone is a pool", ({ pool, facts }) => {
		expect(poolFrom(pool)).toMatchObject(facts);
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
		...[
			{ gatewayProfile: undefined, mostNodes: 2 },
			{ gatewayProfile: null, mostNodes: 2 },
			{ gatewayProfile: {}, mostNodes: 2 },
			{ gatewayProfile: { publicIPPrefixSize: 31 }, mostNodes: 2 },
			{ gatewayProfile: { publicIPPrefixSize: 30 }, mostNodes: 4 },
			{ gatewayProfile: { publicIPPrefixSize: 29 }, mostNodes: 8 },
			{ gatewayProfile: { publicIpPrefixSize: 28 }, mostNodes: 16 },
		].map(({ gatewayProfile, mostNodes }) => ({
			what: `an egress gateway of ${JSON.stringify(gatewayProfile)}`,
			pool: { mode: "Gateway", gatewayProfile },
			facts: { mostNodes },
		})),
		{
			what: "a gateway profile and another mode",
			pool: { gatewayProfile: { publicIPPrefixSize: 12 } },
			facts: { mostNodes: null },
		},
		{
			what: "machines",
			pool: { mode: "Machines", count: undefined, vnetSubnetID: undefined },
			facts: { mode: "machines", reportedNodes: null, maxNodes: null },
		},
		{
			what: "nodes that are stopped instead of deleted",
			pool: { scaleDownMode: "Deallocate" },
			facts: { deallocates: true },
		},
		{
			what: "nodes that are deleted",
			pool: { scaleDownMode: "Delete" },
			facts: { deallocates: false },
		},
		{
			what: "no scale-down mode",
			pool: { scaleDownMode: undefined },
			facts: { deallocates: false },
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
			configuredNodes: { low: 5, high: 5 },
			reportedNodes: 3,
			maxNodes: null,
		});
	});

	it.each<{
		what: string;
		manual: Json[];
		status: Json[];
		facts: Partial<NodePool>;
	}>([
		{
			what: "a size without a count",
			manual: [{ size: "a", count: 2 }, { size: "b" }],
			status: [
				{ size: "a", count: 2 },
				{ size: "b", count: 4 },
			],
			facts: { configuredNodes: { low: 2, high: null }, reportedNodes: 6 },
		},
		{
			what: "a size whose live nodes are not counted",
			manual: [{ size: "a", count: 2 }],
			status: [{ size: "a", count: 2 }, { size: "b" }],
			facts: { configuredNodes: { low: 2, high: 2 }, reportedNodes: null },
		},
		{
			what: "no sizes",
			manual: [],
			status: [],
			facts: { configuredNodes: { low: 0, high: 0 }, reportedNodes: 0 },
		},
	])("of VirtualMachines with $what", ({ manual, status, facts }) => {
		expect(
			poolFrom({
				type: "VirtualMachines",
				count: undefined,
				virtualMachinesProfile: { scale: { manual } },
				virtualMachineNodesStatus: status,
			}),
		).toMatchObject(facts);
	});

	it("of VirtualMachines whose autoscaler shows no maximum has none that is known", () => {
		expect(
			poolFrom({
				type: "VirtualMachines",
				virtualMachinesProfile: {
					scale: {
						autoscale: [
							{ size: "a", minCount: 1, maxCount: 4 },
							{ size: "b", minCount: 1 },
						],
					},
				},
			}),
		).toMatchObject({ autoscaling: true, minNodes: 2, maxNodes: null });
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

const ipConfigurations = (count: number) =>
	Array.from({ length: count }, (_, index) => ({ id: `/ipconfig/${index}` }));

describe("a subnet's row", () => {
	const ofSubnet = (fields: Partial<SubnetFields>) =>
		only(
			parsed(subnetsQuery, [
				network({ name: "Nodes", prefixes: ["10.1.0.0/24"], ...fields }),
			]),
		);

	it("has every field, IDs in lower case", () => {
		expect(
			ofSubnet({
				ipConfigurations: ipConfigurations(29),
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
				linkedClusters: [],
			},
		});
	});

	it.each<{ what: string; fields: Partial<SubnetFields>; facts: Json }>([
		{
			what: "two prefixes that do not touch, IPv6 first",
			fields: { prefixes: ["fd00::/64", "10.1.0.0/24", "10.9.0.0/26"] },
			facts: { prefixes: ["fd00::/64", "10.1.0.0/24", "10.9.0.0/26"] },
		},
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

	it("with a prefix that is none is refused, naming the field and the value", () => {
		const message = errorOf(
			subnetsQuery,
			network({ name: "Nodes", prefixes: ["10.1.0.0/33"] }),
		);
		expect(message).toContain("field addressPrefix");
		expect(message).toContain('"10.1.0.0/33"');
	});

	/** The subnet with these properties instead, read expanded and from its whole network. */
	const ofProperties = (properties: Json) => {
		const resource = network({ name: "Nodes", prefixes: ["10.1.0.0/24"] });
		const [fields] = (resource.properties?.subnets ?? []) as Json[];
		const changed = withProperties(resource, {
			subnets: [{ ...fields, properties }],
		});
		const [expanded] = parsed(subnetsQuery, [changed]);
		const whole = only(
			parsed(wholeNetworkQuery(resource.id.toLowerCase()), [changed]),
		);
		return [expanded?.subnet, only(whole)];
	};

	it.each<{ what: string; properties: Json; prefixes: string[] }>([
		{ what: "no prefix", properties: {}, prefixes: [] },
		{
			what: "an empty prefix",
			properties: { addressPrefix: "" },
			prefixes: [],
		},
		{
			what: "an empty list",
			properties: { addressPrefixes: [] },
			prefixes: [],
		},
		{
			what: "both empty, with an allocation of IPAM",
			properties: {
				addressPrefix: "",
				addressPrefixes: [],
				ipamPoolPrefixAllocations: [
					{ pool: { id: "/pool" }, numberOfIpAddresses: "256" },
				],
			},
			prefixes: [],
		},
		{
			what: "an allocation of IPAM that has been served",
			properties: {
				addressPrefixes: ["10.1.0.0/24", "10.1.7.0/24"],
				ipamPoolPrefixAllocations: [
					{
						pool: { id: "/pool" },
						numberOfIpAddresses: "512",
						allocatedAddressPrefixes: ["10.1.0.0/24", "10.1.7.0/24"],
					},
				],
			},
			prefixes: ["10.1.0.0/24", "10.1.7.0/24"],
		},
	])("with $what has $prefixes", ({ properties, prefixes }) => {
		for (const subnet of ofProperties(properties))
			expect(subnet).toMatchObject({ prefixes });
	});

	const linked = managedCluster(spec()).id;
	it.each<{ what: string; links: unknown; linkedClusters: string[] }>([
		{
			what: "in its properties",
			links: [{ name: "sal", properties: { link: linked } }],
			linkedClusters: [linked.toLowerCase()],
		},
		{
			what: "beside them, as some crawls have it",
			links: [{ name: "sal", link: linked }],
			linkedClusters: [linked.toLowerCase()],
		},
		{
			what: "twice",
			links: [{ properties: { link: linked } }, { link: linked.toUpperCase() }],
			linkedClusters: [linked.toLowerCase()],
		},
		{
			what: "of another service",
			links: [
				{
					properties: {
						linkedResourceType: "Microsoft.DBforPostgreSQL/flexibleServers",
					},
				},
				{
					properties: {
						link: `${linked.split("/providers/")[0]}/providers/Microsoft.Network/virtualNetworkGateways/gw`,
					},
				},
			],
			linkedClusters: [],
		},
		{ what: "null", links: null, linkedClusters: [] },
		{ what: "in words", links: "many", linkedClusters: [] },
		{
			what: "of no shape",
			links: [null, 3, { properties: null }],
			linkedClusters: [],
		},
	])("with service association links $what", ({ links, linkedClusters }) => {
		const subnets = ofProperties({
			addressPrefix: "10.1.0.0/24",
			serviceAssociationLinks: links,
		});
		for (const subnet of subnets)
			expect(subnet).toMatchObject({ linkedClusters });
	});

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
				ipConfigurations: ipConfigurations(3),
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

	it("has every field, IDs in lower case", () => {
		expect(only(parsed(scaleSetsQuery, [scaleSet(fields)]))).toEqual({
			id: "/subscriptions/00000000-0000-4000-8000-00000000000a/resourcegroups/mc_rg-aks_aks-one_westeurope/providers/microsoft.compute/virtualmachinescalesets/aks-np-12345678-vmss",
			group:
				"00000000-0000-4000-8000-00000000000a/mc_rg-aks_aks-one_westeurope",
			pool: "np",
			capacity: 3,
			interfaceCount: 1,
			first: {
				name: "aks-np-12345678-vmss",
				subnet: nodes.toLowerCase(),
				entries: 29,
				special: { ipv6: 0, blocks: 0 },
			},
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
			interfaceCount: 0,
			first: null,
		});
	});

	it.each([
		{ what: "no capacity", sku: { name: "Standard_D2s_v5" } },
		{ what: "no sku", sku: undefined },
		{ what: "a capacity of null", sku: { capacity: null } },
		{ what: "a capacity in words", sku: { capacity: "many" } },
	])("with $what has a size that is not known", ({ sku }) => {
		const { sku: _, ...rest } = scaleSet(fields);
		const resource = sku === undefined ? rest : { ...rest, sku };
		expect(
			only(parsed(scaleSetsQuery, [resource as unknown as RawResource]))
				.capacity,
		).toBeNull();
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
	const nic = (tags: Record<string, string>, virtualMachine?: string) =>
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
			...(virtualMachine === undefined ? {} : { virtualMachine }),
		});

	it("has every field, IDs in lower case", () => {
		expect(
			only(
				parsed(autoProvisionedNodesQuery, [
					nic(
						{ "karpenter.sh_nodepool": "Default" },
						virtualMachineId(
							{ subscription, resourceGroup: "MC_One" },
							"aks-Default-x7k2p",
						),
					),
				]),
			),
		).toEqual({
			id: "/subscriptions/00000000-0000-4000-8000-00000000000a/resourcegroups/mc_one/providers/microsoft.network/networkinterfaces/aks-default-x7k2p",
			group: "00000000-0000-4000-8000-00000000000a/mc_one",
			pool: "default",
			hasMachine: true,
			first: {
				name: "",
				subnet: nodes.toLowerCase(),
				entries: 2,
				special: { ipv6: 0, blocks: 0 },
			},
		});
	});

	it.each<{ what: string; machine: unknown }>([
		{ what: "none", machine: undefined },
		{ what: "null", machine: null },
		{ what: "an empty id", machine: { id: "" } },
	])("whose machine is $what is left over", ({ machine }) => {
		const leftover = withProperties(
			nic({ "karpenter.sh_nodepool": "Default" }),
			{ virtualMachine: machine },
		);
		expect(only(parsed(autoProvisionedNodesQuery, [leftover])).hasMachine).toBe(
			false,
		);
	});

	it("is none of another machine", () => {
		expect(parsed(autoProvisionedNodesQuery, [nic({})])).toEqual([]);
	});
});

describe("rows of subscriptions", () => {
	const id = subscription;

	it("have their ID", () => {
		expect(
			parsed(subscriptionsQuery, [subscriptionResource(id, "Retail")]),
		).toEqual([id.toLowerCase()]);
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
