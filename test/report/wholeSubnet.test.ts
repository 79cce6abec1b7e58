import { describe, expect, it } from "vitest";
import { whatDecides } from "../../report/views/budget/wholeSubnet.ts";
import type { Range, ScenarioName, Verdict } from "../../shared/contract.ts";

const range = (low: number, high: number): Range => ({ low, high });

function budget(
	limit: Range,
	demand: Readonly<Record<ScenarioName, Range>>,
	verdict: Verdict = "tight",
) {
	const one = (name: ScenarioName) => ({
		demand: demand[name],
		free: range(0, 0),
		verdict,
	});
	return {
		limit,
		scenarios: {
			today: one("today"),
			upgrade: one("upgrade"),
			full: one("full"),
			"full-upgrade": one("full-upgrade"),
		},
	};
}

const demand = {
	today: range(80, 80),
	upgrade: range(90, 110),
	full: range(95, 105),
	"full-upgrade": range(98, 125),
};

describe("what decides where everybody is at autoscaler max", () => {
	it.each([
		// 20 of the 110 IPs are for pools beyond the first one.
		{ capacity: 100, name: "upgrade", decides: "full-surge" },
		// The 10 IPs between 95 and 105 are max pods - 1 and max pods + 1.
		{ capacity: 100, name: "full", decides: "documentation" },
		// 17 of 27 IPs are surge and 10 are documentation: neither alone is enough for 100, the surge is for 108.
		{ capacity: 100, name: "full-upgrade", decides: "several" },
		{ capacity: 108, name: "full-upgrade", decides: "full-surge" },
	] as const)(
		"$name with $capacity IPs: $decides",
		({ capacity, name, decides }) => {
			expect(whatDecides(budget(range(capacity, capacity), demand), name)).toBe(
				decides,
			);
		},
	);

	it("is what uses IPs now, or how much is usable", () => {
		const now = {
			today: range(90, 104),
			upgrade: range(90, 104),
			full: range(90, 104),
			"full-upgrade": range(90, 104),
		};
		expect(whatDecides(budget(range(100, 100), now), "full")).toBe(
			"observation",
		);
		const certain = { ...now, today: range(104, 104), full: range(104, 104) };
		expect(whatDecides(budget(range(100, 110), certain), "full")).toBe("limit");
	});

	it("is nothing where the verdict is not tight", () => {
		expect(
			whatDecides(budget(range(100, 100), demand, "short"), "full"),
		).toBeNull();
	});
});
