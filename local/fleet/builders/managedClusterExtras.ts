import { type ClusterSpec, nodeResourceGroupOf } from "../clusterSpec.ts";
import { guid } from "../naming.ts";
import type { Json } from "../rawResource.ts";

/** What every cluster's row has beside its network. Nothing of it counts addresses, all of it counts bytes. */
export function platformProfiles(cluster: ClusterSpec): Json {
	return {
		linuxProfile,
		servicePrincipalProfile: { clientId: "msi" },
		addonProfiles: addonProfiles(cluster),
		aadProfile,
		identityProfile: {
			kubeletidentity: identity(cluster, `${cluster.name}-agentpool`),
		},
		autoUpgradeProfile: {
			upgradeChannel: "patch",
			nodeOSUpgradeChannel: "NodeImage",
		},
		disableLocalAccounts: true,
		securityProfile,
		storageProfile,
		oidcIssuerProfile: {
			enabled: true,
			issuerURL: `https://${cluster.location}.oic.prod-aks.azure.com/${guid("tenant")}/${guid(`${cluster.name}/issuer`)}/`,
		},
		workloadAutoScalerProfile: {},
		azureMonitorProfile,
		metricsProfile: { costAnalysis: { enabled: true } },
		resourceUID: guid(`${cluster.name}/uid`).replaceAll("-", "").slice(0, 24),
		controlPlanePluginProfiles,
		bootstrapProfile: { artifactSource: "Direct" },
	};
}

/** The autoscaler's settings as AKS fills them in: text throughout, with the exception of three. */
export const autoScalerProfile: Json = {
	"balance-similar-node-groups": "true",
	"daemonset-eviction-for-empty-nodes": false,
	"daemonset-eviction-for-occupied-nodes": true,
	expander: "least-waste",
	"ignore-daemonsets-utilization": false,
	"max-empty-bulk-delete": "10",
	"max-graceful-termination-sec": "600",
	"max-node-provision-time": "15m",
	"max-total-unready-percentage": "45",
	"new-pod-scale-up-delay": "0s",
	"ok-total-unready-count": "3",
	"scale-down-delay-after-add": "10m",
	"scale-down-delay-after-delete": "10s",
	"scale-down-delay-after-failure": "3m",
	"scale-down-unneeded-time": "10m",
	"scale-down-unready-time": "20m",
	"scale-down-utilization-threshold": "0.5",
	"scan-interval": "10s",
	"skip-nodes-with-local-storage": "false",
	"skip-nodes-with-system-pods": "true",
};

const linuxProfile: Json = {
	adminUsername: "azureuser",
	ssh: { publicKeys: [{ keyData: "ssh-rsa example-only" }] },
};

const aadProfile: Json = {
	managed: true,
	adminGroupObjectIDs: [guid("aks-admins")],
	adminUsers: null,
	enableAzureRBAC: true,
	tenantID: guid("tenant"),
};

const securityProfile: Json = {
	imageCleaner: { enabled: true, intervalHours: 168 },
	workloadIdentity: { enabled: true },
};

const storageProfile: Json = {
	diskCSIDriver: { enabled: true, version: "v1" },
	fileCSIDriver: { enabled: true },
	snapshotController: { enabled: true },
};

const azureMonitorProfile: Json = {
	metrics: {
		enabled: true,
		kubeStateMetrics: {
			metricLabelsAllowlist: "",
			metricAnnotationsAllowList: "",
		},
	},
};

const controlPlanePluginProfiles: Json = {
	"azure-monitor-metrics-ccp": { enableV2: true },
	karpenter: { enableV2: true },
	"static-egress-controller": { enableV2: true },
};

function addonProfiles(cluster: ClusterSpec): Json {
	return {
		azureKeyvaultSecretsProvider: {
			enabled: true,
			config: { enableSecretRotation: "true", rotationPollInterval: "2m" },
			identity: identity(
				cluster,
				`azurekeyvaultsecretsprovider-${cluster.name}`,
			),
		},
		azurepolicy: { enabled: true, config: null },
		omsagent: {
			enabled: true,
			config: {
				logAnalyticsWorkspaceResourceID: workspace("law-platform"),
				useAADAuth: "true",
			},
		},
	};
}

function identity(cluster: ClusterSpec, name: string): Json {
	return {
		resourceId: `/subscriptions/${cluster.subscription}/resourcegroups/${nodeResourceGroupOf(cluster)}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/${name}`,
		clientId: guid(`${name}/client`),
		objectId: guid(`${name}/object`),
	};
}

function workspace(name: string): string {
	return `/subscriptions/${guid("subscription/management")}/resourceGroups/rg-management/providers/Microsoft.OperationalInsights/workspaces/${name}`;
}
