import { describe, expect, it } from "vitest";
import { subscription } from "../../local/fleet/builders/containers.ts";
import { networkInterface } from "../../local/fleet/builders/networkInterface.ts";
import { scaleSet } from "../../local/fleet/builders/scaleSet.ts";
import { subnetId } from "../../local/fleet/ids.ts";
import type { Json, RawResource } from "../../local/fleet/rawResource.ts";
import type { NodeInterface } from "../../shared/inventory/facts.ts";
import { nodeConfigurationsQuery } from "../../shared/inventory/nodeConfigurations.ts";
import type { Answer, Read } from "../../shared/inventory/reader.ts";
import { parsed } from "./rows.ts";
import { gatherBy, gathered, readOf } from "./tenant.ts";

const id = "00000000-0000-4000-8000-00000000000a";
const scope = { subscription: id, resourceGroup: "mc_one" };
const nodes = subnetId(scope, "net", "nodes");
const storage = subnetId(scope, "net", "storage");

interface Entry {
	readonly subnet?: string;
	readonly ipv6?: boolean;
	readonly prefixLength?: unknown;
}
const plain: Entry = {};
const ipv6: Entry = { ipv6: true };
const block = (prefixLength: unknown = 28): Entry => ({ prefixLength });
const there = { subnet: storage };
const times = (count: number, entry: Entry) =>
	Array.from({ length: count }, () => entry);

function configurations(entries: readonly Entry[]): Json[] {
	return entries.map(({ subnet = nodes, ipv6, prefixLength }, at) => ({
		name: `ipconfig${at}`,
		properties: {
			subnet: { id: subnet },
			privateIPAddressVersion: ipv6 ? "IPv6" : "IPv4",
			...(prefixLength === undefined
				? {}
				: { privateIPAddressPrefixLength: prefixLength }),
		},
	}));
}

/** A scale set of AKS whose model has these interfaces for every node. */
function set(...interfaces: readonly (readonly Entry[])[]): RawResource {
	const resource = scaleSet({
		scope,
		name: "aks-np-1-vmss",
		location: "westeurope",
		pool: "np",
		capacity: 3,
		version: "1.34.2",
		suffix: "1",
		subnet: nodes,
		addresses: 1,
	});
	return {
		...resource,
		properties: {
			...resource.properties,
			virtualMachineProfile: {
				networkProfile: {
					networkInterfaceConfigurations: interfaces.map((entries, at) => ({
						name: `Nic${at}`,
						properties: { ipConfigurations: configurations(entries) },
					})),
				},
			},
		},
	};
}

/** An interface that Karpenter made. */
function nic(entries: readonly Entry[], name = "aks-default-a"): RawResource {
	const resource = networkInterface({
		scope,
		name,
		location: "westeurope",
		subnet: nodes,
		configurations: [],
		tags: { "karpenter.sh_nodepool": "default" },
	});
	return {
		...resource,
		properties: {
			...resource.properties,
			ipConfigurations: configurations(entries),
		},
	};
}

const listed = subscription(id, "One");

/** Reads with the rows of the special entries changed. */
function losing(
	resources: readonly RawResource[],
	change: (answer: Answer<unknown>) => Partial<Answer<unknown>>,
) {
	const whole = readOf([listed, ...resources]);
	const read = (async (query, asked) => {
		const answer = await whole(query, asked);
		return query.name === nodeConfigurationsQuery.name
			? { ...answer, ...change(answer) }
			: answer;
	}) as Read;
	return gatherBy(read);
}

const nodeInterface = (
	subnet: string,
	entries: number,
	ipv6: number,
	addresses: number,
): NodeInterface => ({ subnet, entries, ipv6, addresses });

const models: {
	what: string;
	interfaces: Entry[][];
	rows: number;
	holds: NodeInterface[];
}[] = [
	{
		what: "one address",
		interfaces: [[plain]],
		rows: 0,
		holds: [nodeInterface(nodes, 1, 0, 1)],
	},
	{
		what: "an address for every pod",
		interfaces: [times(29, plain)],
		rows: 0,
		holds: [nodeInterface(nodes, 29, 0, 29)],
	},
	{
		what: "dual stack",
		interfaces: [[plain, ipv6]],
		rows: 1,
		holds: [nodeInterface(nodes, 2, 1, 1)],
	},
	{
		what: "dual stack, IPv6 first",
		interfaces: [[ipv6, plain]],
		rows: 1,
		holds: [nodeInterface(nodes, 2, 1, 1)],
	},
	{
		// 1 + 16.
		what: "a block in the second entry",
		interfaces: [[plain, block()]],
		rows: 1,
		holds: [nodeInterface(nodes, 2, 0, 17)],
	},
	{
		// 3 + 16 + 16 + 8.
		what: "blocks further on",
		interfaces: [[plain, plain, block(), plain, block(), block(29)]],
		rows: 2,
		holds: [nodeInterface(nodes, 6, 0, 43)],
	},
	{
		// 1 + 16. An IPv6 block takes no IPv4 address.
		what: "a block and a block of IPv6",
		interfaces: [[plain, { ipv6: true, prefixLength: 80 }, block("28")]],
		rows: 2,
		holds: [nodeInterface(nodes, 3, 1, 17)],
	},
	{
		what: "a second interface in another subnet",
		interfaces: [[plain], [there, there, { ...there, ...block() }]],
		rows: 2,
		holds: [nodeInterface(nodes, 1, 0, 1), nodeInterface(storage, 3, 0, 18)],
	},
	{
		what: "a second interface in the same subnet",
		interfaces: [[plain, plain], [plain]],
		rows: 1,
		holds: [nodeInterface(nodes, 3, 0, 3)],
	},
	{
		what: "three interfaces",
		interfaces: [[plain], [there], [{ ...there, ...ipv6 }]],
		rows: 2,
		holds: [nodeInterface(nodes, 1, 0, 1), nodeInterface(storage, 2, 1, 1)],
	},
];

const lowerCased = (interfaces: readonly NodeInterface[]) =>
	interfaces.map((one) => ({ ...one, subnet: one.subnet?.toLowerCase() }));

describe("what a node uses by its scale set's model", () => {
	it.each(models)(
		"of $what, told by $rows more rows",
		async ({ interfaces, rows, holds }) => {
			const resource = set(...interfaces);
			expect(parsed(nodeConfigurationsQuery, [resource])).toHaveLength(rows);
			const { inventory, gaps } = await gathered([listed, resource]);
			expect(gaps).toEqual([]);
			expect(inventory.scaleSets).toMatchObject([
				{ interfaces: lowerCased(holds), interfacesKnown: true },
			]);
		},
	);

	it("is not known where the model is not shown", async () => {
		const { properties: _, ...generic } = set([plain]);
		const { inventory } = await gathered([listed, generic]);
		expect(inventory.scaleSets).toMatchObject([
			{ interfaces: null, interfacesKnown: true },
		]);
	});

	it.each(models)(
		"of $what is known without those rows only where there are none",
		async ({ interfaces, rows }) => {
			const { inventory } = await losing([set(...interfaces)], () => ({
				rows: [],
				lost: rows,
			}));
			expect(inventory.scaleSets).toMatchObject([
				{ interfacesKnown: rows === 0 },
			]);
		},
	);

	it("is known if a length is null, which is not a block", async () => {
		const { inventory, gaps } = await gathered([
			listed,
			set([plain, block(null)]),
		]);
		expect(gaps).toEqual([]);
		expect(inventory.scaleSets).toMatchObject([
			{
				interfaces: lowerCased([nodeInterface(nodes, 2, 0, 2)]),
				interfacesKnown: true,
			},
		]);
	});

	it.each<{ what: string; interfaces: Entry[][]; kept: number }>([
		{
			what: "one of two further interfaces",
			interfaces: [[plain], [there], [there]],
			kept: 1,
		},
		{
			what: "the IPv6 entry or the block behind it",
			interfaces: [[plain, ipv6, plain, block()]],
			kept: 1,
		},
		{
			what: "one of two lengths of blocks",
			interfaces: [[plain, plain, block(28), block(29)]],
			kept: 1,
		},
	])("is not known where only $what arrived", async ({ interfaces, kept }) => {
		const { inventory } = await losing([set(...interfaces)], ({ rows }) => ({
			rows: rows.slice(0, kept),
			lost: rows.length - kept,
		}));
		expect(inventory.scaleSets).toMatchObject([{ interfacesKnown: false }]);
	});

	it("is not known where a block's length is none, which is a gap of this set", async () => {
		const { gaps, inventory } = await gathered([
			listed,
			set([plain, plain, block("wide")]),
		]);
		expect(inventory.scaleSets).toMatchObject([{ interfacesKnown: false }]);
		expect(gaps).toMatchObject([
			{
				kind: "row",
				subscription: id,
				reason: expect.stringMatching(/prefix/),
			},
		]);
	});

	it("counts nothing of scale sets that are not AKS's", () => {
		const foreign = { ...set([plain, block()], [there]), tags: {} };
		expect(parsed(nodeConfigurationsQuery, [foreign])).toEqual([]);
	});
});

describe("what an interface of Karpenter uses", () => {
	it.each(models.filter(({ interfaces }) => interfaces.length === 1))(
		"of $what",
		async ({ interfaces, rows, holds }) => {
			const resource = nic(interfaces[0] ?? []);
			expect(parsed(nodeConfigurationsQuery, [resource])).toHaveLength(rows);
			const { inventory, gaps } = await gathered([listed, resource]);
			expect(gaps).toEqual([]);
			expect(
				inventory.autoProvisionedNodes.map((node) => node.interface),
			).toEqual(lowerCased(holds));
		},
	);

	it("is what its own row shows where the other rows are lost", async () => {
		const { inventory } = await losing(
			[nic([plain, block()], "a"), nic([plain, ipv6], "b")],
			() => ({ rows: [], lost: 2 }),
		);
		expect(
			inventory.autoProvisionedNodes.map((node) => node.interface),
		).toEqual(
			lowerCased([
				nodeInterface(nodes, 2, 0, 17),
				nodeInterface(nodes, 2, 1, 1),
			]),
		);
	});

	it("is not known where it lists nothing", async () => {
		const { inventory } = await gathered([listed, nic([])]);
		expect(inventory.autoProvisionedNodes).toMatchObject([
			{ hasMachine: false, interface: null },
		]);
	});
});
