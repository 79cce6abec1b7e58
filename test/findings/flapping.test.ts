import { describe, expect, it } from "vitest";
import type { ChangeKind, Severity } from "../../shared/contract.ts";
import {
	flapHistoryAfter,
	isSettled,
	type KeptFinding,
	type Past,
} from "../../shared/findings/flapping.ts";
import type { Weight } from "../../shared/findings/weight.ts";

type Move = Exclude<ChangeKind, "opened">;

const day = (n: number) =>
	new Date(Date.UTC(2026, 10, 1, 5) + n * 86_400_000).toISOString();
const weight = (severity: Severity): Weight => ({
	severity,
	verdict: "short",
	scenario: "full",
});

/** Opened at day 0 with the severity `high`. What each move is to the channel. */
function course(
	moves: readonly (readonly [day: number, kind: Move, severity?: Severity])[],
): { told: string[]; past: Past } {
	let past: Past = {
		...weight("high"),
		firstSeen: day(0),
		changedAt: day(0),
	};
	const told = moves.map(([on, kind, severity = "high"]) => {
		const now = weight(severity);
		const { flapHistory, flapping } = flapHistoryAfter(
			kind,
			past,
			now,
			day(on),
		);
		past = { ...past, ...now, changedAt: day(on), flapHistory };
		return flapping;
	});
	return { told, past };
}

describe("a finding that moves", () => {
	it.each<{
		what: string;
		moves: readonly (readonly [number, Move, Severity?])[];
		flapping: string[];
	}>([
		{
			what: "once back is no habit",
			moves: [
				[1, "resolved"],
				[2, "reopened"],
				[3, "resolved"],
			],
			flapping: ["no", "no", "no"],
		},
		{
			what: "twice back is said once, then counted only",
			moves: [
				[1, "resolved"],
				[2, "reopened"],
				[3, "resolved"],
				[4, "reopened"],
				[5, "resolved"],
				[6, "reopened"],
			],
			flapping: ["no", "no", "no", "starts", "goes-on", "goes-on"],
		},
		{
			// Back on days 2 and 16: 14 days apart, each state shorter than a week.
			what: "twice back within 14 days",
			moves: [
				[1, "resolved"],
				[2, "reopened"],
				[7, "eased", "low"],
				[13, "resolved"],
				[16, "reopened"],
			],
			flapping: ["no", "no", "no", "no", "starts"],
		},
		{
			what: "twice back in 15 days is not",
			moves: [
				[1, "resolved"],
				[2, "reopened"],
				[7, "eased", "low"],
				[13, "resolved"],
				[17, "reopened"],
			],
			flapping: ["no", "no", "no", "no", "no"],
		},
		{
			what: "6 days in one state do not end it",
			moves: [
				[1, "resolved"],
				[2, "reopened"],
				[3, "resolved"],
				[4, "reopened"],
				[10, "resolved"],
			],
			flapping: ["no", "no", "no", "starts", "goes-on"],
		},
		{
			what: "7 days in one state do, and it starts again",
			moves: [
				[1, "resolved"],
				[2, "reopened"],
				[3, "resolved"],
				[4, "reopened"],
				[11, "resolved"],
				[12, "reopened"],
				[13, "resolved"],
				[14, "reopened"],
			],
			flapping: ["no", "no", "no", "starts", "no", "no", "no", "starts"],
		},
		{
			what: "worse and worse is one return, to where it was",
			moves: [
				[1, "eased", "low"],
				[2, "worsened", "medium"],
				[3, "worsened", "high"],
				[4, "worsened", "critical"],
			],
			flapping: ["no", "no", "no", "no"],
		},
		{
			what: "up and down counts as coming back",
			moves: [
				[1, "worsened", "critical"],
				[2, "eased", "high"],
				[3, "worsened", "critical"],
				[4, "eased", "high"],
				[5, "worsened", "critical"],
				[6, "eased", "high"],
			],
			flapping: ["no", "no", "no", "no", "starts", "goes-on"],
		},
		{
			what: "worse than it has been is never damped",
			moves: [
				[1, "resolved"],
				[2, "reopened"],
				[3, "resolved"],
				[4, "reopened"],
				[5, "resolved"],
				[6, "reopened", "critical"],
				[7, "eased", "high"],
				[8, "worsened", "critical"],
			],
			flapping: [
				"no",
				"no",
				"no",
				"starts",
				"goes-on",
				"no",
				"goes-on",
				"goes-on",
			],
		},
	])("$what", ({ moves, flapping }) => {
		expect(course(moves).told).toEqual(flapping);
	});

	it("remembers two returns at the most, however often it comes back", () => {
		const moves = Array.from({ length: 40 }, (_, index) => {
			const kind: Move = index % 2 === 0 ? "resolved" : "reopened";
			return [index / 10, kind] as const;
		});
		expect(course(moves).past.flapHistory).toEqual({
			returns: [day(3.7), day(3.9)],
			worst: weight("high"),
			eased: false,
			flapping: true,
		});
	});
});

describe("what came and went", () => {
	const settled = (flapping: boolean, at: number) =>
		isSettled(
			{
				changedAt: day(4),
				flapHistory: {
					returns: [day(2), day(4)],
					worst: weight("high"),
					eased: false,
					flapping,
				},
			} as unknown as KeptFinding,
			day(at),
		);

	it.each([
		{ flapping: true, at: 10, is: false },
		{ flapping: true, at: 11, is: true },
		{ flapping: false, at: 11, is: false },
	])("$flapping, looked at on day $at, is settled: $is", (row) => {
		expect(settled(row.flapping, row.at)).toBe(row.is);
	});
});
