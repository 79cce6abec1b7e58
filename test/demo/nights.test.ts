import { expect, it } from "vitest";
import { fleetOfNight, growth, nightOf } from "../../local/demo/nights.ts";
import { sampleFleet } from "../../local/fleet/sample.ts";

const nodes = (night: number) => nightOf(night).fleet.pools?.[growth.pool];

it("begins with the sample fleet as it is", () => {
	expect(fleetOfNight(nightOf(1)).resources).toEqual(sampleFleet().resources);
});

it.each([
	{ night: 1, nodes: 4, maxCount: 10 },
	{ night: 2, nodes: 7, maxCount: 13 },
	{ night: 14, nodes: 43, maxCount: 49 },
	{ night: 15, nodes: 43, maxCount: 49 },
	{ night: 21, nodes: 43, maxCount: 49 },
	{ night: 22, nodes: 46, maxCount: 52 },
	{ night: 30, nodes: 70, maxCount: 76 },
])("has $nodes nodes in the growing pool in night $night", (row) => {
	const { night, ...grown } = row;
	expect(nodes(night)).toEqual(grown);
});

it("changes nothing at all in the quiet week", () => {
	const before = fleetOfNight(nightOf(14));
	for (let night = 15; night <= 21; night++)
		expect(fleetOfNight(nightOf(night))).toEqual(before);
});

it("keeps what has happened, and forgets what has passed", () => {
	const { fleet, silent } = nightOf(30);
	expect(fleet.without).toEqual(["aks-flink-prod-weu"]);
	expect(fleet.pools?.["aks-search-prod-weu/index"]).toEqual({ maxCount: 8 });
	expect(fleet.pools?.["aks-observability-prod-weu/collectors"]).toEqual({
		maxCount: 13,
	});
	expect(silent).toEqual([]);
	expect(nightOf(12).silent).toHaveLength(1);
	expect(fleetOfNight(nightOf(12)).readableSubscriptions).toHaveLength(4);
});

it("goes on growing after the last line, and nothing else", () => {
	expect(nightOf(40)).toMatchObject({ says: "", silent: [] });
	expect(nodes(40)).toEqual({ nodes: 100, maxCount: 106 });
});
