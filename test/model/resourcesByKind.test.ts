import { describe, expect, it } from "vitest";
import type { Inventory, OtherResource } from "../../shared/inventory/facts.ts";
import {
	otherResourcesExceed,
	resourcesByKind,
} from "../../shared/model/resourcesByKind.ts";
import {
	cluster,
	nodeGroup,
	pool,
	range,
	scaleSet,
	seen,
	subnet,
	subnetId,
} from "./builders.ts";

function resource(overrides: Partial<OtherResource> = {}): OtherResource {
	return {
		kind: "private-endpoint",
		subnet: subnetId(),
		group: null,
		addresses: 1,
		entries: overrides.addresses ?? 1,
		...overrides,
	};
}

/** Three nodes that use 29 addresses each, and as many other resources as the subnet shows beyond these 87. */
function measured(
	others: number,
	otherResources: Inventory["otherResources"],
): Partial<Inventory> {
	return {
		subnets: [subnet({ ipConfigurations: 87 + others })],
		scaleSets: [scaleSet()],
		otherResources,
	};
}

describe("who uses what is not the nodes'", () => {
	it.each([
		{
			title: "nobody",
			of: measured(0, []),
			otherResources: range(0),
			otherResourcesByKind: [],
			exceed: null,
		},
		{
			title: "known to the last",
			of: measured(5, [
				resource({
					kind: "virtual-machine",
					group: "s/rg-tools",
					addresses: 2,
				}),
				resource({ addresses: 3 }),
			]),
			otherResources: range(5),
			otherResourcesByKind: [
				{ kind: "private-endpoint", addresses: range(3) },
				{ kind: "virtual-machine", addresses: range(2) },
			],
			exceed: null,
		},
		{
			title: "more than one row of a kind, and some that no kind explains",
			of: measured(9, [
				resource({ kind: "scale-set", addresses: 4 }),
				resource({ kind: "scale-set", addresses: 2 }),
			]),
			otherResources: range(9),
			otherResourcesByKind: [
				{ kind: "scale-set", addresses: range(6) },
				{ kind: "other", addresses: range(3) },
			],
			exceed: null,
		},
		{
			title: "in another subnet",
			of: measured(1, [resource({ subnet: subnetId("elsewhere") })]),
			otherResources: range(1),
			otherResourcesByKind: [{ kind: "other", addresses: range(1) }],
			exceed: null,
		},
		{
			title: "machines of a node resource group, which are nodes",
			of: measured(0, [
				resource({
					kind: "virtual-machine",
					group: nodeGroup(),
					addresses: 87,
				}),
			]),
			otherResources: range(0),
			otherResourcesByKind: [],
			exceed: null,
		},
		{
			title: "an endpoint of a node resource group, which is no node",
			of: measured(1, [resource({ group: null })]),
			otherResources: range(1),
			otherResourcesByKind: [{ kind: "private-endpoint", addresses: range(1) }],
			exceed: null,
		},
		{
			title: "more than is left: rows of different age",
			of: measured(2, [resource({ addresses: 5 })]),
			otherResources: range(2),
			otherResourcesByKind: [{ kind: "private-endpoint", addresses: range(5) }],
			exceed: "age",
		},
		{
			// 3 nodes by the models: 87 to 93. 90 seen: that settles the nodes, but 3 of the 90 are not theirs.
			title: "fewer than the nodes' range leaves open",
			of: {
				subnets: [subnet({ ipConfigurations: 90 })],
				otherResources: [resource({ addresses: 3 })],
			},
			otherResources: range(0),
			otherResourcesByKind: [{ kind: "private-endpoint", addresses: range(3) }],
			exceed: "nodes",
		},
		{
			title: "one more than the nodes' range leaves open",
			of: {
				subnets: [subnet({ ipConfigurations: 90 })],
				otherResources: [resource({ addresses: 4 })],
			},
			otherResources: range(0),
			otherResourcesByKind: [{ kind: "private-endpoint", addresses: range(4) }],
			exceed: "age",
		},
		{
			// 100 seen, 87 to 93 of the nodes: 7 to 13 of other resources, of which 5 are known.
			title: "some of a number that is a range",
			of: {
				subnets: [subnet({ ipConfigurations: 100 })],
				otherResources: [resource({ addresses: 5 })],
			},
			otherResources: range(7, 13),
			otherResourcesByKind: [
				{ kind: "private-endpoint", addresses: range(5) },
				{ kind: "other", addresses: range(2, 8) },
			],
			exceed: null,
		},
		{
			title: "where Azure shows no ip configurations",
			of: {
				subnets: [subnet()],
				scaleSets: [scaleSet()],
				otherResources: [resource({ addresses: 5 })],
			},
			otherResources: range(0, null),
			otherResourcesByKind: [
				{ kind: "private-endpoint", addresses: range(5) },
				{ kind: "other", addresses: range(0, null) },
			],
			exceed: null,
		},
		{
			title: "not known, where rows are missing",
			of: measured(5, null),
			otherResources: range(5),
			otherResourcesByKind: null,
			exceed: null,
		},
	])("$title", ({ of, otherResources, otherResourcesByKind, exceed }) => {
		const { view } = seen(of);
		expect(view.now.otherResources).toEqual(otherResources);
		expect(resourcesByKind(view)).toEqual(otherResourcesByKind);
		expect(otherResourcesExceed(view)).toBe(exceed);
	});

	it.each([
		["nothing known", [] as OtherResource[]],
		["much known", [resource({ addresses: 40 })]],
		["nothing to be known", null],
	])("changes no sum and no verdict: %s", (_, otherResources) => {
		const { scenarios } = seen(measured(40, otherResources)).view;
		expect(scenarios.today.demand).toEqual(range(127));
		expect(scenarios.upgrade.demand).toEqual(range(156));
		expect(scenarios.upgrade.verdict).toBe("fits");
	});

	it("is not asked of budgets other than node subnets", () => {
		const pods = subnetId("pods");
		const { view } = seen(
			{
				clusters: [cluster({ pools: [pool({ podSubnet: pods })] })],
				subnets: [subnet(), subnet({ id: pods })],
				otherResources: [resource({ subnet: pods })],
			},
			"pod-subnet",
		);
		expect(resourcesByKind(view)).toBeNull();
	});
});
