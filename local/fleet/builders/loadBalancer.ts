import { resourceId, type Scope } from "../ids.ts";
import { guid } from "../naming.ts";
import type { Json, RawResource } from "../rawResource.ts";

interface Frontend {
	readonly name: string;
	readonly subnet: string;
	readonly address: string;
}

/** An internal load balancer: each frontend uses an IP of its subnet. */
export function internalLoadBalancer(fields: {
	readonly scope: Scope;
	readonly name: string;
	readonly location: string;
	readonly frontends: readonly Frontend[];
	readonly tags?: Readonly<Record<string, string>>;
}): RawResource {
	const id = resourceId(
		fields.scope,
		"Microsoft.Network/loadBalancers",
		fields.name,
	);

	return {
		id,
		name: fields.name,
		type: "Microsoft.Network/loadBalancers",
		location: fields.location,
		sku: { name: "Standard", tier: "Regional" },
		tags: fields.tags ?? {},
		properties: {
			provisioningState: "Succeeded",
			resourceGuid: guid(id),
			frontendIPConfigurations: fields.frontends.map((one) =>
				frontend(id, one),
			),
			backendAddressPools: [
				{ name: "kubernetes", id: `${id}/backendAddressPools/kubernetes` },
			],
			loadBalancingRules: [],
			probes: [],
			inboundNatRules: [],
			outboundRules: [],
			inboundNatPools: [],
		},
	};
}

/** The public balancer `kubernetes` that most clusters go out by: its frontend has an outbound address and none of the subnet's. */
export function outboundLoadBalancer(fields: {
	readonly scope: Scope;
	readonly location: string;
	readonly tags: Readonly<Record<string, string>>;
}): RawResource {
	const balancer = internalLoadBalancer({
		...fields,
		name: "kubernetes",
		frontends: [],
	});
	const name = guid(balancer.id);
	const publicIPAddress = {
		id: resourceId(fields.scope, "Microsoft.Network/publicIPAddresses", name),
	};

	return {
		...balancer,
		properties: {
			...balancer.properties,
			frontendIPConfigurations: [
				{
					name,
					id: `${balancer.id}/frontendIPConfigurations/${name}`,
					properties: {
						provisioningState: "Succeeded",
						privateIPAllocationMethod: "Dynamic",
						publicIPAddress,
					},
				},
			],
		},
	};
}

function frontend(loadBalancer: string, fields: Frontend): Json {
	return {
		name: fields.name,
		id: `${loadBalancer}/frontendIPConfigurations/${fields.name}`,
		etag: `W/"${guid(loadBalancer)}"`,
		type: "Microsoft.Network/loadBalancers/frontendIPConfigurations",
		properties: {
			provisioningState: "Succeeded",
			privateIPAddress: fields.address,
			privateIPAllocationMethod: "Dynamic",
			subnet: { id: fields.subnet },
			loadBalancingRules: [],
			privateIPAddressVersion: "IPv4",
		},
		zones: ["1", "2", "3"],
	};
}
