import { routeTable } from "./builders/routeTable.ts";
import {
	type SubnetFields,
	virtualNetwork,
} from "./builders/virtualNetwork.ts";
import type { ClusterSpec } from "./clusterSpec.ts";
import { resourceId, routeTableId, type Scope, subnetId } from "./ids.ts";
import { type Ledger, managedPrefix } from "./ledger.ts";
import type { RawResource } from "./rawResource.ts";

export const managedSubnets = {
	nodes: "aks-subnet",
	apiServer: "aks-apiserver-subnet",
} as const;

/** The network that AKS makes in the node resource group if none is named, with kubenet's route table. */
export function managedNetwork(
	cluster: ClusterSpec,
	scope: Scope,
	suffix: string,
	ledger: Ledger,
): RawResource[] {
	const { location } = cluster;
	const name = `aks-vnet-${suffix}`;
	const nodes = subnetId(scope, name, managedSubnets.nodes);
	const table = `aks-agentpool-${suffix}-routetable`;
	const kubenet = cluster.model === "kubenet";

	const network = virtualNetwork({
		scope,
		name,
		location,
		addressSpace: ["10.224.0.0/12"],
		subnets: [
			{
				name: managedSubnets.nodes,
				prefixes: [managedPrefix],
				networkSecurityGroup: resourceId(
					scope,
					"Microsoft.Network/networkSecurityGroups",
					`aks-agentpool-${suffix}-nsg`,
				),
				ipConfigurations: ledger.heldIn(nodes),
				privateEndpoints: ledger.endpointsIn(nodes),
				...(kubenet ? { routeTable: routeTableId(scope, table) } : {}),
			},
			...apiServerSubnet(cluster, scope, name, ledger),
		],
	});
	if (!kubenet) return [network];

	const routes = ledger.routesIn(nodes);
	return [
		network,
		routeTable({ scope, name: table, location, routes, subnets: [nodes] }),
	];
}

function apiServerSubnet(
	cluster: ClusterSpec,
	scope: Scope,
	network: string,
	ledger: Ledger,
): SubnetFields[] {
	const name = managedSubnets.apiServer;
	const ipConfigurations = ledger.heldIn(subnetId(scope, network, name));
	return cluster.apiServer && !cluster.apiServer.subnet
		? [
				{
					name,
					prefixes: ["10.226.0.0/28"],
					delegatedToAks: true,
					ipConfigurations,
				},
			]
		: [];
}
