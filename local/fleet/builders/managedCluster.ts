import {
	type ClusterSpec,
	defaultPodCidr,
	defaultServiceCidr,
	defaultVersion,
	nodeResourceGroupOf,
} from "../clusterSpec.ts";
import { clusterId, resourceId } from "../ids.ts";
import { eightDigits, guid, hex32 } from "../naming.ts";
import { type Json, optional, type RawResource } from "../rawResource.ts";
import { agentPool } from "./agentPool.ts";
import { autoScalerProfile, platformProfiles } from "./managedClusterExtras.ts";

export function managedCluster(cluster: ClusterSpec): RawResource {
	const version = cluster.version ?? defaultVersion;
	const host = `${cluster.name}-dns-${hex32(cluster.name).slice(0, 8)}`;

	return {
		id: clusterId(cluster, cluster.name),
		name: cluster.name,
		type: "Microsoft.ContainerService/ManagedClusters",
		location: cluster.location,
		kind: "Base",
		sku: { name: cluster.automatic ? "Automatic" : "Base", tier: "Standard" },
		tags: { "cost-center": eightDigits(cluster.resourceGroup).slice(0, 5) },
		identity: {
			type: "SystemAssigned",
			principalId: guid(`${cluster.name}/principal`),
			tenantId: guid("tenant"),
		},
		properties: {
			provisioningState: "Succeeded",
			powerState: { code: cluster.stopped ? "Stopped" : "Running" },
			kubernetesVersion: version.replace(/\.\d+$/, ""),
			currentKubernetesVersion: version,
			dnsPrefix: `${cluster.name}-dns`,
			fqdn: `${host}.hcp.${cluster.location}.azmk8s.io`,
			azurePortalFQDN: `${host}.portal.hcp.${cluster.location}.azmk8s.io`,
			agentPoolProfiles: cluster.pools.map((pool) => agentPool(cluster, pool)),
			nodeResourceGroup: nodeResourceGroupOf(cluster),
			enableRBAC: true,
			supportPlan: "KubernetesOfficial",
			networkProfile: networkProfile(cluster),
			maxAgentPools: 100,
			...optional("apiServerAccessProfile", apiServerAccess(cluster)),
			...optional("autoScalerProfile", autoScaling(cluster)),
			nodeProvisioningProfile: {
				mode: cluster.provisioned ? "Auto" : "Manual",
				defaultNodePools: "Auto",
			},
			...platformProfiles(cluster),
		},
	};
}

function networkProfile(cluster: ClusterSpec): Json {
	const { model, dualStack, serviceCidr = defaultServiceCidr } = cluster;
	const { dataplane = "azure" } = cluster;
	const services = serviceCidr.replace(/\.\d+\/\d+$/, "");

	return {
		networkPlugin: plugin(cluster),
		...optional(
			"networkPluginMode",
			model === "overlay" ? "overlay" : undefined,
		),
		networkPolicy: dataplane === "cilium" ? "cilium" : "none",
		...optional(
			"networkDataplane",
			plugin(cluster) === "azure" ? dataplane : undefined,
		),
		loadBalancerSku: "standard",
		loadBalancerProfile: outbound(cluster),
		...podRange(cluster),
		serviceCidr,
		dnsServiceIP: `${services}.10`,
		outboundType: "loadBalancer",
		serviceCidrs: dualStack ? [serviceCidr, "fd20:6f::/108"] : [serviceCidr],
		ipFamilies: dualStack ? ["IPv4", "IPv6"] : ["IPv4"],
		...(cluster.pools.some(({ mode }) => mode === "Gateway")
			? { staticEgressGatewayProfile: { enabled: true } }
			: {}),
		podLinkLocalAccess: "IMDS",
	};
}

function plugin({ model }: ClusterSpec): "kubenet" | "none" | "azure" {
	return model === "kubenet" || model === "none" ? model : "azure";
}

/** Absent where pods use subnets or on somebody else's CNI. */
function podRange(cluster: ClusterSpec): Json {
	if (cluster.model !== "kubenet" && cluster.model !== "overlay") return {};
	const { podCidr = defaultPodCidr, dualStack } = cluster;
	return {
		podCidr,
		podCidrs: dualStack ? [podCidr, "fd30:5c:1::/64"] : [podCidr],
	};
}

function outbound(cluster: ClusterSpec): Json {
	const scope = { ...cluster, resourceGroup: nodeResourceGroupOf(cluster) };
	return {
		managedOutboundIPs: { count: 1 },
		effectiveOutboundIPs: [
			{
				id: resourceId(
					scope,
					"Microsoft.Network/publicIPAddresses",
					guid(`${cluster.name}/outbound`),
				),
			},
		],
		backendPoolType: "nodeIPConfiguration",
	};
}

/** An empty subnet id says that AKS made the subnet itself. */
function apiServerAccess(cluster: ClusterSpec): Json | undefined {
	if (cluster.apiServer)
		return {
			enablePrivateCluster: false,
			enableVnetIntegration: true,
			subnetId: cluster.apiServer.subnet ?? "",
		};
	if (cluster.privateEndpoint)
		return { enablePrivateCluster: true, privateDNSZone: "system" };
	return undefined;
}

function autoScaling({ pools }: ClusterSpec): Json | undefined {
	return pools.some(({ maxCount }) => maxCount !== undefined)
		? autoScalerProfile
		: undefined;
}
