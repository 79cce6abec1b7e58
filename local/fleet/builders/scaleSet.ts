import { resourceId, type Scope } from "../ids.ts";
import { guid } from "../naming.ts";
import { type Json, optional, type RawResource } from "../rawResource.ts";
import {
	linuxExtensions,
	linuxOsProfile,
	storageProfile,
	windowsExtensions,
	windowsOsProfile,
} from "./scaleSetExtras.ts";

interface ScaleSetFields {
	readonly scope: Scope;
	/** `aks-{pool}-{8 digits}-vmss`, or `aks{pool}` for Windows. */
	readonly name: string;
	readonly location: string;
	readonly pool: string;
	readonly capacity: number;
	readonly windows?: boolean;
	readonly vmSize?: string;
	readonly spot?: boolean;
	readonly overlay?: boolean;
	readonly version: string;
	/** The eight digits that all resources of the cluster share. */
	readonly suffix: string;
	readonly subnet: string;
	/** IPv4 addresses that a node uses. */
	readonly addresses: number;
	readonly dualStack?: boolean;
}

export function scaleSet(fields: ScaleSetFields): RawResource {
	const id = scaleSetId(fields.scope, fields.name);

	return {
		id,
		name: fields.name,
		type: "Microsoft.Compute/virtualMachineScaleSets",
		location: fields.location,
		zones: ["1", "2", "3"],
		tags: tags(fields),
		sku: {
			name: fields.vmSize ?? "Standard_D8ds_v5",
			tier: "Standard",
			capacity: fields.capacity,
		},
		identity: kubeletIdentity(fields),
		properties: {
			singlePlacementGroup: false,
			orchestrationMode: "Uniform",
			upgradePolicy: { mode: "Manual" },
			virtualMachineProfile: machineProfile(fields),
			provisioningState: "Succeeded",
			overprovision: false,
			doNotRunExtensionsOnOverprovisionedVMs: false,
			uniqueId: guid(id),
			platformFaultDomainCount: 1,
			timeCreated: "2026-03-02T09:14:31.0+00:00",
		},
	};
}

function scaleSetId(scope: Scope, name: string): string {
	return resourceId(scope, "Microsoft.Compute/virtualMachineScaleSets", name);
}

/**
 * Names of the IP configurations of a node, one for each of its addresses. A dual-stack node has an IPv6 one beside
 * each.
 */
export function nicConfigurationNames(
	addresses: number,
	dualStack = false,
): readonly string[] {
	const names = Array.from(
		{ length: addresses },
		(_, index) => `ipconfig${index + 1}`,
	);
	return dualStack ? [...names, "ipconfigv6"] : names;
}

function machineProfile(fields: ScaleSetFields): Json {
	const { windows = false, name } = fields;
	return {
		...optional("priority", fields.spot ? "Spot" : undefined),
		...optional("evictionPolicy", fields.spot ? "Delete" : undefined),
		osProfile: {
			computerNamePrefix: name,
			...(windows ? windowsOsProfile : linuxOsProfile),
		},
		storageProfile: storageProfile(windows),
		networkProfile: {
			networkInterfaceConfigurations: [
				{
					name,
					properties: {
						primary: true,
						enableAcceleratedNetworking: true,
						disableTcpStateTracking: false,
						dnsSettings: { dnsServers: [] },
						enableIPForwarding: true,
						ipConfigurations: nicConfigurations(fields),
					},
				},
			],
		},
		extensionProfile: windows ? windowsExtensions : linuxExtensions,
	};
}

/** The first one is primary and joins the load balancer's pools, the rest is for pods. */
function nicConfigurations(fields: ScaleSetFields): Json[] {
	const subnet = { id: fields.subnet };
	const secondary = { subnet, privateIPAddressVersion: "IPv4" };
	const names = nicConfigurationNames(fields.addresses, fields.dualStack);

	return names.map((name, index) => ({
		name,
		properties:
			index === 0
				? {
						primary: true,
						...secondary,
						loadBalancerBackendAddressPools: backendPools(fields.scope),
					}
				: name === "ipconfigv6"
					? { ...secondary, privateIPAddressVersion: "IPv6" }
					: secondary,
	}));
}

function kubeletIdentity({ scope, suffix }: ScaleSetFields): Json {
	const identity = resourceId(
		scope,
		"Microsoft.ManagedIdentity/userAssignedIdentities",
		`aks-${suffix}-agentpool`,
	);
	return {
		type: "UserAssigned",
		userAssignedIdentities: {
			[identity]: {
				principalId: guid(`${suffix}/principal`),
				clientId: guid(`${suffix}/kubelet`),
			},
		},
	};
}

function backendPools(scope: Scope): Json[] {
	const balancer = resourceId(
		scope,
		"Microsoft.Network/loadBalancers",
		"kubernetes",
	);
	return ["kubernetes", "aksOutboundBackendPool"].map((pool) => ({
		id: `${balancer}/backendAddressPools/${pool}`,
	}));
}

function tags(fields: ScaleSetFields): Record<string, string> {
	return {
		...optional(
			"aks-managed-azure-cni-overlay",
			fields.overlay ? "true" : undefined,
		),
		"aks-managed-consolidated-additional-properties": guid(
			`${fields.name}/consolidated`,
		),
		"aks-managed-coordination": "true",
		"aks-managed-createOperationID": guid(`${fields.name}/operation`),
		"aks-managed-creationSource": `vmssclient-${fields.name}`,
		"aks-managed-enable-imds-restriction": "false",
		"aks-managed-kubeletIdentityClientID": guid(`${fields.suffix}/kubelet`),
		"aks-managed-orchestrator": `Kubernetes:${fields.version}`,
		"aks-managed-poolName": fields.pool,
		"aks-managed-resourceNameSuffix": fields.suffix,
		"aks-managed-ssh-access": "LocalUser",
	};
}
