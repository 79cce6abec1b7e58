import { expect, it } from "vitest";
import { fleetOfYear } from "../../bench/yearFleet.ts";
import { type Month, yearTargets } from "../../bench/yearRun.ts";
import type { RawResource } from "../../local/fleet/rawResource.ts";

const cluster = (name: string): RawResource => ({
	id: `/clusters/${name}`,
	name,
	type: "Microsoft.ContainerService/managedClusters",
	properties: {
		agentPoolProfiles: [{ name: "fixed" }, { name: "grows", maxCount: 10 }],
	},
});
const subnet: RawResource = { id: "/s", name: "s", type: "other/things" };
const fleet = [cluster("a"), subnet, cluster("b")];

interface Pools {
	readonly agentPoolProfiles: readonly { readonly maxCount?: number }[];
}

const maxima = (night: number) =>
	fleetOfYear(fleet, night)
		.flatMap(({ properties }) =>
			properties ? [properties as unknown as Pools] : [],
		)
		.map(({ agentPoolProfiles }) =>
			agentPoolProfiles.map(({ maxCount }) => maxCount ?? null),
		);

it.each([
	{ night: 1, a: 10, b: 30 },
	{ night: 2, a: 30, b: 30 },
	{ night: 3, a: 30, b: 15 },
	{ night: 4, a: 15, b: 15 },
	{ night: 5, a: 15, b: 10 },
	{ night: 6, a: 10, b: 10 },
	{ night: 8, a: 20, b: 20 },
	{ night: 10, a: 10, b: 10 },
	{ night: 11, a: 10, b: 30 },
])("lets one cluster change in night $night", ({ night, a, b }) => {
	expect(maxima(night)).toEqual([
		[null, a],
		[null, b],
	]);
	expect(fleetOfYear(fleet, night)[1]).toBe(subnet);
});

function year(changes: (month: number) => Partial<Month>): Month[] {
	return Array.from({ length: 12 }, (_, month) => ({
		nights: [{ wallMs: 100, hostMs: 50 }],
		entities: {
			audits: 50,
			fleet: 50,
			results: 0,
			series: 0,
			acceptances: 0,
			alerts: 9,
		},
		instances: 10,
		cards: 1,
		...changes(month),
	}));
}

it("reaches its targets where the last quarter is as the second", () => {
	expect(yearTargets(year(() => ({}))).map(({ reached }) => reached)).toEqual([
		true,
		true,
		true,
		true,
	]);
});

it("misses them where something keeps growing", () => {
	const growing = year((month) => ({
		nights: [{ wallMs: 100 + 10 * month, hostMs: 50 + month }],
		instances: 30 * (month + 1),
	}));
	// Months 11 and 5 are in the middle: 200 / 140 ms, 60 / 54 ms.
	expect(
		yearTargets(growing).map(({ measured, reached }) => [measured, reached]),
	).toEqual([
		["1.00 x", true],
		["360 at the most", false],
		["1.43 x", false],
		["1.11 x", true],
	]);
});
