import { describe, expect, it } from "vitest";
import type { ListedBudget } from "../../shared/model/budgetList.ts";
import {
	budgetIndex,
	budgetVerdicts,
	partsOf,
	positionsMeant,
} from "../../shared/records/budgetIndex.ts";
import { clusterId, range, subnetId, subscription } from "./builders.ts";

function listed(
	id: string,
	kind: ListedBudget["kind"],
	verdict: ListedBudget["verdict"],
): ListedBudget {
	return {
		id,
		kind,
		name: id,
		limit: range(100),
		demand: {
			today: range(50),
			upgrade: range(50),
			full: range(50),
			"full-upgrade": range(50),
		},
		verdict,
		clusters: [clusterId()],
		otherResources: range(0),
		otherResourcesByKind: null,
		runway: null,
		wonBack: 0,
	};
}

const net = subnetId("one").replace("/subnets/one", "");
const other = subnetId("three", "other").replace("/subnets/three", "");
const index = budgetIndex([
	listed(subnetId("one"), "subnet", "short"),
	listed(subnetId("two"), "pod-subnet", "tight"),
	listed(`${clusterId()}/pod-range`, "pod-range", "tight"),
	listed(subnetId("three", "other"), "subnet", "fits"),
	listed("no arm id", "subnet", "fits"),
]);

describe("the positions that a filter means", () => {
	it.each([
		{ filter: {}, positions: [0, 1, 2, 3, 4] },
		{ filter: { kind: ["subnet" as const] }, positions: [0, 3, 4] },
		{
			filter: { kind: ["subnet" as const, "pod-range" as const] },
			positions: [0, 2, 3, 4],
		},
		{ filter: { verdict: ["tight" as const] }, positions: [1, 2] },
		{ filter: { verdict: ["unknown" as const] }, positions: [] },
		{ filter: { network: [net] }, positions: [0, 1] },
		{ filter: { network: [net, other] }, positions: [0, 1, 3] },
		{ filter: { subscription: [subscription] }, positions: [0, 1, 2, 3] },
		{
			filter: { kind: ["subnet" as const], network: [other] },
			positions: [3],
		},
	])("$filter are $positions", ({ filter, positions }) => {
		expect(positionsMeant(index, filter)).toEqual(positions);
	});

	it("begin and end where they are asked to", () => {
		expect(positionsMeant(index, { kind: ["subnet"] }, 1, 1)).toEqual([3]);
		expect(positionsMeant(index, {}, 5)).toEqual([]);
	});
});

it("counts the verdicts", () => {
	expect(budgetVerdicts(index)).toEqual({
		fits: 2,
		tight: 2,
		short: 1,
		unknown: 0,
	});
});

it("has the first place of each part", () => {
	const budgets = Array.from({ length: 2001 }, (_, number) =>
		listed(`b${number}`, "subnet", "fits"),
	);
	expect(budgetIndex(budgets).firstPlaces.map(({ id }) => id)).toEqual([
		"b0",
		"b2000",
	]);
	expect(partsOf(budgets).map((part) => part.length)).toEqual([2000, 1]);
	expect(budgetIndex([]).firstPlaces).toEqual([]);
});
