/* Plans in the shape of `terraform show -json`, version 1.2 of its format, with secrets where real plans have them. */

export const secrets = [
	"kubeconfig-S3CRET-1",
	"clientsecret-S3CRET-2",
	"variable-S3CRET-3",
	"state-S3CRET-4",
	"tag-S3CRET-5",
	"label-S3CRET-6",
];

export const sub = "11111111-2222-3333-4444-555555555555";
const group = `/subscriptions/${sub}/resourceGroups/rg-shop`;
export const clusterId = `${group}/providers/Microsoft.ContainerService/managedClusters/aks-shop`;
export const networkId = `${group}/providers/Microsoft.Network/virtualNetworks/vnet-shop`;
export const subnetId = (name: string) => `${networkId}/subnets/${name}`;
export const poolId = (name: string) => `${clusterId}/agentPools/${name}`;

export interface Change {
	readonly address: string;
	readonly actions: readonly string[];
	readonly before?: object | null;
	readonly after?: object | null;
	readonly unknown?: object;
}

/** One entry of `resource_changes`: module, type, name and index come from the address. */
export function change({
	address,
	actions,
	before = null,
	after = null,
	unknown = {},
}: Change): object {
	const match =
		/^(?:(module\..*)\.)?(?:(data)\.)?([a-z_]+)\.([\w-]+)(?:\[("[^"]*"|\d+)\])?$/.exec(
			address,
		);
	if (match === null) throw new Error(`not an address: ${address}`);
	const [, module, data, type, name, index] = match;
	return {
		address,
		...(module === undefined ? {} : { module_address: module }),
		mode: data === undefined ? "managed" : "data",
		type,
		name,
		...(index === undefined ? {} : { index: JSON.parse(index) }),
		provider_name: "registry.terraform.io/hashicorp/azurerm",
		change: { actions, before, after, after_unknown: unknown },
	};
}

/** A whole plan. The provider names its subscription through a variable. */
export function plan(
	changes: readonly Change[],
	rootModule: object = {},
	over: object = {},
): object {
	return {
		format_version: "1.2",
		terraform_version: "1.14.3",
		variables: {
			subscription_id: { value: sub },
			client_secret: { value: "variable-S3CRET-3" },
		},
		planned_values: {
			root_module: { resources: [{ values: { kube_config_raw: secrets[0] } }] },
		},
		resource_changes: changes.map(change),
		prior_state: {
			values: { root_module: { resources: [{ values: { x: secrets[3] } }] } },
		},
		configuration: {
			provider_config: {
				azurerm: {
					name: "azurerm",
					expressions: {
						features: [{}],
						subscription_id: { references: ["var.subscription_id"] },
					},
				},
			},
			root_module: rootModule,
		},
		applyable: true,
		complete: true,
		errored: false,
		...over,
	};
}

/** A user pool as azurerm 4 has it. */
export function pool(name: string, over: object = {}): object {
	return {
		id: poolId(name),
		name,
		kubernetes_cluster_id: clusterId,
		mode: "User",
		os_type: "Linux",
		vm_size: "Standard_D4s_v5",
		auto_scaling_enabled: true,
		min_count: 2,
		max_count: 20,
		node_count: 7,
		max_pods: 30,
		vnet_subnet_id: subnetId("snet-nodes"),
		pod_subnet_id: null,
		priority: "Regular",
		scale_down_mode: "Delete",
		temporary_name_for_rotation: "rotate",
		node_labels: { team: "label-S3CRET-6" },
		tags: { owner: "tag-S3CRET-5" },
		upgrade_settings: [{ max_surge: "10%", drain_timeout_in_minutes: 0 }],
		zones: ["1", "2"],
		...over,
	};
}

/** A cluster as azurerm 4 has it, with the secrets that it carries. */
export function cluster(over: object = {}): object {
	return {
		id: clusterId,
		name: "aks-shop",
		resource_group_name: "rg-shop",
		node_resource_group: "MC_rg-shop_aks-shop_westeurope",
		kubernetes_version: "1.33",
		kube_config_raw: "kubeconfig-S3CRET-1",
		kube_config: [{ password: "kubeconfig-S3CRET-1" }],
		service_principal: [{ client_secret: "clientsecret-S3CRET-2" }],
		tags: { owner: "tag-S3CRET-5" },
		network_profile: [
			{
				network_plugin: "azure",
				network_plugin_mode: "",
				service_cidr: "172.20.0.0/16",
				service_cidrs: ["172.20.0.0/16"],
				ip_versions: ["IPv4"],
				pod_cidr: "",
				pod_cidrs: [],
			},
		],
		api_server_access_profile: [],
		default_node_pool: [
			{
				name: "system",
				type: "VirtualMachineScaleSets",
				vm_size: "Standard_D4s_v5",
				auto_scaling_enabled: false,
				node_count: 3,
				min_count: null,
				max_count: null,
				max_pods: 30,
				vnet_subnet_id: subnetId("snet-nodes"),
				pod_subnet_id: "",
				temporary_name_for_rotation: "",
				upgrade_settings: [{ max_surge: "10%" }],
				kubelet_config: [],
			},
		],
		...over,
	};
}

/** The default pool of `cluster`, with other values. */
export function defaultPool(over: object): object {
	const { default_node_pool: pools } = cluster() as {
		default_node_pool: object[];
	};
	return { default_node_pool: [{ ...pools[0], ...over }] };
}
