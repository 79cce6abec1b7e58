import * as v from "valibot";
import type { ScaleSet } from "./facts.ts";
import {
	byId,
	count,
	countOrNull,
	groupOf,
	idOrNull,
	located,
	lowerText,
	type Query,
	requiredId,
	rowParser,
	text,
} from "./rows.ts";

const configurations =
	"properties.virtualMachineProfile.networkProfile.networkInterfaceConfigurations[0].properties.ipConfigurations";

const scaleSetRow = rowParser(
	v.object({
		...located,
		pool: lowerText,
		pool2021: lowerText,
		capacity: count,
		ipConfigurations: countOrNull,
		subnet: idOrNull,
	}),
);

/** The scale sets of node pools. They name their pool by a tag (`poolName` until 2021) and their cluster by nothing but the resource group. */
export const scaleSetsQuery: Query<ScaleSet> = {
	name: "scale-sets",
	of: "scale sets",
	kql: `resources
| where type =~ 'microsoft.compute/virtualmachinescalesets'
| where isnotempty(tags['aks-managed-poolName']) or isnotempty(tags['poolName'])
| project id, subscriptionId, resourceGroup,
  pool = tostring(tags['aks-managed-poolName']),
  pool2021 = tostring(tags['poolName']),
  capacity = toint(sku.capacity),
  ipConfigurations = array_length(${configurations}),
  subnet = tostring(${configurations}[0].properties.subnet.id)
| order by id asc`,
	key: byId,
	parse: (row) => {
		const parsed = scaleSetRow(row);
		return {
			id: parsed.id,
			group: groupOf(parsed),
			pool: parsed.pool || parsed.pool2021,
			capacity: parsed.capacity,
			ipConfigurations: parsed.ipConfigurations,
			ipv6Configurations: 0,
			subnet: parsed.subnet,
		};
	},
};

export interface NicConfiguration {
	readonly scaleSet: string;
	readonly ipv6: boolean;
	readonly subnet: string | null;
}

const nicConfigurationRow = rowParser(
	v.object({ id: requiredId, version: text, subnet: idOrNull }),
);

/** The ip configurations of dual-stack nodes one by one: only there the count mixes IPv4 with IPv6. */
export const dualStackConfigurationsQuery: Query<NicConfiguration> = {
	name: "dual-stack-configurations",
	of: "ip configurations of dual-stack scale sets",
	kql: `resources
| where type =~ 'microsoft.compute/virtualmachinescalesets'
| where ${configurations}[0].properties.privateIPAddressVersion =~ 'IPv6' or ${configurations}[1].properties.privateIPAddressVersion =~ 'IPv6'
| mv-expand configuration = ${configurations} limit 1024
| project id,
  configuration = tostring(configuration.name),
  version = tostring(configuration.properties.privateIPAddressVersion),
  subnet = tostring(configuration.properties.subnet.id)
| order by id asc, configuration asc`,
	key: (row) => `${byId(row)}\n${String(row.configuration).toLowerCase()}`,
	parse: (row) => {
		const parsed = nicConfigurationRow(row);
		return {
			scaleSet: parsed.id,
			ipv6: parsed.version.toLowerCase() === "ipv6",
			subnet: parsed.subnet,
		};
	},
};
