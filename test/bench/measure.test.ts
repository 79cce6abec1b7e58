import { expect, it } from "vitest";
import {
	type Contents,
	entityBytes,
	nothing,
	writtenBetween,
} from "../../bench/entities.ts";
import { median, quotaMilliseconds } from "../../bench/measure.ts";
import { withMovedNodes } from "../../bench/movedNodes.ts";
import { auditQueries, leastRequests } from "../../bench/queries.ts";
import { table } from "../../bench/table.ts";
import { generateFleet } from "../../local/fleet/generate.ts";

it.each([
	{ values: [3], middle: 3 },
	{ values: [9, 1, 2], middle: 2 },
	{ values: [4, 1], middle: 2.5 },
])("the median of $values is $middle", ({ values, middle }) => {
	expect(median(values)).toBe(middle);
});

it.each([
	{ requests: 0, milliseconds: 0 },
	{ requests: 15, milliseconds: 0 },
	{ requests: 16, milliseconds: 5000 },
	{ requests: 59, milliseconds: 15_000 },
])(
	"15 requests in 5 s let $requests pass in $milliseconds ms",
	({ requests, milliseconds }) => {
		expect(quotaMilliseconds(requests, { requests: 15, seconds: 5 })).toBe(
			milliseconds,
		);
	},
);

it("a query takes a request for each 1,000 rows that it has, and one for none", () => {
	expect(leastRequests([0, 1, 1000, 1001, 28_542])).toBe(1 + 1 + 1 + 2 + 29);
});

it("knows the queries of an audit without asking any", async () => {
	const names = (await auditQueries()).map(({ name }) => name);
	expect(names).toContain("clusters");
	expect(new Set(names).size).toBe(names.length);
});

it("counts what is new and what was written again, not what stayed", () => {
	const findings = (entries: [string, string][]): Contents => ({
		results: new Map(entries),
	});
	const before = findings([
		["kept", "1"],
		["changed", "1"],
		["gone", "1"],
	]);
	const after = findings([
		["kept", "1"],
		["changed", "2"],
		["new", "1"],
	]);
	expect(writtenBetween(before, after)).toEqual({ results: 2 });
	expect(writtenBetween(nothing, after)).toEqual({ results: 3 });
});

it("counts the bytes of an entity as the service bills them", () => {
	const entity = {
		partitionKey: "ab",
		rowKey: "c",
		etag: "not stored",
		text: "four",
		bytes: new Uint8Array(10),
		flag: true,
		count: 3,
	};
	// 4 + 2 x 3; text 8 + 8 + 4 + 8; bytes 8 + 10 + 4 + 10; flag 8 + 8 + 1; count 8 + 10 + 8.
	expect(entityBytes(entity)).toBe(10 + 28 + 32 + 17 + 26);
});

it("moves a node in the pools and scale sets of so many percent of the clusters", () => {
	const fleet = generateFleet({ clusters: 100, seed: 1 });
	const moved = withMovedNodes(fleet, 30);
	const changed = fleet.filter((resource, index) => resource !== moved[index]);
	const isCluster = ({ type }: { readonly type: string }) =>
		type.toLowerCase() === "microsoft.containerservice/managedclusters";
	expect(changed.filter(isCluster)).toHaveLength(30);
	expect(changed.length).toBeGreaterThan(60);
	expect(withMovedNodes(fleet, 0)).toEqual(fleet);
});

it("aligns columns to the right", () => {
	expect(table(["clusters", "s"], [["1000", "3.30"]])).toBe(
		["clusters     s", "--------------", "    1000  3.30"].join("\n"),
	);
});
