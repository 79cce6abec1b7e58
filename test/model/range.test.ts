import { describe, expect, it } from "vitest";
import {
	add,
	freeAndVerdict,
	multiply,
	notNegative,
	subtract,
	sum,
	words,
} from "../../shared/model/range.ts";
import { range } from "./builders.ts";

describe("a budget's verdict", () => {
	it.each([
		{
			what: "nothing drawn",
			limit: range(251),
			demand: range(0),
			free: range(251),
			verdict: "fits",
		},
		{
			what: "one left",
			limit: range(251),
			demand: range(250),
			free: range(1),
			verdict: "fits",
		},
		{
			what: "exactly full",
			limit: range(251),
			demand: range(251),
			free: range(0),
			verdict: "fits",
		},
		{
			what: "one over",
			limit: range(251),
			demand: range(252),
			free: range(-1),
			verdict: "short",
		},
		{
			what: "an empty budget of which nothing is drawn",
			limit: range(0),
			demand: range(0),
			free: range(0),
			verdict: "fits",
		},
		{
			what: "full at the high end",
			limit: range(251),
			demand: range(232, 251),
			free: range(0, 19),
			verdict: "fits",
		},
		{
			what: "one over at the high end",
			limit: range(251),
			demand: range(232, 252),
			free: range(-1, 19),
			verdict: "tight",
		},
		{
			what: "full at the low end, over at the high end",
			limit: range(251),
			demand: range(251, 279),
			free: range(-28, 0),
			verdict: "tight",
		},
		{
			what: "one over at the low end",
			limit: range(251),
			demand: range(252, 279),
			free: range(-28, -1),
			verdict: "short",
		},
		{
			what: "a doubtful limit that carries all at its least",
			limit: range(30, 32),
			demand: range(30),
			free: range(0, 2),
			verdict: "fits",
		},
		{
			what: "a doubtful limit that carries all at its most",
			limit: range(30, 32),
			demand: range(32),
			free: range(-2, 0),
			verdict: "tight",
		},
		{
			what: "a doubtful limit that carries it never",
			limit: range(30, 32),
			demand: range(33),
			free: range(-3, -1),
			verdict: "short",
		},
		{
			what: "at most unknown, at least room",
			limit: range(251),
			demand: range(87, null),
			free: range(null, 164),
			verdict: "unknown",
		},
		{
			what: "at most unknown, exactly full at least",
			limit: range(251),
			demand: range(251, null),
			free: range(null, 0),
			verdict: "unknown",
		},
		{
			what: "at most unknown, short at least",
			limit: range(251),
			demand: range(252, null),
			free: range(null, -1),
			verdict: "short",
		},
		{
			what: "a limit that nobody knows",
			limit: range(0, null),
			demand: range(9),
			free: range(-9, null),
			verdict: "unknown",
		},
		{
			what: "a limit that nobody knows, of which nothing is drawn",
			limit: range(0, null),
			demand: range(0),
			free: range(0, null),
			verdict: "fits",
		},
		{
			what: "nothing known at all",
			limit: range(0, null),
			demand: range(0, null),
			free: range(null, null),
			verdict: "unknown",
		},
	])("$what: $verdict", ({ limit, demand, free, verdict }) => {
		expect(freeAndVerdict(limit, demand)).toEqual({ free, verdict });
	});
});

describe("an unbounded end stays unbounded", () => {
	it.each([
		{
			what: "added",
			result: add(range(3), range(1, null)),
			expected: range(4, null),
		},
		{
			what: "in a sum",
			result: sum([range(3), range(1, null), range(5, 6)]),
			expected: range(9, null),
		},
		{
			what: "subtracted from",
			result: subtract(range(3, null), range(1)),
			expected: range(2, null),
		},
		{
			what: "subtracted",
			result: subtract(range(10), range(1, null)),
			expected: range(null, 9),
		},
		{
			what: "multiplied",
			result: multiply(range(2, null), range(29, 31)),
			expected: range(58, null),
		},
		{
			what: "made no less than zero",
			result: notNegative(range(null, -3)),
			expected: range(0, 0),
		},
		{
			what: "kept at the high end",
			result: notNegative(range(-3, null)),
			expected: range(0, null),
		},
	])("$what", ({ result, expected }) => {
		expect(result).toEqual(expected);
	});

	it("zero of something unbounded is zero", () => {
		expect(multiply(range(0), range(29, null))).toEqual(range(0));
		expect(multiply(range(0, null), range(0))).toEqual(range(0));
	});

	it("a sum of nothing is nothing", () => {
		expect(sum([])).toEqual(range(0));
	});
});

describe("a range in words", () => {
	it.each([
		{ amount: range(29), text: "29" },
		{ amount: range(29, 31), text: "29 to 31" },
		{ amount: range(29, null), text: "at least 29" },
		{ amount: range(null, 31), text: "at most 31" },
		{ amount: range(null, null), text: "an unknown number of" },
	])("$text", ({ amount, text }) => {
		expect(words(amount)).toBe(text);
	});
});
