import { describe, expect, it } from "vitest";
import type { Remedy } from "../../shared/contract.ts";
import type { Inventory, NodePool } from "../../shared/inventory/facts.ts";
import { capacityRemedies } from "../../shared/remedies/capacity.ts";
import { quoted } from "../../shared/remedies/shell.ts";
import {
	cluster,
	clusterOf,
	fleetOf,
	overlayCluster,
	pool,
	scaleSet,
	seen,
	subnet,
	subnetId,
} from "../model/builders.ts";

function remedies(
	overrides: Partial<Inventory>,
	kind: Parameters<typeof seen>[1] = "subnet",
): Remedy[] {
	const resolved = clusterOf(fleetOf(overrides)).cluster;
	if (resolved === null) throw new Error("not resolved");
	return capacityRemedies(resolved, seen(overrides, kind).view);
}

/** Nodes of 29 addresses in a /25 of 123, of which so many are there. */
function flat(nodes: number, of: Partial<NodePool>): Partial<Inventory> {
	return {
		clusters: [cluster({ pools: [pool({ minNodes: 1, ...of })] })],
		subnets: [
			subnet({ prefixes: ["10.1.0.0/25"], ipConfigurations: nodes * 29 }),
		],
		scaleSets: [scaleSet({ capacity: nodes })],
	};
}

describe("lowering the autoscaler's maximum", () => {
	it.each([
		// 8 x 29 = 232 of 123: 109 too many, ceil(109 / 29) = 4 nodes fewer.
		{ what: "to what fits", nodes: 2, of: { maxNodes: 8 }, most: 4 },
		{ what: "to what is there", nodes: 4, of: { maxNodes: 8 }, most: 4 },
		// 5 x 29 = 145: 22 too many, one fewer.
		{ what: "by one", nodes: 1, of: { maxNodes: 5 }, most: 4 },
		{
			what: "not below the autoscaler's minimum",
			nodes: 2,
			of: { maxNodes: 8, minNodes: 5 },
			most: null,
		},
		{
			what: "not where there is none",
			nodes: 3,
			of: { maxNodes: null },
			most: null,
		},
		{
			what: "not where full scale fits",
			nodes: 2,
			of: { maxNodes: 4 },
			most: null,
		},
	])("$what", ({ nodes, of, most }) => {
		const found = remedies(flat(nodes, of)).find(
			({ kind }) => kind === "lower-autoscaler-maximum",
		);
		if (most === null) expect(found).toBeUndefined();
		else
			expect(found?.command).toBe(
				`az aks nodepool update --resource-group rg-aks --cluster-name a --name np --update-cluster-autoscaler --min-count 1 --max-count ${most}`,
			);
	});
});

describe("a roomier budget", () => {
	it.each([
		// 8 nodes and a surge node of 29: 261 + 5 > 256.
		{ maxNodes: 8, length: 23 },
		// 7 nodes and a surge node of 29: 232 + 5 <= 256.
		{ maxNodes: 7, length: 24 },
	])(
		"a subnet of /$length carries $maxNodes nodes and surge",
		({ maxNodes, length }) => {
			expect(remedies(flat(2, { maxNodes })).at(-1)).toMatchObject({
				kind: "larger-subnet",
				text: expect.stringContaining(`/${length} `),
			});
		},
	);

	it.each([
		// 17 nodes and a surge node: 18 blocks, 2^5; 32 and one: 33, 2^6.
		{ maxNodes: 17, length: 19 },
		{ maxNodes: 31, length: 19 },
		{ maxNodes: 32, length: 18 },
	])(
		"a pod range of /$length carries $maxNodes nodes and surge",
		({ maxNodes, length }) => {
			const [remedy] = remedies(
				{
					clusters: [
						overlayCluster({
							podCidr: "10.244.0.0/20",
							pools: [pool({ maxNodes })],
						}),
					],
				},
				"pod-range",
			).filter(({ kind }) => kind === "larger-pod-range");
			expect(remedy?.text).toContain(`/${length} `);
		},
	);

	it.each([
		// Max pods 30: two blocks a node. A /22 has 62 for certain, a /21 126.
		{ nodes: 31, length: 22 },
		{ nodes: 32, length: 21 },
	])(
		"a pod subnet of /$length carries static blocks of $nodes nodes",
		({ nodes, length }) => {
			const pods = subnetId("pods");
			const [remedy] = remedies(
				{
					clusters: [
						cluster({
							pools: [
								pool({
									reportedNodes: nodes,
									podSubnet: pods,
									staticBlocks: true,
									surge: { kind: "nodes", nodes: 0 },
								}),
							],
						}),
					],
					subnets: [subnet(), subnet({ id: pods, prefixes: ["10.1.4.0/23"] })],
				},
				"pod-blocks",
			);
			expect(remedy?.text).toContain(`/${length} `);
		},
	);

	it("of an API server moves no pool", () => {
		const api = subnetId("api");
		const found = remedies(
			{
				clusters: ["a", "b"].map((name) =>
					cluster({ name, apiServer: { subnet: api } }),
				),
				subnets: [subnet(), subnet({ id: api, prefixes: ["10.1.8.0/28"] })],
			},
			"api-server-subnet",
		);
		expect(found.length).toBeGreaterThan(0);
		for (const { text } of found)
			expect(text).not.toMatch(/pools? to a subnet/);
	});
});

describe("a name in a command", () => {
	it.each([
		{ name: "aks-prod_1.weu", word: "aks-prod_1.weu" },
		{ name: "rg (old)", word: "'rg (old)'" },
		{ name: "it's", word: "'it'\\''s'" },
		{ name: "$(rm -rf ~)", word: "'$(rm -rf ~)'" },
		{ name: "a;b", word: "'a;b'" },
		{ name: "a\nb", word: "'a\nb'" },
		{ name: "", word: "''" },
	])("$name is one word of a shell", ({ name, word }) => {
		expect(quoted(name)).toBe(word);
	});
});
