import { resourceId, type Scope } from "../ids.ts";
import { guid } from "../naming.ts";
import type { RawResource } from "../rawResource.ts";

/** A machine of its own: a node of a VirtualMachines pool, one that Karpenter made, or somebody's jump box. */
export function virtualMachine(fields: {
	readonly scope: Scope;
	readonly name: string;
	readonly location: string;
	readonly size: string;
	readonly networkInterface: string;
	readonly tags?: Readonly<Record<string, string>>;
}): RawResource {
	const id = virtualMachineId(fields.scope, fields.name);

	return {
		id,
		name: fields.name,
		type: "Microsoft.Compute/virtualMachines",
		location: fields.location,
		tags: fields.tags ?? {},
		properties: {
			hardwareProfile: { vmSize: fields.size },
			provisioningState: "Succeeded",
			vmId: guid(id),
			storageProfile: {
				osDisk: {
					osType: "Linux",
					createOption: "FromImage",
					caching: "ReadOnly",
					deleteOption: "Delete",
				},
				dataDisks: [],
			},
			osProfile: { computerName: fields.name, adminUsername: "azureuser" },
			networkProfile: {
				networkInterfaces: [
					{
						id: fields.networkInterface,
						properties: { primary: true, deleteOption: "Delete" },
					},
				],
			},
		},
	};
}

export function virtualMachineId(scope: Scope, name: string): string {
	return resourceId(scope, "Microsoft.Compute/virtualMachines", name);
}
