import { describe, expect, it } from "vitest";
import {
	resourceGroup,
	subscription,
} from "../../local/fleet/builders/containers.ts";
import { virtualNetwork } from "../../local/fleet/builders/virtualNetwork.ts";
import type { ClusterSpec } from "../../local/fleet/clusterSpec.ts";
import { fleet } from "../../local/fleet/fleet.ts";
import { networkId, subnetId } from "../../local/fleet/ids.ts";
import type { RawResource } from "../../local/fleet/rawResource.ts";
import { gatherTenant } from "../../shared/audit/gatherTenant.ts";
import { queries } from "../../shared/inventory/queries.ts";
import type {
	Answer,
	QueryScope,
	Read,
} from "../../shared/inventory/reader.ts";
import type { Query } from "../../shared/inventory/rows.ts";
import { readSubscriptions } from "../../shared/inventory/subscriptions.ts";
import { buildFleet } from "../../shared/model/fleet.ts";
import { limits, memory } from "../model/builders.ts";
import { gatherBy, gathered, readOf } from "./tenant.ts";

const id = "00000000-0000-4000-8000-00000000000a";
const scope = { subscription: id, resourceGroup: "rg-net" };

function network(subnets: number): RawResource {
	return virtualNetwork({
		scope,
		name: "large",
		location: "westeurope",
		addressSpace: ["10.0.0.0/8"],
		subnets: Array.from({ length: subnets }, (_, index) => ({
			name: `s${index}`,
			prefixes: [`10.${Math.floor(index / 256)}.${index % 256}.0/24`],
		})),
	});
}

const containers = [
	subscription(id, "One"),
	resourceGroup(id, "rg-net", "westeurope"),
];

/** A reader that notes what it was asked, and whose answers can be changed. */
function noting(
	resources: readonly RawResource[],
	change: <T>(query: Query<T>, answer: Answer<T>) => Answer<T> = (_, answer) =>
		answer,
) {
	const asked: { name: string; scope: QueryScope }[] = [];
	const whole = readOf(resources);
	const read: Read = async (query, scope) => {
		asked.push({ name: query.name, scope });
		return change(query, await whole(query, scope));
	};
	return { asked, read };
}

describe("a fleet's inventory", () => {
	it("takes each query of the table once, however many clusters there are", async () => {
		const { asked, read } = noting([...containers, network(3)]);
		const { gaps } = await gatherBy(read);
		expect(gaps).toEqual([]);
		const [first, ...others] = asked.map(({ name }) => name);
		expect(first).toBe("subscriptions");
		expect(others.sort()).toEqual(
			Object.values(queries)
				.map(({ name }) => name)
				.sort(),
		);
		expect(asked.every(({ scope }) => Object.keys(scope).length === 0)).toBe(
			true,
		);
	});

	it("asks what the management groups contain, if some are set", async () => {
		const { asked, read } = noting(containers);
		const { inManagementGroups } = await readSubscriptions(read, ["mg-a"]);
		expect(inManagementGroups).toEqual(new Set([id]));
		expect(asked.filter(({ scope }) => scope.managementGroups)).toEqual([
			{ name: "subscriptions", scope: { managementGroups: ["mg-a"] } },
		]);
	});

	it("reads the subscriptions first, and names them to whatever is read next", async () => {
		const order: string[] = [];
		const { read } = noting([...containers, network(1)], (query, answer) => {
			order.push(query.name);
			return answer;
		});
		await gatherTenant(
			(subscriptions) => {
				order.push(`of [${subscriptions}]`);
				return read;
			},
			{ managementGroups: [], subscriptions: [], missingAudits: 7 },
			{ withClusters: [], missing: {} },
		);
		expect(order.slice(0, 3)).toEqual(["of []", "subscriptions", `of [${id}]`]);
	});

	it("gathers the gaps of every query, and how many rows each lost", async () => {
		const { read } = noting([...containers, network(1)], (query, answer) => ({
			...answer,
			gaps: [
				{
					kind: "rows",
					subscription: null,
					scope: "tenant",
					reason: `some ${query.of} are missing`,
				},
			],
			lost: query.name === "clusters" ? null : 2,
		}));
		const { gaps, inventory } = await gatherBy(read, ["mg-a"]);
		expect(gaps.map(({ reason }) => reason).sort()).toEqual([
			"some address blocks, IPv6 entries and further interfaces of nodes are missing",
			"some addresses of load balancers and Private Link Services by subnet are missing",
			"some addresses of private endpoints and virtual machines by subnet are missing",
			"some addresses of scale sets that are not AKS's by subnet are missing",
			"some clusters are missing",
			"some interfaces of auto-provisioned nodes are missing",
			"some peerings of virtual networks are missing",
			"some resource groups by subscription are missing",
			"some route tables are missing",
			"some scale sets are missing",
			"some subnets are missing",
			"some subscriptions are missing",
			"some subscriptions are missing",
			"some virtual networks are missing",
		]);
		expect(inventory.lost).toEqual({
			// The tenant's and the management groups'.
			subscriptions: 4,
			resourceGroups: 2,
			clusters: null,
			subnets: 2,
			networks: 2,
			peerings: 2,
			scaleSets: 2,
			nodeConfigurations: 2,
			routeTables: 2,
			autoProvisionedNodes: 2,
			interfaces: 2,
			frontends: 2,
			otherScaleSets: 2,
		});
	});

	it("of which all arrived has lost nothing", async () => {
		const { read } = noting([...containers, network(1)]);
		const { inventory } = await gatherBy(read);
		expect(new Set(Object.values(inventory.lost))).toEqual(new Set([0]));
		expect(inventory.listed).toEqual(new Map());
	});
});

describe("subnets of a network", () => {
	it.each([
		{ subnets: 0, wholeReads: 0 },
		{ subnets: 1, wholeReads: 0 },
		{ subnets: 1024, wholeReads: 0 },
		// One more than the expansion's limit.
		{ subnets: 1025, wholeReads: 1 },
		// As many as a network can have.
		{ subnets: 3000, wholeReads: 1 },
	])("are all read, of $subnets", async ({ subnets, wholeReads }) => {
		const { asked, read } = noting([...containers, network(subnets)]);
		const { gaps, inventory } = await gatherBy(read);
		expect(gaps).toEqual([]);
		expect(new Set(inventory.subnets.map(({ id }) => id)).size).toBe(subnets);
		expect(inventory.subnets.length).toBe(subnets);
		expect(inventory.lost.subnets).toBe(0);
		expect(asked.filter(({ name }) => name === "network-subnets").length).toBe(
			wholeReads,
		);
	});

	it("that do not arrive even when the network is read whole are a gap with its name", async () => {
		const { read } = noting([...containers, network(1030)], (query, answer) =>
			query.name === "network-subnets" ? { ...answer, rows: [] } : answer,
		);
		const { gaps, inventory } = await gatherBy(read);
		expect(gaps).toEqual([
			{
				kind: "network",
				subscription: id,
				scope: networkId(scope, "large").toLowerCase(),
				reason: "1024 of 1030 subnets answered",
			},
		]);
		expect(inventory.subnets.length).toBe(1024);
		expect(inventory.lost.subnets).toBe(6);
	});

	it.each([
		// A page with four of five rows, and the network read whole has them all.
		{ rows: 1, lost: 4, whole: 5, left: 0 },
		// Two of the lost rows are of this network and came back. The rest is of networks that nobody saw.
		{ rows: 3, lost: 7, whole: 5, left: 5 },
		// None came back.
		{ rows: 3, lost: 7, whole: 0, left: 7 },
		// The answer says nothing, and the network lacks two.
		{ rows: 3, lost: 0, whole: 0, left: 2 },
		{ rows: 3, lost: null, whole: 5, left: null },
	])(
		"of which $rows of 5 came, with $lost rows lost and $whole in the whole network, have lost $left",
		async ({ rows, lost, whole, left }) => {
			const { read } = noting([...containers, network(5)], (query, answer) => {
				if (query.name === "subnets")
					return { ...answer, rows: answer.rows.slice(0, rows), lost };
				return query.name === "network-subnets" && whole === 0
					? { ...answer, rows: [] }
					: answer;
			});
			const { inventory } = await gatherBy(read);
			expect(inventory.lost.subnets).toBe(left);
		},
	);

	it("that are lost from the rows are read whole as well", async () => {
		const { read } = noting([...containers, network(5)], (query, answer) =>
			query.name === "subnets"
				? { ...answer, rows: answer.rows.slice(1) }
				: answer,
		);
		const { gaps, inventory } = await gatherBy(read);
		expect(gaps).toEqual([]);
		expect(inventory.subnets.length).toBe(5);
	});

	it("of which one cannot be read keep the rest, with a gap", async () => {
		const broken = virtualNetwork({
			scope,
			name: "mixed",
			location: "westeurope",
			addressSpace: ["10.0.0.0/8"],
			subnets: [
				{ name: "good", prefixes: ["10.0.0.0/24"] },
				{ name: "bad", prefixes: ["10.0.1.0"] },
			],
		});
		const { gaps, inventory } = await gathered([...containers, broken]);
		expect(inventory.subnets.map(({ id }) => id)).toEqual([
			subnetId(scope, "mixed", "good").toLowerCase(),
		]);
		// The row arrived: it cannot be read, and is not lost.
		expect(inventory.lost.subnets).toBe(0);
		expect(gaps).toMatchObject([
			{
				kind: "row",
				subscription: id,
				scope: networkId(scope, "mixed").toLowerCase(),
			},
		]);
	});

	it("of which one has no prefix yet are all there, without a gap", async () => {
		const planned = virtualNetwork({
			scope,
			name: "ipam",
			location: "westeurope",
			addressSpace: ["10.0.0.0/8"],
			subnets: [
				{ name: "given", prefixes: ["10.0.0.0/24"] },
				{ name: "planned", prefixes: [], listForm: true },
			],
		});
		const { gaps, inventory } = await gathered([...containers, planned]);
		expect(gaps).toEqual([]);
		expect(inventory.subnets.map(({ prefixes }) => prefixes)).toEqual([
			["10.0.0.0/24"],
			[],
		]);
	});
});

describe("rows that cannot be read", () => {
	const spec = (overrides: Partial<ClusterSpec>): ClusterSpec => ({
		subscription: id,
		resourceGroup: "rg-aks",
		name: "one",
		location: "westeurope",
		model: "overlay",
		nodeSubnet: subnetId(scope, "net", "nodes"),
		pools: [{ name: "np", nodes: 3 }],
		...overrides,
	});
	const resources = fleet({
		subscriptions: [{ id, name: "One" }],
		networks: [
			{
				scope,
				name: "net",
				location: "westeurope",
				addressSpace: ["10.1.0.0/16"],
				subnets: [{ name: "nodes", prefixes: ["10.1.0.0/24"] }],
			},
		],
		clusters: [spec({}), spec({ name: "two" })],
	});
	const broken = (
		type: string,
		match: string,
		change: (resource: RawResource) => RawResource,
	) =>
		resources.map((resource) =>
			resource.type.toLowerCase() === type &&
			resource.id.toLowerCase().includes(match)
				? change(resource)
				: resource,
		);
	const reasons = async (changed: RawResource[]) => {
		const { inventory } = await gathered(changed);
		return Object.fromEntries(
			buildFleet(inventory, memory(), limits).clusters.map(
				({ name, notEvaluated }) => [name, notEvaluated],
			),
		);
	};

	it("of a cluster: it is not evaluated, all other clusters are", async () => {
		const changed = broken(
			"microsoft.containerservice/managedclusters",
			"/one",
			(resource) => ({
				...resource,
				properties: { ...resource.properties, agentPoolProfiles: "none" },
			}),
		);
		expect(await reasons(changed)).toEqual({
			one: expect.stringContaining(
				"The row of the cluster could not be read: field pools",
			),
			two: null,
		});
	});

	it("of a scale set: the nodes of its pool are not known, of all other pools they are", async () => {
		const changed = broken(
			"microsoft.compute/virtualmachinescalesets",
			"_one_",
			(resource) => ({ ...resource, sku: { capacity: -1 } }),
		);
		const { inventory } = await gathered(changed);
		const { clusters } = buildFleet(inventory, memory(), limits);
		const missing = clusters.map(({ name, cluster }) => [
			name,
			cluster?.pools[0]?.missing ?? null,
		]);
		expect(Object.fromEntries(missing)).toEqual({
			one: expect.stringContaining("could not be read: field capacity"),
			two: null,
		});
	});

	it("of a subnet that nobody needs: every cluster is evaluated", async () => {
		const unattributed = virtualNetwork({
			scope,
			name: "unused",
			location: "westeurope",
			addressSpace: ["10.9.0.0/16"],
			subnets: [{ name: "bad", prefixes: ["ten"] }],
		});
		expect(await reasons([...resources, unattributed])).toEqual({
			one: null,
			two: null,
		});
	});
});
