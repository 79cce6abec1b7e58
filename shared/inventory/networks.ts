import * as v from "valibot";
import type { Network, Peering } from "./facts.ts";
import {
	byId,
	checkedPrefix,
	count,
	idOrNull,
	lowerText,
	type Query,
	requiredId,
	rowParser,
} from "./rows.ts";
import { expandLimit } from "./subnets.ts";

/** A network's own row: its peerings come one a row, since a hub has hundreds and networks without any would get lost among them. */
export interface NetworkRow extends Omit<Network, "peerings"> {
	/** How many peerings the network says it has. */
	readonly peerings: number;
}

/** A peering as its network's row shows it, or a network without any. */
export interface PeeringRow {
	readonly network: string;
	readonly peering: Peering | null;
}

const prefixes = v.nullish(v.array(v.string()), []);

const networkRow = rowParser(
	v.object({
		id: requiredId,
		addressSpace: prefixes,
		subnetCount: v.nullish(count, 0),
		peeringCount: v.nullish(count, 0),
	}),
);

/** The address space of every virtual network, and how many subnets and peerings it has. */
export const networksQuery: Query<NetworkRow> = {
	name: "networks",
	of: "virtual networks",
	required: false,
	kql: `resources
| where type =~ 'microsoft.network/virtualnetworks'
| project id,
  addressSpace = properties.addressSpace.addressPrefixes,
  subnetCount = array_length(properties.subnets),
  peeringCount = array_length(properties.virtualNetworkPeerings)
| order by id asc`,
	key: byId,
	parse: (row) => {
		const parsed = networkRow(row);
		return {
			id: parsed.id,
			prefixes: checked("addressSpace", parsed.addressSpace),
			subnets: parsed.subnetCount,
			peerings: parsed.peeringCount,
		};
	},
};

const peeringRow = rowParser(
	v.object({
		id: requiredId,
		peeringId: idOrNull,
		state: lowerText,
		remote: idOrNull,
		peered: prefixes,
		remoteSpace: prefixes,
	}),
);

/** What is peered is in `remoteAddressSpace`; older rows and some states show the remote network's own space alone. */
export const peeringsQuery: Query<PeeringRow> = {
	name: "peerings",
	of: "peerings of virtual networks",
	required: false,
	kql: `resources
| where type =~ 'microsoft.network/virtualnetworks'
| mv-expand peering = properties.virtualNetworkPeerings limit ${expandLimit}
| project id,
  peeringId = tostring(peering.id),
  state = tostring(peering.properties.peeringState),
  remote = tostring(peering.properties.remoteVirtualNetwork.id),
  peered = peering.properties.remoteAddressSpace.addressPrefixes,
  remoteSpace = peering.properties.remoteVirtualNetworkAddressSpace.addressPrefixes
| order by id asc, peeringId asc`,
	key: (row) => `${byId(row)}\n${String(row.peeringId).toLowerCase()}`,
	parse: (row) => {
		const { id, peeringId, state, remote, peered, remoteSpace } =
			peeringRow(row);
		if (peeringId === null) return { network: id, peering: null };
		const shown = peered.length > 0 ? peered : remoteSpace;
		return {
			network: id,
			peering: {
				remote: remote ?? peeringId,
				// A state that nobody reports must not hide an overlap.
				connected: state === "connected" || state === "",
				prefixes: checked("remoteAddressSpace", shown),
			},
		};
	},
};

function checked(field: string, list: readonly string[]): string[] {
	return list.map((prefix) => checkedPrefix(field, prefix));
}
