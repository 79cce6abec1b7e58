import type { ReplacementOrder } from "../../checks/contract.ts";
import type { Picked } from "../fields.ts";

import { Attributes } from "./attributeReader.ts";
import { add, type Context, set, textOf } from "./collected.ts";
import { deleted, requiredId, subnetTypes } from "./ids.ts";
import type { PlanResource } from "./planFile.ts";

const replaced: Partial<Record<PlanResource["action"], ReplacementOrder>> = {
	"delete-create": "delete-before-create",
	"create-delete": "create-before-delete",
};

function replacement({ into }: Context, one: PlanResource, pool: string): void {
	const order =
		replaced[one.action] ??
		(one.action === "update" && one.rotatedBy.length > 0
			? "temporary-pool"
			: undefined);
	if (order === undefined) return;
	into.replacements.push({ pool, order });
	if (order === "temporary-pool")
		into.notes.push({
			address: one.address,
			text: `Terraform makes the pool anew, by way of a temporary pool: ${one.rotatedBy.join(", ")} changes.`,
		});
}

function poolProperties(attributes: Attributes, isNew: boolean): Picked {
	const scaling = (side: "before" | "after") =>
		attributes.field(side, "auto_scaling_enabled") ??
		attributes.field(side, "enable_auto_scaling");
	const autoscaled = scaling("after") === true;
	const given =
		attributes.value("node_count") ??
		(isNew ? attributes.value("min_count") : undefined);
	if (isNew && given === undefined) attributes.missing("node_count");
	return set({
		mode: attributes.value("mode"),
		type: attributes.value("type"),
		osType: attributes.value("os_type"),
		scaleSetPriority: attributes.value("priority"),
		// With an autoscaler the count of the plan is an old reading, or where the pool starts.
		count:
			autoscaled && !isNew ? undefined : (given ?? (isNew ? 0 : undefined)),
		enableAutoScaling: attributes.value(
			"auto_scaling_enabled",
			"enable_auto_scaling",
		),
		minCount: attributes.value("min_count"),
		maxCount: attributes.value("max_count"),
		maxPods: attributes.value("max_pods"),
		vnetSubnetID: attributes.id("vnet_subnet_id", subnetTypes),
		podSubnetID: attributes.id("pod_subnet_id", subnetTypes),
		podIPAllocationMode: attributes.value("pod_ip_allocation_mode"),
		scaleDownMode: attributes.value("scale_down_mode"),
		orchestratorVersion: attributes.value("orchestrator_version"),
		upgradeSettings: set({
			maxSurge: attributes.block("upgrade_settings").value("max_surge"),
		}),
	});
}

export function nodePool(context: Context, one: PlanResource): void {
	if (deleted(context, one)) return;
	const id = requiredId(context, one);
	if (id === null) return;
	const isNew = one.action !== "update";
	const attributes = new Attributes(context, one);
	const properties = poolProperties(attributes, isNew);
	replacement(context, one, id);
	if (!isNew && Object.keys(properties).length === 0 && !one.rotatedBy.length)
		return;
	add(context, one, {
		id,
		type: "Microsoft.ContainerService/managedClusters/agentPools",
		// The provider's own default.
		properties: isNew ? { mode: "User", ...properties } : properties,
	});
}

export function cluster(context: Context, one: PlanResource): void {
	if (deleted(context, one)) return;
	const id = requiredId(context, one);
	if (id === null) return;
	const isNew = one.action !== "update";
	const attributes = new Attributes(context, one);
	const network = attributes.block("network_profile");
	const server = attributes.block("api_server_access_profile");
	const pool = attributes.block("default_node_pool");
	const poolName = textOf(pool.field("after", "name"));
	const formerName = textOf(pool.field("before", "name"));
	const pools: Picked[] = [];
	if (poolName === null) pool.missing("name");
	else {
		const renamed = !isNew && formerName !== null && formerName !== poolName;
		const properties = poolProperties(pool, isNew || renamed);
		if (isNew || renamed)
			pools.push({ name: poolName, mode: "System", ...properties });
		else if (Object.keys(properties).length > 0 || one.rotatedBy.length > 0)
			pools.push({ name: poolName, ...properties });
		if (renamed) {
			context.into.removed.push(`${id}/agentPools/${formerName}`);
			context.into.replacements.push({
				pool: `${id}/agentPools/${poolName}`,
				order: "create-before-delete",
			});
		} else replacement(context, one, `${id}/agentPools/${poolName}`);
	}
	const properties = set({
		kubernetesVersion: attributes.value("kubernetes_version"),
		nodeResourceGroup: attributes.value("node_resource_group"),
		networkProfile: set({
			networkPlugin: network.value("network_plugin"),
			networkPluginMode: network.value("network_plugin_mode"),
			podCidr: network.value("pod_cidr"),
			podCidrs: network.value("pod_cidrs"),
			serviceCidr: network.value("service_cidr"),
			serviceCidrs: network.value("service_cidrs"),
			ipFamilies: network.value("ip_versions"),
		}),
		apiServerAccessProfile: set({
			subnetId: server.id("subnet_id", subnetTypes),
			enableVnetIntegration: server.value(
				"virtual_network_integration_enabled",
				"vnet_integration_enabled",
			),
		}),
		nodeProvisioningProfile: set({
			mode: attributes.block("node_provisioning_profile").value("mode"),
		}),
		agentPoolProfiles: pools.length === 0 ? undefined : pools,
	});
	if (typeof properties.kubernetesVersion === "string" && !isNew)
		context.into.notes.push({
			address: one.address,
			text: "The plan upgrades the cluster: max surge counts.",
		});
	if (!isNew && Object.keys(properties).length === 0) return;
	add(context, one, {
		id,
		type: "Microsoft.ContainerService/managedClusters",
		properties,
	});
}

export function automaticCluster(context: Context, one: PlanResource): void {
	if (deleted(context, one)) return;
	const id = requiredId(context, one);
	if (id === null) return;
	const isNew = one.action !== "update";
	const attributes = new Attributes(context, one);
	const hosted = attributes.block("hosted_system");
	const nodeSubnetID = hosted.id("node_subnet_id", subnetTypes);
	const systemNodeSubnetID = hosted.id("system_node_subnet_id", subnetTypes);
	const properties = set({
		networkProfile: isNew
			? { networkPlugin: "azure", networkPluginMode: "overlay" }
			: undefined,
		nodeProvisioningProfile: isNew ? { mode: "Auto" } : undefined,
		apiServerAccessProfile: set({
			subnetId: attributes
				.block("api_server_access")
				.id("subnet_id", subnetTypes),
		}),
		hostedSystemProfile:
			nodeSubnetID === undefined && systemNodeSubnetID === undefined
				? undefined
				: set({ enabled: true, nodeSubnetID, systemNodeSubnetID }),
		agentPoolProfiles: isNew ? [] : undefined,
	});
	if (!isNew && Object.keys(properties).length === 0) return;
	add(context, one, {
		id,
		type: "Microsoft.ContainerService/managedClusters",
		...(isNew ? { sku: { name: "Automatic" } } : {}),
		properties,
	});
}
