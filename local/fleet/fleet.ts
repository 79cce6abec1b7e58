import { resourceGroup, subscription } from "./builders/containers.ts";
import { interfaceId, networkInterface } from "./builders/networkInterface.ts";
import { plainScaleSet } from "./builders/plainScaleSet.ts";
import { privateEndpoint } from "./builders/privateEndpoint.ts";
import { privateLinkService } from "./builders/privateLinkService.ts";
import { customRoute, routeTable } from "./builders/routeTable.ts";
import { nicConfigurationNames } from "./builders/scaleSet.ts";
import { virtualMachine, virtualMachineId } from "./builders/virtualMachine.ts";
import {
	type NetworkFields,
	type SubnetFields,
	virtualNetwork,
} from "./builders/virtualNetwork.ts";
import { cluster } from "./cluster.ts";
import { type ClusterSpec, nodeResourceGroupOf } from "./clusterSpec.ts";
import {
	clusterId,
	resourceId,
	routeTableId,
	type Scope,
	subnetId,
} from "./ids.ts";
import { type Ledger, openLedger } from "./ledger.ts";
import {
	interfaceHolders,
	linkServiceHolders,
	scaleSetHolders,
} from "./otherResources.ts";
import type { RawResource } from "./rawResource.ts";

export interface SubscriptionSpec {
	readonly id: string;
	readonly name: string;
}

/** A network that clusters and other resources join. They say who uses its addresses. */
export interface NetworkSpec extends Omit<NetworkFields, "subnets"> {
	readonly subnets: readonly SubnetSpec[];
}

export interface SubnetSpec
	extends Omit<SubnetFields, "ipConfigurations" | "privateEndpoints"> {
	/** Azure shows null although addresses are in use. */
	readonly hidesIpConfigurations?: boolean;
}

export interface RouteTableSpec {
	readonly scope: Scope;
	readonly name: string;
	readonly location: string;
	/** Routes that people have put beside those of the nodes. */
	readonly customRoutes: number;
}

/** Something other than a node that uses addresses. */
export interface OtherResourceSpec {
	readonly kind:
		| "private-endpoint"
		| "machine"
		| "scale-set"
		| "private-link-service";
	readonly scope: Scope;
	readonly name: string;
	readonly location: string;
	readonly subnet: string;
	/** Of each instance, where there are several. */
	readonly addresses?: number;
	/** Of a scale set. */
	readonly instances?: number;
}

export interface FleetSpec {
	readonly subscriptions: readonly SubscriptionSpec[];
	readonly networks: readonly NetworkSpec[];
	readonly routeTables?: readonly RouteTableSpec[];
	readonly otherResources?: readonly OtherResourceSpec[];
	readonly clusters: readonly ClusterSpec[];
}

/** The resources of many clusters and of the networks that they share. Every address in use has an owner. */
export function fleet(spec: FleetSpec): RawResource[] {
	const ledger = openLedger(prefixesOf(spec.networks));
	const clusters = spec.clusters.flatMap((one) => cluster(one, ledger));
	const otherResources = (spec.otherResources ?? []).flatMap((one) =>
		otherResource(one, ledger),
	);

	return [
		...spec.subscriptions.map(({ id, name }) => subscription(id, name)),
		...resourceGroups(spec),
		...clusters,
		...otherResources,
		...spec.networks.map((network) => sharedNetwork(network, ledger)),
		...(spec.routeTables ?? []).map((table) =>
			sharedRouteTable(table, spec.networks, ledger),
		),
	];
}

function prefixesOf(networks: readonly NetworkSpec[]): Map<string, string> {
	return new Map(
		networks.flatMap((network) =>
			network.subnets.map((subnet): [string, string] => [
				subnetId(network.scope, network.name, subnet.name),
				subnet.prefixes[0] ?? "",
			]),
		),
	);
}

function sharedNetwork(network: NetworkSpec, ledger: Ledger): RawResource {
	return virtualNetwork({
		...network,
		subnets: network.subnets.map((subnet) => {
			const id = subnetId(network.scope, network.name, subnet.name);
			return {
				...subnet,
				ipConfigurations: subnet.hidesIpConfigurations
					? null
					: ledger.heldIn(id),
				privateEndpoints: ledger.endpointsIn(id),
			};
		}),
	});
}

function sharedRouteTable(
	table: RouteTableSpec,
	networks: readonly NetworkSpec[],
	ledger: Ledger,
): RawResource {
	const id = routeTableId(table.scope, table.name);
	const subnets = networks.flatMap((network) =>
		network.subnets
			.filter((subnet) => subnet.routeTable === id)
			.map((subnet) => subnetId(network.scope, network.name, subnet.name)),
	);
	const custom = Array.from({ length: table.customRoutes }, (_, index) =>
		customRoute(index),
	);

	return routeTable({
		...table,
		subnets,
		routes: [...custom, ...subnets.flatMap((one) => ledger.routesIn(one))],
	});
}

function otherResource(spec: OtherResourceSpec, ledger: Ledger): RawResource[] {
	switch (spec.kind) {
		case "private-endpoint":
			return endpointFor(spec, ledger);
		case "machine":
			return machineFor(spec, ledger);
		case "scale-set":
			return scaleSetFor(spec, ledger);
		case "private-link-service":
			return linkServiceFor(spec, ledger);
	}
}

function endpointFor(spec: OtherResourceSpec, ledger: Ledger): RawResource[] {
	const { scope, subnet, addresses = 1 } = spec;
	const { endpoint, nic, configurations } = privateEndpoint({
		...spec,
		addresses: Array.from({ length: addresses }, () =>
			ledger.nextAddress(subnet),
		),
		target: resourceId(scope, "Microsoft.KeyVault/vaults", spec.name),
	});

	ledger.addEndpoint(subnet, endpoint.id);
	ledger.hold(subnet, interfaceHolders(scope, nic.name, configurations));
	return [endpoint, nic];
}

function machineFor(spec: OtherResourceSpec, ledger: Ledger): RawResource[] {
	const { scope, name, location, subnet, addresses = 1 } = spec;
	const nic = `${name}-nic`;
	const names = nicConfigurationNames(addresses);

	ledger.hold(subnet, interfaceHolders(scope, nic, names));
	return [
		virtualMachine({
			scope,
			name,
			location,
			size: "Standard_B2ms",
			networkInterface: interfaceId(scope, nic),
		}),
		networkInterface({
			scope,
			name: nic,
			location,
			subnet,
			configurations: names.map((one) => ({
				name: one,
				address: ledger.nextAddress(subnet),
			})),
			virtualMachine: virtualMachineId(scope, name),
		}),
	];
}

function scaleSetFor(spec: OtherResourceSpec, ledger: Ledger): RawResource[] {
	const { scope, name, subnet, addresses = 1, instances = 1 } = spec;
	const configurations = nicConfigurationNames(addresses);
	ledger.hold(
		subnet,
		scaleSetHolders(scope, name, instances, configurations, true),
	);
	return [plainScaleSet({ ...spec, capacity: instances, configurations })];
}

function linkServiceFor(
	spec: OtherResourceSpec,
	ledger: Ledger,
): RawResource[] {
	const { scope, name, subnet, addresses = 1 } = spec;
	const configurations = nicConfigurationNames(addresses);
	ledger.hold(subnet, linkServiceHolders(scope, name, configurations));
	return [
		privateLinkService({
			...spec,
			configurations: configurations.map((one) => ({
				name: one,
				address: ledger.nextAddress(subnet),
			})),
		}),
	];
}

/** Every group that something is in. AKS manages the node resource groups. */
function resourceGroups(spec: FleetSpec): RawResource[] {
	const groups = new Map<string, RawResource>();
	const add = (scope: Scope, location: string, managedBy?: string) => {
		const { subscription: id, resourceGroup: name } = scope;
		const key = `${id}/${name}`.toLowerCase();
		if (!groups.has(key))
			groups.set(key, resourceGroup(id, name, location, managedBy));
	};

	for (const one of spec.networks) add(one.scope, one.location);
	for (const one of spec.routeTables ?? []) add(one.scope, one.location);
	for (const one of spec.otherResources ?? []) add(one.scope, one.location);
	for (const one of spec.clusters) {
		add(one, one.location);
		if (one.hiddenNodeResources) continue;
		const scope = { ...one, resourceGroup: nodeResourceGroupOf(one) };
		add(scope, one.location, clusterId(one, one.name));
	}
	return [...groups.values()];
}
