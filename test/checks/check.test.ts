import { describe, expect, it } from "vitest";
import type { ClusterSpec } from "../../local/fleet/clusterSpec.ts";
import { fleet } from "../../local/fleet/fleet.ts";
import { clusterId } from "../../local/fleet/ids.ts";
import { spoke, subnet } from "../../local/fleet/sample/spoke.ts";
import type {
	CheckAnswer,
	CheckRequest,
	ReplacementOrder,
} from "../../shared/checks/contract.ts";
import { WrongRequest } from "../../shared/checks/wrongRequest.ts";
import type { ScenarioName } from "../../shared/contract.ts";
import { range } from "../model/builders.ts";
import { ask } from "./ask.ts";

const subscription = "00000000-0000-4000-8000-000000000001";
const network = spoke(subscription, "vnet", "westeurope", ["10.1.0.0/16"]);
const group = { subscription, resourceGroup: "rg" };
const nodes = network.subnet("nodes").toLowerCase();
const small = network.subnet("small").toLowerCase();
const [a, b] = ["a", "b"].map((name) => idOf(name)) as [string, string];

function idOf(name: string): string {
	return clusterId(group, name).toLowerCase();
}

function flat(name: string, pools: ClusterSpec["pools"]): ClusterSpec {
	return {
		...group,
		name,
		location: "westeurope",
		model: "node-subnet",
		nodeSubnet: network.subnet("nodes"),
		pools,
	};
}

/** 123 usable IPs. a has 2 nodes of 29 and may grow to 3, b has one: 87 are used. An upgrade adds a node of 29. */
function world(clusters: Partial<Record<"a" | "b", number>> = {}) {
	const { a: web = 2, b: api = 1 } = clusters;
	return fleet({
		subscriptions: [{ id: subscription, name: "one" }],
		networks: [
			network.network([
				subnet("nodes", "10.1.0.0/25"),
				subnet("small", "10.1.1.0/26"),
			]),
		],
		clusters: [
			flat("a", [
				{ name: "web", mode: "System", nodes: web, minCount: 1, maxCount: 3 },
			]),
			flat("b", [{ name: "api", mode: "System", nodes: api }]),
		],
	});
}

const resources = world();

function pool(
	cluster: string,
	name: string,
	properties: Record<string, unknown>,
): CheckRequest["resources"][number] {
	return { id: `${cluster}/agentPools/${name}`, properties };
}

/** What is said of one subnet, by one of its clusters, in one scenario. */
function of(
	answer: CheckAnswer,
	cluster: string,
	scenario: ScenarioName,
	id = nodes,
) {
	const own = answer.clusters.find((one) => one.cluster === cluster);
	const budget = own?.budgets.find(
		(one) => one.id === id && one.kind === "subnet",
	);
	const amount = (when: "before" | "after") => {
		const found = budget?.[when]?.scenarios[scenario];
		return found ? [found.demand, found.verdict] : null;
	};
	return {
		before: amount("before"),
		after: amount("after"),
		transition: budget?.transition
			? [budget.transition.demand, budget.transition.verdict]
			: null,
	};
}

function verdictsOf({ verdict, clusters }: CheckAnswer) {
	return {
		verdict,
		clusters: clusters.map(
			({ clusterName, asked, verdictBefore, verdict: after }) =>
				`${clusterName}${asked ? "" : " (neighbor)"}: ${verdictBefore} to ${after}`,
		),
	};
}

describe("a check", () => {
	it("without a change: may it upgrade?", async () => {
		const answer = await ask(
			{ resources },
			{ clusters: [a], scenarios: ["upgrade"] },
		);
		expect(verdictsOf(answer)).toEqual({
			verdict: "fits",
			clusters: ["a: fits to fits"],
		});
		expect(of(answer, a, "upgrade").after).toEqual([range(116), "fits"]);
		expect(answer.oneAfterTheOther).toBeNull();
	});

	it("of two upgrades at once, and one after the other", async () => {
		const answer = await ask(
			{ resources },
			{ clusters: [a, b], scenarios: ["upgrade"] },
		);
		// 87, and a node of each.
		expect(of(answer, a, "upgrade").after).toEqual([range(145), "short"]);
		expect(answer.verdict).toBe("short");
		expect(answer.oneAfterTheOther).toEqual({ verdict: "fits" });
	});

	it("of a maximum names the neighbor that it pushes over", async () => {
		const answer = await ask(
			{ resources },
			{ resources: [pool(a, "web", { maxCount: 5 })], scenarios: ["full"] },
		);
		// Three nodes more. For b they are what a neighbor may add.
		expect(of(answer, a, "full")).toMatchObject({
			before: [range(116), "fits"],
			after: [range(174), "short"],
		});
		expect(of(answer, b, "full").after).toEqual([range(87, 174), "tight"]);
		expect(verdictsOf(answer)).toEqual({
			verdict: "short",
			clusters: ["a: fits to short", "b (neighbor): fits to tight"],
		});
		expect(answer.findings.map(({ rule }) => rule)).toContain(
			"capacity-shortfall",
		);
	});

	it("of a maximum has the remedies of its cluster, not those of the neighbor with the same title", async () => {
		const answer = await ask(
			{ resources },
			{ resources: [pool(a, "web", { maxCount: 5 })] },
		);
		const remediesOn = (id: string) =>
			answer.findings
				.filter(({ cluster }) => cluster === id.toLowerCase())
				.flatMap(({ remedies }) => remedies);
		const commands = answer.remedies.flatMap(({ command }) => command);
		expect(remediesOn(b)).not.toEqual([]);
		expect(commands).not.toEqual([]);
		for (const command of commands.filter((one) => one.startsWith("az aks")))
			expect(command).toMatch(/--(cluster-)?name a /);
	});

	it("of a count has it in today at once, for the neighbor too", async () => {
		const answer = await ask(
			{ resources },
			{ resources: [pool(b, "api", { count: 3 })], scenarios: ["today"] },
		);
		expect(of(answer, b, "today")).toMatchObject({
			before: [range(87), "fits"],
			after: [range(145), "short"],
		});
		expect(verdictsOf(answer).clusters).toEqual([
			"b: fits to short",
			"a (neighbor): fits to short",
		]);
	});

	it("of a minimum above the nodes has them in today", async () => {
		const answer = await ask(
			{ resources },
			{ resources: [pool(a, "web", { minCount: 3 })], scenarios: ["today"] },
		);
		expect(of(answer, a, "today").after).toEqual([range(116), "fits"]);
	});

	it("of a new pool in a new subnet", async () => {
		const fresh = network.subnet("fresh");
		const answer = await ask(
			{ resources },
			{
				resources: [
					pool(a, "big", { count: 2, vnetSubnetID: fresh, mode: "User" }),
					{ id: fresh, properties: { addressPrefix: "10.1.2.0/26" } },
				],
				scenarios: ["today"],
			},
		);
		// 59 usable. Nobody has measured the new nodes: 29 to 31 each.
		expect(of(answer, a, "today", fresh.toLowerCase())).toMatchObject({
			before: null,
			after: [range(58, 62), "tight"],
		});
	});

	it("of a new cluster", async () => {
		const answer = await ask(
			{ resources },
			{
				resources: [
					{
						id: idOf("c"),
						properties: {
							networkProfile: {
								networkPlugin: "azure",
								networkPluginMode: "overlay",
							},
							agentPoolProfiles: [
								{ name: "system", count: 3, vnetSubnetID: small },
							],
						},
					},
				],
				scenarios: ["today", "upgrade"],
			},
		);
		expect(of(answer, idOf("c"), "today", small)).toMatchObject({
			before: null,
			after: [range(3), "fits"],
		});
		expect(of(answer, idOf("c"), "upgrade", small).after).toEqual([
			range(4),
			"fits",
		]);
		expect(verdictsOf(answer)).toEqual({
			verdict: "fits",
			clusters: ["c: null to fits"],
		});
	});

	it("of a larger prefix lets everything fit", async () => {
		const answer = await ask(
			{ resources },
			{
				resources: [
					{ id: nodes, properties: { addressPrefix: "10.1.0.0/24" } },
					{ id: small, properties: { addressPrefix: "10.1.3.0/26" } },
				],
			},
		);
		expect(of(answer, a, "full-upgrade")).toMatchObject({
			before: [range(145), "short"],
			after: [range(145), "fits"],
		});
		expect(verdictsOf(answer)).toEqual({
			verdict: "fits",
			clusters: ["a (neighbor): short to fits", "b (neighbor): tight to fits"],
		});
	});

	it("of a cluster that goes", async () => {
		const answer = await ask(
			{ resources },
			{ removed: [b], clusters: [a], scenarios: ["today"] },
		);
		expect(of(answer, a, "today").after).toEqual([range(58), "fits"]);
	});
});

describe("while a pool goes to another subnet", () => {
	it.each<{
		order: ReplacementOrder | null;
		transition: unknown;
		verdict: string;
	}>([
		// 59 usable: the pool takes 58, and twice that beside its temporary pool.
		{
			order: "temporary-pool",
			transition: [range(116), "short"],
			verdict: "short",
		},
		{ order: null, transition: [range(116), "short"], verdict: "short" },
		{ order: "create-before-delete", transition: null, verdict: "fits" },
		{ order: "delete-before-create", transition: null, verdict: "fits" },
	])(
		"with $order the worst moment is $transition",
		async ({ order, transition, verdict }) => {
			const answer = await ask(
				{ resources },
				{
					resources: [
						{
							id: a,
							properties: {
								agentPoolProfiles: [{ name: "web", vnetSubnetID: small }],
							},
						},
					],
					replacements:
						order === null ? [] : [{ pool: `${a}/agentPools/web`, order }],
					scenarios: ["today"],
				},
			);
			expect(of(answer, a, "today", small)).toEqual({
				before: null,
				after: [range(58), "fits"],
				transition,
			});
			expect(of(answer, a, "today")).toEqual({
				before: [range(87), "fits"],
				after: null,
				transition: null,
			});
			expect(of(answer, b, "today").after).toEqual([range(29), "fits"]);
			expect(answer.verdict).toBe(verdict);
		},
	);

	it("with other max pods in the same subnet, old and new nodes are side by side", async () => {
		const answer = await ask(
			{ resources },
			{
				resources: [pool(a, "web", { maxPods: 20 })],
				scenarios: ["today"],
			},
		);
		// b 29, new 2 x 19..21, and beside them the old 58 first, then the temporary 38..42.
		expect(of(answer, a, "today")).toEqual({
			before: [range(87), "fits"],
			after: [range(67, 71), "fits"],
			transition: [range(125, 129), "short"],
		});
		expect(verdictsOf(answer).clusters).toEqual([
			"a: fits to short",
			"b (neighbor): fits to short",
		]);
	});
});

describe("what Azure Resource Manager says", () => {
	it("wins where Resource Graph lags", async () => {
		const lagging = { resources: world({ b: 4 }), graph: resources };
		const answer = await ask(lagging, { clusters: [b], scenarios: ["today"] });
		expect(of(answer, b, "today").after).toEqual([range(174), "short"]);
		expect(answer.sources).toContainEqual(
			expect.objectContaining({ id: b, source: "arm" }),
		);
		expect(answer.sources).toContainEqual(
			expect.objectContaining({ id: a, source: "resource-graph" }),
		);
	});

	it("of a cluster that Resource Graph does not show yet counts", async () => {
		const graph = resources.filter(({ id }) => id.toLowerCase() !== b);
		const answer = await ask(
			{ resources, graph },
			{ clusters: [b], scenarios: ["today"] },
		);
		expect(answer.clusters[0]).toMatchObject({
			cluster: b,
			notEvaluated: null,
		});
	});

	it("may be nothing: then nothing fits", async () => {
		const refused = await ask(
			{ resources, refused: [a] },
			{ resources: [pool(a, "web", { maxCount: 1 })], scenarios: ["today"] },
		);
		expect(refused.verdict).toBe("unknown");
		expect(refused.clusters[0]?.notEvaluated).toContain("AuthorizationFailed");
		const missing = await ask({ resources }, { clusters: [idOf("gone")] });
		expect(missing.verdict).toBe("unknown");
		expect(missing.clusters[0]?.notEvaluated).toContain("does not exist");
	});
});

describe("a request", () => {
	it("has what changes no sum ignored", async () => {
		const id = `/subscriptions/${subscription}/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/x`;
		const answer = await ask(
			{ resources },
			{ resources: [{ id, properties: {} }] },
		);
		expect(answer.ignored).toEqual([
			{
				id: id.toLowerCase(),
				reason:
					"Checks do not judge the type microsoft.storage/storageaccounts. IPs that it uses are not counted.",
			},
		]);
		expect(answer.verdict).toBe("fits");
	});

	it.each<{ what: string; request: Partial<CheckRequest>; field: string }>([
		{
			what: "an ID that is none",
			request: { removed: ["b"] },
			field: "removed[0]",
		},
		{
			what: "a cluster that is none",
			request: { clusters: [nodes] },
			field: "clusters[0]",
		},
		{
			what: "a new cluster without pools",
			request: {
				resources: [
					{
						id: idOf("c"),
						properties: { networkProfile: { networkPlugin: "azure" } },
					},
				],
			},
			field: "resources[0].properties.agentPoolProfiles",
		},
		{
			what: "a new pool without a count",
			request: {
				resources: [
					{
						id: idOf("c"),
						properties: {
							networkProfile: { networkPlugin: "azure" },
							agentPoolProfiles: [{ name: "system" }],
						},
					},
				],
			},
			field: "resources[0].properties.agentPoolProfiles[0].count",
		},
		{
			what: "a maximum that is no number",
			request: {
				resources: [
					{
						id: a,
						properties: {
							agentPoolProfiles: [{ name: "web", maxCount: "forty" }],
						},
					},
				],
			},
			field: "resources[0].properties.agentPoolProfiles[0].maxCount",
		},
		{
			what: "a prefix that is none",
			request: {
				resources: [
					{ id: nodes, properties: { addressPrefix: "10.1.0.0/33" } },
				],
			},
			field: "resources[0].properties.addressPrefix",
		},
		{
			what: "a new subnet without a prefix",
			request: {
				resources: [{ id: network.subnet("fresh"), properties: {} }],
			},
			field: "resources[0].properties.addressPrefix",
		},
	])("with $what is refused with the place", async ({ request, field }) => {
		const refused = await ask({ resources }, request).then(
			() => null,
			(error: unknown) => error,
		);
		expect(refused).toBeInstanceOf(WrongRequest);
		expect((refused as WrongRequest).faults[0]?.field).toBe(field);
	});
});
