import { describe, expect, it } from "vitest";
import {
	compareFullestFirst,
	fullPercent,
	type ListedBudget,
	placeOfBudget,
} from "../../shared/model/budgetList.ts";
import type { FleetCluster } from "../../shared/model/fleet.ts";
import { budgetsOf } from "../../shared/model/judgedBudget.ts";
import { fromStored, toStored } from "../../shared/records/storedBudget.ts";
import {
	cluster,
	clusterId,
	fleetOf,
	listedIn,
	overlayCluster,
	pool,
	range,
	sharedOf,
	subnet,
	subnetId,
} from "./builders.ts";

/** Two clusters of three nodes each in a /24, and another of its own. b may grow by two nodes and surges by two. */
const fleet = fleetOf({
	subnets: [
		subnet({ ipConfigurations: 178 }),
		subnet({ id: subnetId("own"), ipConfigurations: 87 }),
	],
	clusters: [
		cluster({ name: "a" }),
		cluster({
			name: "b",
			pools: [pool({ maxNodes: 5, surge: { kind: "nodes", nodes: 2 } })],
		}),
		overlayCluster({
			name: "c",
			pools: [pool({ nodeSubnet: subnetId("own"), maxNodes: 8 })],
		}),
	],
});

function list(isJudged?: (cluster: FleetCluster) => boolean) {
	return listedIn(fleet, isJudged);
}

function budget(id: string): ListedBudget {
	const found = list().find((one) => one.id === id);
	if (found === undefined) throw new Error(`no budget ${id}`);
	return found;
}

describe("a budget that clusters share", () => {
	it("is once in the list, with all who use it", () => {
		expect(list().filter(({ id }) => id === subnetId())).toHaveLength(1);
		expect(budget(subnetId()).clusters).toEqual([
			clusterId("a"),
			clusterId("b"),
		]);
	});

	it("has the demand of all of them, and the surge of the one that adds most", () => {
		// 178 are seen. b: 2 nodes x 29 to 31 more at its maximum, and two surge nodes of as much.
		expect(budget(subnetId())).toMatchObject({
			limit: range(251),
			demand: {
				today: range(178),
				upgrade: range(236, 240),
				full: range(236, 240),
				"full-upgrade": range(294, 302),
			},
			verdict: "short",
		});
	});

	it("is in the list where one of them is judged, with the surge of those that are not", () => {
		const onlyA = list(({ name }) => name === "a");
		expect(new Set(onlyA.flatMap(({ clusters }) => clusters))).toEqual(
			new Set([clusterId("a"), clusterId("b")]),
		);
		expect(onlyA.find(({ id }) => id === subnetId())).toEqual(
			budget(subnetId()),
		);
		expect(list(({ name }) => name === "c").map(({ id }) => id)).not.toContain(
			subnetId(),
		);
	});
});

it("gives budgets of one cluster the amounts that the cluster itself is judged by", () => {
	const shared = sharedOf(fleet);
	const own = fleet.clusters.flatMap((one) =>
		budgetsOf(one, shared).filter(({ view }) => !shared.has(view.budget.id)),
	);
	expect(own.length).toBeGreaterThan(5);
	for (const { view } of own) {
		const { demand } = budget(view.budget.id);
		for (const [name, scenario] of Object.entries(view.scenarios))
			expect(demand[name as "today"]).toEqual(scenario.demand);
	}
	expect(list()).toHaveLength(own.length + shared.size);
});

it("comes back from the tables as it was", () => {
	for (const one of list())
		expect(fromStored(JSON.parse(JSON.stringify(toStored(one))))).toEqual(one);
});

describe("the order", () => {
	const of = (
		id: string,
		limit: ListedBudget["limit"],
		full: ListedBudget["limit"],
	): ListedBudget => ({
		...budget(subnetId()),
		id,
		limit,
		demand: { ...budget(subnetId()).demand, full },
	});

	it("is fullest first, and what is not known last", () => {
		const budgets = [
			of("certain more", range(251), range(200, null)),
			of("certain less", range(251), range(10, null)),
			of("half", range(251), range(100, 125)),
			of("over", range(251), range(260, 300)),
			of("nothing there", range(0), range(3)),
			of("blocks with doubtful ends", range(10, 12), range(9)),
			of("no limit known", { low: 0, high: null }, range(3)),
			of("half too", range(251), range(90, 125)),
		];
		const inOrder = budgets.toSorted((a, b) =>
			compareFullestFirst(placeOfBudget(a), placeOfBudget(b)),
		);
		expect(inOrder.map((one) => [one.id, fullPercent(one)])).toEqual([
			["nothing there", null],
			["over", 119.5],
			["blocks with doubtful ends", 90],
			["half", 49.8],
			["half too", 49.8],
			["certain more", null],
			["certain less", null],
			["no limit known", null],
		]);
	});

	it("is that of the list", () => {
		const places = list().map(placeOfBudget);
		expect(places).toEqual(places.toSorted(compareFullestFirst));
		expect(new Set(places.map(({ id }) => id)).size).toBe(places.length);
	});
});
