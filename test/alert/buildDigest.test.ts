import { describe, expect, it } from "vitest";
import {
	buildDigest,
	type DigestInput,
} from "../../shared/alert/buildDigest.ts";
import type { DigestLine } from "../../shared/alert/digest.ts";
import type { Finding, Range, Runway } from "../../shared/contract.ts";
import type { News } from "../../shared/findings/news.ts";
import { budget, finding as openFinding } from "../findings/builders.ts";
import { clusterId, range, subnetId } from "../model/builders.ts";
import { coverage, digest } from "./digests.ts";

function finding(overrides: Partial<Finding> = {}): Finding {
	const name = overrides.clusterName ?? "shop";
	return openFinding({
		id: `capacity-shortfall ${name} ${overrides.budget?.id ?? ""}`,
		severity: "critical",
		cluster: clusterId(name),
		clusterName: name,
		...overrides,
	});
}

function change(of: Partial<Finding>, overrides: Partial<News> = {}): News {
	return {
		kind: "opened",
		finding: finding(of),
		severityBefore: null,
		reason: null,
		note: null,
		...overrides,
	};
}

function input(overrides: Partial<DigestInput> = {}): DigestInput {
	const {
		changes: counts,
		weekly: _,
		lastComplete: __,
		unknown: ___,
		...rest
	} = digest();
	return {
		...rest,
		baseline: false,
		changes: [],
		counts,
		weekly: null,
		lastComplete: "2026-11-21T05:03:20.000Z",
		unaccepted: [],
		minSeverity: "high",
		...overrides,
	};
}

/** `change severity clusters`, in the order of the lines. */
function shown(lines: readonly DigestLine[]): string[] {
	return lines.map(({ change, severity, clusters }) =>
		[change, severity, clusters.map(({ name }) => name).join("+")].join(" "),
	);
}

describe("the lines", () => {
	it("are one a budget and kind of change, the worst cluster first", () => {
		const other = { ...budget, id: subnetId("other") };
		const { lines, belowMinimum } = buildDigest(
			input({
				changes: [
					change({ clusterName: "a", severity: "high" }),
					change({ clusterName: "b", free: range(-20) }),
					change({ clusterName: "c", free: range(-30), severity: "high" }),
					change({ clusterName: "d", budget: other, severity: "high" }),
					change(
						{ clusterName: "e", severity: "high" },
						{ kind: "worsened", severityBefore: "medium" },
					),
					change({ clusterName: "f", severity: "low" }),
					change(
						{ clusterName: "g", severity: "low" },
						{ kind: "eased", severityBefore: "high" },
					),
				],
			}),
		);
		expect(shown(lines)).toEqual([
			"opened critical b+c+a",
			"opened high d",
			"worsened high e",
			"eased low g",
		]);
		expect(lines[0]).toMatchObject({
			headline: "Subnet nodes is 10 IPs short at autoscaler max",
			findings: 3,
			short: ["b", "c", "a"].map(clusterId),
		});
		expect(belowMinimum).toBe(1);
	});

	it("are one for two rules about the same budget, and name each cluster once", () => {
		const { lines } = buildDigest(
			input({
				changes: [
					change({
						rule: "blocks-never-ready",
						headline: "Azure accepts nodes, but subnet nodes is 10 IPs short",
					}),
					change({}),
				],
			}),
		);
		expect(lines).toMatchObject([
			{
				headline: "Subnet nodes is 10 IPs short at autoscaler max",
				also: ["Azure accepts nodes, but subnet nodes is 10 IPs short"],
				findings: 2,
				clusters: [{ name: "shop" }],
			},
		]);
	});

	it("come by severity, then by how soon it fails, then by how many clusters it hits", () => {
		const of = (name: string) => ({ ...budget, id: subnetId(name) });
		const { lines } = buildDigest(
			input({
				changes: [
					change({ clusterName: "later", budget: of("b"), scenario: "full" }),
					change({
						clusterName: "high",
						budget: of("a"),
						severity: "high",
						scenario: "today",
					}),
					change({ clusterName: "one", budget: of("c"), scenario: "today" }),
					change({ clusterName: "x", budget: of("d"), scenario: "today" }),
					change({ clusterName: "y", budget: of("d"), scenario: "today" }),
				],
			}),
		);
		expect(shown(lines)).toEqual([
			"opened critical x+y",
			"opened critical one",
			"opened critical later",
			"opened high high",
		]);
	});

	it("say of a resolved finding only what resolved it", () => {
		const { lines } = buildDigest(
			input({
				changes: [
					change({ clusterName: "a" }, { kind: "resolved" }),
					change(
						{ clusterName: "b" },
						{ kind: "resolved", reason: "The cluster is gone" },
					),
				],
			}),
		);
		expect(lines.map(({ reasons }) => reasons)).toEqual([
			null,
			"The cluster is gone",
		]);
	});

	const unbounded: Range = { low: 3, high: null };
	const unknown: Range = { low: null, high: null };
	it.each([
		{ left: null, words: null },
		{ left: {}, words: null },
		{
			left: { apps: range(0) },
			words: "Pool apps cannot add a node now",
		},
		{
			left: { apps: range(0), system: range(0) },
			words: "No pool can add a node now",
		},
		{
			left: { apps: range(1), system: range(4) },
			words: "Pool apps can add 1 node now",
		},
		{
			left: { system: range(4), apps: range(2, 4) },
			words: "Pool apps can add 2 to 4 nodes now",
		},
		{
			left: { system: range(2, 5), apps: range(2, 3) },
			words: "Pool apps can add 2 to 3 nodes now",
		},
		{
			left: { system: unbounded, apps: range(3, 9) },
			words: "Pool apps can add 3 to 9 nodes now",
		},
		{
			left: { apps: unbounded },
			words: "Pool apps can add at least 3 nodes now",
		},
		{
			left: { system: range(0, 1), apps: unknown },
			words: "Pool apps can add an unknown number of nodes now",
		},
	])("say of nodes left $left: $words", ({ left, words }) => {
		const { lines } = buildDigest(
			input({ changes: [change({ additionalNodes: left })] }),
		);
		expect(lines[0]?.additionalNodes).toBe(words);
	});

	const runway: Runway = {
		days: 23,
		low: 15,
		high: 40,
		points: 9,
		overDays: 30,
	};
	it.each([
		{ runway: null, words: null },
		{
			runway,
			words: "Full in about 23 days (15 to 40), from 9 points over 30 days",
		},
		{
			runway: { ...runway, high: null },
			words: "Full in about 23 days (at least 15), from 9 points over 30 days",
		},
	])("say when it is full: $words", ({ runway, words }) => {
		const { lines } = buildDigest(input({ changes: [change({ runway })] }));
		expect(lines[0]?.runway).toBe(words);
	});
});

describe("the weekly summary", () => {
	it("is none on other days", () => {
		expect(buildDigest(input()).weekly).toBeNull();
	});

	it("tells again what is open, grouped as changes are, with its first day", () => {
		const { lines, weekly } = buildDigest(
			input({
				weekly: [
					finding({ clusterName: "a", firstSeen: "2026-10-05T05:00:00.000Z" }),
					finding({
						clusterName: "b",
						free: range(-50),
						firstSeen: "2026-10-20T05:00:00.000Z",
					}),
				],
			}),
		);
		expect(lines).toEqual([]);
		expect(weekly?.stillOpen).toMatchObject([
			{
				change: "still-open",
				clusters: [{ name: "b" }, { name: "a" }],
				short: [clusterId("b"), clusterId("a")],
				since: "2026-10-05T05:00:00.000Z",
			},
		]);
	});
});

describe("the clusters that are short", () => {
	const unaccepted = [
		finding({ clusterName: "a" }),
		finding({ clusterName: "a", severity: "high", scenario: "full" }),
		finding({ clusterName: "b", severity: "high", verdict: "tight" }),
		finding({ clusterName: "c", severity: "medium" }),
		finding({ clusterName: "d", budget: null, verdict: null }),
	];
	it.each([
		{ what: "the whole fleet", over: {}, of: 42 },
		{ what: "a part of it", over: { whole: false }, of: null },
		{ what: "a partial audit", over: { state: "partial" as const }, of: null },
		{
			what: "fewer clusters than are short",
			over: { coverage: coverage({ clusters: 1 }) },
			of: null,
		},
	])("are counted once each, of $what", ({ over, of }) => {
		expect(buildDigest(input({ unaccepted, ...over })).short).toEqual({
			clusters: 2,
			of,
			units: ["addresses"],
		});
	});
});

describe("the last complete audit", () => {
	const at = "2026-11-19T05:03:20.000Z";
	it.each([
		{ what: "a night after it", over: {}, said: null },
		{
			what: "a day and a half after it",
			over: { lastComplete: "2026-11-20T17:03:20.000Z" },
			said: null,
		},
		{
			what: "after missed nights",
			over: { lastComplete: at },
			said: { at, days: 3 },
		},
		{
			what: "in a partial audit",
			over: { state: "partial" as const },
			said: { at: "2026-11-21T05:03:20.000Z", days: 1 },
		},
		{
			what: "in a first audit",
			over: { baseline: true, lastComplete: null },
			said: null,
		},
		{
			what: "in a first audit that is partial",
			over: { baseline: true, lastComplete: null, state: "partial" as const },
			said: { at: null, days: 0 },
		},
		{
			what: "in the first complete audit after partial ones",
			over: { lastComplete: null },
			said: { at: null, days: 0 },
		},
	])("is said or not $what", ({ over, said }) => {
		expect(
			buildDigest(input({ coverage: coverage(), ...over })).lastComplete,
		).toEqual(said);
	});
});
