import * as v from "valibot";
import { subscriptionOfId } from "../arm.ts";
import type { Gap } from "../contract.ts";
import type { Network, Peering } from "./facts.ts";
import type { Answer } from "./reader.ts";
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

/** What is peered is in `remoteAddressSpace`. Older rows and some states show the remote network's own space alone. */
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
	parse: parsePeering,
};

function parsePeering(row: Record<string, unknown>): PeeringRow {
	const { id, peeringId, state, remote, peered, remoteSpace } = peeringRow(row);
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
}

/** A network with its peerings, as one row. */
export interface PeeredNetworkRow {
	readonly network: NetworkRow;
	readonly peerings: readonly PeeringRow[];
}

const peeredRow = rowParser(
	v.object({ peerings: v.nullish(rawPeerings(), []) }),
);

function rawPeerings() {
	return v.array(
		v.object({
			id: v.nullish(v.string()),
			properties: v.nullish(
				v.object({
					peeringState: v.nullish(v.string()),
					remoteVirtualNetwork: v.nullish(
						v.object({ id: v.nullish(v.string()) }),
					),
					remoteAddressSpace: space(),
					remoteVirtualNetworkAddressSpace: space(),
				}),
			),
		}),
	);
}

function space() {
	return v.nullish(v.object({ addressPrefixes: prefixes }));
}

/** Of a few networks their peerings fit into the network's row: one request instead of two. */
export const peeredNetworksQuery: Query<PeeredNetworkRow> = {
	name: "peered-networks",
	of: "virtual networks and their peerings",
	required: false,
	kql: `resources
| where type =~ 'microsoft.network/virtualnetworks'
| project id,
  addressSpace = properties.addressSpace.addressPrefixes,
  subnetCount = array_length(properties.subnets),
  peeringCount = array_length(properties.virtualNetworkPeerings),
  peerings = properties.virtualNetworkPeerings
| order by id asc`,
	key: byId,
	parse: (row) => ({
		network: networksQuery.parse(row),
		peerings: peeredRow(row).peerings.map(({ id, properties }) =>
			parsePeering({
				id: row.id,
				peeringId: id,
				state: properties?.peeringState,
				remote: properties?.remoteVirtualNetwork?.id,
				peered: properties?.remoteAddressSpace?.addressPrefixes,
				remoteSpace:
					properties?.remoteVirtualNetworkAddressSpace?.addressPrefixes,
			}),
		),
	}),
};

function checked(field: string, list: readonly string[]): string[] {
	return list.map((prefix) => checkedPrefix(field, prefix));
}

/**
 * Networks with their peerings. These are compared with each network's own count: one that is not seen may be the one
 * that overlaps.
 */
export function withPeerings(
	networks: readonly NetworkRow[],
	peerings: Answer<PeeringRow>,
): Answer<Network> {
	const byNetwork = Map.groupBy(peerings.rows, ({ network }) => network);
	const unreadable = Map.groupBy(peerings.unreadable, ({ id }) => id);
	const seen = networks.map((network) => {
		const own = (byNetwork.get(network.id) ?? []).flatMap(({ peering }) =>
			peering ? [peering] : [],
		);
		const arrived = own.length + (unreadable.get(network.id)?.length ?? 0);
		return {
			network,
			peerings: own,
			lacking: Math.max(0, network.peerings - arrived),
		};
	});
	const lacking = seen.reduce((total, one) => total + one.lacking, 0);
	return {
		rows: seen.map(({ network, peerings }) => ({
			...network,
			peerings: peerings.length < network.peerings ? null : peerings,
		})),
		unreadable: peerings.unreadable,
		gaps: [
			...peerings.gaps,
			...seen
				.filter(({ lacking }) => lacking > 0)
				.map(({ network, peerings }) =>
					networkGap(network.id, peerings.length, network.peerings, "peerings"),
				),
		],
		lost: peerings.lost === null ? null : Math.max(peerings.lost, lacking),
	};
}

/** A network whose own count says more than arrived. */
export function networkGap(
	network: string,
	answered: number,
	expected: number,
	what: "subnets" | "peerings",
): Gap {
	return {
		kind: "network",
		subscription: subscriptionOfId(network),
		scope: network,
		reason: `${answered} of ${expected} ${what} answered`,
	};
}
