import type { Fields } from "../fields.ts";

/*
 * The attributes of the azurerm provider that the sums need, in the names of its versions 3, 4 and later
 * (documentation of `azurerm_kubernetes_cluster`, `_node_pool` and `_automatic_cluster`, 2026).
 */

const pool: Fields = {
	name: true,
	mode: true,
	type: true,
	os_type: true,
	priority: true,
	node_count: true,
	min_count: true,
	max_count: true,
	auto_scaling_enabled: true,
	enable_auto_scaling: true,
	max_pods: true,
	vnet_subnet_id: true,
	pod_subnet_id: true,
	pod_ip_allocation_mode: true,
	scale_down_mode: true,
	orchestrator_version: true,
	upgrade_settings: { max_surge: true },
	temporary_name_for_rotation: true,
};

const azapi: Fields = {
	id: true,
	type: true,
	name: true,
	parent_id: true,
	resource_id: true,
	method: true,
};

/** Which attributes leave the parser, by resource type. Types that are not here change no sum. */
export const providerFields: Readonly<Record<string, Fields>> = {
	azurerm_kubernetes_cluster: {
		id: true,
		name: true,
		resource_group_name: true,
		node_resource_group: true,
		kubernetes_version: true,
		network_profile: {
			network_plugin: true,
			network_plugin_mode: true,
			pod_cidr: true,
			pod_cidrs: true,
			service_cidr: true,
			service_cidrs: true,
			ip_versions: true,
		},
		api_server_access_profile: {
			subnet_id: true,
			vnet_integration_enabled: true,
			virtual_network_integration_enabled: true,
		},
		node_provisioning_profile: { mode: true },
		default_node_pool: pool,
	},
	azurerm_kubernetes_cluster_node_pool: {
		id: true,
		kubernetes_cluster_id: true,
		...pool,
	},
	azurerm_kubernetes_automatic_cluster: {
		id: true,
		name: true,
		resource_group_name: true,
		api_server_access: { subnet_id: true },
		hosted_system: { node_subnet_id: true, system_node_subnet_id: true },
	},
	azurerm_virtual_network: {
		id: true,
		name: true,
		resource_group_name: true,
		address_space: true,
		subnet: {
			name: true,
			address_prefix: true,
			address_prefixes: true,
			route_table_id: true,
		},
	},
	azurerm_subnet: {
		id: true,
		name: true,
		resource_group_name: true,
		virtual_network_name: true,
		virtual_network_id: true,
		address_prefixes: true,
	},
	azurerm_subnet_route_table_association: {
		id: true,
		subnet_id: true,
		route_table_id: true,
	},
	azurerm_route_table: {
		id: true,
		name: true,
		resource_group_name: true,
		route: { name: true },
	},
	azurerm_route: {
		id: true,
		name: true,
		resource_group_name: true,
		route_table_name: true,
	},
	azapi_resource: azapi,
	azapi_update_resource: azapi,
	azapi_resource_action: azapi,
};

/** What the provider changes by making the pool anew (documentation of `temporary_name_for_rotation`, 2026). */
const rotated = [
	"enable_host_encryption",
	"enable_node_public_ip",
	"fips_enabled",
	"host_encryption_enabled",
	"kubelet_config",
	"kubelet_disk_type",
	"linux_os_config",
	"max_pods",
	"node_public_ip_enabled",
	"os_disk_size_gb",
	"os_disk_type",
	"pod_ip_allocation_mode",
	"pod_subnet_id",
	"snapshot_id",
	"ultra_ssd_enabled",
	"vm_size",
	"vnet_subnet_id",
	"zones",
];
const rotatedOfDefaultPool = [...rotated, "only_critical_addons_enabled"];

/** The names of the fields that differ and need a new pool. Their values stay here. */
export function rotationFields(
	type: string,
	before: unknown,
	after: unknown,
	unknown: unknown,
): readonly string[] {
	if (type === "azurerm_kubernetes_cluster_node_pool")
		return changed(rotated, before, after, unknown);
	if (type !== "azurerm_kubernetes_cluster") return [];
	return changed(
		rotatedOfDefaultPool,
		defaultPool(before),
		defaultPool(after),
		defaultPool(unknown),
	);
}

function defaultPool(value: unknown): unknown {
	const pools: unknown = Reflect.get(Object(value), "default_node_pool");
	return Array.isArray(pools) ? pools[0] : pools;
}

function changed(
	names: readonly string[],
	before: unknown,
	after: unknown,
	unknown: unknown,
): readonly string[] {
	if (before === null || before === undefined) return [];
	if (after === null || after === undefined) return [];
	const of = (value: unknown, name: string): unknown =>
		Reflect.get(Object(value), name);
	return names.filter(
		(name) =>
			canonical(of(before, name)) !== canonical(of(after, name)) ||
			(of(unknown, name) === true && of(before, name) !== undefined),
	);
}

/** Providers give "nothing" as null, an empty text or an empty list. IDs differ in case. */
function canonical(value: unknown): string {
	if (value === undefined || value === null || value === "") return "null";
	if (Array.isArray(value) && value.length === 0) return "null";
	return JSON.stringify(value).toLowerCase();
}
