import { expect, it } from "vitest";
import {
	compareWorstFirst,
	type Place,
} from "../../shared/findings/worstFirst.ts";

const place: Place = {
	state: "open",
	severity: "high",
	verdict: "short",
	scenario: "full",
	clusterName: "aks-b",
	id: "2",
};

it.each([
	{ what: "a worse severity", before: { severity: "critical" } },
	{ what: "a milder severity", after: { severity: "medium" } },
	{ what: "a verdict that is less certain", after: { verdict: "tight" } },
	{ what: "no verdict", after: { verdict: null, scenario: null } },
	{ what: "a sooner scenario", before: { scenario: "upgrade" } },
	{ what: "a later scenario", after: { scenario: "full-upgrade" } },
	{ what: "an earlier name", before: { clusterName: "aks-a" } },
	{ what: "a later id", after: { id: "3" } },
	{
		what: "a resolved one, however bad it was",
		after: { state: "resolved", severity: "critical" },
	},
	{
		what: "a worse one of a later name",
		before: { severity: "critical", clusterName: "aks-z" },
	},
] as readonly {
	what: string;
	before?: Partial<Place>;
	after?: Partial<Place>;
}[])("$what has its place", ({ before, after }) => {
	const other = { ...place, ...before, ...after };
	const sign = before === undefined ? 1 : -1;
	expect(Math.sign(compareWorstFirst(other, place))).toBe(sign);
	expect(Math.sign(compareWorstFirst(place, other))).toBe(-sign);
});

it("has one place for one finding", () => {
	expect(compareWorstFirst(place, { ...place })).toBe(0);
});
