import * as v from "valibot";
import type { ScaleSet } from "./facts.ts";
import {
	type FirstInterface,
	isExplained,
	modelInterfaces,
	type NodeConfigurations,
	nodeInterfaces,
	specialColumns,
	specialFields,
	specialOf,
} from "./nodeConfigurations.ts";
import type { Answer } from "./reader.ts";
import {
	byId,
	countOrNull,
	groupOf,
	idOrNull,
	located,
	lowerText,
	type Query,
	rowParser,
} from "./rows.ts";

/** A scale set's own row: of its model the number of interfaces, and the first of them. */
interface ScaleSetRow extends Omit<ScaleSet, "interfaces" | "interfacesKnown"> {
	readonly interfaceCount: number;
	/** Null where the model shows none. */
	readonly first: FirstInterface | null;
}

const configurations = `${modelInterfaces}[0].properties.ipConfigurations`;

const scaleSetRow = rowParser(
	v.object({
		...located,
		pool: lowerText,
		pool2021: lowerText,
		capacity: countOrNull,
		interfaceCount: countOrNull,
		interface: lowerText,
		ipConfigurations: countOrNull,
		subnet: idOrNull,
		...specialFields,
	}),
);

/** The scale sets of node pools. They name their pool by a tag (`poolName` until 2021) and their cluster by nothing but the resource group. */
export const scaleSetsQuery: Query<ScaleSetRow> = {
	name: "scale-sets",
	of: "scale sets",
	required: false,
	kql: `resources
| where type =~ 'microsoft.compute/virtualmachinescalesets'
| where isnotempty(tags['aks-managed-poolName']) or isnotempty(tags['poolName'])
| project id, subscriptionId, resourceGroup,
  pool = tostring(tags['aks-managed-poolName']),
  pool2021 = tostring(tags['poolName']),
  capacity = toint(sku.capacity),
  interfaceCount = array_length(${modelInterfaces}),
  interface = tostring(${modelInterfaces}[0].name),
  ipConfigurations = array_length(${configurations}),
  subnet = tostring(${configurations}[0].properties.subnet.id),
  ${specialColumns(modelInterfaces)}
| order by id asc`,
	key: byId,
	parse: (row) => {
		const parsed = scaleSetRow(row);
		return {
			id: parsed.id,
			group: groupOf(parsed),
			pool: parsed.pool || parsed.pool2021,
			capacity: parsed.capacity,
			interfaceCount: parsed.interfaceCount ?? 0,
			first: parsed.ipConfigurations
				? {
						name: parsed.interface,
						subnet: parsed.subnet,
						entries: parsed.ipConfigurations,
						special: specialOf(parsed),
					}
				: null,
		};
	},
};

/** Scale sets with all IPs of their nodes, if the rows tell. */
export function withInterfaces(
	rows: readonly ScaleSetRow[],
	answer: Pick<Answer<NodeConfigurations>, "rows" | "unreadable">,
): ScaleSet[] {
	const bySet = Map.groupBy(answer.rows, ({ resource }) => resource);
	const unreadable = new Set(answer.unreadable.map(({ id }) => id));
	return rows.map(({ interfaceCount, first, ...set }) => {
		const special = bySet.get(set.id) ?? [];
		return {
			...set,
			interfaces: first && nodeInterfaces(first, special),
			interfacesKnown:
				!unreadable.has(set.id) &&
				(first === null || isExplained(first, interfaceCount, special)),
		};
	});
}
