import * as v from "valibot";
import type { AutoProvisionedNode } from "./facts.ts";
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

const interfaceRow = rowParser(
	v.object({
		...located,
		pool: lowerText,
		addresses: countOrNull,
		subnet: idOrNull,
	}),
);

/** Nodes of node auto-provisioning: no pool of the cluster counts them, their interfaces are tagged by Karpenter. */
export const autoProvisionedNodesQuery: Query<AutoProvisionedNode> = {
	name: "auto-provisioned-nodes",
	of: "interfaces of auto-provisioned nodes",
	kql: `resources
| where type =~ 'microsoft.network/networkinterfaces'
| where isnotempty(tags['karpenter.sh_nodepool'])
| project id, subscriptionId, resourceGroup,
  pool = tostring(tags['karpenter.sh_nodepool']),
  addresses = array_length(properties.ipConfigurations),
  subnet = tostring(properties.ipConfigurations[0].properties.subnet.id)
| order by id asc`,
	key: byId,
	parse: (row) => {
		const parsed = interfaceRow(row);
		return {
			id: parsed.id,
			group: groupOf(parsed),
			pool: parsed.pool,
			addresses: parsed.addresses,
			subnet: parsed.subnet,
		};
	},
};
