import { networkId, type Scope } from "../ids.ts";
import { guid } from "../naming.ts";
import {
	type Json,
	optional,
	type RawResource,
	type Reference,
} from "../rawResource.ts";

export interface SubnetFields {
	readonly name: string;
	/** IPv4, and the IPv6 /64 of a dual-stack subnet. */
	readonly prefixes: readonly string[];
	/** Azure mixes both forms in one network. Several prefixes always come as a list. */
	readonly listForm?: boolean;
	readonly routeTable?: string;
	/** Pod subnets and API server subnets have the same delegation. */
	readonly delegatedToAks?: boolean;
	/** Who uses its addresses. An empty list is omitted as Azure does. Azure shows null when there are too many. */
	readonly ipConfigurations?: readonly Reference[] | null;
	readonly privateEndpoints?: readonly string[];
	readonly networkSecurityGroup?: string;
}

export interface PeeringFields {
	/** The remote network's id. */
	readonly remote: string;
	readonly prefixes: readonly string[];
	/** Connected unless something else is said. A peering that the other side took away is Disconnected. */
	readonly state?: "Connected" | "Disconnected" | "Initiated";
}

export interface NetworkFields {
	readonly scope: Scope;
	readonly name: string;
	readonly location: string;
	readonly addressSpace: readonly string[];
	readonly subnets: readonly SubnetFields[];
	readonly peerings?: readonly PeeringFields[];
	readonly tags?: Readonly<Record<string, string>>;
}

export function virtualNetwork(fields: NetworkFields): RawResource {
	const id = networkId(fields.scope, fields.name);

	return {
		id,
		name: fields.name,
		type: "Microsoft.Network/virtualNetworks",
		location: fields.location,
		tags: fields.tags ?? {},
		properties: {
			provisioningState: "Succeeded",
			resourceGuid: guid(id),
			addressSpace: { addressPrefixes: fields.addressSpace },
			encryption: { enabled: false, enforcement: "AllowUnencrypted" },
			privateEndpointVNetPolicies: "Disabled",
			subnets: fields.subnets.map((one) => subnet(id, one)),
			virtualNetworkPeerings: (fields.peerings ?? []).map((one) =>
				peering(id, one),
			),
			enableDdosProtection: false,
		},
	};
}

export function subnet(network: string, fields: SubnetFields): Json {
	const id = `${network}/subnets/${fields.name}`;
	const { ipConfigurations, privateEndpoints = [] } = fields;
	const hidden = ipConfigurations === null;

	return {
		name: fields.name,
		id,
		etag: `W/"${guid(network)}"`,
		properties: {
			provisioningState: "Succeeded",
			...prefixesOf(fields),
			...optional(
				"networkSecurityGroup",
				reference(fields.networkSecurityGroup),
			),
			...optional("routeTable", reference(fields.routeTable)),
			...(hidden || (ipConfigurations?.length ?? 0) > 0
				? { ipConfigurations }
				: {}),
			...(privateEndpoints.length > 0
				? { privateEndpoints: privateEndpoints.map((one) => ({ id: one })) }
				: {}),
			serviceEndpoints: [],
			delegations: fields.delegatedToAks ? [aksDelegation(id)] : [],
			privateEndpointNetworkPolicies: "Disabled",
			privateLinkServiceNetworkPolicies: "Enabled",
			defaultOutboundAccess: false,
		},
		type: "Microsoft.Network/virtualNetworks/subnets",
	};
}

/** Both forms of the remote addresses: what is peered, and what the remote network has now. */
function peering(network: string, fields: PeeringFields): Json {
	const { remote, prefixes, state = "Connected" } = fields;
	const name = `peer-${remote.split("/").at(-1)}`;
	const id = `${network}/virtualNetworkPeerings/${name}`;

	return {
		name,
		id,
		etag: `W/"${guid(id)}"`,
		properties: {
			provisioningState: "Succeeded",
			resourceGuid: guid(`${network}/${remote}`),
			peeringState: state,
			peeringSyncLevel:
				state === "Connected" ? "FullyInSync" : "RemoteNotInSync",
			remoteVirtualNetwork: { id: remote },
			allowVirtualNetworkAccess: true,
			allowForwardedTraffic: true,
			allowGatewayTransit: false,
			useRemoteGateways: false,
			doNotVerifyRemoteGateways: false,
			peerCompleteVnets: true,
			remoteAddressSpace: { addressPrefixes: prefixes },
			remoteVirtualNetworkAddressSpace: { addressPrefixes: prefixes },
		},
		type: "Microsoft.Network/virtualNetworks/virtualNetworkPeerings",
	};
}

function prefixesOf({ prefixes, listForm }: SubnetFields): Json {
	return listForm || prefixes.length > 1
		? { addressPrefixes: prefixes }
		: { addressPrefix: prefixes[0] };
}

function reference(id: string | undefined): Reference | undefined {
	return id === undefined ? undefined : { id };
}

function aksDelegation(subnetId: string): Json {
	return {
		name: "aks-delegation",
		id: `${subnetId}/delegations/aks-delegation`,
		etag: `W/"${guid(subnetId)}"`,
		properties: {
			provisioningState: "Succeeded",
			serviceName: "Microsoft.ContainerService/managedClusters",
			actions: ["Microsoft.Network/virtualNetworks/subnets/join/action"],
		},
		type: "Microsoft.Network/virtualNetworks/subnets/delegations",
	};
}
