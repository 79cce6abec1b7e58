import type { PeeringFields } from "../builders/virtualNetwork.ts";
import type { FleetSpec, NetworkSpec, SubnetSpec } from "../fleet.ts";
import { networkId, type Scope, subnetId } from "../ids.ts";
import { guid } from "../naming.ts";

/** What a landing zone adds to the fleet. */
export type LandingZone = Omit<FleetSpec, "subscriptions">;

export const subscriptions = {
	platform: named("platform-prod"),
	retail: named("retail-prod"),
	data: named("data-prod"),
	nonprod: named("nonprod"),
	sandbox: named("sandbox"),
	connectivity: named("connectivity"),
} as const;

/** A landing zone's network: the id of each of its subnets, and the network itself. */
interface Spoke {
	readonly scope: Scope;
	readonly location: string;
	readonly subnet: (name: string) => string;
	readonly network: (
		subnets: readonly SubnetSpec[],
		peerings?: readonly PeeringFields[],
	) => NetworkSpec;
}

export function spoke(
	subscription: string,
	name: string,
	location: string,
	addressSpace: readonly string[],
): Spoke {
	const scope = { subscription, resourceGroup: "rg-network" };
	return {
		scope,
		location,
		subnet: (subnet) => subnetId(scope, name, subnet),
		network: (subnets, peerings = []) => ({
			scope,
			name,
			location,
			addressSpace,
			subnets,
			peerings,
		}),
	};
}

/** A peering with a network of another landing zone, or of none that the auditor can read. */
export function peeredWith(
	subscription: string,
	name: string,
	...prefixes: readonly string[]
): PeeringFields {
	const scope = { subscription, resourceGroup: "rg-network" };
	return { remote: networkId(scope, name), prefixes };
}

export function subnet(
	name: string,
	prefix: string,
	more: Partial<SubnetSpec> = {},
): SubnetSpec {
	return { name, prefixes: [prefix], ...more };
}

function named(name: string) {
	return { id: guid(`subscription/${name}`), name };
}
