import * as v from "valibot";
import { parseArmId } from "../arm.ts";
import { ipv4PrefixLength } from "../cidr.ts";
import type { Cluster, NetworkPlugin, UnreadableCluster } from "./facts.ts";
import { parseNodePool } from "./nodePools.ts";
import { lowerKeys } from "./notUnderstood.ts";
import type { UnreadableRow } from "./reader.ts";
import {
	anything,
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
		plugin: text,
		pluginMode: text,
		podCidr: text,
		podCidrs: strings,
		serviceCidr: text,
		serviceCidrs: strings,
		ipFamilies: strings,
		apiServerSubnet: idOrNull,
		vnetIntegration: v.nullish(v.boolean(), false),
		provisioning: lowerText,
		skuName: lowerText,
		hostedSystem: anything,
		pools: v.nullish(v.array(v.unknown()), []),
		tags: anything,
	}),
);

/**
 * Every cluster that the identity can read, judged or not: neighbors in a subnet count. Pools come whole. They do not
 * grow with pods.
 */
export const clustersQuery: Query<Cluster> = {
	name: "clusters",
	of: "clusters",
	required: true,
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
  skuName = tostring(sku.name),
  hostedSystem = properties.hostedSystemProfile,
  pools = properties.agentPoolProfiles,
  tags
| order by id asc`,
	key: byId,
	parse: (row) => {
		const parsed = clusterRow(row);
		const id = parseArmId(parsed.id);
		if (id === null) throw new RowError(`field id: not an ARM ID`);
		const { plugin, overlay, modelUnknown } = networkModel(parsed);
		const version = parsed.fullVersion || parsed.version;
		const pools = parsed.pools.map((pool, index) =>
			parseNodePool(pool, index, { plugin, overlay, version }),
		);
		return {
			id: parsed.id,
			name: parsed.name || id.name,
			subscription: id.subscription,
			resourceGroup: id.resourceGroup,
			nodeResourceGroup: parsed.nodeResourceGroup,
			stopped: parsed.powerState === "stopped",
			provisioningState: parsed.provisioningState,
			plugin,
			overlay,
			modelUnknown,
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
			autoProvisioning:
				parsed.skuName === "automatic" ||
				!["", "manual"].includes(parsed.provisioning),
			hostedSystem: hostedSystem(parsed.hostedSystem),
			pools: pools.flatMap((one) => (one.kind === "pool" ? [one.pool] : [])),
			unreadPools: pools.flatMap((one) =>
				one.kind === "unread" ? [one.pool] : [],
			),
			tags: textTags(parsed.tags),
		};
	},
};

/** Azure compares names of tags without case. A value that is not text is ignored: it must not cost the cluster. */
function textTags(tags: unknown): Record<string, string> {
	if (typeof tags !== "object" || tags === null) return {};
	return Object.fromEntries(
		Object.entries(tags).flatMap(([name, value]) =>
			typeof value === "string" ? [[name.toLowerCase(), value]] : [],
		),
	);
}

/** A plugin or mode that nobody knows has an arithmetic that nobody knows: the row is read, the sums are open. */
function networkModel(row: {
	readonly plugin: string;
	readonly pluginMode: string;
}): Pick<Cluster, "plugin" | "overlay" | "modelUnknown"> {
	const plugin = row.plugin.toLowerCase();
	const mode = row.pluginMode.toLowerCase();
	const unknown = (field: string, value: string) =>
		({
			plugin: "unknown",
			overlay: false,
			modelUnknown: `networkProfile.${field} is ${value === "" ? "not set" : JSON.stringify(value)}`,
		}) as const;
	if (!isPlugin(plugin)) return unknown("networkPlugin", row.plugin);
	if (mode !== "" && mode !== "overlay")
		return unknown("networkPluginMode", row.pluginMode);
	return {
		plugin,
		overlay: plugin === "azure" && mode === "overlay",
		modelUnknown: null,
	};
}

function isPlugin(name: string): name is Exclude<NetworkPlugin, "unknown"> {
	return name === "kubenet" || name === "azure" || name === "none";
}

/** Ordinary clusters show `{ enabled: false }`, with or without ids; the casing of the ids' names varies. */
function hostedSystem(profile: unknown): Cluster["hostedSystem"] {
	const result = v.safeParse(hostedSystemProfile, lowerKeys(profile));
	return result.success
		? {
				systemSubnet: result.output.systemnodesubnetid,
				nodeSubnet: result.output.nodesubnetid,
			}
		: null;
}

const hostedSystemProfile = v.object({
	enabled: v.literal(true),
	systemnodesubnetid: v.fallback(idOrNull, null),
	nodesubnetid: v.fallback(idOrNull, null),
});

/** A cluster whose row cannot be read still uses the subnets that it names, wherever the row names them. */
export function unreadableCluster({
	id,
	reason,
	raw,
}: UnreadableRow): UnreadableCluster {
	const { nodeResourceGroup, tags: _, ...rest } = raw;
	const named = namedSubnets(rest, false);
	const ids = (ofApiServer: boolean) => [
		...new Set(
			named
				.filter((one) => one.ofApiServer === ofApiServer)
				.map(({ subnet }) => subnet),
		),
	];
	return {
		id,
		reason,
		nodeResourceGroup:
			typeof nodeResourceGroup === "string"
				? nodeResourceGroup.trim().toLowerCase()
				: "",
		apiServerSubnets: ids(true),
		subnets: ids(false),
	};
}

const subnetIds =
	/\/subscriptions\/[^/\s"]+\/resourcegroups\/[^/\s"]+\/providers\/microsoft\.network\/virtualnetworks\/[^/\s"]+\/subnets\/[^/\s"]+/g;

function namedSubnets(
	value: unknown,
	ofApiServer: boolean,
): { readonly subnet: string; readonly ofApiServer: boolean }[] {
	if (typeof value === "string")
		return (value.toLowerCase().match(subnetIds) ?? []).map((subnet) => ({
			subnet,
			ofApiServer,
		}));
	if (typeof value !== "object" || value === null) return [];
	return Object.entries(value).flatMap(([name, inner]) =>
		namedSubnets(
			inner,
			ofApiServer || name.toLowerCase().startsWith("apiserver"),
		),
	);
}

/** `podCidrs` lists both families since dual stack. Older rows have `podCidr` alone. */
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
