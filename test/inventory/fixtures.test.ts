import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { subscription } from "../../local/fleet/builders/containers.ts";
import { routeTable } from "../../local/fleet/builders/routeTable.ts";
import { virtualNetwork } from "../../local/fleet/builders/virtualNetwork.ts";
import type { RawResource } from "../../local/fleet/rawResource.ts";
import { subscriptionOf } from "../../local/resourceGraph/rows.ts";
import { parseArmId } from "../../shared/arm.ts";
import { autoProvisionedNodesQuery } from "../../shared/inventory/autoProvisionedNodes.ts";
import { clustersQuery } from "../../shared/inventory/clusters.ts";
import {
	networksQuery,
	peeringsQuery,
} from "../../shared/inventory/networks.ts";
import { routeTablesQuery } from "../../shared/inventory/routeTables.ts";
import { scaleSetsQuery } from "../../shared/inventory/scaleSets.ts";
import { subnetsQuery } from "../../shared/inventory/subnets.ts";
import { judgeCluster } from "../../shared/judge/judge.ts";
import { buildFleet, type Fleet } from "../../shared/model/fleet.ts";
import { budgetsOf } from "../../shared/model/judgedBudget.ts";
import { limits, memory, sharedOf } from "../model/builders.ts";
import { thresholds } from "../rules/facts.ts";
import { parsed } from "./rows.ts";
import { gathered } from "./tenant.ts";

/** Recorded resources lie beside the project, not in it. */
const projectRoot = fileURLToPath(new URL("../..", import.meta.url));
const folder = path.join(projectRoot, "..", "shared", "fixtures");

/** Files that are no resource as ARM writes it. */
const skipped: Readonly<Record<string, string>> = {
	"managedclusters/fragment-staticblock-cli.json":
		"a part of the CLI's output: pools without their cluster",
	"managedclusters/psrule-cluster-a.json": "a PowerShell export",
	"managedclusters/psrule-cluster-f.json": "a PowerShell export",
	"virtualnetworks/psrule-vnet-a.json": "a PowerShell export",
	"virtualnetworks/psrule-vnet-g.json": "a PowerShell export",
	"routetables/aks-kubenet-two-nodes-put.json":
		"a request's body, without name and type",
};

interface Fixture {
	readonly file: string;
	readonly resource: RawResource;
}

function filesIn(kind: string, prefix = ""): string[] {
	return readdirSync(path.join(folder, kind))
		.filter((name) => name.startsWith(prefix) && name.endsWith(".json"))
		.map((name) => `${kind}/${name}`);
}

function load(files: readonly string[]): Fixture[] {
	return files
		.filter((file) => !(file in skipped))
		.map((file) => ({
			file,
			resource: JSON.parse(readFileSync(path.join(folder, file), "utf8")),
		}));
}

const exists = existsSync(folder);
const files = exists
	? {
			clusters: [
				...filesIn("managedclusters"),
				...filesIn("synthetic", "cluster-"),
			],
			networks: filesIn("virtualnetworks"),
			scaleSets: filesIn("virtualmachinescalesets"),
			routeTables: filesIn("routetables"),
			interfaces: [
				...filesIn("networkinterfaces"),
				...filesIn("synthetic", "nic-"),
			],
			pools: filesIn("agentpools"),
		}
	: {
			clusters: [],
			networks: [],
			scaleSets: [],
			routeTables: [],
			interfaces: [],
			pools: [],
		};
const clusters = load(files.clusters);
const networks = load(files.networks);
const scaleSets = load(files.scaleSets);
const routeTables = load(files.routeTables);
const interfaces = load(files.interfaces);
const surroundings = [
	...networks,
	...scaleSets,
	...routeTables,
	...interfaces,
].map(({ resource }) => resource);

/** The resources and the subscriptions that they lie in, which the auditor can read. */
async function fleetOf(resources: readonly RawResource[]): Promise<Fleet> {
	const ids = new Set(resources.map(subscriptionOf));
	const { inventory } = await gathered([
		...[...ids].map((id) => subscription(id, id)),
		...resources,
	]);
	return buildFleet(inventory, memory(), limits);
}

function judge(fleet: Fleet) {
	const shared = sharedOf(fleet);
	return fleet.clusters.map((cluster) => ({
		cluster,
		outcomes: judgeCluster(cluster, shared, new Set(), thresholds),
	}));
}

/** What the cluster's pools name, and what AKS would have made in its node resource group. */
function placesOf({ id, properties = {} }: RawResource): RawResource[] {
	const scope = {
		subscription: parseArmId(id)?.subscription ?? "",
		resourceGroup: String(properties.nodeResourceGroup),
	};
	const named = new Map<string, Set<string>>();
	for (const pool of (properties.agentPoolProfiles ?? []) as {
		vnetSubnetID?: string | null;
		podSubnetID?: string | null;
	}[])
		for (const subnet of [pool.vnetSubnetID, pool.podSubnetID]) {
			if (!subnet) continue;
			const network = subnet.replace(/\/subnets\/[^/]+$/, "");
			const names = named.get(network) ?? new Set();
			named.set(network, names.add(subnet.split("/").at(-1) ?? ""));
		}
	const made = virtualNetwork({
		scope,
		name: "aks-vnet-12345678",
		location: "westeurope",
		addressSpace: ["10.224.0.0/12"],
		subnets: [
			{ name: "aks-subnet", prefixes: ["10.224.0.0/16"] },
			{ name: "aks-apiserver-subnet", prefixes: ["10.226.0.0/28"] },
		],
	});
	const routes = routeTable({
		scope,
		name: "aks-agentpool-12345678-routetable",
		location: "westeurope",
		routes: [],
		subnets: [],
	});
	return [
		made,
		routes,
		...[...named].map(([network, names]) => ({
			...virtualNetwork({
				scope,
				name: network.split("/").at(-1) ?? "",
				location: "westeurope",
				addressSpace: ["10.8.0.0/13"],
				subnets: [...names].map((name, index) => ({
					name,
					prefixes: [`10.${8 + index}.0.0/20`],
				})),
			}),
			id: network,
		})),
	].map((resource) =>
		resource === made || resource === routes
			? resource
			: withSubnetIds(resource as RawResource),
	);
}

/** The subnets' ids as their network's id has it. */
function withSubnetIds(network: RawResource): RawResource {
	const subnets = (network.properties?.subnets ?? []) as { name: string }[];
	return {
		...network,
		properties: {
			...network.properties,
			subnets: subnets.map((subnet) => ({
				...subnet,
				id: `${network.id}/subnets/${subnet.name}`,
			})),
		},
	};
}

const reasonsForPeople = [
	/^no virtual network is visible in the node resource group mc_\S+: the auditor needs Reader there$/,
	/^virtual network \S+ or its subnet \S+ is not visible: the auditor needs Reader on it$/,
	/^no read on subscription [-0-9a-f]{36}, which holds the virtual network: the auditor needs Reader there$/,
];

describe.skipIf(!exists)(
	"recorded resources (skipped where ../shared/fixtures does not lie beside the project)",
	() => {
		it("are all taken, but those that are named with a reason", () => {
			const loaded = [
				...clusters,
				...networks,
				...scaleSets,
				...routeTables,
				...interfaces,
			];
			const all = [
				...files.clusters,
				...files.networks,
				...files.scaleSets,
				...files.routeTables,
				...files.interfaces,
			];
			expect(loaded.length + Object.keys(skipped).length).toBe(all.length);
			for (const { file, resource } of loaded)
				expect(resource, file).toMatchObject({
					id: expect.stringMatching(/^\/subscriptions\//),
					type: expect.stringMatching(/^microsoft\./i),
				});
			expect(clusters.length).toBeGreaterThan(50);
		});

		it.each(clusters)(
			"$file comes out judged, or not evaluated with a reason for people",
			async ({ resource }) => {
				const results = judge(await fleetOf([resource, ...surroundings]));
				expect(results.length).toBe(1);
				for (const { cluster, outcomes } of results) {
					expect(cluster.id).toBe(resource.id.toLowerCase());
					expect(outcomes.length).toBeGreaterThan(0);
					if (cluster.notEvaluated === null) continue;
					expect(
						reasonsForPeople.some((reason) =>
							reason.test(cluster.notEvaluated ?? ""),
						),
						cluster.notEvaluated,
					).toBe(true);
					expect(outcomes).toContainEqual({
						rule: "not-evaluated",
						unseen: null,
						outcome: expect.objectContaining({
							kind: "violated",
							reasons: expect.arrayContaining([
								{ kind: "not-known", text: cluster.notEvaluated },
							]),
						}),
					});
				}
			},
		);

		it.each(clusters)(
			"$file is judged where its networks are visible",
			async ({ resource }) => {
				const fleet = await fleetOf([resource, ...placesOf(resource)]);
				expect(
					fleet.clusters.map(({ id, notEvaluated }) => [id, notEvaluated]),
				).toEqual([[resource.id.toLowerCase(), null]]);
				const kinds = fleet.clusters
					.flatMap((cluster) => budgetsOf(cluster, sharedOf(fleet)))
					.map(({ view }) => view.budget.kind);
				expect(kinds).toContain("subnet");
				expect(kinds).toContain("cluster-nodes");
				expect(judge(fleet).length).toBe(1);
			},
		);

		it.each(networks)("$file gives every subnet", ({ resource }) => {
			const subnets = (resource.properties?.subnets ?? []) as {
				readonly id: string;
				readonly properties: { readonly ipConfigurations?: unknown[] };
			}[];
			const rows = parsed(subnetsQuery, [resource]).flatMap(({ subnet }) =>
				subnet === null ? [] : [subnet],
			);
			expect(
				rows.map(({ id, ipConfigurations }) => [id, ipConfigurations]),
			).toEqual(
				subnets
					.map(({ id, properties }): [string, number | null] => [
						id.toLowerCase(),
						properties.ipConfigurations?.length ?? null,
					])
					.sort(([a], [b]) => (a < b ? -1 : 1)),
			);
		});

		it.each(networks)(
			"$file gives its address space and every peering",
			({ resource }) => {
				const { addressSpace, virtualNetworkPeerings = [] } =
					resource.properties as {
						readonly addressSpace: { readonly addressPrefixes: string[] };
						readonly virtualNetworkPeerings?: readonly {
							readonly properties: {
								readonly remoteVirtualNetwork: { readonly id: string };
								readonly peeringState: string;
								readonly remoteAddressSpace: {
									readonly addressPrefixes: string[];
								};
							};
						}[];
					};
				expect(parsed(networksQuery, [resource])).toMatchObject([
					{
						id: resource.id.toLowerCase(),
						prefixes: addressSpace.addressPrefixes,
						peerings: virtualNetworkPeerings.length,
					},
				]);
				const peerings = parsed(peeringsQuery, [resource]).flatMap(
					({ peering }) => peering ?? [],
				);
				expect(peerings.length).toBe(virtualNetworkPeerings.length);
				expect(peerings).toEqual(
					expect.arrayContaining(
						virtualNetworkPeerings.map(({ properties }) => ({
							remote: properties.remoteVirtualNetwork.id.toLowerCase(),
							connected: properties.peeringState === "Connected",
							prefixes: properties.remoteAddressSpace.addressPrefixes,
						})),
					),
				);
			},
		);

		it.each(scaleSets)(
			"$file gives one row if it is of AKS",
			({ file, resource }) => {
				const rows = parsed(scaleSetsQuery, [resource]);
				expect(rows.length).toBe(file.includes("non-aks") ? 0 : 1);
				for (const { capacity, pool } of rows) {
					expect(capacity).toBe(resource.sku?.capacity);
					expect(pool).not.toBe("");
				}
			},
		);

		it.each(routeTables)("$file gives one row", ({ resource }) => {
			const routes = resource.properties?.routes as unknown[] | undefined;
			expect(parsed(routeTablesQuery, [resource])).toMatchObject([
				{ id: resource.id.toLowerCase(), routes: routes?.length ?? null },
			]);
		});

		it.each(interfaces)(
			"$file gives one row if Karpenter made it",
			({ file, resource }) => {
				const rows = parsed(autoProvisionedNodesQuery, [resource]);
				expect(rows.length).toBe(file.includes("karpenter") ? 1 : 0);
			},
		);

		it("node-subnet nodes of max pods 30 hold 29 addresses on Linux, 31 on Windows", () => {
			const [network] = load([
				"virtualnetworks/aks-nodesubnet-147-ipconfigs.json",
			]);
			const [subnet] = network ? parsed(subnetsQuery, [network.resource]) : [];
			// 4 x 29 + 1 x 31.
			expect(subnet?.subnet?.ipConfigurations).toBe(147);
		});

		it.each(load(files.pools))(
			"$file is a pool that can be read",
			async ({ resource }) => {
				const [model] = clusters.filter(({ file }) =>
					file.endsWith("azure-overlay-azurelinux-2025.json"),
				);
				if (model === undefined) throw new Error("no cluster to put it in");
				const name = resource.name.split("/").at(-1);
				const cluster = {
					...model.resource,
					properties: {
						...model.resource.properties,
						agentPoolProfiles: [{ name, ...resource.properties }],
					},
				};
				const [parsedCluster] = parsed(clustersQuery, [cluster]);
				expect(parsedCluster?.pools.map((pool) => pool.name)).toEqual([
					name?.toLowerCase(),
				]);
				const [result] = judge(await fleetOf([cluster, ...placesOf(cluster)]));
				expect(result?.cluster.notEvaluated).toBeNull();
			},
		);
	},
);
