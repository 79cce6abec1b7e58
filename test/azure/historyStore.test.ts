import { beforeEach, describe, expect, it } from "vitest";
import {
	addToHistory,
	findSeries,
	mergeHistory,
	removeHistoryBefore,
} from "../../shared/azure/historyStore.ts";
import type { Tables } from "../../shared/azure/tables.ts";
import { pointsFrom } from "../../shared/history/compact.ts";
import type { Addition, Point } from "../../shared/history/series.ts";
import { known, nightly, point } from "../history/points.ts";
import { sharedStorage, tablesOf } from "../workflow/storage.ts";

const storage = sharedStorage();
let tables: Tables;

beforeEach(async () => {
	tables = await tablesOf(storage.next());
});

function addition(name: string, of: Point): Addition {
	return {
		budget: { id: `/subnets/${name}`, kind: "subnet", name, unit: "addresses" },
		point: of,
	};
}

async function add(...additions: readonly Addition[]) {
	const given = new Map<string, readonly Point[]>();
	await addToHistory(tables, additions, (budget, points) =>
		given.set(budget, pointsFrom(points)),
	);
	return given;
}

async function rows() {
	const found: Record<string, unknown>[] = [];
	for await (const row of tables.series.listEntities()) found.push(row);
	return found;
}

describe("the history of budgets", () => {
	it("grows by a point an audit, and returns the series as it is then", async () => {
		const [first, second] = nightly(2, (night) => 7 + night) as [Point, Point];
		expect(await add(addition("a", first))).toEqual(
			new Map([["/subnets/a", [first]]]),
		);
		expect(await add(addition("a", second))).toEqual(
			new Map([["/subnets/a", [first, second]]]),
		);
		expect(await findSeries(tables, "/subnets/a")).toEqual({
			id: "/subnets/a",
			kind: "subnet",
			name: "a",
			unit: "addresses",
			points: [first, second],
		});
		expect(await findSeries(tables, "/subnets/b")).toBeNull();
	});

	it("takes what an audit says twice once, and writes it once", async () => {
		const additions = Array.from({ length: 300 }, (_, index) =>
			addition(`subnet-${index}`, point(0)),
		);
		await add(...additions);
		const before = await rows();
		const given = await add(...additions);
		// 300 budgets in 64 buckets.
		expect(before.length).toBeGreaterThan(32);
		expect(before.length).toBeLessThanOrEqual(64);
		expect(await rows()).toEqual(before);
		expect(given.size).toBe(300);
		expect(new Set([...given.values()].map(({ length }) => length))).toEqual(
			new Set([1]),
		);
	});

	it("keeps newer points where an older audit comes late", async () => {
		const points = nightly(3, (night) => night);
		for (const index of [0, 2, 1])
			await add(addition("a", points[index] as Point));
		expect((await findSeries(tables, "/subnets/a"))?.points).toEqual(points);
		// 1 September 2026 and two nights.
		expect(await rows()).toMatchObject([
			{ oldestEnd: "2026-09-03T05:00:00.000Z" },
		]);
	});

	it("loses no point of audits that write at once", async () => {
		const audits = [0, 1, 2];
		await Promise.all(
			audits.map((night) =>
				add(
					...Array.from({ length: 150 }, (_, index) =>
						addition(`subnet-${index}`, point(night)),
					),
				),
			),
		);
		for (const index of [0, 75, 149])
			expect(
				(await findSeries(tables, `/subnets/subnet-${index}`))?.points,
			).toEqual(audits.map((night) => point(night)));
	});

	it("leaves budgets that an audit does not see as they are", async () => {
		await add(addition("a", point(0)), addition("gone", point(0)));
		await add(addition("a", point(1)));
		expect((await findSeries(tables, "/subnets/gone"))?.points).toEqual([
			point(0),
		]);
	});

	it("is removed where nobody has seen the budget since then", async () => {
		await add(
			addition("old", point(0)),
			addition("kept", point(0)),
			addition("new", point(9)),
		);
		await add(addition("kept", point(8, { demand: known(5) })));
		expect(await removeHistoryBefore(tables, "2026-09-02T00:00:00.000Z")).toBe(
			1,
		);
		expect(await findSeries(tables, "/subnets/old")).toBeNull();
		expect((await findSeries(tables, "/subnets/kept"))?.points).toHaveLength(2);
		expect(await findSeries(tables, "/subnets/new")).not.toBeNull();
	});

	/** The points of nights that are over. */
	function taken(points: readonly Point[]) {
		return mergeHistory(tables, [
			{ ...addition("a", point(0)).budget, points },
		]);
	}

	it("moves what is too old for the trend into the archive, and shows all of it", async () => {
		const points = nightly(125, (night) => night);
		await taken(points.slice(0, 97));
		for (const at of points.slice(97)) {
			const given = await add(addition("a", at));
			// The trend looks back 90 days. Above 97, it takes at most 22 until the archive is written again.
			const handy = given.get("/subnets/a")?.length;
			expect(handy).toBeGreaterThanOrEqual(91);
			expect(handy).toBeLessThanOrEqual(119);
		}
		expect((await findSeries(tables, "/subnets/a"))?.points).toEqual(points);
		expect((await rows()).map(({ rowKey }) => rowKey)).toEqual([
			"archive",
			"recent",
		]);
	});

	it("keeps a year, and reads no more each night for it", async () => {
		const points = nightly(400, () => 7);
		await taken(points.slice(0, 399));
		const given = await add(addition("a", points[399] as Point));
		expect(given.get("/subnets/a")?.length).toBeLessThanOrEqual(98);
		const kept = (await findSeries(tables, "/subnets/a"))?.points ?? [];
		expect(kept.at(-1)).toEqual(points[399]);
		// A year before the last night that was taken over, and the one since.
		expect(kept).toHaveLength(366);
	});

	it("takes points over once, however often", async () => {
		const points = nightly(120, (night) => night);
		await taken(points);
		const before = await rows();
		await taken(points);
		expect(await rows()).toEqual(before);
	});

	it("loses no point where two audits archive at once", async () => {
		const points = nightly(125, (night) => night);
		await taken(points.slice(0, 97));
		for (let night = 97; night < 125; night += 2)
			await Promise.all(
				[night, night + 1].flatMap((one) => {
					const at = points[one];
					return at === undefined ? [] : [add(addition("a", at))];
				}),
			);
		expect((await findSeries(tables, "/subnets/a"))?.points).toEqual(points);
	});
});
