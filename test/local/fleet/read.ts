import type { RawResource } from "../../../local/fleet/rawResource.ts";

/** The value at a path of keys and numbers, e.g. "properties.subnets.0.name". Undefined where there is none. */
export function read(resource: unknown, path: string): unknown {
	return path
		.split(".")
		.reduce<unknown>(
			(value, key) =>
				typeof value === "object" && value !== null
					? (value as Record<string, unknown>)[key]
					: undefined,
			resource,
		);
}

export function list(resource: unknown, path: string): readonly unknown[] {
	const value = read(resource, path);
	return Array.isArray(value) ? value : [];
}

export function ofType(
	resources: readonly RawResource[],
	type: string,
): RawResource[] {
	return resources.filter(
		(resource) => resource.type.toLowerCase() === type.toLowerCase(),
	);
}

export const types = {
	cluster: "microsoft.containerservice/managedclusters",
	scaleSet: "microsoft.compute/virtualmachinescalesets",
	network: "microsoft.network/virtualnetworks",
	nic: "microsoft.network/networkinterfaces",
	machine: "microsoft.compute/virtualmachines",
	balancer: "microsoft.network/loadbalancers",
	routeTable: "microsoft.network/routetables",
	endpoint: "microsoft.network/privateendpoints",
	linkService: "microsoft.network/privatelinkservices",
	subscription: "microsoft.resources/subscriptions",
	resourceGroup: "microsoft.resources/subscriptions/resourcegroups",
} as const;

interface CountedSubnet {
	readonly id: string;
	readonly delegated: boolean;
	/** Null: Azure hides them. */
	readonly held: number | null;
}

/** All subnets with the number of their IP configurations. */
export function subnetsOf(resources: readonly RawResource[]): CountedSubnet[] {
	return ofType(resources, types.network).flatMap((network) =>
		list(network, "properties.subnets").map((subnet) => ({
			id: String(read(subnet, "id")).toLowerCase(),
			delegated: list(subnet, "properties.delegations").length > 0,
			held:
				read(subnet, "properties.ipConfigurations") === null
					? null
					: list(subnet, "properties.ipConfigurations").length,
		})),
	);
}

/** What scale sets, network interfaces, load balancers and link services say that they use, by subnet. */
export function otherResources(
	resources: readonly RawResource[],
): ReadonlyMap<string, number> {
	const held = new Map<string, number>();
	const add = (configuration: unknown, times: number) => {
		const subnet = read(configuration, "properties.subnet.id");
		if (typeof subnet !== "string") return;
		const key = subnet.toLowerCase();
		held.set(key, (held.get(key) ?? 0) + times);
	};

	for (const set of ofType(resources, types.scaleSet))
		for (const one of list(set, nicConfigurations))
			add(one, Number(read(set, "sku.capacity")));
	for (const nic of ofType(resources, types.nic))
		for (const one of list(nic, "properties.ipConfigurations")) add(one, 1);
	for (const balancer of ofType(resources, types.balancer))
		for (const one of list(balancer, "properties.frontendIPConfigurations"))
			add(one, 1);
	for (const service of ofType(resources, types.linkService))
		for (const one of list(service, "properties.ipConfigurations")) add(one, 1);
	return held;
}

export const nicConfigurations =
	"properties.virtualMachineProfile.networkProfile.networkInterfaceConfigurations.0.properties.ipConfigurations";
