import { describe, expect, it } from "vitest";
import { readPlan } from "../../shared/gate/terraform/planFile.ts";
import { terraformChange } from "../../shared/gate/terraform/terraformChange.ts";
import { whatIfChanges } from "../../shared/gate/whatIf.ts";
import {
	type Change,
	cluster,
	clusterId,
	networkId,
	plan,
	pool,
	poolId,
	sub,
	subnetId,
} from "./plans.ts";

const group = `/subscriptions/${sub}/resourceGroups/rg-shop`;
const tableId = `${group}/providers/Microsoft.Network/routeTables/rt`;

function read(changes: readonly Change[], rootModule: object = {}) {
	return terraformChange(readPlan(plan(changes, rootModule)), null);
}

function propertiesOf(
	{ resources }: ReturnType<typeof read>,
	id: string,
): object | undefined {
	return resources.find((one) => one.id.toLowerCase() === id.toLowerCase())
		?.properties;
}

/* What a plan changes and the sums need must come out of it, or be said to be unknown. */

describe("of a Terraform plan", () => {
	it("a pool that is replaced loses its pod subnet", () => {
		const planned = read([
			{
				address: "azurerm_kubernetes_cluster_node_pool.web",
				actions: ["delete", "create"],
				before: pool("web", { pod_subnet_id: subnetId("snet-pods") }),
				after: pool("web", { pod_subnet_id: null }),
			},
		]);
		expect(propertiesOf(planned, poolId("web"))).toMatchObject({
			podSubnetID: null,
		});
	});

	it("a new pool without a number of nodes is not one of none", () => {
		const planned = read([
			{
				address: "azurerm_kubernetes_cluster_node_pool.web",
				actions: ["create"],
				after: pool("web", {
					auto_scaling_enabled: false,
					node_count: null,
					min_count: null,
					max_count: null,
				}),
			},
		]);
		expect(propertiesOf(planned, poolId("web"))).toMatchObject({ count: 0 });
		expect(planned.unknown).toEqual([
			{
				address: "azurerm_kubernetes_cluster_node_pool.web",
				text: "node_count is known only after the plan is applied.",
			},
		]);
	});

	it.each(["create", "update"])(
		"a prefix that a pool of addresses chooses is not known (%s)",
		(action) => {
			const subnet = {
				id: subnetId("snet-new"),
				name: "snet-new",
				resource_group_name: "rg-shop",
				virtual_network_name: "vnet-shop",
			};
			const planned = read(
				[
					{
						address: "azurerm_subnet.new",
						actions: [action],
						before:
							action === "create"
								? null
								: { ...subnet, address_prefixes: ["10.0.0.0/24"] },
						after: subnet,
						unknown: { address_prefixes: true },
					},
				],
				{
					resources: [
						{
							address: "azurerm_subnet.new",
							expressions: {
								name: { constant_value: "snet-new" },
								ip_address_pool: [{ id: { references: ["var.pool"] } }],
							},
						},
					],
				},
			);
			expect(planned.unknown.map(({ text }) => text)).toEqual([
				"address_prefixes is known only after the plan is applied.",
			]);
		},
	);

	it("a subnet's new route table wins over the association that goes, in any order", () => {
		const goes: Change = {
			address: "azurerm_subnet_route_table_association.old",
			actions: ["delete"],
			before: { subnet_id: subnetId("snet-nodes"), route_table_id: "/x" },
		};
		const comes: Change = {
			address: "azurerm_subnet_route_table_association.new",
			actions: ["create"],
			after: { subnet_id: subnetId("snet-nodes"), route_table_id: tableId },
		};
		for (const changes of [
			[goes, comes],
			[comes, goes],
		])
			expect(propertiesOf(read(changes), subnetId("snet-nodes"))).toEqual({
				routeTable: { id: tableId },
			});
	});

	it("two resources that write to one cluster are laid over each other", () => {
		const planned = read([
			{
				address: "azurerm_kubernetes_cluster.shop",
				actions: ["create"],
				after: cluster({
					network_profile: [
						{ network_plugin: "kubenet", pod_cidr: "10.244.0.0/22" },
					],
				}),
			},
			{
				address: "azapi_update_resource.shop",
				actions: ["create"],
				after: {
					type: "Microsoft.ContainerService/managedClusters@2025-05-01",
					resource_id: clusterId,
					body: { properties: { networkProfile: { networkPlugin: "azure" } } },
				},
			},
		]);
		expect(propertiesOf(planned, clusterId)).toMatchObject({
			networkProfile: { networkPlugin: "azure", podCidr: "10.244.0.0/22" },
		});
	});

	it("a key that others are made of names no subnet", () => {
		const subnets = ["a", "a-pods"].map((key) => ({
			address: `azurerm_subnet.all["${key}"]`,
			actions: ["create"],
			after: {
				name: key,
				resource_group_name: "rg-shop",
				virtual_network_name: "vnet-shop",
				address_prefixes: ["10.0.0.0/24"],
			},
			unknown: { id: true },
		}));
		const planned = read(
			[
				...subnets,
				{
					address: 'azurerm_kubernetes_cluster_node_pool.all["a"]',
					actions: ["create"],
					after: pool("web", { id: null, pod_subnet_id: undefined }),
					unknown: { pod_subnet_id: true },
				},
			],
			{
				resources: [
					{
						address: "azurerm_kubernetes_cluster_node_pool.all",
						expressions: {
							pod_subnet_id: { references: ["azurerm_subnet.all", "each.key"] },
						},
						for_each_expression: { constant_value: {} },
					},
				],
			},
		);
		expect(planned.unknown.map(({ text }) => text)).toContain(
			"pod_subnet_id is known only after the plan is applied.",
		);
	});

	it("an inline subnet with a route table that is not known yet is not known", () => {
		const planned = read([
			{
				address: "azurerm_virtual_network.shop",
				actions: ["create"],
				after: {
					id: networkId,
					name: "vnet-shop",
					resource_group_name: "rg-shop",
					address_space: ["10.0.0.0/16"],
					subnet: [{ name: "nodes", address_prefixes: ["10.0.0.0/24"] }],
				},
				unknown: { subnet: [{ route_table_id: true }] },
			},
		]);
		expect(planned.unknown.map(({ text }) => text)).toContain(
			"subnet is known only after the plan is applied.",
		);
	});
});

describe("of a what-if", () => {
	it.each([
		{
			resourceId: `${group}/providers/Microsoft.Resources/deployments/aks`,
			changeType: "Unsupported",
		},
		{ changeType: "Create", after: { properties: {} } },
	])("what was not expanded or not named is not known", (change) => {
		expect(whatIfChanges({ changes: [change] }).unknown).toHaveLength(1);
	});

	it("a resource beyond Azure is nobody's subnet", () => {
		const change = {
			changeType: "Create",
			extension: { name: "MicrosoftGraph" },
			after: {},
		};
		expect(whatIfChanges({ changes: [change] }).unknown).toEqual([]);
	});

	it("a route of its own is asked about", () => {
		const planned = whatIfChanges({
			changes: [
				{
					resourceId: `${tableId}/routes/r1`,
					changeType: "Create",
					after: { properties: { nextHopType: "None" } },
				},
			],
		});
		expect(planned.resources).toEqual([
			{
				id: `${tableId}/routes/r1`,
				type: "microsoft.network/routetables/routes",
				properties: {},
			},
		]);
	});
});
