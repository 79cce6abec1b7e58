import { armId, parseArmId } from "../arm.ts";
import { clustersQuery } from "./clusters.ts";
import type { Cluster, Network, RouteTable, Subnet } from "./facts.ts";
import { peeredNetworksQuery, withPeerings } from "./networks.ts";
import { routeTablesQuery } from "./routeTables.ts";
import { subnetsQuery } from "./subnets.ts";

/*
 * Resources as Azure Resource Manager answers them, through the parsers of Resource Graph's rows. Each function makes the
 * columns that its query projects.
 */

type Raw = Readonly<Record<string, unknown>>;

/** Throws `RowError` where a field cannot be read. */
export function clusterOfArm(raw: Raw): Cluster {
	const at = reader(raw);
	return clustersQuery.parse({
		id: raw.id,
		name: raw.name,
		nodeResourceGroup: at("properties.nodeResourceGroup"),
		provisioningState: at("properties.provisioningState"),
		powerState: at("properties.powerState.code"),
		version: at("properties.kubernetesVersion"),
		fullVersion: at("properties.currentKubernetesVersion"),
		plugin: at("properties.networkProfile.networkPlugin"),
		pluginMode: at("properties.networkProfile.networkPluginMode"),
		podCidr: at("properties.networkProfile.podCidr"),
		podCidrs: at("properties.networkProfile.podCidrs"),
		serviceCidr: at("properties.networkProfile.serviceCidr"),
		serviceCidrs: at("properties.networkProfile.serviceCidrs"),
		ipFamilies: at("properties.networkProfile.ipFamilies"),
		apiServerSubnet: at("properties.apiServerAccessProfile.subnetId"),
		vnetIntegration: at(
			"properties.apiServerAccessProfile.enableVnetIntegration",
		),
		provisioning: at("properties.nodeProvisioningProfile.mode"),
		skuName: at("sku.name"),
		hostedSystem: at("properties.hostedSystemProfile"),
		pools: at("properties.agentPoolProfiles"),
		tags: raw.tags,
	});
}

/** A network with its subnets. Throws `RowError` where a field cannot be read. */
export function networkOfArm(raw: Raw): {
	readonly network: Network;
	readonly subnets: readonly Subnet[];
} {
	const at = reader(raw);
	const subnets = listOf(at("properties.subnets"));
	const peerings = listOf(at("properties.virtualNetworkPeerings"));
	const { network, peerings: rows } = peeredNetworksQuery.parse({
		id: raw.id,
		addressSpace: at("properties.addressSpace.addressPrefixes"),
		subnetCount: subnets.length,
		peeringCount: peerings.length,
		peerings,
	});
	const [whole] = withPeerings([network], {
		rows,
		unreadable: [],
		gaps: [],
		lost: 0,
	}).rows;
	if (whole === undefined) throw new Error("a network is lost");
	return {
		network: whole,
		subnets: subnets.flatMap((subnet) => {
			const own = reader(subnet);
			const list = own("properties.ipConfigurations");
			const row = subnetsQuery.parse({
				id: raw.id,
				subnetId: own("id") ?? `${raw.id}/subnets/${own("name")}`,
				subnetCount: subnets.length,
				prefix: own("properties.addressPrefix"),
				prefixes: own("properties.addressPrefixes"),
				ipConfigurations: Array.isArray(list) ? list.length : null,
				routeTable: own("properties.routeTable.id"),
				links: own("properties.serviceAssociationLinks"),
			});
			return row.subnet === null ? [] : [row.subnet];
		}),
	};
}

/** Throws `RowError` where a field cannot be read. */
export function routeTableOfArm(raw: Raw): RouteTable {
	const routes = reader(raw)("properties.routes");
	const parts = parseArmId(String(raw.id));
	return routeTablesQuery.parse({
		id: armId(String(raw.id)),
		subscriptionId: parts?.subscription,
		resourceGroup: parts?.resourceGroup,
		routes: Array.isArray(routes) ? routes.length : null,
	});
}

/** What is at a path, names in any case: templates and the CLI spell some of them in their own way. */
function reader(value: unknown): (path: string) => unknown {
	return (path) =>
		path.split(".").reduce<unknown>((inner, name) => field(inner, name), value);
}

function field(value: unknown, name: string): unknown {
	if (typeof value !== "object" || value === null) return undefined;
	if (Object.hasOwn(value, name)) return Reflect.get(value, name);
	const key = Object.keys(value).find(
		(one) => one.toLowerCase() === name.toLowerCase(),
	);
	return key === undefined ? undefined : Reflect.get(value, key);
}

function listOf(value: unknown): readonly unknown[] {
	return Array.isArray(value) ? value : [];
}
