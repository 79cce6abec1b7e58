import * as v from "valibot";
import { groupKey } from "../arm.ts";
import type { Holding } from "./facts.ts";
import {
	byId,
	count,
	lowerText,
	type Query,
	requiredId,
	rowParser,
} from "./rows.ts";

/**
 * Who else holds addresses, counted by subnet: a row grows with neither endpoints nor machines. IPv6 takes no IPv4
 * address and is left out. Application gateways are not asked for: their subnets take nothing else.
 */
const expandedBySubnet = `| where not(configuration.properties.privateIPAddressVersion =~ 'IPv6')
| extend subnet = tolower(tostring(configuration.properties.subnet.id))
| where isnotempty(subnet)`;

const countRow = rowParser(v.object({ id: requiredId, addresses: count }));

/** A service with several members holds an address for each. */
export const privateEndpointsQuery: Query<Holding> = {
	name: "private-endpoints",
	of: "addresses of private endpoints by subnet",
	kql: `resources
| where type =~ 'microsoft.network/networkinterfaces'
| where isnotempty(properties.privateEndpoint.id)
| mv-expand configuration = properties.ipConfigurations limit 1024
${expandedBySubnet}
| summarize count() by subnet
| project id = subnet, addresses = count_
| order by id asc`,
	key: byId,
	parse: (row) => heldBy("private-endpoint", countRow(row)),
};

/** Internal frontends alone: a public one has no subnet. A cluster's own internal services are among them. */
export const frontendsQuery: Query<Holding> = {
	name: "frontends",
	of: "load balancer frontends by subnet",
	kql: `resources
| where type =~ 'microsoft.network/loadbalancers'
| mv-expand configuration = properties.frontendIPConfigurations limit 1024
${expandedBySubnet}
| summarize count() by subnet
| project id = subnet, addresses = count_
| order by id asc`,
	key: byId,
	parse: (row) => heldBy("load-balancer-frontend", countRow(row)),
};

/** The addresses that they translate to. */
export const privateLinkServicesQuery: Query<Holding> = {
	name: "private-link-services",
	of: "addresses of Private Link Services by subnet",
	kql: `resources
| where type =~ 'microsoft.network/privatelinkservices'
| mv-expand configuration = properties.ipConfigurations limit 1024
${expandedBySubnet}
| summarize count() by subnet
| project id = subnet, addresses = count_
| order by id asc`,
	key: byId,
	parse: (row) => heldBy("private-link-service", countRow(row)),
};

const machinesRow = rowParser(
	v.object({
		id: requiredId,
		subscription: lowerText,
		group: lowerText,
		addresses: count,
	}),
);

/** By resource group, too: in the node resource group of a cluster they are its nodes. Those of Karpenter are nodes anywhere. */
export const machinesQuery: Query<Holding> = {
	name: "machines",
	of: "addresses of virtual machines by subnet and resource group",
	kql: `resources
| where type =~ 'microsoft.network/networkinterfaces'
| where isnotempty(properties.virtualMachine.id)
| where isempty(tags['karpenter.sh_nodepool'])
| mv-expand configuration = properties.ipConfigurations limit 1024
${expandedBySubnet}
| extend subscription = tolower(subscriptionId), group = tolower(resourceGroup)
| summarize count() by subnet, subscription, group
| project id = subnet, subscription, group, addresses = count_
| order by id asc, subscription asc, group asc`,
	key: (row) => [row.id, row.subscription, row.group].join("\n").toLowerCase(),
	parse: (row) => {
		const { id, subscription, group, addresses } = machinesRow(row);
		return {
			...heldBy("virtual-machine", { id, addresses }),
			group: groupKey(subscription, group),
		};
	},
};

const otherScaleSetsRow = rowParser(
	v.object({ id: requiredId, capacity: count, addresses: count }),
);

/**
 * Scale sets that are no node pool, by their number of instances: each holds what the model of its first interface
 * says. In flexible orchestration the instances are virtual machines with interfaces of their own.
 */
export const otherScaleSetsQuery: Query<Holding> = {
	name: "other-scale-sets",
	of: "addresses of scale sets that are not AKS's by subnet",
	kql: `resources
| where type =~ 'microsoft.compute/virtualmachinescalesets'
| where isempty(tags['aks-managed-poolName']) and isempty(tags['poolName'])
| where not(properties.orchestrationMode =~ 'Flexible') and isnotempty(sku.capacity)
| extend capacity = toint(sku.capacity)
| mv-expand configuration = properties.virtualMachineProfile.networkProfile.networkInterfaceConfigurations[0].properties.ipConfigurations limit 1024
${expandedBySubnet}
| summarize count() by subnet, capacity
| project id = subnet, capacity, addresses = count_
| order by id asc, capacity asc`,
	key: (row) => `${byId(row)}\n${String(row.capacity)}`,
	parse: (row) => {
		const { id, capacity, addresses } = otherScaleSetsRow(row);
		return heldBy("scale-set", { id, addresses: capacity * addresses });
	},
};

function heldBy(
	kind: Holding["kind"],
	{ id, addresses }: { readonly id: string; readonly addresses: number },
): Holding {
	return { kind, subnet: id, group: null, addresses };
}
