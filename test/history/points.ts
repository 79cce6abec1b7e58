import type { Known, Point } from "../../shared/history/series.ts";
import { dayMs } from "../../shared/time.ts";

/** A Tuesday, 05:00 UTC. */
export const firstNight = Date.UTC(2026, 8, 1, 5);

export function known(low: number, high = low): Known {
	return { low, high };
}

/** What the audit of a night saw: 251 addresses, none used. */
export function point(night: number, overrides: Partial<Point> = {}): Point {
	return {
		at: firstNight + night * dayMs,
		demand: known(0),
		full: known(200),
		limit: known(251),
		...overrides,
	};
}

/** A series of nights, with what is used in each. Null: no audit. */
export function nightly(
	nights: number,
	demand: (night: number) => number | null,
	limit = 251,
): Point[] {
	return Array.from({ length: nights }, (_, night) => night).flatMap(
		(night) => {
			const amount = demand(night);
			return amount === null
				? []
				: [point(night, { demand: known(amount), limit: known(limit) })];
		},
	);
}

/** Noise that is the same in every run: -1, 0 or 1 in turns that no week divides. */
export function ripple(night: number): number {
	return [0, 1, -1, 1, 0, -1, 0, 1, -1, 0, -1][night % 11] ?? 0;
}
