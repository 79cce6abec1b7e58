import {
	type ClusterSpec,
	defaultVersion,
	liveNodes,
	maxPodsOf,
	type PoolSpec,
	poolType,
} from "../clusterSpec.ts";
import { guid, hash32 } from "../naming.ts";
import { type Json, optional } from "../rawResource.ts";

/** One entry of a cluster's `agentPoolProfiles`. */
export function agentPool(cluster: ClusterSpec, pool: PoolSpec): Json {
	const version = cluster.version ?? defaultVersion;
	const stopped = cluster.stopped || pool.stopped;

	return {
		name: pool.name,
		...sizeOf(cluster, pool),
		osDiskSizeGB: 128,
		osDiskType: "Ephemeral",
		kubeletDiskType: "OS",
		workloadRuntime: "OCIContainer",
		...subnetsOf(cluster, pool),
		maxPods: maxPodsOf(cluster.model, pool),
		type: poolType(pool),
		availabilityZones: ["1", "2", "3"],
		...autoscalingOf(pool),
		scaleDownMode: "Delete",
		provisioningState: "Succeeded",
		powerState: { code: stopped ? "Stopped" : "Running" },
		orchestratorVersion: version,
		currentOrchestratorVersion: version,
		enableNodePublicIP: false,
		...(pool.spot ? spotFields : {}),
		mode: pool.mode ?? "User",
		...optional(
			"gatewayProfile",
			pool.mode === "Gateway" ? { publicIPPrefixSize: 31 } : undefined,
		),
		enableEncryptionAtHost: false,
		enableUltraSSD: false,
		...(pool.os === "Windows" ? windowsFields : linuxFields),
		upgradeStrategy: "Rolling",
		upgradeSettings: upgradeSettings(pool),
		enableFIPS: false,
		networkProfile: {},
		securityProfile: {
			sshAccess: "LocalUser",
			enableVTPM: false,
			enableSecureBoot: false,
		},
		eTag: guid(`${cluster.name}/${pool.name}/etag`),
	};
}

const linuxFields = {
	osType: "Linux",
	osSKU: "Ubuntu",
	nodeImageVersion: "AKSUbuntu-2404gen2containerd-202610.13.0",
};

const windowsFields = {
	osType: "Windows",
	osSKU: "Windows2022",
	nodeImageVersion: "AKSWindows-2022-containerd-20348.4294.261014",
};

const spotFields = {
	scaleSetPriority: "Spot",
	scaleSetEvictionPolicy: "Delete",
	spotMaxPrice: -1,
	nodeLabels: { "kubernetes.azure.com/scalesetpriority": "spot" },
	nodeTaints: ["kubernetes.azure.com/scalesetpriority=spot:NoSchedule"],
};

/** Values are text. A spot pool has none, other pools have AKS's defaults written out. */
function upgradeSettings(pool: PoolSpec): Json {
	if (pool.spot) return { maxUnavailable: "0" };
	return {
		maxSurge: pool.maxSurge ?? "10%",
		maxUnavailable: pool.maxUnavailable ?? "0",
	};
}

/** A VirtualMachines pool has neither count nor size of its own. Two other fields have its numbers. */
function sizeOf(cluster: ClusterSpec, pool: PoolSpec): Json {
	const size = pool.vmSize ?? "Standard_D8ds_v5";
	const count = liveNodes(cluster, pool);
	if (poolType(pool) !== "VirtualMachines") return { count, vmSize: size };

	const { minCount = 1, maxCount } = pool;
	return {
		virtualMachinesProfile: {
			scale:
				maxCount === undefined
					? { manual: [{ size, count: pool.nodes }] }
					: { autoscale: { size, minCount, maxCount } },
		},
		virtualMachineNodesStatus: [{ size, count }],
	};
}

function autoscalingOf(pool: PoolSpec): Json {
	const { minCount = Math.min(1, pool.nodes), maxCount } = pool;
	return maxCount === undefined || poolType(pool) === "VirtualMachines"
		? { enableAutoScaling: false }
		: { maxCount, minCount, enableAutoScaling: true };
}

/** Absent for a network that AKS made. */
function subnetsOf(cluster: ClusterSpec, pool: PoolSpec): Json {
	const podSubnet = pool.podSubnet ?? cluster.podSubnet;
	return {
		...optional("vnetSubnetID", pool.nodeSubnet ?? cluster.nodeSubnet),
		...optional("podSubnetID", podSubnet),
		...optional("podIPAllocationMode", allocationMode(cluster, podSubnet)),
	};
}

/** Clusters made since the mode exists name dynamic allocation, older ones omit it. */
function allocationMode(
	cluster: ClusterSpec,
	podSubnet: string | undefined,
): string | undefined {
	if (podSubnet === undefined) return undefined;
	if (cluster.model === "static-pod-subnet") return "StaticBlock";
	return hash32(cluster.name) % 2 === 0 ? "DynamicIndividual" : undefined;
}
