import { resourceId, type Scope } from "../ids.ts";
import { guid } from "../naming.ts";
import { type Json, optional, type RawResource } from "../rawResource.ts";

interface InterfaceFields {
	readonly scope: Scope;
	readonly name: string;
	readonly location: string;
	readonly subnet: string;
	/** The first is the primary one. */
	readonly configurations: readonly {
		readonly name: string;
		readonly address: string;
	}[];
	readonly virtualMachine?: string;
	readonly privateEndpoint?: string;
	readonly tags?: Readonly<Record<string, string>>;
}

export function networkInterface(fields: InterfaceFields): RawResource {
	const id = interfaceId(fields.scope, fields.name);

	return {
		id,
		name: fields.name,
		type: "Microsoft.Network/networkInterfaces",
		location: fields.location,
		kind: "Regular",
		...optional("managedBy", fields.privateEndpoint),
		tags: fields.tags ?? {},
		properties: {
			provisioningState: "Succeeded",
			resourceGuid: guid(id),
			ipConfigurations: ipConfigurations(id, fields),
			dnsSettings: { dnsServers: [], appliedDnsServers: [] },
			macAddress: "",
			enableAcceleratedNetworking: fields.virtualMachine !== undefined,
			vnetEncryptionSupported: false,
			enableIPForwarding: false,
			disableTcpStateTracking: false,
			hostedWorkloads: [],
			tapConfigurations: [],
			...reference("virtualMachine", fields.virtualMachine),
			...reference("privateEndpoint", fields.privateEndpoint),
			nicType: "Standard",
			allowPort25Out: true,
			auxiliaryMode: "None",
			auxiliarySku: "None",
		},
	};
}

export function interfaceId(scope: Scope, name: string): string {
	return resourceId(scope, "Microsoft.Network/networkInterfaces", name);
}

function ipConfigurations(id: string, fields: InterfaceFields): Json[] {
	const subnet = { id: fields.subnet };

	return fields.configurations.map(({ name, address }, index) => ({
		name,
		id: `${id}/ipConfigurations/${name}`,
		type: "Microsoft.Network/networkInterfaces/ipConfigurations",
		properties: {
			provisioningState: "Succeeded",
			privateIPAddress: address,
			privateIPAllocationMethod: "Dynamic",
			subnet,
			primary: index === 0,
			privateIPAddressVersion: "IPv4",
		},
	}));
}

function reference(key: string, id: string | undefined): Json {
	return optional(key, id === undefined ? undefined : { id });
}
