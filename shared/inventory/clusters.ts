import * as v from "valibot";
import { parseArmId } from "../arm.ts";
import { ipv4PrefixLength } from "../cidr.ts";
import type { Cluster, NetworkPlugin } from "./facts.ts";
import { parseNodePool } from "./nodePools.ts";
import {
	byId,
	checkedPrefix,
	idOrNull,
	lowerText,
	type Query,
	RowError,
	requiredId,
	rowParser,
	text,
} from "./rows.ts";

const strings = v.nullish(v.array(v.string()), []);

const clusterRow = rowParser(
	v.object({
		id: requiredId,
		name: text,
		nodeResourceGroup: lowerText,
		provisioningState: lowerText,
		powerState: lowerText,
		version: text,
		fullVersion: text,
		plugin: lowerText,
		pluginMode: lowerText,
		podCidr: text,
		podCidrs: strings,
		serviceCidr: text,
		serviceCidrs: strings,
		ipFamilies: strings,
		apiServerSubnet: idOrNull,
		vnetIntegration: v.nullish(v.boolean(), false),
		provisioning: lowerText,
		pools: v.nullish(v.array(v.record(v.string(), v.unknown())), []),
		tags: v.unknown(),
	}),
);

/** Every cluster that the identity can read, judged or not: neighbours in a subnet count. Pools come whole; they do not grow with pods. */
export const clustersQuery: Query<Cluster> = {
	name: "clusters",
	of: "clusters",
	kql: `resources
| where type =~ 'microsoft.containerservice/managedclusters'
| project id, name,
  nodeResourceGroup = tostring(properties.nodeResourceGroup),
  provisioningState = tostring(properties.provisioningState),
  powerState = tostring(properties.powerState.code),
  version = tostring(properties.kubernetesVersion),
  fullVersion = tostring(properties.currentKubernetesVersion),
  plugin = tostring(properties.networkProfile.networkPlugin),
  pluginMode = tostring(properties.networkProfile.networkPluginMode),
  podCidr = tostring(properties.networkProfile.podCidr),
  podCidrs = properties.networkProfile.podCidrs,
  serviceCidr = tostring(properties.networkProfile.serviceCidr),
  serviceCidrs = properties.networkProfile.serviceCidrs,
  ipFamilies = properties.networkProfile.ipFamilies,
  apiServerSubnet = tostring(properties.apiServerAccessProfile.subnetId),
  vnetIntegration = properties.apiServerAccessProfile.enableVnetIntegration,
  provisioning = tostring(properties.nodeProvisioningProfile.mode),
  pools = properties.agentPoolProfiles,
  tags
| order by id asc`,
	key: byId,
	parse: (row) => {
		const parsed = clusterRow(row);
		const id = parseArmId(parsed.id);
		if (id === null) throw new RowError(`field id: no ARM id`);
		const plugin = networkPlugin(parsed.plugin);
		const overlay = isOverlay(plugin, parsed.pluginMode);
		const version = parsed.fullVersion || parsed.version;
		return {
			id: parsed.id,
			name: parsed.name || id.name,
			subscription: id.subscription,
			resourceGroup: id.resourceGroup,
			nodeResourceGroup: parsed.nodeResourceGroup,
			kubernetesVersion: version,
			stopped: parsed.powerState === "stopped",
			provisioningState: parsed.provisioningState,
			plugin,
			overlay,
			podCidr: ipv4Range(parsed.podCidrs, parsed.podCidr),
			serviceCidrs: present([...parsed.serviceCidrs, parsed.serviceCidr]).map(
				(cidr) => checkedPrefix("networkProfile.serviceCidr", cidr),
			),
			dualStack:
				parsed.ipFamilies.some((family) => family.toLowerCase() === "ipv6") ||
				parsed.podCidrs.some((cidr) => cidr.includes(":")),
			apiServer:
				parsed.vnetIntegration || parsed.apiServerSubnet !== null
					? { subnet: parsed.apiServerSubnet }
					: null,
			autoProvisioning: parsed.provisioning === "auto",
			pools: parsed.pools.map((pool, index) =>
				parseNodePool(pool, index, { plugin, overlay, version }),
			),
			tags: textTags(parsed.tags),
		};
	},
};

/** Azure compares names of tags without case. A value that is no text is nobody's: it must not cost the cluster. */
function textTags(tags: unknown): Record<string, string> {
	if (typeof tags !== "object" || tags === null) return {};
	return Object.fromEntries(
		Object.entries(tags).flatMap(([name, value]) =>
			typeof value === "string" ? [[name.toLowerCase(), value]] : [],
		),
	);
}

function networkPlugin(name: string): NetworkPlugin {
	if (name === "kubenet" || name === "azure" || name === "none") return name;
	throw new RowError(
		`field networkProfile.networkPlugin: ${name === "" ? "not set" : `unknown plugin ${JSON.stringify(name)}`}`,
	);
}

function isOverlay(plugin: NetworkPlugin, mode: string): boolean {
	if (mode !== "" && mode !== "overlay")
		throw new RowError(
			`field networkProfile.networkPluginMode: unknown mode ${JSON.stringify(mode)}`,
		);
	return plugin === "azure" && mode === "overlay";
}

/** `podCidrs` lists both families since dual stack; older rows have `podCidr` alone. */
function ipv4Range(cidrs: readonly string[], cidr: string): string | null {
	const candidates = present([...cidrs, cidr]).map((candidate) =>
		checkedPrefix("networkProfile.podCidr", candidate),
	);
	return (
		candidates.find((candidate) => ipv4PrefixLength(candidate) !== null) ?? null
	);
}

function present(texts: readonly string[]): string[] {
	return [...new Set(texts.filter((text) => text !== ""))];
}
