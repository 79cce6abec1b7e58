import { describe, expect, it } from "vitest";
import { forecastNeeds } from "../../shared/history/forecastNeeds.ts";

const points = (days: readonly number[], limit = 251) =>
	days.map((day) => ({
		at: new Date(Date.UTC(2026, 10, day, 5)).toISOString(),
		limit: { low: limit, high: limit },
	}));

const daily = (from: number, to: number) =>
	Array.from({ length: to - from + 1 }, (_, index) => from + index);

describe("what a history lacks for a forecast", () => {
	it.each([
		// 20 days after the first one.
		{ title: "one day", days: [1], so: 1, from: "2026-11-21" },
		{ title: "twice a day", days: [1, 1, 2], so: 2, from: "2026-11-21" },
		{ title: "nearly", days: daily(1, 20), so: 20, from: "2026-11-21" },
		// Two days in four weeks: eight more.
		{ title: "rarely", days: [1, 28], so: 2, from: "2026-12-06" },
	])("$title: $so of 10 days, from $from", ({ days, so, from }) => {
		expect(forecastNeeds(points(days))).toEqual({
			days: so,
			from: `${from}T00:00:00.000Z`,
			hasNewCapacity: false,
		});
	});

	it("is nothing with 10 days over 3 weeks", () => {
		expect(forecastNeeds(points(daily(1, 21)))).toBeNull();
		expect(
			forecastNeeds(points([1, 3, 5, 7, 9, 11, 13, 15, 17, 21])),
		).toBeNull();
		expect(forecastNeeds([])).toBeNull();
	});

	it("counts from the last change of the capacity", () => {
		expect(
			forecastNeeds([...points(daily(1, 25), 123), ...points([26, 27])]),
		).toEqual({
			days: 2,
			from: "2026-12-16T00:00:00.000Z",
			hasNewCapacity: true,
		});
	});
});
