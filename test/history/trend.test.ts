import { describe, expect, it } from "vitest";
import type { Runway } from "../../shared/contract.ts";
import { compact } from "../../shared/history/compact.ts";
import { runwayText } from "../../shared/history/runwayText.ts";
import type { Point } from "../../shared/history/series.ts";
import { outlookOf as outlookOfKept } from "../../shared/history/trend.ts";
import type { Outlook } from "../../shared/model/outlook.ts";
import { known, nightly, point, ripple } from "./points.ts";

function outlookOf(points: readonly Point[]): Outlook {
	return outlookOfKept(compact(points));
}

function runwayOf(points: readonly Point[]): Runway {
	const outlook = outlookOf(points);
	if (outlook.kind !== "filling") throw new Error(`it is ${outlook.kind}`);
	return outlook.runway;
}

/** 05:00 of a working day against that of a weekend: the first night is a Tuesday, the fifth a Saturday. */
function isWeekend(night: number): boolean {
	return night % 7 === 4 || night % 7 === 5;
}

describe("a budget that fills up", () => {
	it("steadily: the rest by the rise of a day", () => {
		// 100 + 2 x 29 = 158 on the last night. (251 - 158) / 2 = 46.5.
		expect(runwayOf(nightly(30, (night) => 100 + 2 * night))).toEqual({
			days: 47,
			low: 46,
			high: 47,
			points: 30,
			overDays: 29,
		});
	});

	it("looks back 90 days", () => {
		// It fell for 110 nights and rises by 1 since: 50 + 89 = 139 tonight, (251 - 139) / 1 = 112.
		const points = nightly(200, (night) =>
			night < 110 ? 250 - night : 50 + night - 110,
		);
		expect(runwayOf(points)).toEqual({
			days: 112,
			low: 112,
			high: 112,
			points: 90,
			overDays: 89,
		});
	});

	it("with a weekly rhythm: a weekday rises against itself, and its peaks come first", () => {
		// Working days 14 above the weekend, 2 more a day. Tonight, a Wednesday: 100 + 2 x 29 + 14 = 172, so that
		// (251 - 172) / 2 = 39.5 by the working days (five of seven, the median), 46.5 by the weekend.
		const points = nightly(
			30,
			(night) => 100 + 2 * night + (isWeekend(night) ? 0 : 14),
		);
		expect(runwayOf(points)).toMatchObject({ days: 40, low: 39, high: 47 });
	});

	it("with noise: the interval takes it in", () => {
		// The line alone: 40 + 1 x 59 = 99, (251 - 99) / 1 = 152. Ripples of up to 8 either way.
		const { days, low, high } = runwayOf(
			nightly(60, (night) => 40 + night + 8 * ripple(night)),
		);
		expect(low).toBeLessThanOrEqual(144);
		expect(high ?? 999).toBeGreaterThanOrEqual(160);
		expect(days).toBeGreaterThan(130);
		expect(days).toBeLessThan(174);
	});

	it("pool by pool: many small steps are growth", () => {
		// A node of 29 addresses every tenth night: 2.9 a day. 6 x 29 = 174 since ten nights. The last week's nights are
		// worth 174 + 2.9 x (0 to 6) tonight, 182.7 in the middle: (251 - 182.7) / 2.9 = 24.
		const { days, low, high } = runwayOf(
			nightly(60, (night) => 29 * (1 + Math.floor(night / 10))),
		);
		expect(days).toBeGreaterThanOrEqual(22);
		expect(days).toBeLessThanOrEqual(27);
		expect(low).toBeLessThan(days);
		expect(high).toBeGreaterThan(days);
	});

	it("across a month without an audit", () => {
		// 50 + 2 x 79 = 208 tonight. (251 - 208) / 2 = 21.5. 25 + 25 nights of 80.
		const points = nightly(80, (night) =>
			night >= 25 && night < 55 ? null : 50 + 2 * night,
		);
		expect(runwayOf(points)).toEqual({
			days: 22,
			low: 21,
			high: 22,
			points: 50,
			overDays: 79,
		});
	});

	it("does not mind one night that saw something else", () => {
		const points = nightly(30, (night) => (night === 15 ? 0 : 100 + 2 * night));
		expect(runwayOf(points)).toMatchObject({ days: 47, low: 46, high: 47 });
	});

	it("and is full: now", () => {
		// 200 + 2 x 29 = 258 of 251.
		expect(runwayOf(nightly(30, (night) => 200 + 2 * night))).toMatchObject({
			days: 0,
			low: 0,
			high: 0,
		});
	});

	it("compares the high end of the demand with the low end of the limit", () => {
		// 100 + 2 x 29 = 158 of 230: (230 - 158) / 2 = 36.
		const points = Array.from({ length: 30 }, (_, night) =>
			point(night, {
				demand: known(50 + night, 100 + 2 * night),
				limit: known(230, 251),
			}),
		);
		expect(runwayOf(points)).toMatchObject({ days: 36, low: 36, high: 36 });
	});

	it("takes of several audits a day the one that saw most", () => {
		const points = nightly(30, (night) => 100 + 2 * night).flatMap((night) => [
			{ ...night, demand: known(0) },
			{ ...night, at: night.at + 3_600_000 },
		]);
		expect(runwayOf(points)).toMatchObject({ days: 47, points: 30 });
	});

	it("once a week: ten weeks are enough", () => {
		// 100 + 63 = 163 tonight, 1 a day: 88.
		const points = nightly(64, (night) =>
			night % 7 === 0 ? 100 + night : null,
		);
		expect(runwayOf(points)).toEqual({
			days: 88,
			low: 88,
			high: 88,
			points: 10,
			overDays: 63,
		});
	});
});

describe("no estimate", () => {
	it.each<{ what: string; points: Point[]; outlook: "not-known" | "steady" }>([
		{ what: "no point", points: [], outlook: "not-known" },
		{
			what: "20 nights",
			points: nightly(20, (night) => 100 + 2 * night),
			outlook: "not-known",
		},
		{
			what: "nine audits in two months",
			points: nightly(57, (night) => (night % 7 === 0 ? 100 + night : null)),
			outlook: "not-known",
		},
		{ what: "flat", points: nightly(40, () => 120), outlook: "steady" },
		{
			what: "full since ever",
			points: nightly(40, () => 251),
			outlook: "steady",
		},
		{
			what: "falling",
			points: nightly(40, (night) => 200 - 2 * night),
			outlook: "steady",
		},
		{
			what: "flat with a weekly rhythm",
			points: nightly(40, (night) => (isWeekend(night) ? 80 : 120)),
			outlook: "steady",
		},
		{
			// 3 + 39 / 10 = 6.9 of 251 at 0.1 a day: 6 years and more.
			what: "almost empty",
			points: nightly(40, (night) => 3 + Math.floor(night / 10)),
			outlook: "steady",
		},
		{
			what: "growth that ended a month ago",
			points: nightly(60, (night) => 100 + 2 * Math.min(night, 29)),
			outlook: "steady",
		},
		{
			what: "a change of the limit ten nights ago",
			points: [
				...nightly(50, (night) => 100 + 2 * night),
				...nightly(60, (night) => (night < 50 ? null : 2 * night), 507),
			],
			outlook: "not-known",
		},
		{
			what: "three nights after a month without an audit",
			points: nightly(60, (night) =>
				night >= 25 && night < 57 ? null : 50 + 2 * night,
			),
			outlook: "not-known",
		},
	])("$what: $outlook", ({ points, outlook }) => {
		expect(outlookOf(points).kind).toBe(outlook);
	});

	describe("of a new pool: one jump is not growth", () => {
		const nights = Array.from({ length: 60 }, (_, night) => night);

		it.each([
			{ what: "flat before and after", noise: 0 },
			{ what: "with noise", noise: 3 },
		])("wherever it lies, $what", ({ noise }) => {
			const kinds = nights.map(
				(at) =>
					outlookOf(
						nightly(
							60,
							(night) => (night < at ? 60 : 150) + noise * ripple(night),
						),
					).kind,
			);
			expect(kinds).not.toContain("filling");
		});
	});

	it("of noise alone, wherever the series begins", () => {
		const kinds = Array.from(
			{ length: 11 },
			(_, from) =>
				outlookOf(nightly(60, (night) => 120 + 10 * ripple(night + from))).kind,
		);
		expect(kinds).not.toContain("filling");
	});
});

it("points after a late audit are not its own", () => {
	// 100 + 2 x 29 = 158 on its night, (251 - 158) / 2 = 46.5. After that, the subnet is another.
	const rows = compact([
		...nightly(30, (night) => 100 + 2 * night),
		...nightly(40, (night) => (night < 30 ? null : 9), 507),
	]);
	expect(outlookOfKept(rows, point(29).at)).toMatchObject({
		kind: "filling",
		runway: { days: 47, points: 30 },
	});
	expect(outlookOfKept(rows, point(0).at - 1).kind).toBe("not-known");
	expect(outlookOfKept(rows).kind).toBe("not-known");
});

it("a change of the limit restarts the trend", () => {
	// 40 nights at the brim of a /26, then 30 in a /25, where it grows by 1: 30 + 29 = 59 tonight, 123 - 59 = 64.
	const points = [
		...nightly(40, () => 58, 59),
		...nightly(70, (night) => (night < 40 ? null : night - 10), 123),
	];
	expect(runwayOf(points)).toEqual({
		days: 64,
		low: 64,
		high: 64,
		points: 30,
		overDays: 29,
	});
});

it.each<{ runway: Runway; words: string }>([
	{
		runway: { days: 23, low: 15, high: 40, points: 30, overDays: 29 },
		words: "Full in about 23 days (15 to 40), from 30 points over 29 days",
	},
	{
		runway: { days: 23, low: 15, high: null, points: 12, overDays: 80 },
		words: "Full in about 23 days (at least 15), from 12 points over 80 days",
	},
	{
		runway: { days: 1, low: 1, high: 1, points: 21, overDays: 20 },
		words: "Full in about 1 day, from 21 points over 20 days",
	},
	{
		runway: { days: 0, low: 0, high: 4, points: 21, overDays: 20 },
		words: "Full in less than a day, from 21 points over 20 days",
	},
])("says: $words", ({ runway, words }) => {
	expect(runwayText(runway)).toBe(words);
});
