import { describe, expect, it } from "vitest";
import {
	afterNights,
	expectations,
	healthy,
	sampleClusters,
	sampleFleet,
	unreadableSubscriptions,
} from "../../../local/fleet/sample.ts";
import { rules } from "../../../shared/rules/registry.ts";
import {
	list,
	ofType,
	otherResources,
	read,
	subnetsOf,
	types,
} from "./read.ts";

const names = sampleClusters.map(({ name }) => name);
const { resources, subscriptions } = sampleFleet();

describe("the sample fleet", () => {
	it("has names that occur once", () => {
		expect(new Set(names).size).toBe(names.length);
		expect(ofType(resources, types.cluster)).toHaveLength(names.length);
	});

	it("has ids that occur once", () => {
		const ids = resources.map(({ id }) => id.toLowerCase());

		expect(new Set(ids).size).toBe(ids.length);
	});

	it("has every network model", () => {
		expect(new Set(sampleClusters.map(({ model }) => model))).toEqual(
			new Set([
				"kubenet",
				"node-subnet",
				"overlay",
				"dynamic-pod-subnet",
				"static-pod-subnet",
				"none",
			]),
		);
	});

	it.each([
		["a stopped cluster", sampleClusters.some(({ stopped }) => stopped)],
		["a dual-stack one", sampleClusters.some(({ dualStack }) => dualStack)],
		["Karpenter's nodes", sampleClusters.some((one) => one.provisioned)],
		["an API server in a subnet", sampleClusters.some((one) => one.apiServer)],
		["a managed network", sampleClusters.some((one) => !one.nodeSubnet)],
		[
			"Windows nodes",
			sampleClusters.some(({ pools }) =>
				pools.some(({ os }) => os === "Windows"),
			),
		],
		[
			"a pool of machines",
			sampleClusters.some(({ pools }) =>
				pools.some(({ type }) => type === "VirtualMachines"),
			),
		],
		[
			"a gateway pool",
			sampleClusters.some(({ pools }) =>
				pools.some(({ mode }) => mode === "Gateway"),
			),
		],
	])("has %s", (_, isThere) => {
		expect(isThere).toBe(true);
	});

	it("is at one with itself: subnets list as many holders as there are", () => {
		const held = otherResources(resources);
		const differing = subnetsOf(resources).filter(
			(subnet) => subnet.held !== (held.get(subnet.id) ?? 0),
		);

		// Azure hides the owners in one. The nodes of the other ones are in a group that cannot be read.
		expect(differing.map(({ id }) => id.split("/").at(-1))).toEqual([
			"snet-perf-system",
			"snet-perf-load",
			"snet-integration",
		]);
	});

	it.each([
		// Sums of sample/expectations.ts.
		["snet-ingress", 234],
		["snet-aks-shared", 875],
		["snet-pos", 149],
		["snet-search", 145],
		["snet-campaigns-workers", 116],
		["snet-intranet", 213],
		["snet-perf-load", 29],
		["snet-dualstack", 10],
		["snet-training", 27],
		["snet-integration", null],
		["snet-streaming-pods", 0],
		["snet-apps-dev", 0],
	])("lists %s with %s holders", (name, held) => {
		const subnet = subnetsOf(resources).find(({ id }) =>
			id.endsWith(`/subnets/${name}`),
		);

		expect(subnet?.held).toBe(held);
	});

	it.each([
		["rt-legacy", 8],
		["rt-render", 374],
	])("has %s with %i routes", (name, routes) => {
		const table = ofType(resources, types.routeTable).find(
			(one) => one.name === name,
		);

		expect(list(table, "properties.routes")).toHaveLength(routes);
	});

	it("has one subscription that cannot be read, with a cluster's network", () => {
		const [hidden] = unreadableSubscriptions;
		const network = ofType(resources, types.network).find(({ id }) =>
			id.startsWith(`/subscriptions/${hidden}/`),
		);

		expect(unreadableSubscriptions).toHaveLength(1);
		expect(subscriptions.map(({ id }) => id)).toContain(hidden);
		expect(network?.name).toBe("vnet-partner-hub-weu");
	});

	it("lets a pool be changed", () => {
		const changed = sampleFleet({
			pools: { "aks-search-prod-weu/index": { maxCount: 7 } },
		});
		const search = changed.resources.find(
			({ name, type }) =>
				name === "aks-search-prod-weu" && type.endsWith("ManagedClusters"),
		);

		expect(read(search, "properties.agentPoolProfiles.1.maxCount")).toBe(7);
	});

	it("refuses to change a pool that is not there", () => {
		expect(() =>
			sampleFleet({ pools: { "aks-search-prod-weu/nobody": {} } }),
		).toThrow('"aks-search-prod-weu/nobody" is no cluster/pool');
	});
});

describe("what the sample fleet must cause", () => {
	it("names clusters that exist, and no finding twice", () => {
		const keys = expectations.map((one) =>
			[one.cluster, one.rule, one.budgetKind].join(),
		);

		expect(names).toEqual(
			expect.arrayContaining(expectations.map(({ cluster }) => cluster)),
		);
		expect(new Set(keys).size).toBe(keys.length);
	});

	it("has every rule that needs no history, severity, scenario and the kinds of budget that run out", () => {
		const all = (key: "rule" | "severity" | "scenario" | "budgetKind") =>
			new Set(expectations.map((one) => one[key]).filter(Boolean));

		expect(new Set([...all("rule"), ...afterNights])).toEqual(
			new Set(rules.map(({ id }) => id)),
		);
		expect(all("severity")).toEqual(
			new Set(["critical", "high", "medium", "low", "info"]),
		);
		expect(all("scenario").size).toBe(4);
		expect(all("budgetKind")).toEqual(
			new Set([
				"subnet",
				"pod-range",
				"pod-subnet",
				"pod-blocks",
				"routes",
				"api-server-subnet",
				"pool-nodes",
			]),
		);
	});

	it("reports all clusters except eight healthy ones", () => {
		const found = new Set(expectations.map(({ cluster }) => cluster));

		expect(healthy).toHaveLength(8);
		expect(new Set([...healthy, ...found])).toEqual(new Set(names));
		expect(healthy.filter((name) => found.has(name))).toEqual([]);
	});
});
