import type { Overview } from "../../data/answers.ts";

type Full = Pick<Overview["fullest"][number], "runway" | "scenarios">;

/** What is short now, then what has a date, the soonest first, then the others as they came: the fullest first. */
export function inFillOrder<T extends Full>(budgets: readonly T[]): T[] {
	return budgets.toSorted((a, b) => {
		const [first, second] = [soonness(a), soonness(b)];
		// Two without a date are equal: their difference would be NaN.
		return first === second ? 0 : first - second;
	});
}

function soonness({ runway, scenarios }: Full): number {
	if (scenarios.today.verdict === "short") return -1;
	return runway?.days ?? Number.POSITIVE_INFINITY;
}
