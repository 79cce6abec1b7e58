import { describe, expect, it } from "vitest";
import { subscription } from "../../local/fleet/builders/containers.ts";
import {
	type PeeringFields,
	virtualNetwork,
} from "../../local/fleet/builders/virtualNetwork.ts";
import { networkId } from "../../local/fleet/ids.ts";
import type { Json, RawResource } from "../../local/fleet/rawResource.ts";
import {
	networksQuery,
	peeringsQuery,
} from "../../shared/inventory/networks.ts";
import type { Read } from "../../shared/inventory/reader.ts";
import { RowError } from "../../shared/inventory/rows.ts";
import { parsed } from "./rows.ts";
import { gatherBy, gathered, readOf } from "./tenant.ts";

const id = "00000000-0000-4000-8000-00000000000A";
const scope = { subscription: id, resourceGroup: "RG-Net" };
const hub = networkId(scope, "Hub");
const remote = networkId(scope, "Remote");

function peered(...peerings: readonly PeeringFields[]): RawResource {
	return virtualNetwork({
		scope,
		name: "Hub",
		location: "westeurope",
		addressSpace: ["10.1.0.0/16", "fd00:1::/48"],
		subnets: [{ name: "a", prefixes: ["10.1.0.0/24"] }],
		peerings,
	});
}

const toRemote: PeeringFields = { remote, prefixes: ["10.2.0.0/16"] };

/** The network's one peering with other properties. An undefined one is absent. */
function withPeering(changes: Json): RawResource {
	const resource = peered(toRemote);
	const [peering] = (resource.properties?.virtualNetworkPeerings ??
		[]) as Json[];
	const properties = { ...(peering?.properties as Json), ...changes };
	return {
		...resource,
		properties: JSON.parse(
			JSON.stringify({
				...resource.properties,
				virtualNetworkPeerings: [{ ...peering, properties }],
			}),
		),
	};
}

const peeringOf = (resource: RawResource) =>
	parsed(peeringsQuery, [resource])[0]?.peering;

describe("a network's row", () => {
	it("has its address space, and how many subnets and peerings it has", () => {
		expect(parsed(networksQuery, [peered(toRemote)])).toEqual([
			{
				id: hub.toLowerCase(),
				prefixes: ["10.1.0.0/16", "fd00:1::/48"],
				subnets: 1,
				peerings: 1,
			},
		]);
	});

	it("is there without peerings as well", () => {
		expect(parsed(networksQuery, [peered()])).toMatchObject([{ peerings: 0 }]);
		expect(parsed(peeringsQuery, [peered()])).toEqual([]);
	});

	it("shows no address space in a generic list", () => {
		const { properties: _, ...listed } = peered();
		expect(parsed(networksQuery, [listed])).toEqual([
			{ id: hub.toLowerCase(), prefixes: [], subnets: 0, peerings: 0 },
		]);
		expect(parsed(peeringsQuery, [listed])).toEqual([
			{ network: hub.toLowerCase(), peering: null },
		]);
	});

	it("with what is not an address prefix is refused, naming field and value", () => {
		const broken = { ...peered(), properties: {} as Json };
		broken.properties = { addressSpace: { addressPrefixes: ["10.1.0.0"] } };
		expect(() => parsed(networksQuery, [broken])).toThrow(
			new RowError('field addressSpace: "10.1.0.0" is not an address prefix'),
		);
	});
});

describe("a peering's row", () => {
	it.each<{ what: string; changes: Json; facts: Json }>([
		{ what: "as it is", changes: {}, facts: { connected: true } },
		{
			what: "in any casing",
			changes: { peeringState: "CONNECTED" },
			facts: { connected: true },
		},
		{
			what: "that the other side took away",
			changes: { peeringState: "Disconnected" },
			facts: { connected: false },
		},
		{
			what: "that the other side has not made yet",
			changes: { peeringState: "Initiated" },
			facts: { connected: false },
		},
		{
			what: "whose state nobody reports",
			changes: { peeringState: undefined },
			facts: { connected: true },
		},
		{
			what: "with the remote network's own space alone",
			changes: {
				remoteAddressSpace: undefined,
				remoteVirtualNetworkAddressSpace: { addressPrefixes: ["10.3.0.0/16"] },
			},
			facts: { prefixes: ["10.3.0.0/16"] },
		},
		{
			what: "with other addresses peered than the remote network has now",
			changes: {
				remoteVirtualNetworkAddressSpace: { addressPrefixes: ["10.3.0.0/16"] },
			},
			facts: { prefixes: ["10.2.0.0/16"] },
		},
		{
			what: "without addresses",
			changes: {
				remoteAddressSpace: undefined,
				remoteVirtualNetworkAddressSpace: undefined,
			},
			facts: { prefixes: [] },
		},
	])("$what", ({ changes, facts }) => {
		expect(peeringOf(withPeering(changes))).toEqual({
			remote: remote.toLowerCase(),
			connected: true,
			prefixes: ["10.2.0.0/16"],
			...facts,
		});
	});

	it("without a remote network goes by its own id", () => {
		expect(
			peeringOf(withPeering({ remoteVirtualNetwork: undefined }))?.remote,
		).toBe(`${hub}/virtualnetworkpeerings/peer-remote`.toLowerCase());
	});

	it("with what is not an address prefix is refused, naming field and value", () => {
		const broken = withPeering({
			remoteAddressSpace: { addressPrefixes: ["ten"] },
		});
		expect(() => parsed(peeringsQuery, [broken])).toThrow(
			new RowError('field remoteAddressSpace: "ten" is not an address prefix'),
		);
	});
});

describe("networks of the inventory", () => {
	const tenant = [subscription(id, "One")];
	const second: PeeringFields = {
		remote: networkId(scope, "Other"),
		prefixes: ["10.3.0.0/16"],
	};

	it("have their peerings", async () => {
		const { gaps, inventory } = await gathered([
			...tenant,
			peered(toRemote, second),
		]);
		expect(gaps).toEqual([]);
		expect(inventory.networks).toMatchObject([
			{
				subnets: 1,
				peerings: [
					{ prefixes: ["10.3.0.0/16"] },
					{ prefixes: ["10.2.0.0/16"] },
				],
			},
		]);
	});

	it("that lost a peering do not know which they have, and it is a gap", async () => {
		const whole = readOf([...tenant, peered(toRemote, second)]);
		const read: Read = async (query, scope) => {
			const answer = await whole(query, scope);
			return query.name === "peerings"
				? { ...answer, rows: answer.rows.slice(1) }
				: answer;
		};
		const { gaps, inventory } = await gatherBy(read);
		expect(inventory.networks).toMatchObject([{ peerings: null }]);
		expect(inventory.lost.peerings).toBe(1);
		expect(gaps).toEqual([
			{
				kind: "network",
				subscription: id.toLowerCase(),
				scope: hub.toLowerCase(),
				reason: "1 of 2 peerings answered",
			},
		]);
	});

	it("of which a peering cannot be read do not either, and the gap is told once", async () => {
		const broken = withPeering({
			remoteAddressSpace: { addressPrefixes: ["ten"] },
		});
		const { gaps, inventory } = await gathered([...tenant, broken]);
		expect(inventory.networks).toMatchObject([{ peerings: null }]);
		expect(inventory.lost.peerings).toBe(0);
		expect(gaps).toEqual([
			{
				kind: "row",
				subscription: id.toLowerCase(),
				scope: hub.toLowerCase(),
				reason: 'field remoteAddressSpace: "ten" is not an address prefix',
			},
		]);
	});
});
