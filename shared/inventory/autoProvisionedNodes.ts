import * as v from "valibot";
import type { AutoProvisionedNode } from "./facts.ts";
import {
	type FirstInterface,
	isExplained,
	type NodeConfigurations,
	nodeInterfaces,
	specialColumns,
	specialFields,
	specialOf,
} from "./nodeConfigurations.ts";
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

/** An interface's own row: how many entries it has, and how many of them are special. */
interface AutoProvisionedNodeRow
	extends Omit<AutoProvisionedNode, "interface"> {
	/** Null where the row shows none. */
	readonly first: FirstInterface | null;
}

const interfaceRow = rowParser(
	v.object({
		...located,
		pool: lowerText,
		machine: lowerText,
		entries: countOrNull,
		subnet: idOrNull,
		...specialFields,
	}),
);

/**
 * Nodes of node auto-provisioning: no pool of the cluster counts them, and Karpenter tags their interfaces. An
 * interface without a machine remains from a node. It still uses its IPs, and is not a node.
 */
export const autoProvisionedNodesQuery: Query<AutoProvisionedNodeRow> = {
	name: "auto-provisioned-nodes",
	of: "interfaces of auto-provisioned nodes",
	required: false,
	kql: `resources
| where type =~ 'microsoft.network/networkinterfaces'
| where isnotempty(tags['karpenter.sh_nodepool'])
| project id, subscriptionId, resourceGroup,
  pool = tostring(tags['karpenter.sh_nodepool']),
  machine = tostring(properties.virtualMachine.id),
  entries = array_length(properties.ipConfigurations),
  subnet = tostring(properties.ipConfigurations[0].properties.subnet.id),
  ${specialColumns("properties.ipConfigurations")}
| order by id asc`,
	key: byId,
	parse: (row) => {
		const parsed = interfaceRow(row);
		return {
			id: parsed.id,
			group: groupOf(parsed),
			pool: parsed.pool,
			hasMachine: parsed.machine !== "",
			first: parsed.entries
				? {
						name: "",
						subnet: parsed.subnet,
						entries: parsed.entries,
						special: specialOf(parsed),
					}
				: null,
		};
	},
};

/** Interfaces with all of their IPs. */
export function withInterface(
	rows: readonly AutoProvisionedNodeRow[],
	configurations: readonly NodeConfigurations[],
): AutoProvisionedNode[] {
	const byInterface = Map.groupBy(configurations, ({ resource }) => resource);
	return rows.map(({ first, ...node }) => {
		if (first === null) return { ...node, interface: null };
		const special = byInterface.get(node.id) ?? [];
		const known = isExplained(first, 1, special) ? special : announced(first);
		return { ...node, interface: nodeInterfaces(first, known)[0] ?? null };
	});
}

/** If the rows are lost, the row's own counts say as much: Azure allocates blocks of /28 only. */
function announced({
	name,
	subnet,
	special,
}: FirstInterface): NodeConfigurations[] {
	const own = { resource: "", interface: name, subnet };
	return [
		{ ...own, ipv6: true, prefixLength: null, entries: special.ipv6 },
		{ ...own, ipv6: false, prefixLength: 28, entries: special.blocks },
	];
}
