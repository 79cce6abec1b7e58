import type { ArmResource } from "../../../local/resourceGraph/rows.ts";

/** A virtual network of a subscription with overrides. Its id ends with the name. */
export function network(
	name: string,
	{
		subscription = "sub-1",
		...overrides
	}: Partial<ArmResource> & { subscription?: string } = {},
): ArmResource {
	return {
		id: networkId(name, subscription),
		name,
		type: "Microsoft.Network/virtualNetworks",
		location: "westeurope",
		...overrides,
	};
}

export function networkId(name: string, subscription = "sub-1"): string {
	return `/subscriptions/${subscription}/resourceGroups/Net/providers/Microsoft.Network/virtualNetworks/${name}`;
}

/** `count` networks named n-0000, n-0001, … */
export function networks(count: number, subscription = "sub-1"): ArmResource[] {
	return Array.from({ length: count }, (_, index) =>
		network(`n-${String(index).padStart(4, "0")}`, { subscription }),
	);
}
