import { describe, expect, it } from "vitest";
import { weeklyDue } from "../../shared/alert/weekly.ts";

/** 22 November 2026 is a Sunday. */
describe("the word of the week", () => {
	it.each([
		{
			what: "on Monday, after last Monday",
			last: "2026-11-16T05:00:00.000Z",
			at: "2026-11-23T05:00:00.000Z",
			due: true,
		},
		{
			what: "again on Monday",
			last: "2026-11-23T05:00:00.000Z",
			at: "2026-11-23T17:00:00.000Z",
			due: false,
		},
		{
			what: "on Sunday, after last Monday",
			last: "2026-11-16T05:00:00.000Z",
			at: "2026-11-22T23:59:59.999Z",
			due: false,
		},
		{
			what: "at the first moment of Monday",
			last: "2026-11-16T05:00:00.000Z",
			at: "2026-11-23T00:00:00.000Z",
			due: true,
		},
		{
			what: "after one at the first moment of Monday",
			last: "2026-11-23T00:00:00.000Z",
			at: "2026-11-24T05:00:00.000Z",
			due: false,
		},
		{
			what: "on Tuesday, where Monday was missed",
			last: "2026-11-16T05:00:00.000Z",
			at: "2026-11-24T05:00:00.000Z",
			due: true,
		},
		{
			what: "on Friday after a month of silence",
			last: "2026-10-20T05:00:00.000Z",
			at: "2026-11-27T05:00:00.000Z",
			due: true,
		},
		{
			what: "on Wednesday, after a first audit on Tuesday",
			last: "2026-11-24T05:00:00.000Z",
			at: "2026-11-25T05:00:00.000Z",
			due: false,
		},
		{
			what: "where it was never said",
			last: null,
			at: "2026-11-25T05:00:00.000Z",
			due: true,
		},
	])("$what: due $due", ({ last, at, due }) => {
		expect(weeklyDue(last, at, "monday")).toBe(due);
	});

	it.each([
		{ day: "saturday", due: true },
		{ day: "sunday", due: true },
		{ day: "monday", due: false },
		{ day: "friday", due: false },
		{ day: null, due: false },
	] as const)(
		"from Friday noon to Sunday morning $day is due: $due",
		({ day, due }) => {
			const last = "2026-11-20T12:00:00.000Z";
			expect(weeklyDue(last, "2026-11-22T05:00:00.000Z", day)).toBe(due);
		},
	);
});
