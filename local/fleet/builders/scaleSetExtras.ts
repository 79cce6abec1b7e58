import type { Json } from "../rawResource.ts";

export const linuxOsProfile: Json = {
	adminUsername: "azureuser",
	linuxConfiguration: {
		disablePasswordAuthentication: true,
		ssh: {
			publicKeys: [
				{
					path: "/home/azureuser/.ssh/authorized_keys",
					keyData: "ssh-rsa example-only",
				},
			],
		},
		provisionVMAgent: true,
	},
	secrets: [],
	allowExtensionOperations: true,
	requireGuestProvisionSignal: true,
};

export const windowsOsProfile: Json = {
	adminUsername: "azureuser",
	windowsConfiguration: {
		provisionVMAgent: true,
		enableAutomaticUpdates: false,
	},
	secrets: [],
	allowExtensionOperations: true,
	requireGuestProvisionSignal: true,
};

export const linuxExtensions: Json = extensions([
	extension("vmssCSE", "Microsoft.Azure.Extensions", "CustomScript", "2.0"),
	extension(
		"AKSLinuxBilling",
		"Microsoft.AKS",
		"Compute.AKS.Linux.Billing",
		"1.0",
	),
	extension(
		"AKSLinuxExtension",
		"Microsoft.AKS",
		"Compute.AKS.Linux.AKSNode",
		"1.406",
		{
			"disable-uu": "true",
			"enable-uu": "false",
			"node-exporter-tls": "false",
		},
	),
	extension(
		"AzureMonitorLinuxAgent",
		"Microsoft.Azure.Monitor",
		"AzureMonitorLinuxAgent",
		"1.36",
	),
]);

export const windowsExtensions: Json = extensions([
	extension("vmssCSE", "Microsoft.Compute", "CustomScriptExtension", "1.10"),
	extension(
		"AKSWindowsBilling",
		"Microsoft.AKS",
		"Compute.AKS.Windows.Billing",
		"1.0",
	),
]);

export function storageProfile(windows: boolean): Json {
	return windows ? windowsStorage : linuxStorage;
}

const linuxStorage = storage("Linux", "AKSUbuntu", "2404gen2containerd");
const windowsStorage = storage("Windows", "AKSWindows", "windows-2022");

function storage(os: string, gallery: string, image: string): Json {
	return {
		osDisk: {
			osType: os,
			diffDiskSettings: { option: "Local", placement: "CacheDisk" },
			createOption: "FromImage",
			caching: "ReadOnly",
			managedDisk: { storageAccountType: "Standard_LRS" },
			diskSizeGB: 128,
		},
		imageReference: {
			id: `/subscriptions/10945678-1234-1234-1234-123456789012/resourceGroups/AKS-${os}/providers/Microsoft.Compute/galleries/${gallery}/images/${image}/versions/202610.13.0`,
		},
		diskControllerType: "SCSI",
	};
}

function extensions(all: readonly Json[]): Json {
	return { extensions: all, extensionsTimeBudget: "PT16M" };
}

function extension(
	name: string,
	publisher: string,
	type: string,
	typeHandlerVersion: string,
	settings: Json = {},
): Json {
	return {
		name,
		properties: {
			autoUpgradeMinorVersion: true,
			suppressFailures: false,
			publisher,
			type,
			typeHandlerVersion,
			settings,
		},
	};
}
