import { describe, expect, it } from "vitest";
import type {
	Acceptance,
	GivenAcceptance,
	Severity,
} from "../../shared/contract.ts";
import { acceptancesAt, readTag } from "../../shared/findings/acceptance.ts";
import { clusterId, subnetId } from "../model/builders.ts";

const now = "2026-11-22T05:00:00.000Z";
const budget = { id: subnetId(), kind: "subnet", name: "net/nodes" } as const;

function given(
	by: Acceptance["by"],
	overrides: Partial<GivenAcceptance> = {},
): GivenAcceptance {
	const nothing = { finding: null, rule: null, cluster: null, budget: null };
	const covers = {
		finding: { ...nothing, finding: "f", cluster: clusterId() },
		budget: { ...nothing, budget: budget.id },
		tag: { ...nothing, cluster: clusterId() },
	}[by];
	return {
		reason: `by ${by}`,
		owner: "team",
		expiry: "2027-01-01",
		by,
		acceptedBy: null,
		acceptedAt: null,
		covers,
		...overrides,
	};
}

const finding = (severity: Severity = "high") => ({
	id: "f",
	cluster: clusterId(),
	severity,
	budget,
});

describe("the acceptance of a finding", () => {
	it.each<{ what: string; all: GivenAcceptance[]; by: string | null }>([
		{ what: "nothing is accepted", all: [], by: null },
		{
			what: "the finding goes first",
			all: [given("tag"), given("budget"), given("finding")],
			by: "finding",
		},
		{
			what: "then its budget",
			all: [given("tag"), given("budget")],
			by: "budget",
		},
		{ what: "then the tag", all: [given("tag")], by: "tag" },
		{
			what: "expired ones do not count, and hide nothing",
			all: [
				given("finding", { expiry: "2026-11-22" }),
				given("budget", { expiry: now }),
				given("tag"),
			],
			by: "tag",
		},
		{
			what: "another finding's is none of its own",
			all: [
				given("finding", {
					covers: { ...given("finding").covers, finding: "g" },
				}),
			],
			by: null,
		},
		{
			what: "nor another cluster's tag",
			all: [
				given("tag", {
					covers: { ...given("tag").covers, cluster: clusterId("b") },
				}),
			],
			by: null,
		},
	])("$what", ({ all, by }) => {
		expect(acceptancesAt(all, now)(finding())?.by ?? null).toBe(by);
	});

	it("shows who, why, since and until when, and by what, and no more", () => {
		expect(acceptancesAt([given("finding")], now)(finding())).toEqual({
			reason: "by finding",
			owner: "team",
			expiry: "2027-01-01",
			by: "finding",
			acceptedBy: null,
			acceptedAt: null,
		});
	});

	it("by a tag is none where it is critical", () => {
		const acceptance = acceptancesAt([given("tag")], now);
		expect(acceptance(finding("critical"))).toBeNull();
		expect(acceptance(finding("high"))?.by).toBe("tag");
		const budgets = acceptancesAt([given("budget")], now);
		expect(budgets(finding("critical"))?.by).toBe("budget");
	});

	it("of a budget is none of a finding without one", () => {
		const acceptance = acceptancesAt([given("budget")], now);
		expect(acceptance({ ...finding(), budget: null })).toBeNull();
	});
});

describe("a tag", () => {
	it.each([
		"until=2027-03-01; owner=platform; reason=moves in March",
		"reason=moves in March;UNTIL = 2027-03-01 ; owner=platform;",
	])("says its terms: %s", (value) => {
		expect(readTag(value, now)).toEqual({
			kind: "terms",
			terms: {
				reason: "moves in March",
				owner: "platform",
				expiry: "2027-03-01T00:00:00.000Z",
			},
		});
	});

	it("may have an equals sign in its reason, and be over", () => {
		expect(readTag("until=2026-01-01;owner=o;reason=a=b", now)).toMatchObject({
			terms: { reason: "a=b", expiry: "2026-01-01T00:00:00.000Z" },
		});
	});

	it.each([
		{ value: "", reason: "until is missing" },
		{
			value: "true",
			reason: '"true" is unknown; use until=, owner= and reason=',
		},
		{ value: "until=2027-03-01; owner=o", reason: "reason is missing" },
		{ value: "until=2027-03-01; owner=; reason=r", reason: "owner is missing" },
		{
			value: "until=2027-03-01; owner=o; reason=r; owner=p",
			reason: "owner is there more than once; use it once",
		},
		{
			value: "until=2027-03-01; owner=o; reason=a; b",
			reason: '"b" is unknown; use until=, owner= and reason=',
		},
		{
			value: "until=forever; owner=o; reason=r",
			reason:
				'until is "forever", which is not a time; use an ISO 8601 date (2027-03-01) or a date-time with its offset (2027-03-01T08:00:00Z)',
		},
		{
			value: "until=2030-03-01; owner=o; reason=r",
			reason:
				'until is "2030-03-01", which is more than a year ahead; use a time within a year',
		},
		{
			value: "until=2027-03-01; owner=o\u202e; reason=r",
			reason: "it has characters that cannot be shown",
		},
	])("$value accepts nothing: $reason", ({ value, reason }) => {
		expect(readTag(value, now)).toEqual({ kind: "unreadable", reason });
	});
});
