import { privateLinkServiceId } from "./builders/privateLinkService.ts";
import type { Scope } from "./ids.ts";
import type { Reference } from "./rawResource.ts";

/**
 * The IDs by which a subnet lists the owners of its addresses. Azure writes them partly in upper case in newer networks
 * and as the resource has them in older ones (`loud` or not). A flat network has one for every pod slot, so they are
 * made of shared parts.
 */
export function* scaleSetHolders(
	scope: Scope,
	scaleSet: string,
	nodes: number,
	configurations: readonly string[],
	loud: boolean,
): Generator<Reference> {
	const name = loud ? scaleSet.toUpperCase() : scaleSet;
	const [machines, interfaces] = loud ? loudSegments : quietSegments;
	const instances = `${holderScope(scope, loud)}${machines[0]}${name}${machines[1]}`;
	const nic = `${interfaces}${name}/ipConfigurations/`;
	const names = loud
		? configurations.map((one) => loudName(one))
		: configurations;

	for (let instance = 0; instance < nodes; instance++) {
		const node = `${instances}${instance}${nic}`;
		for (const configuration of names) yield { id: node + configuration };
	}
}

export function interfaceHolders(
	scope: Scope,
	networkInterface: string,
	configurations: readonly string[],
): Reference[] {
	const nic = `${holderScope(scope, true)}/providers/Microsoft.Network/networkInterfaces/${networkInterface.toUpperCase()}`;
	return configurations.map((one) => ({
		id: `${nic}/ipConfigurations/${one.toUpperCase()}`,
	}));
}

export function frontendHolder(
	scope: Scope,
	loadBalancer: string,
	frontend: string,
): Reference {
	return {
		id: `${holderScope(scope, true)}/providers/Microsoft.Network/loadBalancers/${loadBalancer.toUpperCase()}/frontendIPConfigurations/${frontend.toUpperCase()}`,
	};
}

export function linkServiceHolders(
	scope: Scope,
	service: string,
	configurations: readonly string[],
): Reference[] {
	return configurations.map((one) => ({
		id: `${privateLinkServiceId(scope, service)}/ipConfigurations/${one}`,
	}));
}

const loudSegments = [
	[
		"/PROVIDERS/MICROSOFT.COMPUTE/VIRTUALMACHINESCALESETS/",
		"/VIRTUALMACHINES/",
	],
	"/NETWORKINTERFACES/",
] as const;

const quietSegments = [
	[
		"/providers/Microsoft.Compute/virtualMachineScaleSets/",
		"/virtualMachines/",
	],
	"/networkInterfaces/",
] as const;

function holderScope({ subscription, resourceGroup }: Scope, loud: boolean) {
	const group = loud ? resourceGroup.toUpperCase() : resourceGroup;
	return `/subscriptions/${subscription}/resourceGroups/${group}`;
}

const loudNames = new Map<string, string>();

/** One string per name, however many nodes have it. */
function loudName(name: string): string {
	const known = loudNames.get(name);
	if (known !== undefined) return known;
	const loud = name.toUpperCase();
	loudNames.set(name, loud);
	return loud;
}
