import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { virtualClock } from "../../../local/host/clock.ts";
import type { Host } from "../../../local/host/startHost.ts";
import { parseSchedule } from "../../../local/host/timers/schedule.ts";
import { ticks } from "./app/ticks.ts";
import { testHost } from "./testHost.ts";

const minutes = 60_000;
let host: Host | undefined;

beforeEach(() => {
	ticks.length = 0;
});
afterEach(() => host?.close());

it("fires when its time has come, and then each time again", async () => {
	const clock = virtualClock({
		start: "2026-11-22T04:30:00Z",
		whenIdle: "wait",
	});
	host = await testHost({ clock, env: { TEST_SCHEDULE: "0 0 5 * * *" } });

	await clock.advance(29 * minutes);
	expect(ticks).toHaveLength(0);
	await clock.advance(1 * minutes);
	expect(ticks).toEqual([
		{
			schedule: { adjustForDST: true },
			scheduleStatus: {
				last: "2026-11-22T05:00:00.000Z",
				lastUpdated: "2026-11-22T05:00:00.000Z",
				next: "2026-11-23T05:00:00.000Z",
			},
			isPastDue: false,
		},
	]);
	await clock.advance(2 * 24 * 60 * minutes);
	expect(ticks).toHaveLength(3);
});

it("fires on demand, and by itself only where timers are on", async () => {
	const clock = virtualClock({
		start: "2026-11-22T04:30:00Z",
		whenIdle: "wait",
	});
	host = await testHost({ clock, timers: false });
	await clock.advance(24 * 60 * minutes);
	expect(ticks).toHaveLength(0);

	await host.runTimer("tick");
	expect(ticks).toHaveLength(1);
	await expect(host.runTimer("tock")).rejects.toThrow(
		"There is no timer function tock.",
	);
});

it("is an error of the start where its setting is missing or no schedule", async () => {
	await expect(testHost({ env: { TEST_SCHEDULE: "" } })).rejects.toThrow(
		"Timer function tick needs the setting TEST_SCHEDULE, which is not set.",
	);
	await expect(
		testHost({ env: { TEST_SCHEDULE: "every night" } }),
	).rejects.toThrow("The schedule 'every night' of function tick is not valid");
});

describe("NCRONTAB", () => {
	it.each([
		{ expression: "0 0 5 * * *", next: "2026-11-23T05:00:00.000Z" },
		{ expression: "0 */15 * * * *", next: "2026-11-22T12:15:00.000Z" },
		{ expression: "30 4 * * *", next: "2026-11-23T04:30:00.000Z" },
		// The 13th of a month and a Friday, not one or the other.
		{ expression: "0 0 0 13 * 5", next: "2027-08-13T00:00:00.000Z" },
	])("$expression comes next at $next", ({ expression, next }) => {
		const at = parseSchedule(
			expression,
			"any",
		)(Date.parse("2026-11-22T12:00:00Z"));
		expect(at && new Date(at).toISOString()).toBe(next);
	});
});
