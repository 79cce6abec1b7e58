import { readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { networkOfSubnet } from "../../shared/arm.ts";
import { listedOwnersQuery } from "../../shared/inventory/listedOwners.ts";
import { listedRoutesQuery } from "../../shared/inventory/listedRoutes.ts";
import { queries } from "../../shared/inventory/queries.ts";
import type { Query } from "../../shared/inventory/rows.ts";
import { wholeNetworkQuery } from "../../shared/inventory/subnets.ts";
import { lintQuery } from "../local/resourceGraph/lint.ts";
import { subnetId } from "../model/builders.ts";

const folder = new URL("../../shared/inventory/", import.meta.url);
const files = readdirSync(folder).filter((name) => name.endsWith(".ts"));

function isQuery(value: unknown): value is Query<unknown> {
	return typeof value === "object" && value !== null && "kql" in value;
}

const exported = (
	await Promise.all(
		files.map(async (file) => {
			const module: Record<string, unknown> = await import(
				new URL(file, folder).href
			);
			return Object.entries(module);
		}),
	)
).flat();

/** Every query of the inventory, found in its files, so that a new one cannot be forgotten. */
const all: Query<unknown>[] = [
	...exported.flatMap(([, value]) => (isQuery(value) ? [value] : [])),
	wholeNetworkQuery(networkOfSubnet(subnetId())),
	listedOwnersQuery([subnetId()], 0),
	listedOwnersQuery([subnetId()], 1),
	listedRoutesQuery([subnetId()]),
];

describe("queries of the inventory", () => {
	it("are all checked against the schema here", () => {
		expect(all).toEqual(expect.arrayContaining(Object.values(queries)));
		// One that is made by a function has to be added above.
		expect(
			exported.flatMap(([name, value]) =>
				name.endsWith("Query") && !isQuery(value) ? [name] : [],
			),
		).toEqual(["listedOwnersQuery", "listedRoutesQuery", "wholeNetworkQuery"]);
	});

	describe.each(all)("$name", ({ kql, of }) => {
		const { columns, problems } = lintQuery(kql);

		it("can be paged through safely", () => {
			expect(problems).toEqual([]);
		});

		it("answers a string column id, without which there is no $skipToken", () => {
			expect(columns.find(({ name }) => name === "id")?.type).toBe("string");
		});

		it("says what its rows are", () => {
			expect(of).toMatch(/^[a-z]/);
		});
	});

	it("without which there is no audit are those of subscriptions and clusters", () => {
		expect(
			all
				.filter(({ required }) => required)
				.map(({ name }) => name)
				.sort(),
		).toEqual(["clusters", "containers", "subscriptions"]);
	});

	it("are asked about a network or a subnet by its id alone", () => {
		const foreign = "/subscriptions/x' or id != '/providers/y";
		expect(() => wholeNetworkQuery(foreign)).toThrow("not an ARM ID");
		expect(() => listedOwnersQuery([subnetId(), foreign], 0)).toThrow(
			"not an ARM ID",
		);
	});
});
