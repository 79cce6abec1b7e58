import { describe, expect, it } from "vitest";
import type {
	Inventory,
	ListedOwner,
	NodeInterface,
} from "../../shared/inventory/facts.ts";
import {
	explainedEntries,
	isApiServer,
	isNodeOfAks,
	listsToRead,
	scaleSetOfRoute,
	tablesToRead,
	withListedScaleSets,
} from "../../shared/model/lists.ts";
import {
	autoProvisionedNode,
	cluster,
	inventory,
	kubenetCluster,
	listedOwner,
	nodeGroup,
	nodeInterface,
	pool,
	routeTable,
	routeTableId,
	scaleSet,
	subnet,
	subnetId,
} from "./builders.ts";

const other = subnetId("other");

function endpoints(addresses: number, entries = addresses) {
	return {
		kind: "private-endpoint",
		subnet: subnetId(),
		group: null,
		addresses,
		entries,
	} as const;
}

describe("entries of a list that rows explain", () => {
	it("are those of nodes, of auto-provisioned ones, and of other resources", () => {
		const explained = explainedEntries(
			inventory({
				scaleSets: [
					scaleSet({
						interfaces: [
							nodeInterface(29),
							nodeInterface(2, { subnet: other }),
						],
					}),
					scaleSet({
						pool: "dual",
						capacity: 2,
						interfaces: [nodeInterface(1, { entries: 2, ipv6: 1 })],
					}),
					scaleSet({ pool: "sizeless", capacity: null }),
					scaleSet({ pool: "modelless", interfaces: null }),
				],
				autoProvisionedNodes: [
					// A block of 16 beside the primary address.
					autoProvisionedNode({ interface: nodeInterface(17, { entries: 2 }) }),
					autoProvisionedNode({ hasMachine: false }),
					autoProvisionedNode({ interface: null }),
				],
				otherResources: [endpoints(3)],
			}),
		);
		// 3 x 29 + 2 x 2 + 2 + 30 + 3. 3 x 2.
		expect(explained).toEqual(
			new Map([
				[subnetId(), 126],
				[other, 6],
			]),
		);
	});

	it("are those of nodes alone where other resources are not known", () => {
		expect(
			explainedEntries(
				inventory({ scaleSets: [scaleSet()], otherResources: null }),
			),
		).toEqual(new Map([[subnetId(), 87]]));
	});
});

describe("lists that are read for the ids in them", () => {
	const read = (of: Partial<Inventory>) =>
		listsToRead(inventory(of)).map(({ id }) => id);

	it.each<{ what: string; list: number | null; isRead: boolean }>([
		{ what: "as long as the rows explain", list: 87, isRead: false },
		{ what: "longer by one", list: 88, isRead: true },
		{ what: "shorter by one", list: 86, isRead: true },
		{ what: "empty", list: 0, isRead: false },
		{ what: "not shown", list: null, isRead: false },
	])("one that is $what: $isRead", ({ list, isRead }) => {
		expect(
			read({
				subnets: [subnet({ ipConfigurations: list })],
				scaleSets: [scaleSet()],
			}),
		).toEqual(isRead ? [subnetId()] : []);
	});

	it.each([
		{ list: 87, isRead: false },
		{ list: 90, isRead: true },
	])(
		"one of $list, where nodes alone are known and explain 87: $isRead",
		({ list, isRead }) => {
			expect(
				read({
					subnets: [subnet({ ipConfigurations: list })],
					scaleSets: [scaleSet()],
					otherResources: null,
				}),
			).toEqual(isRead ? [subnetId()] : []);
		},
	);

	it.each<{
		what: string;
		of: Partial<Inventory>;
		isRead: boolean;
	}>([
		{ what: "that nobody uses", of: {}, isRead: false },
		{
			what: "that a pool names",
			of: { clusters: [cluster({ pools: [pool({ nodeSubnet: other })] })] },
			isRead: true,
		},
		{
			what: "that a pool names which cannot be read",
			of: {
				clusters: [
					cluster({
						unreadPools: [
							{
								name: "odd",
								reason: "its mode is not known",
								nodeSubnet: other,
								podSubnet: null,
							},
						],
					}),
				],
			},
			isRead: true,
		},
		{
			what: "of pods, whose addresses no list shows",
			of: { clusters: [cluster({ pools: [pool({ podSubnet: other })] })] },
			isRead: false,
		},
		{
			what: "where auto-provisioning puts workers of a hosted cluster",
			of: {
				clusters: [
					cluster({ hostedSystem: { systemSubnet: null, nodeSubnet: other } }),
				],
			},
			isRead: true,
		},
		{
			what: "where a scale set has a further interface",
			of: {
				scaleSets: [
					scaleSet({
						interfaces: [
							nodeInterface(29),
							nodeInterface(1, { subnet: other }),
						],
					}),
				],
			},
			isRead: true,
		},
		{
			what: "where an auto-provisioned node stands",
			of: {
				autoProvisionedNodes: [
					autoProvisionedNode({
						interface: nodeInterface(30, { subnet: other }),
					}),
				],
			},
			isRead: true,
		},
	])("those of a subnet $what: $isRead", ({ of, isRead }) => {
		const subnets = [subnet({ id: other, ipConfigurations: 40 })];
		expect(read({ subnets, ...of })).toEqual(isRead ? [other] : []);
	});

	it.each([
		// An API server has one frontend in the list.
		{ clusters: ["a"], list: 1, isRead: false },
		{ clusters: ["a"], list: 2, isRead: true },
		{ clusters: ["a", "b"], list: 2, isRead: false },
		{ clusters: ["a", "b"], list: 1, isRead: true },
		{ clusters: ["a"], list: 0, isRead: false },
	])(
		"those of an API server subnet of $clusters with $list entries: $isRead",
		({ clusters, list, isRead }) => {
			expect(
				read({
					clusters: clusters.map((name) =>
						cluster({ name, apiServer: { subnet: other } }),
					),
					subnets: [subnet({ id: other, ipConfigurations: list })],
				}),
			).toEqual(isRead ? [other] : []);
		},
	);
});

describe("scale sets as the lists of subnets show them", () => {
	const nodes = (
		count: number,
		entries: number,
		of: Partial<ListedOwner> = {},
	): ListedOwner[] =>
		Array.from({ length: count }, (_, index) =>
			listedOwner({ instance: String(index), entries, ...of }),
		);
	const added = (
		owners: readonly ListedOwner[],
		of: Partial<Inventory> = {},
	) => {
		const before = inventory({
			listed: Map.groupBy(owners, ({ subnet }) => subnet),
			...of,
		});
		return withListedScaleSets(before).scaleSets.slice(before.scaleSets.length);
	};

	it("have a node an instance, which use what the list shows", () => {
		expect(added(nodes(2, 29))).toEqual([
			scaleSet({
				capacity: 2,
				interfaces: [nodeInterface(29)],
				isListed: true,
			}),
		]);
	});

	it.each([
		{ name: "aks-np-12345678-vmss", pool: "np" },
		{ name: "aks-np2-12345678-vmss", pool: "np2" },
		// Windows scale sets.
		{ name: "akswin", pool: "win" },
		{ name: "aksw1", pool: "w1" },
	])("called $name stand for pool $pool", ({ name, pool: named }) => {
		const [found] = added(nodes(1, 31, { name }), {
			clusters: [cluster({ pools: [pool({ name: named })] })],
		});
		expect(found).toMatchObject({ pool: named, capacity: 1 });
	});

	it.each<{
		what: string;
		owners: ListedOwner[];
		of?: Partial<Inventory>;
		interfaces: readonly NodeInterface[];
		interfacesKnown: boolean;
	}>([
		{
			what: "are at most told where its nodes hold different numbers",
			owners: [...nodes(1, 29), ...nodes(1, 30, { instance: "9" })],
			interfaces: [nodeInterface(30)],
			interfacesKnown: false,
		},
		{
			what: "are not told in a subnet of both IP families: entries are of either",
			owners: nodes(2, 2),
			of: { subnets: [subnet({ prefixes: ["10.1.0.0/24", "fd00::/64"] })] },
			interfaces: [nodeInterface(2)],
			interfacesKnown: false,
		},
		{
			what: "are not told where a pool of 30 pods holds 60: entries may be blocks",
			owners: nodes(2, 60),
			interfaces: [nodeInterface(60)],
			interfacesKnown: false,
		},
		{
			what: "are told by subnet where it has a further interface",
			owners: [...nodes(2, 29), ...nodes(2, 1, { subnet: other })],
			interfaces: [nodeInterface(29), nodeInterface(1, { subnet: other })],
			interfacesKnown: true,
		},
	])("hold addresses that $what", ({ what: _, owners, of, ...told }) => {
		const [found, ...others] = added(owners, of);
		expect(found).toMatchObject(told);
		expect(others).toEqual([]);
	});

	it.each<{ what: string; owners: ListedOwner[]; of?: Partial<Inventory> }>([
		{
			what: "a pool whose scale set has a row",
			owners: nodes(2, 29),
			of: { scaleSets: [scaleSet()] },
		},
		{
			what: "a cluster that is not visible",
			owners: nodes(2, 29, { group: "s/mc_x" }),
		},
		{
			what: "a pool that the cluster does not list",
			owners: nodes(2, 29, { name: "aks-gone-12345678-vmss" }),
		},
		{
			what: "machines, which are no scale set",
			owners: nodes(2, 29, { type: "networkinterfaces", name: "aks-np-1" }),
		},
	])("are not made of $what", ({ owners, of }) => {
		expect(added(owners, of)).toEqual([]);
	});

	it("change nothing where no list was read", () => {
		const before = inventory();
		expect(withListedScaleSets(before)).toBe(before);
	});
});

describe("an owner in a list", () => {
	it.each([
		{
			type: "virtualmachinescalesets",
			name: "aks-np-12345678-vmss",
			is: "node",
		},
		{ type: "virtualmachinescalesets", name: "akswin", is: "node" },
		{ type: "virtualmachinescalesets", name: "build-agents", is: "neither" },
		{ type: "networkinterfaces", name: "aks-default-x7k2p", is: "node" },
		{ type: "networkinterfaces", name: "aksbastion", is: "neither" },
		{ type: "loadbalancers", name: "kube-apiserver", is: "API server" },
		{ type: "loadbalancers", name: "kubernetes-internal", is: "neither" },
		{ type: "privateendpoints", name: "kube-apiserver", is: "neither" },
	])("of type $type called $name is: $is", ({ type, name, is }) => {
		const owner = listedOwner({ type, name });
		expect(isNodeOfAks(owner)).toBe(is === "node");
		expect(isApiServer(owner)).toBe(is === "API server");
	});
});

describe("route tables that are read for the names in them", () => {
	const attached = subnet({ routeTable: routeTableId(), ipConfigurations: 3 });
	const read = (of: Partial<Inventory>) =>
		tablesToRead(
			inventory({ clusters: [kubenetCluster()], subnets: [attached], ...of }),
		).map(({ id }) => id);

	// Three nodes of the cluster, a route each.
	it.each<{ what: string; of: Partial<Inventory>; isRead: boolean }>([
		{
			what: "with a route more than nodes",
			of: {
				scaleSets: [scaleSet({ interfaces: [nodeInterface(1)] })],
				routeTables: [routeTable({ routes: 4 })],
			},
			isRead: true,
		},
		{
			what: "with a route for each node",
			of: {
				scaleSets: [scaleSet({ interfaces: [nodeInterface(1)] })],
				routeTables: [routeTable({ routes: 3 })],
			},
			isRead: false,
		},
		{
			what: "that AKS made, which nobody else writes to",
			of: {
				scaleSets: [scaleSet({ interfaces: [nodeInterface(1)] })],
				routeTables: [routeTable({ routes: 9, group: nodeGroup() })],
			},
			isRead: false,
		},
		{
			what: "of a cluster of another model",
			of: {
				clusters: [cluster()],
				routeTables: [routeTable({ routes: 9 })],
			},
			isRead: false,
		},
	])("$what: $isRead", ({ of, isRead }) => {
		expect(read(of)).toEqual(isRead ? [routeTableId()] : []);
	});

	it.each([
		["aks-web-12345678-vmss00000a", "aks-web-12345678-vmss"],
		["aks-web-12345678-vmss000000____102440", "aks-web-12345678-vmss"],
		["to-firewall", null],
		["aks-hub", null],
	])("%s is of the scale set %s", (route, scaleSetName) => {
		expect(scaleSetOfRoute(route)).toBe(scaleSetName);
	});
});
