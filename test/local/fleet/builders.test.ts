import { describe, expect, it } from "vitest";
import { agentPool } from "../../../local/fleet/builders/agentPool.ts";
import { internalLoadBalancer } from "../../../local/fleet/builders/loadBalancer.ts";
import { managedCluster } from "../../../local/fleet/builders/managedCluster.ts";
import { privateEndpoint } from "../../../local/fleet/builders/privateEndpoint.ts";
import {
	customRoute,
	nodeRoute,
	routeTable,
} from "../../../local/fleet/builders/routeTable.ts";
import { scaleSet } from "../../../local/fleet/builders/scaleSet.ts";
import { subnet } from "../../../local/fleet/builders/virtualNetwork.ts";
import type {
	ClusterSpec,
	PoolSpec,
} from "../../../local/fleet/clusterSpec.ts";
import { list, nicConfigurations, read } from "./read.ts";

const scope = {
	subscription: "11111111-1111-4111-a111-111111111111",
	resourceGroup: "rg-shop",
};
const shop: ClusterSpec = {
	...scope,
	name: "aks-shop",
	location: "westeurope",
	model: "overlay",
	pools: [{ name: "system", mode: "System", nodes: 3 }],
};
const network = "/subscriptions/1/resourceGroups/rg/providers/net";

describe("a managed cluster's row", () => {
	it("writes its id and type as AKS does", () => {
		const { id, type } = managedCluster(shop);

		expect(id).toBe(
			"/subscriptions/11111111-1111-4111-a111-111111111111/resourcegroups/rg-shop/providers/Microsoft.ContainerService/managedClusters/aks-shop",
		);
		expect(type).toBe("Microsoft.ContainerService/ManagedClusters");
	});

	it("leaves out what is not set", () => {
		const flat = managedCluster({ ...shop, model: "node-subnet" });

		expect(flat.properties).not.toHaveProperty("apiServerAccessProfile");
		expect(flat.properties).not.toHaveProperty("networkProfile.podCidr");
		expect(flat.properties).not.toHaveProperty(
			"networkProfile.networkPluginMode",
		);
		expect(flat.properties).not.toHaveProperty(
			"agentPoolProfiles.0.vnetSubnetID",
		);
	});

	it.each([
		{ model: "kubenet", plugin: "kubenet", podCidr: "10.244.0.0/16" },
		{ model: "overlay", plugin: "azure", podCidr: "10.244.0.0/16" },
		{ model: "node-subnet", plugin: "azure", podCidr: undefined },
		{ model: "none", plugin: "none", podCidr: undefined },
	] as const)("of $model has the plugin $plugin", (row) => {
		const resource = managedCluster({ ...shop, model: row.model });

		expect(read(resource, "properties.networkProfile.networkPlugin")).toBe(
			row.plugin,
		);
		expect(read(resource, "properties.networkProfile.podCidr")).toBe(
			row.podCidr,
		);
	});

	it("lists both families of a dual-stack cluster", () => {
		const resource = managedCluster({ ...shop, dualStack: true });

		expect(list(resource, "properties.networkProfile.ipFamilies")).toEqual([
			"IPv4",
			"IPv6",
		]);
		expect(list(resource, "properties.networkProfile.podCidrs")).toHaveLength(
			2,
		);
	});

	it("has an empty subnet ID if AKS made the API server's subnet", () => {
		const resource = managedCluster({ ...shop, apiServer: {} });

		expect(read(resource, "properties.apiServerAccessProfile")).toEqual({
			enablePrivateCluster: false,
			enableVnetIntegration: true,
			subnetId: "",
		});
	});

	it("is as large as a real one", () => {
		const bytes = JSON.stringify(managedCluster(shop)).length;

		expect(bytes).toBeGreaterThan(4000);
		expect(bytes).toBeLessThan(7000);
	});
});

describe("a node pool", () => {
	const pool = (more: Partial<PoolSpec> = {}, cluster: ClusterSpec = shop) =>
		agentPool(cluster, { name: "apps", nodes: 4, ...more });

	it("writes surge as text", () => {
		expect(pool().upgradeSettings).toEqual({
			maxSurge: "10%",
			maxUnavailable: "0",
		});
		expect(
			pool({ maxSurge: "0", maxUnavailable: "1" }).upgradeSettings,
		).toEqual({ maxSurge: "0", maxUnavailable: "1" });
	});

	it("has the autoscaler's bounds only with an autoscaler", () => {
		expect(pool({ minCount: 2, maxCount: 9 })).toMatchObject({
			count: 4,
			enableAutoScaling: true,
			minCount: 2,
			maxCount: 9,
		});
		expect(pool()).toMatchObject({ enableAutoScaling: false });
		expect(pool()).not.toHaveProperty("maxCount");
	});

	it("counts nothing when stopped", () => {
		expect(pool({ stopped: true })).toMatchObject({
			count: 0,
			provisioningState: "Succeeded",
			powerState: { code: "Stopped" },
		});
	});

	it("of single machines has no count and says that it does not autoscale", () => {
		const machines = pool({
			type: "VirtualMachines",
			minCount: 1,
			maxCount: 8,
			vmSize: "Standard_D2s_v5",
		});

		expect(machines).not.toHaveProperty("count");
		expect(machines).not.toHaveProperty("vmSize");
		expect(machines).toMatchObject({
			enableAutoScaling: false,
			virtualMachinesProfile: {
				scale: {
					autoscale: { size: "Standard_D2s_v5", minCount: 1, maxCount: 8 },
				},
			},
			virtualMachineNodesStatus: [{ size: "Standard_D2s_v5", count: 4 }],
		});
	});

	it("of single machines without autoscaling lists its sizes", () => {
		expect(
			pool({ type: "VirtualMachines", vmSize: "Standard_D2s_v5" })
				.virtualMachinesProfile,
		).toEqual({
			scale: { manual: [{ size: "Standard_D2s_v5", count: 4 }] },
		});
	});

	it("marks spot, Windows and gateway nodes", () => {
		expect(pool({ spot: true })).toMatchObject({
			scaleSetPriority: "Spot",
			upgradeSettings: { maxUnavailable: "0" },
		});
		expect(pool({ os: "Windows" }).osType).toBe("Windows");
		expect(pool({ mode: "Gateway" }).mode).toBe("Gateway");
	});

	it("names the allocation of blocks, and both of its subnets", () => {
		const blocks = pool(
			{},
			{
				...shop,
				model: "static-pod-subnet",
				nodeSubnet: `${network}/subnets/nodes`,
				podSubnet: `${network}/subnets/pods`,
			},
		);

		expect(blocks).toMatchObject({
			vnetSubnetID: `${network}/subnets/nodes`,
			podSubnetID: `${network}/subnets/pods`,
			podIPAllocationMode: "StaticBlock",
		});
	});
});

describe("a scale set", () => {
	const set = (more: Partial<Parameters<typeof scaleSet>[0]> = {}) =>
		scaleSet({
			scope,
			name: "aks-apps-12345678-vmss",
			location: "westeurope",
			pool: "apps",
			capacity: 4,
			version: "1.34.2",
			suffix: "87654321",
			subnet: `${network}/subnets/nodes`,
			addresses: 29,
			...more,
		});

	it("says how many nodes there are and whose they are", () => {
		expect(read(set(), "sku.capacity")).toBe(4);
		expect(set().tags?.["aks-managed-poolName"]).toBe("apps");
		expect(set().tags?.["aks-managed-orchestrator"]).toBe("Kubernetes:1.34.2");
	});

	it("has an ip configuration for each address of a node, the first primary", () => {
		const configurations = list(set(), nicConfigurations);

		expect(configurations).toHaveLength(29);
		expect(
			configurations.filter((one) => read(one, "properties.primary") === true),
		).toHaveLength(1);
		expect(read(configurations[28], "name")).toBe("ipconfig29");
	});

	it("has an IPv6 one beside it when dual-stack", () => {
		const configurations = list(
			set({ addresses: 1, dualStack: true }),
			nicConfigurations,
		);

		expect(
			configurations.map((one) =>
				read(one, "properties.privateIPAddressVersion"),
			),
		).toEqual(["IPv4", "IPv6"]);
	});
});

describe("a subnet", () => {
	const one = (more: Partial<Parameters<typeof subnet>[1]> = {}) =>
		read(
			subnet(network, { name: "nodes", prefixes: ["10.1.0.0/24"], ...more }),
			"properties",
		);

	it.each([
		{ form: "addressPrefix", more: {}, value: "10.1.0.0/24" },
		{
			form: "addressPrefixes",
			more: { listForm: true },
			value: ["10.1.0.0/24"],
		},
		{
			form: "addressPrefixes",
			more: { prefixes: ["10.1.0.0/24", "fd00:1::/64"] },
			value: ["10.1.0.0/24", "fd00:1::/64"],
		},
	])("has its range as $form $value", ({ form, more, value }) => {
		expect(one(more)).toHaveProperty(form, value);
	});

	it("leaves out an empty list of ip configurations but keeps null", () => {
		expect(one({ ipConfigurations: [] })).not.toHaveProperty(
			"ipConfigurations",
		);
		expect(one({ ipConfigurations: null })).toHaveProperty(
			"ipConfigurations",
			null,
		);
	});

	it("is delegated by the same name for pods and API servers", () => {
		expect(
			read(
				one({ delegatedToAks: true }),
				"delegations.0.properties.serviceName",
			),
		).toBe("Microsoft.ContainerService/managedClusters");
	});
});

it("a kubenet route is named by node and range, without dots and slash", () => {
	expect(
		nodeRoute("aks-np-12345678-vmss00000a", "10.244.3.0/24", "10.1.0.7"),
	).toEqual({
		name: "aks-np-12345678-vmss00000a____102443024",
		prefix: "10.244.3.0/24",
		nextHop: "10.1.0.7",
	});
});

it("a route table refers back to its subnets", () => {
	const table = routeTable({
		scope,
		name: "rt-shop",
		location: "westeurope",
		routes: [customRoute(0)],
		subnets: [`${network}/subnets/nodes`],
	});

	expect(read(table, "properties.routes.0.properties")).toEqual({
		provisioningState: "Succeeded",
		addressPrefix: "172.20.0.0/24",
		nextHopType: "VirtualAppliance",
		nextHopIpAddress: "10.0.0.68",
	});
	expect(list(table, "properties.subnets")).toEqual([
		{ id: `${network}/subnets/nodes` },
	]);
});

it("a private endpoint's interface uses an address per member", () => {
	const { endpoint, nic } = privateEndpoint({
		scope,
		name: "pe-registry",
		location: "westeurope",
		subnet: `${network}/subnets/nodes`,
		addresses: ["10.1.0.4", "10.1.0.5"],
		target: "registry",
	});

	expect(list(nic, "properties.ipConfigurations")).toHaveLength(2);
	expect(nic.managedBy).toBe(endpoint.id);
	expect(read(endpoint, "properties.networkInterfaces.0.id")).toBe(nic.id);
});

it("an internal frontend names its subnet", () => {
	const balancer = internalLoadBalancer({
		scope,
		name: "kubernetes-internal",
		location: "westeurope",
		frontends: [
			{
				name: "a1",
				subnet: `${network}/subnets/nodes`,
				address: "10.1.0.9",
			},
		],
	});

	expect(
		read(
			balancer,
			"properties.frontendIPConfigurations.0.properties.subnet.id",
		),
	).toBe(`${network}/subnets/nodes`);
});
