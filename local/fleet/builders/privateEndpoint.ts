import { resourceId, type Scope } from "../ids.ts";
import { guid } from "../naming.ts";
import type { RawResource } from "../rawResource.ts";
import { networkInterface } from "./networkInterface.ts";

interface EndpointFields {
	readonly scope: Scope;
	readonly name: string;
	readonly location: string;
	readonly subnet: string;
	/** One address per member of the service: a registry with a data endpoint takes two. */
	readonly addresses: readonly string[];
	/** What is reached through it. */
	readonly target: string;
}

interface EndpointParts {
	readonly endpoint: RawResource;
	/** The interface with its addresses. */
	readonly nic: RawResource;
	/** Names of the interface's IP configurations. */
	readonly configurations: readonly string[];
}

export function privateEndpoint(fields: EndpointFields): EndpointParts {
	const id = resourceId(
		fields.scope,
		"Microsoft.Network/privateEndpoints",
		fields.name,
	);
	const configurations = fields.addresses.map((address, index) => ({
		name: `privateEndpointIpConfig.${guid(`${id}/${index}`)}`,
		address,
	}));
	const nic = networkInterface({
		scope: fields.scope,
		name: `${fields.name}.nic.${guid(id)}`,
		location: fields.location,
		subnet: fields.subnet,
		configurations,
		privateEndpoint: id,
	});

	return {
		endpoint: {
			id,
			name: fields.name,
			type: "Microsoft.Network/privateEndpoints",
			location: fields.location,
			tags: {},
			properties: {
				provisioningState: "Succeeded",
				resourceGuid: guid(id),
				privateLinkServiceConnections: [
					{
						name: fields.name,
						id: `${id}/privateLinkServiceConnections/${fields.name}`,
						properties: {
							provisioningState: "Succeeded",
							privateLinkServiceId: fields.target,
							privateLinkServiceConnectionState: { status: "Approved" },
						},
					},
				],
				manualPrivateLinkServiceConnections: [],
				subnet: { id: fields.subnet },
				ipConfigurations: [],
				customDnsConfigs: [],
				networkInterfaces: [{ id: nic.id }],
			},
		},
		nic,
		configurations: configurations.map(({ name }) => name),
	};
}
