import { resourceId, type Scope } from "../ids.ts";
import { guid } from "../naming.ts";
import type { RawResource } from "../rawResource.ts";

/** A Private Link Service: what reaches it is translated to its addresses, one a configuration. */
export function privateLinkService(fields: {
	readonly scope: Scope;
	readonly name: string;
	readonly location: string;
	readonly subnet: string;
	readonly configurations: readonly {
		readonly name: string;
		readonly address: string;
	}[];
}): RawResource {
	const id = privateLinkServiceId(fields.scope, fields.name);
	return {
		id,
		name: fields.name,
		type: "Microsoft.Network/privateLinkServices",
		location: fields.location,
		tags: {},
		properties: {
			provisioningState: "Succeeded",
			resourceGuid: guid(id),
			ipConfigurations: fields.configurations.map(
				({ name, address }, index) => ({
					name,
					id: `${id}/ipConfigurations/${name}`,
					type: "Microsoft.Network/privateLinkServices/ipConfigurations",
					properties: {
						provisioningState: "Succeeded",
						privateIPAddress: address,
						privateIPAllocationMethod: "Dynamic",
						subnet: { id: fields.subnet },
						primary: index === 0,
						privateIPAddressVersion: "IPv4",
					},
				}),
			),
			networkInterfaces: [],
			privateEndpointConnections: [],
		},
	};
}

export function privateLinkServiceId(scope: Scope, name: string): string {
	return resourceId(scope, "Microsoft.Network/privateLinkServices", name);
}
