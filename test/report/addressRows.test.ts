import { describe, expect, it } from "vitest";
import {
	type AddressRow,
	addressRow,
	addressText,
	type Item,
	rowCount,
} from "../../report/charts/addressRows.ts";

function subnets(...prefixes: readonly string[]): Item[] {
	return prefixes.map((prefix) => ({ prefix, matters: true }));
}

function free(...prefixes: readonly string[]): Item[] {
	return prefixes.map((prefix) => ({ prefix, matters: false }));
}

/** Blocks of the rows, enlarged ones inside. */
type Blocks = [string, ...Blocks[]];

function blocks({ block, enlarged }: AddressRow<Item>): Blocks {
	return [block, ...enlarged.map(blocks)];
}

describe("the rows of an address space", () => {
	it("show a large subnet to scale, and nothing larger", () => {
		const row = addressRow("10.0.0.0/16", [
			...free("10.0.128.0/17"),
			...subnets("10.0.0.0/17"),
		]);
		expect(row).toEqual({
			block: "10.0.0.0/16",
			cells: [
				{ item: { prefix: "10.0.0.0/17", matters: true }, from: 0, to: 0.5 },
				{ item: { prefix: "10.0.128.0/17", matters: false }, from: 0.5, to: 1 },
			],
			enlarged: [],
		});
	});

	it("show twenty /24 of a /16 in two rows, and a /28 in one of its own", () => {
		const twenty = Array.from({ length: 20 }, (_, at) => `10.0.${at}.0/24`);
		const row = addressRow("10.0.0.0/16", subnets(...twenty, "10.0.20.16/28"));
		expect(blocks(row)).toEqual([
			"10.0.0.0/16",
			["10.0.0.0/20"],
			["10.0.16.0/21", ["10.0.20.0/26"]],
		]);
		const [low, high] = row.enlarged;
		// A /24 is a sixteenth of a /20.
		expect(low?.cells[1]).toMatchObject({ from: 1 / 16, to: 2 / 16 });
		expect(high?.enlarged[0]?.cells).toEqual([
			{ item: { prefix: "10.0.20.16/28", matters: true }, from: 0.25, to: 0.5 },
		]);
	});

	it("show what is far apart in rows apart", () => {
		const row = addressRow(
			"10.0.0.0/8",
			subnets("10.0.0.0/24", "10.200.0.0/24"),
		);
		expect(blocks(row)).toEqual([
			"10.0.0.0/8",
			["10.0.0.0/22"],
			["10.200.0.0/22"],
		]);
	});

	it("do not enlarge what is free", () => {
		expect(
			blocks(addressRow("10.0.0.0/16", free("10.0.0.0/24", "10.0.1.0/29"))),
		).toEqual(["10.0.0.0/16"]);
	});

	it("end: every row shows what it enlarges at least eight times larger", () => {
		const all = subnets(
			...Array.from(
				{ length: 256 },
				(_, at) => `10.${at}.${at}.${at & 0xf8}/29`,
			),
		);
		const row = addressRow("10.0.0.0/8", all);
		const check = (one: AddressRow<Item>): void => {
			for (const part of one.enlarged) {
				expect(lengthOf(part.block)).toBeGreaterThanOrEqual(
					lengthOf(one.block) + 3,
				);
				expect(part.cells.length).toBeGreaterThan(0);
				check(part);
			}
		};
		check(row);
		// They are far apart: each is alone.
		expect(rowCount(row)).toBe(1 + 256);
	});
});

function lengthOf(block: string): number {
	return Number(block.split("/")[1]);
}

it("an address is four numbers", () => {
	expect(addressText(10 * 2 ** 24 + 30 * 2 ** 16 + 4 * 2 ** 8 + 255)).toBe(
		"10.30.4.255",
	);
});
