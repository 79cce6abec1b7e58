import { resourceId, type Scope } from "../ids.ts";
import { guid } from "../naming.ts";
import type { RawResource } from "../rawResource.ts";

/** A scale set outside AKS: build agents and the like. One configuration for each address of an instance. */
export function plainScaleSet(fields: {
	readonly scope: Scope;
	readonly name: string;
	readonly location: string;
	readonly capacity: number;
	readonly subnet: string;
	readonly configurations: readonly string[];
}): RawResource {
	const { scope, name, location, capacity, subnet, configurations } = fields;
	const id = resourceId(
		scope,
		"Microsoft.Compute/virtualMachineScaleSets",
		name,
	);
	return {
		id,
		name,
		type: "Microsoft.Compute/virtualMachineScaleSets",
		location,
		tags: {},
		sku: { name: "Standard_D4ds_v5", tier: "Standard", capacity },
		properties: {
			orchestrationMode: "Uniform",
			provisioningState: "Succeeded",
			uniqueId: guid(id),
			virtualMachineProfile: {
				networkProfile: {
					networkInterfaceConfigurations: [
						{
							name,
							properties: {
								primary: true,
								ipConfigurations: configurations.map((one, index) => ({
									name: one,
									properties: {
										primary: index === 0,
										subnet: { id: subnet },
										privateIPAddressVersion: "IPv4",
									},
								})),
							},
						},
					],
				},
			},
		},
	};
}
