import * as v from "valibot";
import { groupKey } from "../arm.ts";
import type { Holding } from "./facts.ts";
import {
	byId,
	count,
	lowerText,
	type Query,
	RowError,
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

const interfacesRow = rowParser(
	v.object({
		id: requiredId,
		subscription: lowerText,
		group: lowerText,
		machine: v.boolean(),
		addresses: count,
	}),
);

/**
 * Interfaces of private endpoints, with an address for each member of their service, and of machines. By resource group,
 * too: machines in the node resource group of a cluster are its nodes. Those of Karpenter are nodes anywhere.
 */
export const interfacesQuery: Query<Holding> = {
	name: "interfaces",
	of: "addresses of private endpoints and virtual machines by subnet",
	kql: `resources
| where type =~ 'microsoft.network/networkinterfaces'
| where isnotempty(properties.privateEndpoint.id) or isnotempty(properties.virtualMachine.id)
| where isempty(tags['karpenter.sh_nodepool'])
| extend subscription = tolower(subscriptionId), group = tolower(resourceGroup), machine = isnull(properties.privateEndpoint.id)
| mv-expand configuration = properties.ipConfigurations limit 1024
${expandedBySubnet}
| summarize count() by subnet, subscription, group, machine
| project id = subnet, subscription, group, machine, addresses = count_
| order by id asc, subscription asc, group asc, machine asc`,
	key: ({ id, subscription, group, machine }) =>
		[id, subscription, group, machine].join("\n").toLowerCase(),
	parse: (row) => {
		const { id, subscription, group, machine, addresses } = interfacesRow(row);
		return machine
			? {
					kind: "virtual-machine",
					subnet: id,
					group: groupKey(subscription, group),
					addresses,
				}
			: { kind: "private-endpoint", subnet: id, group: null, addresses };
	},
};

const frontendsRow = rowParser(
	v.object({ id: requiredId, holder: lowerText, addresses: count }),
);

const frontendKinds = {
	"microsoft.network/loadbalancers": "load-balancer-frontend",
	"microsoft.network/privatelinkservices": "private-link-service",
} as const satisfies Record<string, Holding["kind"]>;

/**
 * Internal frontends of load balancers (a public one has no subnet; a cluster's own internal services are among them),
 * and the addresses that Private Link Services translate to.
 */
export const frontendsQuery: Query<Holding> = {
	name: "frontends",
	of: "addresses of load balancers and Private Link Services by subnet",
	kql: `resources
| where type in~ ('microsoft.network/loadbalancers', 'microsoft.network/privatelinkservices')
| extend holder = tolower(type)
| mv-expand configuration = coalesce(properties.frontendIPConfigurations, properties.ipConfigurations) limit 1024
${expandedBySubnet}
| summarize count() by subnet, holder
| project id = subnet, holder, addresses = count_
| order by id asc, holder asc`,
	key: (row) => `${byId(row)}\n${String(row.holder).toLowerCase()}`,
	parse: (row) => {
		const { id, holder, addresses } = frontendsRow(row);
		if (!isFrontend(holder))
			throw new RowError(
				`field holder: unknown type ${JSON.stringify(holder)}`,
			);
		return { kind: frontendKinds[holder], subnet: id, group: null, addresses };
	},
};

function isFrontend(type: string): type is keyof typeof frontendKinds {
	return Object.hasOwn(frontendKinds, type);
}

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
		return {
			kind: "scale-set",
			subnet: id,
			group: null,
			addresses: capacity * addresses,
		};
	},
};
