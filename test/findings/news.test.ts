import { describe, expect, it } from "vitest";
import type { GivenAcceptance, Severity } from "../../shared/contract.ts";
import type {
	FlapHistory,
	KeptFinding,
} from "../../shared/findings/flapping.ts";
import type { Change } from "../../shared/findings/lifecycle.ts";
import { newsOf } from "../../shared/findings/news.ts";
import { clusterId, subnetId } from "../model/builders.ts";
import { finding } from "./builders.ts";

const since = "2026-11-21T05:00:00.000Z";
const at = "2026-11-22T05:00:00.000Z";

function change(overrides: Partial<Change> = {}): Change {
	return {
		kind: "opened",
		finding: finding(),
		severityBefore: null,
		reason: null,
		worse: false,
		newRule: false,
		newArithmetic: false,
		flapping: "no",
		past: null,
		...overrides,
	};
}

function accepted(
	expiry: string,
	by: GivenAcceptance["by"] = "finding",
): GivenAcceptance {
	const covers = {
		finding: "f",
		rule: null,
		cluster: clusterId(),
		budget: subnetId(),
	};
	const done = { acceptedBy: null, acceptedAt: null };
	return {
		reason: "moves in March",
		owner: "team",
		expiry,
		by,
		...done,
		covers,
	};
}

const flapping: FlapHistory = {
	returns: ["2026-11-10T05:00:00.000Z", "2026-11-14T05:00:00.000Z"],
	worst: { severity: "high", verdict: "short", scenario: "full" },
	eased: false,
	flapping: true,
};

function told(
	changes: readonly Change[],
	open: readonly KeptFinding[],
	given: readonly GivenAcceptance[] = [],
	from: string | null = since,
): string[] {
	return newsOf(changes, open, given, { since: from, at }).news.map(
		({ kind, note, reason }) =>
			[kind, note, reason].filter((part) => part !== null).join(": "),
	);
}

describe("the news of an audit", () => {
	it("are its changes, with a note where a rule is new or it comes and goes", () => {
		expect(
			told(
				[
					change(),
					change({ newRule: true }),
					change({ kind: "reopened", flapping: "starts" }),
					change({ kind: "resolved", reason: "The cluster is gone" }),
				],
				[],
			),
		).toEqual([
			"opened",
			"opened: new-rule",
			"reopened: comes-and-goes",
			"resolved: The cluster is gone",
		]);
	});

	it("count what comes and goes, and do not tell it", () => {
		const goesOn = change({ kind: "resolved", flapping: "goes-on" });
		expect(newsOf([goesOn, goesOn], [], [], { since, at })).toEqual({
			news: [],
			damped: [goesOn, goesOn],
		});
	});

	it.each<{ severity: Severity; by: GivenAcceptance["by"]; is: string[] }>([
		{ severity: "high", by: "tag", is: [] },
		{ severity: "critical", by: "tag", is: ["opened"] },
		{ severity: "critical", by: "budget", is: [] },
		{ severity: "critical", by: "finding", is: [] },
	])("leave out what is accepted: $severity by $by", ({ severity, by, is }) => {
		const opened = change({ finding: finding({ severity }) });
		expect(told([opened], [], [accepted("2027-01-01", by)])).toEqual(is);
	});

	it("tell what is accepted and came back worse", () => {
		const given = [accepted("2027-01-01")];
		const back = change({ kind: "reopened", worse: true });
		expect(told([back], [], given)).toEqual(["reopened"]);
	});

	it.each([
		{ what: "expired since", expiry: "2026-11-22T04:00:00Z", told: true },
		{ what: "expires with this audit", expiry: at, told: true },
		{ what: "was told by the last audit", expiry: since, told: false },
		{ what: "expired long ago", expiry: "2026-11-01", told: false },
		{ what: "is in force", expiry: "2026-11-23", told: false },
	])("of an acceptance that $what", ({ expiry, told: isTold }) => {
		const until = `${expiry.slice(0, 10)} ${expiry.slice(11, 16)} UTC`;
		expect(told([], [finding()], [accepted(expiry)])).toEqual(
			isTold
				? [`unaccepted: accepted by team until ${until}: moves in March`]
				: [],
		);
	});

	it("do not say that an acceptance expired where another is in force, or there was no audit before", () => {
		const expired = accepted("2026-11-22T04:00:00Z");
		const other = accepted("2027-01-01", "budget");
		expect(told([], [finding()], [expired, other])).toEqual([]);
		expect(told([], [finding()], [expired], null)).toEqual([]);
	});

	it("say an expiry once where the finding changed as well, and say it where its change is only counted", () => {
		const expired = [accepted("2026-11-22T04:00:00Z")];
		const worsened = change({ kind: "worsened", worse: true });
		expect(told([worsened], [finding()], expired)).toEqual(["worsened"]);
		const damped = change({ kind: "reopened", flapping: "goes-on" });
		expect(told([damped], [finding()], expired)).toHaveLength(1);
	});

	it.each([
		{ changedAt: "2026-11-14T05:00:01.000Z", is: ["settled"] },
		{ changedAt: "2026-11-15T05:00:00.000Z", is: ["settled"] },
		{ changedAt: "2026-11-15T05:00:01.000Z", is: [] },
		// The audit before has said it.
		{ changedAt: "2026-11-14T05:00:00.000Z", is: [] },
	])("tell once that it stays, changed at $changedAt: $is", (row) => {
		const one = finding({ changedAt: row.changedAt, flapHistory: flapping });
		expect(told([], [one])).toEqual(row.is);
		expect(told([], [one], [accepted("2027-01-01")])).toEqual([]);
	});
});
