import { describe, expect, it } from "vitest";
import { cluster } from "../../../local/fleet/cluster.ts";
import type { ClusterSpec } from "../../../local/fleet/clusterSpec.ts";
import { fleet } from "../../../local/fleet/fleet.ts";
import { subnetId } from "../../../local/fleet/ids.ts";
import { openLedger } from "../../../local/fleet/ledger.ts";
import {
	list,
	nicConfigurations,
	ofType,
	otherResources,
	read,
	subnetsOf,
	types,
} from "./read.ts";

const scope = {
	subscription: "11111111-1111-4111-a111-111111111111",
	resourceGroup: "rg-shop",
};
const nodes = subnetId(scope, "vnet-shop", "snet-nodes");
const pods = subnetId(scope, "vnet-shop", "snet-pods");

function shop(more: Partial<ClusterSpec> = {}): ClusterSpec {
	return {
		...scope,
		name: "aks-shop",
		location: "westeurope",
		model: "node-subnet",
		nodeSubnet: nodes,
		pools: [{ name: "system", mode: "System", nodes: 3 }],
		...more,
	};
}

describe("nodes use", () => {
	it.each([
		// 3 nodes x (30 - 1), x (50 - 1), Windows x (30 + 1). One a node where pods are elsewhere.
		{ what: "29 of a flat network each", more: {}, held: 87 },
		{
			what: "49 at max pods 50",
			more: { pools: [{ name: "np", nodes: 3, maxPods: 50 }] },
			held: 147,
		},
		{
			what: "31 on Windows",
			more: { pools: [{ name: "win", nodes: 3, os: "Windows" }] },
			held: 93,
		},
		{ what: "1 with kubenet", more: { model: "kubenet" }, held: 3 },
		{ what: "1 with an overlay", more: { model: "overlay" }, held: 3 },
		{
			what: "1 beside a pod subnet",
			more: { model: "dynamic-pod-subnet", podSubnet: pods },
			held: 3,
		},
		{
			what: "1 beside static blocks",
			more: { model: "static-pod-subnet", podSubnet: pods },
			held: 3,
		},
		{ what: "1 with another CNI", more: { model: "none" }, held: 3 },
		{
			what: "1 and an IPv6 one when dual-stack",
			more: { model: "overlay", dualStack: true },
			held: 6,
		},
		{ what: "none when stopped", more: { stopped: true }, held: 0 },
	] satisfies { what: string; more: Partial<ClusterSpec>; held: number }[])(
		"$what",
		({ more, held }) => {
			const ledger = openLedger();
			const resources = cluster(shop(more), ledger);

			expect(ledger.heldIn(nodes)).toHaveLength(held);
			expect(otherResources(resources).get(nodes.toLowerCase()) ?? 0).toBe(
				held,
			);
			expect(ledger.heldIn(pods)).toHaveLength(0);
		},
	);
});

it("Windows scale sets are named without digits", () => {
	const resources = cluster(
		shop({
			pools: [
				{ name: "linux", nodes: 1 },
				{ name: "wpos", nodes: 1, os: "Windows" },
			],
		}),
	);

	expect(ofType(resources, types.scaleSet).map(({ name }) => name)).toEqual([
		expect.stringMatching(/^aks-linux-\d{8}-vmss$/),
		"akswpos",
	]);
});

it("holders are written in upper case, each once", () => {
	const ledger = openLedger();
	cluster(shop({ nodeResourceGroup: "MC_shop" }), ledger);
	const ids = ledger.heldIn(nodes).map(({ id }) => id);

	expect(ids[28]).toMatch(
		/^\/subscriptions\/1{8}-.*\/resourceGroups\/MC_SHOP\/PROVIDERS\/MICROSOFT\.COMPUTE\/VIRTUALMACHINESCALESETS\/AKS-SYSTEM-\d{8}-VMSS\/VIRTUALMACHINES\/0\/NETWORKINTERFACES\/AKS-SYSTEM-\d{8}-VMSS\/ipConfigurations\/IPCONFIG29$/,
	);
	expect(new Set(ids).size).toBe(87);
});

it("kubenet has one route a node in the table of its own network", () => {
	const { nodeSubnet: _, ...managed } = shop({ model: "kubenet" });
	const resources = cluster(managed);
	const [table] = ofType(resources, types.routeTable);
	const [network] = ofType(resources, types.network);

	expect(table?.name).toMatch(/^aks-agentpool-\d{8}-routetable$/);
	expect(
		list(table, "properties.routes").map((route) =>
			read(route, "properties.addressPrefix"),
		),
	).toEqual(["10.244.0.0/24", "10.244.1.0/24", "10.244.2.0/24"]);
	expect(read(network, "properties.subnets.0.properties.routeTable.id")).toBe(
		table?.id,
	);
	expect(subnetsOf(resources)).toMatchObject([{ held: 3 }]);
});

it("Karpenter's nodes use an address for every pod of a flat network, one otherwise", () => {
	const provisioned = [{ nodePool: "default", nodes: 2 }];
	const addresses = (model: ClusterSpec["model"]) =>
		ofType(cluster(shop({ model, provisioned })), types.nic).map(
			(nic) => list(nic, "properties.ipConfigurations").length,
		);

	expect(addresses("node-subnet")).toEqual([30, 30]);
	expect(addresses("overlay")).toEqual([1, 1]);
});

it("Karpenter's interfaces name cluster and node pool", () => {
	const resources = cluster(
		shop({ provisioned: [{ nodePool: "default", nodes: 1 }] }),
	);
	const [nic] = ofType(resources, types.nic);

	expect(nic?.name).toMatch(/^aks-default-[0-9a-z]{5}$/);
	expect(nic?.tags).toEqual({
		"karpenter.azure.com_cluster": "aks-shop",
		"karpenter.sh_nodepool": "default",
		"compute.aks.billing": "linux",
	});
	expect(ofType(resources, types.machine).map(({ name }) => name)).toEqual([
		nic?.name,
	]);
});

it.each(["VirtualMachines", "AvailabilitySet"] as const)(
	"a pool of type %s has machines and no scale set",
	(type) => {
		const resources = cluster(
			shop({ model: "overlay", pools: [{ name: "np", nodes: 2, type }] }),
		);

		expect(ofType(resources, types.scaleSet)).toHaveLength(0);
		expect(ofType(resources, types.machine)).toHaveLength(2);
		expect(otherResources(resources).get(nodes.toLowerCase())).toBe(2);
	},
);

it("a private cluster, its services and its API server use addresses, too", () => {
	const ledger = openLedger();
	const api = subnetId(scope, "vnet-shop", "snet-api");
	cluster(
		shop({
			model: "overlay",
			privateEndpoint: true,
			internalServices: 2,
			apiServer: { subnet: api },
		}),
		ledger,
	);

	// 3 nodes, 1 endpoint, 2 frontends.
	expect(ledger.heldIn(nodes)).toHaveLength(6);
	expect(ledger.endpointsIn(nodes)).toHaveLength(1);
	expect(ledger.heldIn(api)).toEqual([
		{ id: expect.stringContaining("/KUBE-APISERVER/") },
	]);
});

it("hidden node resources leave the cluster alone, and its addresses in the subnet", () => {
	const ledger = openLedger();

	expect(
		cluster(shop({ hiddenNodeResources: true }), ledger).map(
			({ type }) => type,
		),
	).toEqual(["Microsoft.ContainerService/ManagedClusters"]);
	expect(ledger.heldIn(nodes)).toHaveLength(87);
});

it("a fleet adds up all who share a subnet, whatever the case of its id", () => {
	const resources = fleet({
		subscriptions: [{ id: scope.subscription, name: "shop" }],
		networks: [
			{
				scope,
				name: "vnet-shop",
				location: "westeurope",
				addressSpace: ["10.1.0.0/16"],
				subnets: [{ name: "snet-nodes", prefixes: ["10.1.0.0/24"] }],
			},
		],
		otherResources: [
			{
				kind: "private-endpoint",
				scope,
				name: "pe",
				location: "westeurope",
				subnet: nodes,
				addresses: 2,
			},
			{
				kind: "machine",
				scope,
				name: "vm",
				location: "westeurope",
				subnet: nodes,
			},
		],
		clusters: [
			shop(),
			shop({ name: "aks-stock", nodeSubnet: nodes.toUpperCase() }),
		],
	});

	// 2 x 3 nodes x 29, 2 of the endpoint, 1 of the machine.
	expect(subnetsOf(resources)).toEqual([
		{ id: nodes.toLowerCase(), delegated: false, held: 177 },
	]);
	expect(
		ofType(resources, types.resourceGroup).map(({ name }) => name),
	).toEqual([
		"rg-shop",
		"MC_rg-shop_aks-shop_westeurope",
		"MC_rg-shop_aks-stock_westeurope",
	]);
});

it("every node of a pool has as many ip configurations as its scale set says", () => {
	const [set] = ofType(cluster(shop()), types.scaleSet);

	expect(list(set, nicConfigurations)).toHaveLength(29);
});
