import { describe, expect, it } from "vitest";
import type { ClusterSpec } from "../../local/fleet/clusterSpec.ts";
import { fleet } from "../../local/fleet/fleet.ts";
import { clusterId } from "../../local/fleet/ids.ts";
import { spoke, subnet } from "../../local/fleet/sample/spoke.ts";
import type { ArmResource } from "../../local/resourceGraph/rows.ts";
import type {
	CheckAnswer,
	CheckRequest,
} from "../../shared/checks/contract.ts";
import { WrongRequest } from "../../shared/checks/wrongRequest.ts";
import type { ScenarioName } from "../../shared/contract.ts";
import { range } from "../model/builders.ts";
import { ask } from "./ask.ts";

const subscription = "00000000-0000-4000-8000-000000000001";
const network = spoke(subscription, "vnet", "westeurope", ["10.1.0.0/16"]);
const group = { subscription, resourceGroup: "rg" };
const nodes = network.subnet("nodes").toLowerCase();
const pods = network.subnet("pods").toLowerCase();
const a = clusterId(group, "a").toLowerCase();

function world(cluster: Partial<ClusterSpec> = {}): ArmResource[] {
	return fleet({
		subscriptions: [{ id: subscription, name: "one" }],
		networks: [
			network.network([
				subnet("nodes", "10.1.0.0/25"),
				subnet("pods", "10.1.1.0/24"),
				subnet("more", "10.1.2.0/24"),
			]),
		],
		clusters: [
			{
				...group,
				name: "a",
				location: "westeurope",
				model: "node-subnet",
				nodeSubnet: network.subnet("nodes"),
				pools: [
					{ name: "web", mode: "System", nodes: 2, minCount: 1, maxCount: 3 },
				],
				...cluster,
			},
		],
	});
}

function pool(
	name: string,
	properties: Record<string, unknown>,
): CheckRequest["resources"][number] {
	return { id: `${a}/agentPools/${name}`, properties };
}

function of(
	answer: CheckAnswer,
	scenario: ScenarioName,
	kind = "subnet",
	id: string | null = nodes,
) {
	const budget = answer.clusters
		.find((one) => one.cluster === a)
		?.budgets.find(
			(one) => one.kind === kind && (id === null || one.id === id),
		);
	const found = budget?.after?.scenarios[scenario];
	return found ? [found.demand, found.verdict] : null;
}

/** With the fields of one subnet's properties as Azure spells them. */
function withSubnet(
	resources: readonly ArmResource[],
	name: string,
	change: (properties: Record<string, unknown>) => Record<string, unknown>,
): ArmResource[] {
	return resources.map((one) => {
		const subnets: unknown = Reflect.get(Object(one.properties), "subnets");
		if (!Array.isArray(subnets)) return one;
		return {
			...one,
			properties: {
				...Object(one.properties),
				subnets: subnets.map((own) =>
					own.name === name
						? { ...own, properties: change(own.properties) }
						: own,
				),
			},
		};
	});
}

async function faultOf(
	request: Partial<CheckRequest>,
	resources = world(),
): Promise<string | undefined> {
	const refused = await ask({ resources }, request).then(
		() => null,
		(error: unknown) => error,
	);
	return refused instanceof WrongRequest
		? refused.faults[0]?.field
		: String(refused);
}

describe("a value that Azure has in two spellings", () => {
	it("of a subnet's prefix is the one that the request has", async () => {
		const resources = withSubnet(world(), "nodes", (properties) => {
			const { addressPrefix, ...rest } = properties;
			return { ...rest, addressPrefixes: [addressPrefix] };
		});
		const answer = await ask(
			{ resources },
			{
				resources: [
					{ id: nodes, properties: { addressPrefix: "10.1.0.0/27" } },
				],
				scenarios: ["today"],
			},
		);
		// 27 usable, two nodes of 29.
		expect(of(answer, "today")).toEqual([range(58), "short"]);
	});

	it("of a pod CIDR too", async () => {
		const resources = world({
			model: "overlay",
			podCidr: "10.244.0.0/16",
			pools: [{ name: "web", mode: "System", nodes: 5 }],
		}).map((one) =>
			one.id.toLowerCase() === a ? withPodCidrs(one, ["10.244.0.0/16"]) : one,
		);
		const answer = await ask(
			{ resources },
			{
				resources: [
					{
						id: a,
						properties: { networkProfile: { podCidr: "10.244.0.0/22" } },
					},
				],
				scenarios: ["today"],
			},
		);
		// Four blocks of /24, five nodes.
		expect(of(answer, "today", "pod-range", null)).toEqual([range(5), "short"]);
	});
});

function withPodCidrs(one: ArmResource, podCidrs: string[]): ArmResource {
	const properties = Object(one.properties);
	return {
		...one,
		properties: {
			...properties,
			networkProfile: { ...properties.networkProfile, podCidrs },
		},
	};
}

describe("an autoscaler", () => {
	it("that keeps running without a maximum can grow without end", async () => {
		const answer = await ask(
			{ resources: world() },
			{ resources: [pool("web", { maxCount: null })], scenarios: ["full"] },
		);
		expect(of(answer, "full")).toEqual([{ low: 58, high: null }, "unknown"]);
		expect(answer.verdict).toBe("unknown");
	});

	it("that is switched off leaves the nodes that there are", async () => {
		const answer = await ask(
			{ resources: world() },
			{
				resources: [pool("web", { enableAutoScaling: false })],
				scenarios: ["full"],
			},
		);
		expect(of(answer, "full")).toEqual([range(58), "fits"]);
	});
});

describe("a pool", () => {
	it("that is new in a cluster that exists says how many nodes it has", async () => {
		expect(
			await faultOf({
				resources: [pool("big", { vnetSubnetID: nodes, mode: "User" })],
			}),
		).toBe("resources[0].count");
		expect(
			await faultOf({
				resources: [
					{
						id: a,
						properties: {
							agentPoolProfiles: [
								{ name: "web" },
								{ name: "big", vnetSubnetID: nodes },
							],
						},
					},
				],
			}),
		).toBe("resources[0].properties.agentPoolProfiles[1].count");
	});

	it("that leaves its pod subnet has the pods' IPs in the node subnet", async () => {
		const resources = world({
			model: "dynamic-pod-subnet",
			podSubnet: network.subnet("pods"),
			pools: [{ name: "web", mode: "System", nodes: 3, maxPods: 60 }],
		});
		const answer = await ask(
			{ resources },
			{
				resources: [pool("web", { podSubnetID: null })],
				replacements: [
					{ pool: `${a}/agentPools/web`, order: "delete-before-create" },
				],
				scenarios: ["today"],
			},
		);
		// 61 a node at most, 59 where no more than that is really allocated; 123 usable.
		expect(of(answer, "today")?.[1]).toBe("short");
	});

	it("that goes to a pod subnet which others use adds to them", async () => {
		const resources = world({
			model: "dynamic-pod-subnet",
			podSubnet: network.subnet("pods"),
			pools: [
				{ name: "web", mode: "System", nodes: 7, maxPods: 30 },
				{
					name: "big",
					mode: "User",
					nodes: 6,
					maxPods: 30,
					podSubnet: network.subnet("more"),
				},
			],
		});
		const answer = await ask(
			{ resources },
			{ resources: [pool("big", { podSubnetID: pods })], scenarios: ["today"] },
		);
		const before = await ask(
			{ resources },
			{ clusters: [a], scenarios: ["today"] },
		);
		const used = (one: CheckAnswer, id: string) =>
			one.clusters[0]?.budgets.find((own) => own.id === id)?.after?.scenarios
				.today?.demand.low ?? 0;
		const more = network.subnet("more").toLowerCase();
		expect(used(answer, pods)).toBeGreaterThanOrEqual(
			used(before, pods) + used(before, more),
		);
	});

	it("that is removed and made again is there", async () => {
		const answer = await ask(
			{ resources: world() },
			{
				removed: [`${a}/agentPools/web`],
				resources: [pool("web", { count: 5, enableAutoScaling: false })],
				scenarios: ["today"],
			},
		);
		expect(of(answer, "today")).toEqual([range(145), "short"]);
	});

	it("under another name stands beside the old one for a while", async () => {
		const answer = await ask(
			{ resources: world() },
			{
				removed: [`${a}/agentPools/web`],
				resources: [
					pool("web2", { count: 3, mode: "System", vnetSubnetID: nodes }),
				],
				replacements: [
					{ pool: `${a}/agentPools/web2`, order: "create-before-delete" },
				],
				scenarios: ["today"],
			},
		);
		const budget = answer.clusters[0]?.budgets.find(({ id }) => id === nodes);
		// The old 58 and three of 29 to 31: 123 usable.
		expect(budget?.transition).toMatchObject({
			demand: range(145, 151),
			verdict: "short",
		});
	});

	it("under another name stands alone where the old one goes first", async () => {
		const answer = await ask(
			{ resources: world() },
			{
				removed: [`${a}/agentPools/web`],
				resources: [
					pool("web2", { count: 3, mode: "System", vnetSubnetID: nodes }),
				],
				replacements: [
					{ pool: `${a}/agentPools/web2`, order: "delete-before-create" },
				],
				scenarios: ["today"],
			},
		);
		const budget = answer.clusters[0]?.budgets.find(({ id }) => id === nodes);
		expect(budget?.transition).toBeNull();
	});

	it("that is made anew without another change is there twice", async () => {
		const answer = await ask(
			{
				resources: world({
					pools: [{ name: "web", mode: "System", nodes: 3 }],
				}),
			},
			{
				clusters: [a],
				replacements: [
					{ pool: `${a}/agentPools/web`, order: "temporary-pool" },
				],
				scenarios: ["today"],
			},
		);
		const budget = answer.clusters[0]?.budgets.find(({ id }) => id === nodes);
		expect(budget?.transition?.verdict).toBe("short");
	});
});

describe("a request is refused", () => {
	it.each<{ what: string; request: Partial<CheckRequest>; field: string }>([
		{
			what: "that takes all pools away by null",
			request: {
				resources: [{ id: a, properties: { agentPoolProfiles: null } }],
			},
			field: "resources[0].properties.agentPoolProfiles",
		},
		{
			what: "that has a pool twice in one list",
			request: {
				resources: [
					{
						id: a,
						properties: {
							agentPoolProfiles: [
								{ name: "web", count: 50 },
								{ name: "WEB", count: 1 },
							],
						},
					},
				],
			},
			field: "resources[0].properties.agentPoolProfiles",
		},
		{
			what: "that makes a pool anew that nobody has",
			request: {
				clusters: [a],
				replacements: [
					{ pool: `${a}/agentPools/wed`, order: "temporary-pool" },
				],
			},
			field: "replacements[0].pool",
		},
		{
			what: "that makes anew what is not a pool",
			request: {
				clusters: [a],
				replacements: [{ pool: a, order: "temporary-pool" }],
			},
			field: "replacements[0].pool",
		},
	])("$what", async ({ request, field }) => {
		expect(await faultOf(request)).toBe(field);
	});
});

describe("a route", () => {
	const table = `/subscriptions/${subscription}/resourceGroups/rg/providers/Microsoft.Network/routeTables/rt`;
	it("of its own is one more in its table", async () => {
		const resources: ArmResource[] = [
			...withSubnet(
				world({
					model: "kubenet",
					pools: [{ name: "web", mode: "System", nodes: 2 }],
				}),
				"nodes",
				(properties) => ({ ...properties, routeTable: { id: table } }),
			),
			{
				id: table,
				name: "rt",
				type: "Microsoft.Network/routeTables",
				properties: {
					routes: [1, 2].map((number) => ({ name: `node${number}` })),
				},
			} as unknown as ArmResource,
		];
		const answer = await ask(
			{ resources, routesPerTable: 3 },
			{
				clusters: [a],
				resources: [1, 2].map((number) => ({
					id: `${table}/routes/more${number}`,
					properties: { addressPrefix: "10.9.0.0/24", nextHopType: "None" },
				})),
				scenarios: ["today"],
			},
		);
		expect(answer.ignored).toEqual([]);
		expect(answer.verdict).toBe("short");
	});
});
