import { describe, expect, it } from "vitest";
import { readPlan } from "../../shared/gate/terraform/planFile.ts";
import { terraformChange } from "../../shared/gate/terraform/terraformChange.ts";
import {
	type Change,
	change,
	cluster,
	clusterId,
	defaultPool,
	networkId,
	plan,
	pool,
	poolId,
	secrets,
	sub,
	subnetId,
} from "./plans.ts";

const agentPool = "Microsoft.ContainerService/managedClusters/agentPools";
const managedCluster = "Microsoft.ContainerService/managedClusters";
const subnetType = "Microsoft.Network/virtualNetworks/subnets";

function read(
	changes: readonly Change[],
	rootModule: object = {},
	over: object = {},
) {
	return terraformChange(readPlan(plan(changes, rootModule, over)), null);
}

const web = 'module.shop.azurerm_kubernetes_cluster_node_pool.user["web"]';

describe("pools", () => {
	it("takes a raised maximum and leaves the count of an autoscaled pool to Azure", () => {
		const planned = read([
			{
				address: web,
				actions: ["update"],
				before: pool("web"),
				after: pool("web", { max_count: 40, node_count: 9 }),
			},
		]);
		expect(planned.resources).toEqual([
			{ id: poolId("web"), type: agentPool, properties: { maxCount: 40 } },
		]);
		expect(planned.unknown).toEqual([]);
		expect(planned.replacements).toEqual([]);
		expect(planned.addresses.get(poolId("web").toLowerCase())).toBe(web);
	});

	it("reads azurerm 3 under its own names", () => {
		const { auto_scaling_enabled: _, ...three } = pool("web") as Record<
			string,
			unknown
		>;
		const planned = read([
			{
				address: web,
				actions: ["update"],
				before: { ...three, enable_auto_scaling: false, node_count: 4 },
				after: { ...three, enable_auto_scaling: true, node_count: 4 },
			},
		]);
		expect(planned.resources[0]?.properties).toEqual({
			enableAutoScaling: true,
		});
	});

	it("takes the count of a pool without autoscaler", () => {
		const fixed = { auto_scaling_enabled: false, min_count: null };
		const planned = read([
			{
				address: web,
				actions: ["update"],
				before: pool("web", { ...fixed, node_count: 4 }),
				after: pool("web", { ...fixed, node_count: 6 }),
			},
		]);
		expect(planned.resources[0]?.properties).toEqual({ count: 6 });
	});

	it("finds the cluster and the subnet of a new pool behind references of a module", () => {
		const { id: _, ...fresh } = pool("jobs", {
			kubernetes_cluster_id: undefined,
			vnet_subnet_id: undefined,
			node_count: undefined,
			max_pods: undefined,
		}) as Record<string, unknown>;
		const planned = read(
			[
				{
					address:
						'module.shop["eu"].azurerm_kubernetes_cluster_node_pool.user["jobs"]',
					actions: ["create"],
					after: fresh,
					unknown: {
						id: true,
						kubernetes_cluster_id: true,
						vnet_subnet_id: true,
						node_count: true,
						max_pods: true,
					},
				},
				{
					address: 'module.shop["eu"].azurerm_kubernetes_cluster.this',
					actions: ["create"],
					after: { ...cluster(), id: undefined, name: "aks-new" },
					unknown: { id: true, default_node_pool: [{ vnet_subnet_id: true }] },
				},
				...["jobs", "web"].map((name) => ({
					address: `azurerm_subnet.nodes["${name}"]`,
					actions: ["create"],
					after: {
						name: `snet-${name}`,
						resource_group_name: "rg-shop",
						virtual_network_name: "vnet-shop",
						address_prefixes: [`10.9.${name.length}.0/24`],
					},
					unknown: { id: true },
				})),
			],
			{
				resources: [
					{
						address: "azurerm_subnet.nodes",
						expressions: { name: { references: ["each.key"] } },
						for_each_expression: { references: ["var.subnets"] },
					},
				],
				module_calls: {
					shop: {
						source: "./modules/cluster",
						for_each_expression: { references: ["var.regions"] },
						expressions: {
							job_subnet_id: {
								references: [
									'azurerm_subnet.nodes["jobs"].id',
									'azurerm_subnet.nodes["jobs"]',
									"azurerm_subnet.nodes",
								],
							},
						},
						module: {
							resources: [
								{
									address: "azurerm_kubernetes_cluster.this",
									expressions: {
										name: { references: ["var.name"] },
										default_node_pool: [
											{
												name: { constant_value: "system" },
												vnet_subnet_id: { references: ["var.job_subnet_id"] },
											},
										],
									},
								},
								{
									address: "azurerm_kubernetes_cluster_node_pool.user",
									expressions: {
										kubernetes_cluster_id: {
											references: [
												"azurerm_kubernetes_cluster.this.id",
												"azurerm_kubernetes_cluster.this",
											],
										},
										vnet_subnet_id: { references: ["var.job_subnet_id"] },
									},
								},
							],
						},
					},
				},
			},
		);
		expect(planned.unknown).toEqual([]);
		const jobs = planned.resources.find(({ type }) => type === agentPool);
		expect(jobs).toEqual({
			id: `/subscriptions/${sub}/resourceGroups/rg-shop/providers/${managedCluster}/aks-new/agentPools/jobs`,
			type: agentPool,
			properties: {
				mode: "User",
				osType: "Linux",
				scaleSetPriority: "Regular",
				// Without node_count the provider starts at min_count.
				count: 2,
				enableAutoScaling: true,
				minCount: 2,
				maxCount: 20,
				vnetSubnetID: subnetId("snet-jobs"),
				scaleDownMode: "Delete",
				upgradeSettings: { maxSurge: "10%" },
			},
		});
		const made = planned.resources.find(({ type }) => type === managedCluster);
		expect(made?.properties.agentPoolProfiles).toEqual([
			expect.objectContaining({
				name: "system",
				mode: "System",
				count: 3,
				vnetSubnetID: subnetId("snet-jobs"),
			}),
		]);
		expect(planned.resources.filter(({ type }) => type === subnetType)).toEqual(
			[
				{
					id: subnetId("snet-jobs"),
					type: subnetType,
					properties: { addressPrefixes: ["10.9.4.0/24"] },
				},
				{
					id: subnetId("snet-web"),
					type: subnetType,
					properties: { addressPrefixes: ["10.9.3.0/24"] },
				},
			],
		);
	});

	const newSubnet = (name: string): Change => ({
		address: `azurerm_subnet.nodes["${name}"]`,
		actions: ["create"],
		after: {
			name: `snet-${name}`,
			resource_group_name: "rg-shop",
			virtual_network_name: "vnet-shop",
			address_prefixes: ["10.9.0.0/24"],
		},
		unknown: { id: true },
	});
	const movedPool = (references: readonly string[], forEach?: object) => ({
		change: {
			address: 'azurerm_kubernetes_cluster_node_pool.user["web"]',
			actions: ["update"],
			before: pool("web"),
			after: pool("web", { vnet_subnet_id: undefined }),
			unknown: { vnet_subnet_id: true },
		},
		config: {
			resources: [
				{
					address: "azurerm_kubernetes_cluster_node_pool.user",
					expressions: { vnet_subnet_id: { references } },
					...(forEach && { for_each_expression: forEach }),
				},
			],
		},
	});

	it("takes the subnet of the pool's own key", () => {
		const { change: moved, config } = movedPool([
			"azurerm_subnet.nodes",
			"each.key",
		]);
		const planned = read([moved, newSubnet("web"), newSubnet("jobs")], config);
		expect(planned.unknown).toEqual([]);
		expect(planned.resources[1]?.properties).toEqual({
			addressPrefixes: ["10.9.0.0/24"],
		});
		expect(
			planned.resources.find(({ type }) => type === agentPool)?.properties,
		).toEqual({ vnetSubnetID: subnetId("snet-web") });
		// Another subnet means another pool: the new one and the temporary one.
		expect(planned.replacements).toEqual([
			{ pool: poolId("web"), order: "temporary-pool" },
		]);
	});

	it("does not choose between two new subnets", () => {
		const { change: moved, config } = movedPool(
			["each.value.subnet_id", "each.value"],
			{ references: ["azurerm_subnet.nodes"] },
		);
		const planned = read([moved, newSubnet("web"), newSubnet("jobs")], config);
		expect(planned.unknown).toEqual([
			{
				address: 'azurerm_kubernetes_cluster_node_pool.user["web"]',
				text: "vnet_subnet_id is known only after the plan is applied.",
			},
		]);
	});

	it("takes the only new subnet that a map of for_each can mean", () => {
		const { change: moved, config } = movedPool(
			["each.value.subnet_id", "each.value"],
			{ references: ["azurerm_subnet.nodes", "var.pools"] },
		);
		const planned = read([moved, newSubnet("web")], config);
		expect(planned.unknown).toEqual([]);
	});

	it("does not follow a local, which is not in the plan", () => {
		const { change: moved, config } = movedPool(["local.subnets"]);
		const planned = read([moved, newSubnet("web")], config);
		expect(planned.unknown.map(({ text }) => text)).toEqual([
			"vnet_subnet_id is known only after the plan is applied.",
		]);
	});
});

describe("replacements", () => {
	it.each([
		{ actions: ["delete", "create"], order: "delete-before-create" },
		{ actions: ["create", "delete"], order: "create-before-delete" },
	])("$order", ({ actions, order }) => {
		const planned = read([
			{
				address: web,
				actions,
				before: pool("web", { max_pods: 30 }),
				after: { ...pool("web", { max_pods: 110 }), id: undefined },
				unknown: { id: true },
			},
		]);
		expect(planned.replacements).toEqual([{ pool: poolId("web"), order }]);
		expect(planned.resources[0]).toMatchObject({
			id: poolId("web"),
			properties: { maxPods: 110, count: 7 },
		});
		expect(planned.removed).toEqual([]);
	});

	it("rotates a pool whose max pods change in place", () => {
		const planned = read([
			{
				address: web,
				actions: ["update"],
				before: pool("web"),
				after: pool("web", { max_pods: 110 }),
			},
		]);
		expect(planned.replacements).toEqual([
			{ pool: poolId("web"), order: "temporary-pool" },
		]);
		expect(planned.notes.map(({ text }) => text)).toEqual([
			"Terraform makes the pool anew, by way of a temporary pool: max_pods changes.",
		]);
		expect(planned.resources[0]?.properties).toEqual({ maxPods: 110 });
	});

	it("rotates a default pool whose size changes, though the sums do not know sizes", () => {
		const planned = read([
			{
				address: "azurerm_kubernetes_cluster.this",
				actions: ["update"],
				before: cluster(),
				after: cluster(defaultPool({ vm_size: "Standard_D8s_v5" })),
			},
		]);
		expect(planned.replacements).toEqual([
			{ pool: poolId("system"), order: "temporary-pool" },
		]);
		expect(planned.resources[0]?.properties).toEqual({
			agentPoolProfiles: [{ name: "system" }],
		});
	});

	it("names a pool that gets another name as removed and new", () => {
		const planned = read([
			{
				address: web,
				actions: ["create", "delete"],
				before: pool("web"),
				after: { ...pool("web2"), id: undefined },
				unknown: { id: true },
			},
		]);
		expect(planned.removed).toEqual([poolId("web")]);
		expect(planned.resources[0]?.id).toBe(poolId("web2"));
		expect(planned.replacements).toEqual([
			{ pool: poolId("web2"), order: "create-before-delete" },
		]);
	});
});

it("removes what is destroyed", () => {
	const planned = read([
		{ address: web, actions: ["delete"], before: pool("web") },
		{
			address: "azurerm_kubernetes_cluster.this",
			actions: ["delete"],
			before: cluster(),
		},
		{
			address: "azurerm_subnet.a",
			actions: ["delete"],
			before: { id: subnetId("a"), name: "a" },
		},
	]);
	expect(planned.removed).toEqual([subnetId("a"), clusterId, poolId("web")]);
	expect(planned.resources).toEqual([]);
});

it("leaves alone what does not change and what is forgotten", () => {
	const planned = read([
		{
			address: web,
			actions: ["no-op"],
			before: pool("web"),
			after: pool("web"),
		},
		{ address: "azurerm_subnet.a", actions: ["forget"], before: { id: "x" } },
		{
			address: "azurerm_storage_account.a",
			actions: ["create"],
			after: { name: "x", primary_access_key: secrets[3] },
		},
		{
			address: "azurerm_kubernetes_cluster.this",
			actions: ["update"],
			before: cluster(),
			after: cluster({ tags: { owner: "other" } }),
		},
	]);
	expect(planned).toMatchObject({ resources: [], removed: [], unknown: [] });
});

it("takes an upgrade of the version and a wider network", () => {
	const planned = read([
		{
			address: "azurerm_kubernetes_cluster.this",
			actions: ["update"],
			before: cluster(),
			after: cluster({ kubernetes_version: "1.34" }),
		},
		{
			address: "azurerm_virtual_network.shop",
			actions: ["update"],
			before: {
				id: networkId,
				name: "vnet-shop",
				address_space: ["10.9.0.0/16"],
				subnet: [],
			},
			after: {
				id: networkId,
				name: "vnet-shop",
				address_space: ["10.9.0.0/16", "10.10.0.0/16"],
				subnet: [{ name: "a", address_prefixes: ["10.10.0.0/24"] }],
			},
		},
	]);
	expect(planned.resources).toEqual([
		{
			id: networkId,
			type: "Microsoft.Network/virtualNetworks",
			properties: {
				addressSpace: { addressPrefixes: ["10.9.0.0/16", "10.10.0.0/16"] },
				subnets: [
					{ name: "a", properties: { addressPrefixes: ["10.10.0.0/24"] } },
				],
			},
		},
		{
			id: clusterId,
			type: managedCluster,
			properties: { kubernetesVersion: "1.34" },
		},
	]);
});

it("joins a subnet and its route table, and counts single routes", () => {
	const table = `/subscriptions/${sub}/resourceGroups/rg-shop/providers/Microsoft.Network/routeTables/rt`;
	const planned = read(
		[
			{
				address: "azurerm_route.b",
				actions: ["create"],
				after: {
					name: "b",
					resource_group_name: "rg-shop",
					route_table_name: "rt",
				},
			},
			{
				address: "azurerm_route_table.rt",
				actions: ["create"],
				after: {
					name: "rt",
					resource_group_name: "rg-shop",
					route: [{ name: "a", address_prefix: "0.0.0.0/0" }],
				},
				unknown: { id: true },
			},
			{
				address: "azurerm_subnet_route_table_association.a",
				actions: ["create"],
				after: { subnet_id: subnetId("a") },
				unknown: { id: true, route_table_id: true },
			},
		],
		{
			resources: [
				{
					address: "azurerm_subnet_route_table_association.a",
					expressions: {
						route_table_id: {
							references: [
								"azurerm_route_table.rt.id",
								"azurerm_route_table.rt",
							],
						},
					},
				},
			],
		},
	);
	expect(planned.unknown).toEqual([]);
	expect(planned.resources).toEqual([
		{
			id: subnetId("a"),
			type: subnetType,
			properties: { routeTable: { id: table } },
		},
		{
			id: table,
			type: "Microsoft.Network/routeTables",
			properties: { routes: [{ name: "a" }, { name: "b" }] },
		},
	]);
});

it("reads an automatic cluster", () => {
	const planned = read([
		{
			address: "azurerm_kubernetes_automatic_cluster.a",
			actions: ["create"],
			after: {
				name: "aks-auto",
				resource_group_name: "rg-shop",
				hosted_system: [
					{
						node_subnet_id: subnetId("nodes"),
						system_node_subnet_id: subnetId("system"),
					},
				],
				api_server_access: [{ subnet_id: subnetId("api") }],
			},
			unknown: { id: true },
		},
	]);
	expect(planned.resources).toEqual([
		{
			id: `/subscriptions/${sub}/resourceGroups/rg-shop/providers/${managedCluster}/aks-auto`,
			type: managedCluster,
			sku: { name: "Automatic" },
			properties: {
				networkProfile: {
					networkPlugin: "azure",
					networkPluginMode: "overlay",
				},
				nodeProvisioningProfile: { mode: "Auto" },
				apiServerAccessProfile: { subnetId: subnetId("api") },
				hostedSystemProfile: {
					enabled: true,
					nodeSubnetID: subnetId("nodes"),
					systemNodeSubnetID: subnetId("system"),
				},
				agentPoolProfiles: [],
			},
		},
	]);
});

describe("azapi", () => {
	const azapi = (actions: readonly string[], over: object, unknown = {}) => ({
		address: "azapi_resource.pool",
		actions,
		after: {
			type: "Microsoft.ContainerService/managedClusters/agentPools@2025-09-01",
			name: "web",
			parent_id: clusterId,
			...over,
		},
		unknown: { id: true, ...unknown },
	});
	const body = {
		properties: {
			mode: "User",
			count: 3,
			maxPods: 30,
			vnetSubnetId: subnetId("a"),
			nodeLabels: { team: "label-S3CRET-6" },
		},
	};
	const expected = {
		id: poolId("web"),
		type: "microsoft.containerservice/managedclusters/agentpools",
		properties: {
			mode: "User",
			count: 3,
			maxPods: 30,
			vnetSubnetID: subnetId("a"),
		},
	};

	it.each([
		{ version: 1, given: JSON.stringify(body) },
		{ version: 2, given: body },
	])("takes the body of version $version", ({ given }) => {
		const planned = read([azapi(["create"], { body: given })]);
		expect(planned.resources).toEqual([expected]);
	});

	it("does not know a body that is known only after apply", () => {
		const planned = read([azapi(["create"], {}, { body: true })]);
		expect(planned.unknown).toEqual([
			{
				address: "azapi_resource.pool",
				text: "The body is known only after the plan is applied.",
			},
		]);
	});

	it("does not know what an action does", () => {
		const planned = read([
			{
				address: "azapi_resource_action.a",
				actions: ["create"],
				after: {
					type: "Microsoft.ContainerService/managedClusters@2025-09-01",
					resource_id: clusterId,
				},
			},
		]);
		expect(planned.unknown).toHaveLength(1);
	});
});

describe("plans that are not whole", () => {
	it.each([
		{
			over: { errored: true, complete: false },
			text: "The plan ended with an error.",
		},
		{
			over: { complete: false },
			text: "The plan is not complete: another run has to follow it.",
		},
		{
			over: {
				deferred_changes: [
					{
						reason: "instance_count_unknown",
						resource_change: change({ address: web, actions: ["create"] }),
					},
				],
			},
			text: "Terraform leaves this resource for a later run.",
		},
	])("$text", ({ over, text }) => {
		expect(read([], {}, over).unknown.map((one) => one.text)).toEqual([text]);
	});

	it("does not know an action that it never heard of", () => {
		const planned = read([
			{ address: web, actions: ["rearrange"], before: pool("web") },
		]);
		expect(planned.unknown.map(({ text }) => text)).toEqual([
			"Terraform plans an action that is not known here.",
		]);
	});

	it("asks for the subscription of what is new", () => {
		const planned = terraformChange(
			readPlan(
				plan(
					[
						{
							address: "azurerm_subnet.a",
							actions: ["create"],
							after: {
								name: "a",
								resource_group_name: "rg",
								virtual_network_name: "v",
								address_prefixes: ["10.0.0.0/24"],
							},
							unknown: { id: true },
						},
					],
					{},
					{ variables: {} },
				),
			),
			null,
		);
		expect(planned.unknown.map(({ text }) => text)).toEqual([
			"The plan does not name its subscription. Give it with --subscription.",
		]);
	});
});

describe("files that are no plan", () => {
	it.each([
		{
			value: { format_version: "2.0", resource_changes: [] },
			text: "The plan's format_version is 2.0. Known are the versions 1.x.",
		},
		{
			value: { format_version: "1.0", values: {} },
			text: "The file has no resource_changes: it is a state, not a plan.",
		},
		{
			value: { a: secrets[0] },
			text: "The file is not a plan: it has no format_version.",
		},
		{
			value: {
				format_version: "1.2",
				resource_changes: [{ address: 1, secret: secrets[0] }],
			},
			text: "The plan is not understood at resource_changes.0.address.",
		},
	])("$text", ({ value, text }) => {
		expect(() => readPlan(value)).toThrow(text);
	});
});

it("lets no secret, tag or label out", () => {
	const changes: Change[] = [
		{
			address: web,
			actions: ["create", "delete"],
			before: pool("web"),
			after: pool("web2"),
		},
		{
			address: "azurerm_kubernetes_cluster.this",
			actions: ["delete", "create"],
			before: cluster(),
			after: cluster({ kube_config_raw: secrets[0] }),
		},
	];
	const parsed = readPlan(plan(changes));
	const texts = JSON.stringify([
		parsed,
		[...parsed.laterData],
		terraformChange(parsed, null),
	]);
	for (const secret of secrets) expect(texts).not.toContain(secret);
});
