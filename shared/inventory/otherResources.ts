import * as v from "valibot";
import { groupKey } from "../arm.ts";
import type { OtherResource } from "./facts.ts";
import {
	ipv4Addresses,
	modelInterfaces,
	prefixLength,
} from "./nodeConfigurations.ts";
import type { Answer } from "./reader.ts";
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
 * Other resources, counted by subnet: the answer does not grow with endpoints or machines. IPv6 needs no IPv4 address
 * and is omitted. Application gateways are not asked for: their subnets take nothing else. An entry can be a block of
 * addresses, so entries are counted by its length.
 */
const expandedBySubnet = `| where not(configuration.properties.privateIPAddressVersion =~ 'IPv6')
| extend subnet = tolower(tostring(configuration.properties.subnet.id)), prefix = tostring(configuration.properties.privateIPAddressPrefixLength)
| where isnotempty(subnet)`;

function addressesOf({
	prefix,
	entries,
}: {
	readonly prefix: number | null;
	readonly entries: number;
}): number {
	return ipv4Addresses({ ipv6: false, prefixLength: prefix }, entries);
}

const interfacesRow = rowParser(
	v.object({
		id: requiredId,
		subscription: lowerText,
		group: lowerText,
		machine: v.boolean(),
		prefix: prefixLength,
		entries: count,
	}),
);

/**
 * Interfaces of private endpoints, with an address for each member of their service, and of machines. By resource group,
 * too: machines in the node resource group of a cluster are its nodes. Those of Karpenter are nodes anywhere.
 */
export const interfacesQuery: Query<OtherResource> = {
	name: "interfaces",
	of: "addresses of private endpoints and virtual machines by subnet",
	required: false,
	kql: `resources
| where type =~ 'microsoft.network/networkinterfaces'
| where isnotempty(properties.privateEndpoint.id) or isnotempty(properties.virtualMachine.id)
| where isempty(tags['karpenter.sh_nodepool'])
| extend subscription = tolower(subscriptionId), group = tolower(resourceGroup), machine = isnull(properties.privateEndpoint.id)
| mv-expand configuration = properties.ipConfigurations limit 1024
${expandedBySubnet}
| summarize count() by subnet, subscription, group, machine, prefix
| project id = subnet, subscription, group, machine, prefix, entries = count_
| order by id asc, subscription asc, group asc, machine asc, prefix asc`,
	key: ({ id, subscription, group, machine, prefix }) =>
		[id, subscription, group, machine, prefix].join("\n").toLowerCase(),
	parse: (row) => {
		const parsed = interfacesRow(row);
		const { id, subscription, group, machine, entries } = parsed;
		return {
			kind: machine ? "virtual-machine" : "private-endpoint",
			subnet: id,
			group: machine ? groupKey(subscription, group) : null,
			addresses: addressesOf(parsed),
			entries,
		};
	},
};

const frontendsRow = rowParser(
	v.object({
		id: requiredId,
		holder: lowerText,
		prefix: prefixLength,
		entries: count,
	}),
);

const frontendKinds = {
	"microsoft.network/loadbalancers": "load-balancer-frontend",
	"microsoft.network/privatelinkservices": "private-link-service",
} as const satisfies Record<string, OtherResource["kind"]>;

/**
 * Internal frontends of load balancers (a public one has no subnet; a cluster's own internal services are among them),
 * and the addresses that Private Link Services translate to.
 */
export const frontendsQuery: Query<OtherResource> = {
	name: "frontends",
	of: "addresses of load balancers and Private Link Services by subnet",
	required: false,
	kql: `resources
| where type in~ ('microsoft.network/loadbalancers', 'microsoft.network/privatelinkservices')
| extend holder = tolower(type)
| mv-expand configuration = coalesce(properties.frontendIPConfigurations, properties.ipConfigurations) limit 1024
${expandedBySubnet}
| summarize count() by subnet, holder, prefix
| project id = subnet, holder, prefix, entries = count_
| order by id asc, holder asc, prefix asc`,
	key: (row) => [byId(row), row.holder, row.prefix].join("\n").toLowerCase(),
	parse: (row) => {
		const parsed = frontendsRow(row);
		const { id, holder, entries } = parsed;
		if (!isFrontend(holder))
			throw new RowError(
				`field holder: unknown type ${JSON.stringify(holder)}`,
			);
		return {
			kind: frontendKinds[holder],
			subnet: id,
			group: null,
			addresses: addressesOf(parsed),
			entries,
		};
	},
};

function isFrontend(type: string): type is keyof typeof frontendKinds {
	return Object.hasOwn(frontendKinds, type);
}

const otherScaleSetsRow = rowParser(
	v.object({
		id: requiredId,
		capacity: count,
		prefix: prefixLength,
		entries: count,
	}),
);

/**
 * Scale sets that are not node pools, by their number of instances: each uses what the model of its interfaces says. In
 * flexible orchestration the instances are virtual machines with their own interfaces.
 */
export const otherScaleSetsQuery: Query<OtherResource> = {
	name: "other-scale-sets",
	of: "addresses of scale sets that are not AKS's by subnet",
	required: false,
	kql: `resources
| where type =~ 'microsoft.compute/virtualmachinescalesets'
| where isempty(tags['aks-managed-poolName']) and isempty(tags['poolName'])
| where not(properties.orchestrationMode =~ 'Flexible') and isnotempty(sku.capacity)
| extend capacity = toint(sku.capacity)
| mv-expand nic = ${modelInterfaces} limit 1024
| mv-expand configuration = nic.properties.ipConfigurations limit 1024
${expandedBySubnet}
| summarize count() by subnet, capacity, prefix
| project id = subnet, capacity, prefix, entries = count_
| order by id asc, capacity asc, prefix asc`,
	key: (row) => [byId(row), row.capacity, row.prefix].join("\n"),
	parse: (row) => {
		const parsed = otherScaleSetsRow(row);
		return {
			kind: "scale-set",
			subnet: parsed.id,
			group: null,
			addresses: parsed.capacity * addressesOf(parsed),
			entries: parsed.capacity * parsed.entries,
		};
	},
};

const scaleSetType = "microsoft.compute/virtualmachinescalesets";
const interfaceType = "microsoft.network/networkinterfaces";

/** What the three queries above answer, in one request: of a few networks nobody needs them apart. */
export const otherResourcesQuery: Query<OtherResource> = {
	name: "other-resources",
	of: "addresses of other resources by subnet",
	required: false,
	kql: `resources
| where type in~ ('${interfaceType}', '${scaleSetType}', '${Object.keys(frontendKinds).join("', '")}')
| where (type =~ '${interfaceType}' and (isnotempty(properties.privateEndpoint.id) or isnotempty(properties.virtualMachine.id)) and isempty(tags['karpenter.sh_nodepool'])) or type in~ ('${Object.keys(frontendKinds).join("', '")}') or (type =~ '${scaleSetType}' and isempty(tags['aks-managed-poolName']) and isempty(tags['poolName']) and not(properties.orchestrationMode =~ 'Flexible') and isnotempty(sku.capacity))
| extend holder = tolower(type), subscription = tolower(subscriptionId), group = tolower(resourceGroup), machine = isnull(properties.privateEndpoint.id), capacity = tostring(sku.capacity)
| mv-expand nic = ${modelInterfaces} limit 1024
| mv-expand configuration = coalesce(nic.properties.ipConfigurations, properties.frontendIPConfigurations, properties.ipConfigurations) limit 1024
${expandedBySubnet}
| summarize count() by subnet, holder, subscription, group, machine, capacity, prefix
| project id = subnet, holder, subscription, group, machine, capacity, prefix, entries = count_
| order by id asc, holder asc, subscription asc, group asc, machine asc, capacity asc, prefix asc`,
	key: ({ id, holder, subscription, group, machine, capacity, prefix }) =>
		[id, holder, subscription, group, machine, capacity, prefix]
			.join("\n")
			.toLowerCase(),
	parse: (row) => {
		switch (row.holder) {
			case interfaceType:
				return interfacesQuery.parse(row);
			case scaleSetType:
				return otherScaleSetsQuery.parse({
					...row,
					capacity: Number(row.capacity),
				});
			default:
				return frontendsQuery.parse(row);
		}
	},
};

/** Everything except nodes that uses IPs. Null if one of the answers is incomplete. */
export function allOtherResources(answers: {
	readonly interfaces: Answer<OtherResource>;
	readonly frontends: Answer<OtherResource>;
	readonly otherScaleSets: Answer<OtherResource>;
}): OtherResource[] | null {
	const { interfaces, frontends, otherScaleSets } = answers;
	const all = [interfaces, frontends, otherScaleSets];
	return all.some(({ gaps }) => gaps.length > 0)
		? null
		: all.flatMap(({ rows }) => rows);
}
