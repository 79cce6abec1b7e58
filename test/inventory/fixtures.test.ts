import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { subscription } from "../../local/fleet/builders/containers.ts";
import type { RawResource } from "../../local/fleet/rawResource.ts";
import { subscriptionOf } from "../../local/resourceGraph/rows.ts";
import type { Inventory } from "../../shared/inventory/facts.ts";
import { gathered } from "./tenant.ts";

/* Resources as ARM writes them, whole, and what the inventory knows of each. */

const folder = new URL("fixtures/", import.meta.url);

function resource(name: string): RawResource {
	return JSON.parse(readFileSync(new URL(`${name}.json`, folder), "utf8"));
}

async function inventoryOf(names: readonly string[]): Promise<Inventory> {
	const resources = names.map(resource);
	const { inventory, gaps } = await gathered([
		...[...new Set(resources.map(subscriptionOf))].map((id) =>
			subscription(id, id),
		),
		...resources,
	]);
	expect(gaps).toEqual([]);
	return inventory;
}

const clusters = "2f6d1c84-0b7e-4a59-9c3d-7e51a0b4d216";
const networks = "b81e40f7-65aa-4c02-8f19-3d9c27e6a5b0";
const harbor = `/subscriptions/${networks}/resourcegroups/rg-harbor-net/providers/microsoft.network/virtualnetworks/vnet-harbor`;
const reef = `/subscriptions/${networks}/resourcegroups/rg-reef-net/providers/microsoft.network/virtualnetworks/vnet-reef`;
const routeTable = `/subscriptions/${networks}/resourcegroups/rg-harbor-net/providers/microsoft.network/routetables/rt-tide`;
const reefNodes = `${clusters}/mc_rg-reef_aks-reef_northeurope`;
const compute = (group: string, name: string) =>
	`/subscriptions/${clusters}/resourcegroups/${group}/providers/microsoft.compute/virtualmachinescalesets/${name}`;

interface Known {
	readonly file: string;
	readonly facts: { readonly [Name in keyof Inventory]?: unknown };
}

const known: readonly Known[] = [
	{
		file: "cluster-kubenet",
		facts: {
			clusters: [
				{
					id: `/subscriptions/${clusters}/resourcegroups/rg-tide/providers/microsoft.containerservice/managedclusters/aks-tide`,
					name: "aks-tide",
					tags: { team: "harbor" },
					nodeResourceGroup: "mc_rg-tide_aks-tide_northeurope",
					provisioningState: "succeeded",
					plugin: "kubenet",
					overlay: false,
					podCidr: "10.61.0.0/17",
					// Both fields show the same range.
					serviceCidrs: ["10.62.0.0/20"],
					dualStack: false,
					apiServer: null,
					autoProvisioning: false,
					pools: [
						{
							name: "core",
							mode: "system",
							type: "scale-set",
							reportedNodes: 4,
							autoscaling: true,
							minNodes: 3,
							maxNodes: 9,
							maxPods: 90,
							maxPodsAssumed: false,
							nodeSubnet: `${harbor}/subnets/snet-tide`,
							podSubnet: null,
							surge: { kind: "percent", percent: 25 },
							kubernetesVersion: "1.33.6",
						},
					],
				},
			],
		},
	},
	{
		file: "cluster-overlay-machines",
		facts: {
			clusters: [
				{
					name: "aks-reef",
					plugin: "azure",
					overlay: true,
					podCidr: "10.72.0.0/15",
					dualStack: true,
					apiServer: { subnet: `${reef}/subnets/snet-api` },
					autoProvisioning: true,
					pools: [
						{
							name: "mixed",
							type: "virtual-machines",
							reportedNodes: null,
							// 2 of the one size and 5 of the other.
							configuredNodes: { low: 7, high: 7 },
							autoscaling: false,
							maxNodes: null,
							maxPods: 160,
							nodeSubnet: null,
							surge: { kind: "nodes", nodes: 2 },
							// The pool has none, and the cluster no full one.
							kubernetesVersion: "1.34.1",
						},
					],
				},
			],
		},
	},
	{
		file: "cluster-node-subnet-windows",
		facts: {
			clusters: [
				{
					name: "aks-quay",
					resourceGroup: "rg-quay",
					nodeResourceGroup: "quay-nodes",
					provisioningState: "upgrading",
					plugin: "azure",
					overlay: false,
					podCidr: null,
					serviceCidrs: ["10.63.0.0/24"],
					pools: [
						{
							name: "sys",
							windows: false,
							upgrading: false,
							reportedNodes: 3,
							surge: { kind: "default" },
						},
						{
							name: "win22",
							windows: true,
							upgrading: true,
							reportedNodes: 2,
							maxPods: 24,
							surge: { kind: "nodes", nodes: 1 },
							kubernetesVersion: "1.31.11",
						},
						{
							name: "batch",
							spot: true,
							stopped: true,
							deallocates: true,
							reportedNodes: 0,
							minNodes: 0,
							maxNodes: 14,
							surge: { kind: "default" },
						},
					],
				},
			],
		},
	},
	{
		file: "cluster-pod-subnets",
		facts: {
			clusters: [
				{
					name: "aks-mole",
					plugin: "azure",
					overlay: false,
					pools: [
						{
							name: "dynamic",
							nodeSubnet: `${harbor}/subnets/snet-mole`,
							podSubnet: `${harbor}/subnets/snet-mole-pods`,
							staticBlocks: false,
							surge: { kind: "percent", percent: 33 },
						},
						{
							name: "blocks",
							nodeSubnet: `${harbor}/subnets/snet-mole`,
							podSubnet: `${harbor}/subnets/snet-mole-blocks`,
							staticBlocks: true,
							surge: { kind: "nodes", nodes: 3 },
						},
					],
				},
			],
		},
	},
	{
		file: "network-peered",
		facts: {
			subnets: [
				{
					id: `${harbor}/subnets/snet-mole`,
					prefixes: ["10.48.12.0/26"],
					ipConfigurations: 0,
					routeTable: null,
					linkedClusters: [],
				},
				{
					id: `${harbor}/subnets/snet-quay`,
					prefixes: ["10.48.8.0/24", "fd4e:48:0:8::/64"],
					// 4 of the one node and 3 of the other.
					ipConfigurations: 7,
					routeTable: null,
					linkedClusters: [],
				},
				{
					id: `${harbor}/subnets/snet-tide`,
					prefixes: ["10.48.4.0/25"],
					ipConfigurations: null,
					routeTable,
					linkedClusters: [],
				},
			],
			networks: [
				{
					id: harbor,
					prefixes: ["10.48.0.0/18", "fd4e:48::/48"],
					subnets: 3,
					peerings: [
						{
							remote: `/subscriptions/${networks}/resourcegroups/rg-hub/providers/microsoft.network/virtualnetworks/vnet-hub`,
							connected: true,
							prefixes: ["10.40.0.0/20"],
						},
						{
							remote: `/subscriptions/${networks}/resourcegroups/rg-old/providers/microsoft.network/virtualnetworks/vnet-old`,
							connected: false,
							// What is peered is not shown: the remote network's own space is.
							prefixes: ["10.41.0.0/22"],
						},
					],
				},
			],
		},
	},
	{
		file: "network-api-server",
		facts: {
			subnets: [
				{
					id: `${reef}/subnets/snet-api`,
					prefixes: ["10.70.1.16/28"],
					ipConfigurations: null,
					routeTable: null,
					linkedClusters: [
						`/subscriptions/${clusters}/resourcegroups/rg-reef/providers/microsoft.containerservice/managedclusters/aks-reef`,
					],
				},
			],
			networks: [
				{ id: reef, prefixes: ["10.70.0.0/22"], subnets: 1, peerings: [] },
			],
		},
	},
	{
		file: "scale-set-node-subnet",
		facts: {
			scaleSets: [
				{
					id: compute("quay-nodes", "aks-sys-61720943-vmss"),
					group: `${clusters}/quay-nodes`,
					pool: "sys",
					capacity: 3,
					interfaces: [
						{
							subnet: `${harbor}/subnets/snet-quay`,
							entries: 6,
							ipv6: 0,
							addresses: 6,
						},
					],
					interfacesKnown: true,
				},
			],
		},
	},
	{
		file: "scale-set-dual-stack",
		facts: {
			scaleSets: [
				{
					id: compute(
						"mc_rg-reef_aks-reef_northeurope",
						"aks-legacy-30518264-vmss",
					),
					group: reefNodes,
					pool: "legacy",
					capacity: 7,
					interfaces: [
						{
							subnet: `${reef}/subnets/snet-nodes`,
							entries: 2,
							ipv6: 1,
							addresses: 1,
						},
						// One entry that is a block of /28.
						{
							subnet: `${reef}/subnets/snet-blocks`,
							entries: 1,
							ipv6: 0,
							addresses: 16,
						},
					],
					interfacesKnown: true,
				},
			],
		},
	},
	{
		file: "route-table-kubenet",
		facts: {
			routeTables: [
				{ id: routeTable, group: `${networks}/rg-harbor-net`, routes: 3 },
			],
		},
	},
	{
		file: "interface-karpenter",
		facts: {
			autoProvisionedNodes: [
				{
					id: `/subscriptions/${clusters}/resourcegroups/mc_rg-reef_aks-reef_northeurope/providers/microsoft.network/networkinterfaces/aks-spare-x7k2p`,
					group: reefNodes,
					pool: "spare",
					hasMachine: true,
					interface: {
						subnet: `${reef}/subnets/snet-nodes`,
						entries: 2,
						ipv6: 1,
						addresses: 1,
					},
				},
			],
		},
	},
];

describe("resources as ARM writes them", () => {
	it("have their facts here, all of them", () => {
		const files = readdirSync(folder).map((name) =>
			name.replace(/\.json$/, ""),
		);
		expect(known.map(({ file }) => file).sort()).toEqual(files.sort());
	});

	it.each(known)("are known: $file", async ({ file, facts }) => {
		expect(await inventoryOf([file])).toMatchObject(facts);
	});

	it("are all found in one tenant", async () => {
		const all = await inventoryOf(known.map(({ file }) => file));
		expect({
			clusters: all.clusters.length,
			subnets: all.subnets.length,
			networks: all.networks.length,
			scaleSets: all.scaleSets.length,
			routeTables: all.routeTables.length,
			nodes: all.autoProvisionedNodes.length,
			unreadable: all.unreadableClusters.length,
			// The interface of an auto-provisioned node is its node's, and nobody else's.
			otherResources: all.otherResources,
		}).toEqual({
			clusters: 4,
			subnets: 4,
			networks: 2,
			scaleSets: 2,
			routeTables: 1,
			nodes: 1,
			unreadable: 0,
			otherResources: [],
		});
	});
});
