import { describe, expect, it } from "vitest";
import { virtualNetwork } from "../../local/fleet/builders/virtualNetwork.ts";
import { subnetId } from "../../local/fleet/ids.ts";
import type { RawResource } from "../../local/fleet/rawResource.ts";
import type { ListedOwner } from "../../shared/inventory/facts.ts";
import { readListedOwners } from "../../shared/inventory/listedOwners.ts";
import type { Answer, Read } from "../../shared/inventory/reader.ts";
import { readOf } from "./tenant.ts";

const scope = {
	subscription: "00000000-0000-4000-8000-00000000000A",
	resourceGroup: "RG-Net",
};
const group =
	"/subscriptions/00000000-0000-4000-8000-00000000000B/resourceGroups/MC_Two/providers";
const theirs = "00000000-0000-4000-8000-00000000000b/mc_two";

const instance = (set: string, number: number, entry = 1) =>
	`${group}/Microsoft.Compute/virtualMachineScaleSets/${set}/virtualMachines/${number}/networkInterfaces/${set}/ipConfigurations/ipconfig${entry}`;
const nic = (name: string, entry = 1) =>
	`${group}/Microsoft.Network/networkInterfaces/${name}/ipConfigurations/ipconfig${entry}`;
const frontend = (name: string, entry: string) =>
	`${group}/Microsoft.Network/loadBalancers/${name}/frontendIPConfigurations/${entry}`;

/** A network with these lists, by subnet. */
function network(lists: Record<string, readonly string[]>): RawResource {
	return virtualNetwork({
		scope,
		name: "Net",
		location: "westeurope",
		addressSpace: ["10.0.0.0/8"],
		subnets: Object.entries(lists).map(([name, ids]) => ({
			name,
			prefixes: ["10.0.0.0/16"],
			ipConfigurations: ids.map((id) => ({ id })),
		})),
	});
}

const idOf = (name: string) => subnetId(scope, "Net", name).toLowerCase();

/** What is asked, and how often. */
function noting(resources: readonly RawResource[], change?: Change) {
	const asked: string[] = [];
	const whole = readOf(resources);
	const read = (async (query, where) => {
		asked.push(query.kql);
		const answer = await whole(query, where);
		return change ? { ...answer, ...change(answer) } : answer;
	}) as Read;
	return { asked, read };
}
type Change = (answer: Answer<unknown>) => Partial<Answer<unknown>>;

const owner = (
	type: string,
	name: string,
	entries: number,
	instance = "",
	subnet = "nodes",
): ListedOwner => ({
	subnet: idOf(subnet),
	group: theirs,
	type,
	name,
	instance,
	entries,
});

const byText = (owners: readonly ListedOwner[] | undefined) =>
	owners?.map((one) => JSON.stringify(one)).sort();

describe("the owners in a subnet's list", () => {
	it("is told by the ids in it: resource and instance, and how many entries each has", async () => {
		const ids = [
			instance("aks-np-1-vmss", 0),
			instance("aks-np-1-vmss", 0, 2),
			instance("AKS-NP-1-VMSS", 12),
			nic("aks-default-a"),
			nic("aks-default-a", 2),
			nic("pe-vault"),
			frontend("kubernetes-internal", "a"),
			frontend("kubernetes-internal", "b"),
		];
		const { read, asked } = noting([
			network({ Nodes: ids, Other: [nic("x")] }),
		]);
		const { listed, gaps } = await readListedOwners(read, [
			{ id: idOf("Nodes"), ipConfigurations: 8 },
		]);
		expect(gaps).toEqual([]);
		expect([...listed.keys()]).toEqual([idOf("Nodes")]);
		expect(byText(listed.get(idOf("Nodes")))).toEqual(
			byText([
				owner("virtualmachinescalesets", "aks-np-1-vmss", 2, "0"),
				owner("virtualmachinescalesets", "aks-np-1-vmss", 1, "12"),
				owner("networkinterfaces", "aks-default-a", 2),
				owner("networkinterfaces", "pe-vault", 1),
				owner("loadbalancers", "kubernetes-internal", 2),
			]),
		);
		expect(asked).toHaveLength(1);
	});

	// 2 entries arrive. A node may have come or gone since the subnet's row was read. A lost row may be any.
	it.each([
		{ what: "one more", ipConfigurations: 3, lost: 0, owners: 2 },
		{ what: "one less", ipConfigurations: 1, lost: 0, owners: 2 },
		{ what: "as many", ipConfigurations: 2, lost: 1, owners: 2 },
		{ what: "one more", ipConfigurations: 3, lost: 1, owners: undefined },
		{ what: "one less", ipConfigurations: 1, lost: null, owners: undefined },
		{ what: "no number", ipConfigurations: null, lost: 0, owners: undefined },
	])(
		"has $owners where the subnet says $what and $lost rows are lost",
		async ({ ipConfigurations, lost, owners }) => {
			const { read } = noting(
				[network({ nodes: [nic("a"), nic("b")] })],
				() => ({ lost }),
			);
			const { listed } = await readListedOwners(read, [
				{ id: idOf("nodes"), ipConfigurations },
			]);
			expect(listed.get(idOf("nodes"))?.length).toBe(owners);
		},
	);

	it("is not known where nobody arrives of those that the subnet counts", async () => {
		const { read } = noting([network({ nodes: [] })]);
		const { listed } = await readListedOwners(read, [
			{ id: idOf("nodes"), ipConfigurations: 2 },
		]);
		expect(listed.size).toBe(0);
	});

	it("is nobody in an empty list, which needs no question", async () => {
		const { read, asked } = noting([network({ nodes: [] })]);
		const { listed } = await readListedOwners(read, [
			{ id: idOf("nodes"), ipConfigurations: 0 },
		]);
		expect(listed).toEqual(new Map([[idOf("nodes"), []]]));
		expect(asked).toEqual([]);
	});

	it("is omitted if rows are lost, with the gap of the answer", async () => {
		const gap = {
			kind: "rows",
			subscription: null,
			scope: "tenant",
			reason: "1 of 2 owners answered",
		} as const;
		const { read } = noting(
			[network({ nodes: [nic("a"), nic("b")] })],
			({ rows }) => ({ rows: rows.slice(1), gaps: [gap], lost: 1 }),
		);
		const { listed, gaps } = await readListedOwners(read, [
			{ id: idOf("nodes"), ipConfigurations: 2 },
		]);
		expect(listed.size).toBe(0);
		expect(gaps).toEqual([gap]);
	});

	it("is not asked by an id that could leave its quotes", async () => {
		const { read, asked } = noting([]);
		const { listed } = await readListedOwners(read, [
			{ id: "/subscriptions/x' or id != '/y", ipConfigurations: 1 },
		]);
		expect(listed.size).toBe(0);
		expect(asked).toEqual([]);
	});
});

describe("requests", () => {
	it.each([
		{ entries: 1024, requests: 1 },
		{ entries: 1025, requests: 2 },
		// 0 to 1,023, to 2,047, to 3,071.
		{ entries: 2049, requests: 3 },
	])("for a list of $entries are $requests", async ({ entries, requests }) => {
		const long = Array.from({ length: entries }, (_, at) =>
			instance("aks-np-1-vmss", at % 100, at),
		);
		const { read, asked } = noting([network({ long, short: [nic("a")] })]);
		const { listed } = await readListedOwners(read, [
			{ id: idOf("long"), ipConfigurations: entries },
			{ id: idOf("short"), ipConfigurations: 1 },
		]);
		expect(asked).toHaveLength(requests);
		// Every instance once, however many slices show it.
		expect(listed.get(idOf("long"))?.length).toBe(100);
		expect(listed.get(idOf("short"))?.length).toBe(1);
		// Only the first slice asks about both.
		expect(asked.filter((kql) => kql.includes("/short'"))).toHaveLength(1);
	});

	it("name at most 50 subnets each", async () => {
		const names = Array.from({ length: 101 }, (_, at) => `s${at}`);
		const { read, asked } = noting([
			network(Object.fromEntries(names.map((name) => [name, [nic(name)]]))),
		]);
		const { listed } = await readListedOwners(
			read,
			names.map((name) => ({ id: idOf(name), ipConfigurations: 1 })),
		);
		expect(listed.size).toBe(101);
		expect(asked).toHaveLength(3);
	});
});
