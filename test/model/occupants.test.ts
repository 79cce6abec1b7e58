import { describe, expect, it } from "vitest";
import type { Holding, Inventory } from "../../shared/inventory/facts.ts";
import { occupantsExceed, occupantsOf } from "../../shared/model/occupants.ts";
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

function holding(overrides: Partial<Holding> = {}): Holding {
	return {
		kind: "private-endpoint",
		subnet: subnetId(),
		group: null,
		addresses: 1,
		entries: overrides.addresses ?? 1,
		...overrides,
	};
}

/** Three nodes that hold 29 addresses each, and as many others as the subnet shows beyond these 87. */
function measured(
	others: number,
	holdings: Inventory["holdings"],
): Partial<Inventory> {
	return {
		subnets: [subnet({ ipConfigurations: 87 + others })],
		scaleSets: [scaleSet()],
		holdings,
	};
}

describe("who holds what is not the nodes'", () => {
	it.each([
		{
			title: "nobody",
			of: measured(0, []),
			others: range(0),
			occupants: [],
			exceed: null,
		},
		{
			title: "known to the last",
			of: measured(5, [
				holding({ kind: "virtual-machine", group: "s/rg-tools", addresses: 2 }),
				holding({ addresses: 3 }),
			]),
			others: range(5),
			occupants: [
				{ kind: "private-endpoint", addresses: range(3) },
				{ kind: "virtual-machine", addresses: range(2) },
			],
			exceed: null,
		},
		{
			title: "more than one row of a kind, and some that no kind explains",
			of: measured(9, [
				holding({ kind: "scale-set", addresses: 4 }),
				holding({ kind: "scale-set", addresses: 2 }),
			]),
			others: range(9),
			occupants: [
				{ kind: "scale-set", addresses: range(6) },
				{ kind: "other", addresses: range(3) },
			],
			exceed: null,
		},
		{
			title: "in another subnet",
			of: measured(1, [holding({ subnet: subnetId("elsewhere") })]),
			others: range(1),
			occupants: [{ kind: "other", addresses: range(1) }],
			exceed: null,
		},
		{
			title: "machines of a node resource group, which are nodes",
			of: measured(0, [
				holding({
					kind: "virtual-machine",
					group: nodeGroup(),
					addresses: 87,
				}),
			]),
			others: range(0),
			occupants: [],
			exceed: null,
		},
		{
			title: "an endpoint of a node resource group, which is no node",
			of: measured(1, [holding({ group: null })]),
			others: range(1),
			occupants: [{ kind: "private-endpoint", addresses: range(1) }],
			exceed: null,
		},
		{
			title: "more than is left: rows of different age",
			of: measured(2, [holding({ addresses: 5 })]),
			others: range(2),
			occupants: [{ kind: "private-endpoint", addresses: range(5) }],
			exceed: "age",
		},
		{
			// 3 nodes by the models: 87 to 93. 90 seen: that settles the nodes, but 3 of the 90 are not theirs.
			title: "fewer than the nodes' range leaves open",
			of: {
				subnets: [subnet({ ipConfigurations: 90 })],
				holdings: [holding({ addresses: 3 })],
			},
			others: range(0),
			occupants: [{ kind: "private-endpoint", addresses: range(3) }],
			exceed: "nodes",
		},
		{
			title: "one more than the nodes' range leaves open",
			of: {
				subnets: [subnet({ ipConfigurations: 90 })],
				holdings: [holding({ addresses: 4 })],
			},
			others: range(0),
			occupants: [{ kind: "private-endpoint", addresses: range(4) }],
			exceed: "age",
		},
		{
			// 100 seen, 87 to 93 of the nodes: 7 to 13 others, of which 5 are known.
			title: "some of a number that is a range",
			of: {
				subnets: [subnet({ ipConfigurations: 100 })],
				holdings: [holding({ addresses: 5 })],
			},
			others: range(7, 13),
			occupants: [
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
				holdings: [holding({ addresses: 5 })],
			},
			others: range(0, null),
			occupants: [
				{ kind: "private-endpoint", addresses: range(5) },
				{ kind: "other", addresses: range(0, null) },
			],
			exceed: null,
		},
		{
			title: "not known, where rows are missing",
			of: measured(5, null),
			others: range(5),
			occupants: null,
			exceed: null,
		},
	])("$title", ({ of, others, occupants, exceed }) => {
		const { view } = seen(of);
		expect(view.now.others).toEqual(others);
		expect(occupantsOf(view)).toEqual(occupants);
		expect(occupantsExceed(view)).toBe(exceed);
	});

	it.each([
		["nothing known", [] as Holding[]],
		["much known", [holding({ addresses: 40 })]],
		["nothing to be known", null],
	])("changes no sum and no verdict: %s", (_, holdings) => {
		const { scenarios } = seen(measured(40, holdings)).view;
		expect(scenarios.today.drawn).toEqual(range(127));
		expect(scenarios.upgrade.drawn).toEqual(range(156));
		expect(scenarios.upgrade.verdict).toBe("fits");
	});

	it("is not asked of budgets other than node subnets", () => {
		const pods = subnetId("pods");
		const { view } = seen(
			{
				clusters: [cluster({ pools: [pool({ podSubnet: pods })] })],
				subnets: [subnet(), subnet({ id: pods })],
				holdings: [holding({ subnet: pods })],
			},
			"pod-subnet",
		);
		expect(occupantsOf(view)).toBeNull();
	});
});
