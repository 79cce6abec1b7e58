import { describe, expect, it } from "vitest";
import type { Overview } from "../../report/data/answers.ts";
import { inFillOrder } from "../../report/views/overview/fillOrder.ts";
import type { Range, Verdict } from "../../shared/contract.ts";

type Full = Pick<Overview["fullest"][number], "runway" | "scenarios"> & {
	readonly name: string;
};

const nothing: Range = { low: 0, high: 0 };

function budget(name: string, now: Verdict, days: number | null): Full {
	const amounts = { demand: nothing, free: nothing };
	const fits = { ...amounts, verdict: "fits" as const };
	return {
		name,
		scenarios: {
			today: { ...amounts, verdict: now },
			upgrade: fits,
			full: fits,
			"full-upgrade": fits,
		},
		runway:
			days === null
				? null
				: { days, low: days, high: days, points: 30, overDays: 30 },
	};
}

describe("what fills up first", () => {
	it("is what is short now, then what has the soonest date, then the fullest", () => {
		const order = inFillOrder([
			budget("fullest", "fits", null),
			budget("in 40 days", "fits", 40),
			budget("short now", "short", null),
			budget("tight now", "tight", null),
			budget("in 3 days", "tight", 3),
			budget("short now, with a date", "short", 0),
		]);
		expect(order.map(({ name }) => name)).toEqual([
			"short now",
			"short now, with a date",
			"in 3 days",
			"in 40 days",
			"fullest",
			"tight now",
		]);
	});
});
