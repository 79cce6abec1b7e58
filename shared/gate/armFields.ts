import type { Fields } from "./fields.ts";

const pool: Fields = {
	mode: true,
	type: true,
	osType: true,
	scaleSetPriority: true,
	powerState: { code: true },
	count: true,
	minCount: true,
	maxCount: true,
	enableAutoScaling: true,
	maxPods: true,
	vnetSubnetID: true,
	podSubnetID: true,
	podIPAllocationMode: true,
	scaleDownMode: true,
	upgradeStrategy: true,
	upgradeSettings: { maxSurge: true },
	gatewayProfile: { publicIPPrefixSize: true },
	virtualMachinesProfile: {
		scale: {
			manual: { count: true },
			autoscale: { minCount: true, maxCount: true },
		},
	},
	orchestratorVersion: true,
};

const subnet: Fields = {
	addressPrefix: true,
	addressPrefixes: true,
	routeTable: { id: true },
};

/** The types whose changes the auditor can judge, in lower case, with the fields that the sums read. */
export const armFields: Readonly<Record<string, Fields>> = {
	"microsoft.containerservice/managedclusters": {
		sku: { name: true },
		properties: {
			kubernetesVersion: true,
			nodeResourceGroup: true,
			networkProfile: {
				networkPlugin: true,
				networkPluginMode: true,
				podCidr: true,
				podCidrs: true,
				serviceCidr: true,
				serviceCidrs: true,
				ipFamilies: true,
			},
			apiServerAccessProfile: { subnetId: true, enableVnetIntegration: true },
			nodeProvisioningProfile: { mode: true },
			hostedSystemProfile: {
				enabled: true,
				systemNodeSubnetID: true,
				nodeSubnetID: true,
			},
			agentPoolProfiles: { name: true, ...pool },
		},
	},
	"microsoft.containerservice/managedclusters/agentpools": {
		properties: pool,
	},
	"microsoft.network/virtualnetworks": {
		properties: {
			addressSpace: { addressPrefixes: true },
			subnets: { name: true, properties: subnet },
		},
	},
	"microsoft.network/virtualnetworks/subnets": { properties: subnet },
	"microsoft.network/routetables": {
		properties: { routes: { name: true } },
	},
	"microsoft.network/routetables/routes": { properties: {} },
};

/** `Microsoft.Network/virtualNetworks/subnets` of an ARM ID, in lower case. Null where it is not the ID of a resource. */
export function typeOfId(id: string): string | null {
	const parts = id.toLowerCase().split("/");
	const at = parts.lastIndexOf("providers");
	if (at < 0 || parts[0] !== "") return null;
	const [provider, ...rest] = parts.slice(at + 1);
	if (!provider || rest.length < 2 || rest.length % 2 !== 0) return null;
	if (rest.some((part) => part === "")) return null;
	return [provider, ...rest.filter((_, index) => index % 2 === 0)].join("/");
}
