import { expect, it } from "vitest";
import { clustersIn } from "../../shared/audit/clustersPage.ts";
import { firstFix } from "../../shared/audit/firstFix.ts";
import { causesIn, weeksOf } from "../../shared/audit/overview.ts";
import type { BudgetName, Finding } from "../../shared/contract.ts";
import { noChanges } from "../../shared/findings/counts.ts";
import { finding } from "../../shared/http/examples.ts";
import { runningRecord } from "../../shared/records/auditRecord.ts";
import { listedClusters } from "../../shared/records/clusterList.ts";
import { keptLine } from "../../shared/records/openLine.ts";
import {
	reclaimableIn,
	reclaimableInUse,
} from "../../shared/records/reclaimable.ts";
import {
	fromStored,
	type StoredBudget,
} from "../../shared/records/storedBudget.ts";
import { countsOf } from "../../shared/records/verdictCounts.ts";
import { clusterId, range, subnetId } from "./builders.ts";

const budget = (
	name: string,
	verdict: StoredBudget["verdict"],
	clusters: readonly string[],
	more: Partial<StoredBudget> = {},
): StoredBudget => ({
	...named(name),
	limit: 251,
	demand: [1, 1, 1, 1],
	verdict,
	clusters: clusters.map((cluster) => clusterId(cluster)),
	...more,
});

const named = (name: string): BudgetName => ({
	id: subnetId(name),
	kind: "subnet",
	name,
});

it("judges a cluster by its own findings, not by what a shared subnet is for all", () => {
	const open = (
		cluster: string,
		verdict: Finding["verdict"],
		more: Partial<Finding> = {},
	): Finding => ({
		...finding,
		cluster: clusterId(cluster),
		verdict,
		budget: named("two"),
		...more,
	});
	const clusters = clustersIn(
		listedClusters(
			[
				budget("two", "short", ["a", "b"]),
				budget("one", "fits", ["a", "b", "c", "d", "e"]),
			].map(fromStored),
		),
		[
			open("a", "tight"),
			open("a", "short"),
			open("b", "tight"),
			open("c", null),
			open("d", "unknown", { budget: null, free: null }),
		].map(keptLine),
	);
	expect(
		clusters.map(({ name, verdict, budget }) => [name, verdict, budget?.name]),
	).toEqual([
		["a", "short", "two"],
		["b", "tight", "two"],
		["d", "unknown", undefined],
		["c", "fits", "one"],
		["e", "fits", "one"],
	]);
	expect(countsOf(clusters)).toEqual({
		fits: 2,
		tight: 1,
		short: 1,
		unknown: 1,
	});
});

it("lists clusters by name, each with its fullest budget that fits", () => {
	const all = listedClusters(
		[
			budget("full", "short", ["b", "alone"]),
			budget("fuller", "fits", ["b", "a"], {
				limit: 251,
				demand: [1, 1, 1, 241],
			}),
			budget("empty", "fits", ["a", "b", "c"]),
		].map(fromStored),
	);
	expect(all.map(({ id, budget, free }) => [id, budget.name, free])).toEqual([
		[clusterId("a"), "fuller", range(10)],
		[clusterId("alone"), "full", range(250)],
		[clusterId("b"), "fuller", range(10)],
		[clusterId("c"), "empty", range(250)],
	]);
});

it("names why clusters could not be evaluated as a whole, the most frequent cause first", () => {
	const unknown = (
		cluster: string,
		text: string,
		more: Partial<Finding> = {},
	) =>
		keptLine({
			...finding,
			rule: "not-evaluated",
			cluster,
			budget: null,
			reasons: [{ kind: "cause", text }],
			...more,
		});
	expect(
		causesIn([
			unknown("a", "no answer"),
			unknown("b", "no row"),
			unknown("c", "no row"),
			unknown("c", "no row"),
			unknown("d", "of a budget", { budget: named("one") }),
			unknown("e", "of another rule", { rule: "nearly-full" }),
			unknown("f", "", { reasons: [] }),
		]),
	).toEqual([
		{ reason: "no row", clusters: 2 },
		{ reason: "no answer", clusters: 1 },
		{ reason: "not known", clusters: 1 },
	]);
});

it("wins back each IP once: of an oversized subnet, what none of its clusters needs", () => {
	const oversized = (low: number): Finding => ({
		...finding,
		rule: "oversized-subnet",
		budget: named("wide"),
		free: range(low, low + 10),
	});
	const leftovers = [
		{ kind: "leftover-interface" as const, addresses: range(3) },
		{ kind: "private-endpoint" as const, addresses: range(9) },
	];
	const blocks = { kind: "pod-blocks" as const, wonBack: 48 };
	const open = [
		oversized(900),
		oversized(800),
		{ ...oversized(2000), budget: named("wider") },
		{ ...oversized(-5), budget: named("full") },
		{ ...finding, free: range(50) },
	];
	const budgets = [
		budget("wide", "fits", ["a", "b"], {
			others: { amount: 12, byKind: leftovers },
		}),
		budget("small", "tight", ["c"], { wonBack: 12 }),
		budget("pods", "short", ["d"], blocks),
		budget("more pods", "fits", ["e"], { ...blocks, wonBack: 64 }),
		budget("plain", "fits", ["f"]),
	];
	const inUse = reclaimableInUse(budgets.map(fromStored));
	expect(reclaimableIn(open, inUse)).toEqual({
		// 2,800 + 112 + 12 + 3.
		addresses: 2927,
		oversizedSubnets: {
			subnets: 2,
			addresses: 2800,
			largest: [
				{ ...named("wider"), addresses: 2000 },
				{ ...named("wide"), addresses: 800 },
			],
		},
		wastedBlocks: {
			subnets: 2,
			addresses: 112,
			largest: [
				{ ...named("more pods"), kind: "pod-blocks", addresses: 64 },
				{ ...named("pods"), kind: "pod-blocks", addresses: 48 },
			],
		},
		oversizedMaxPods: {
			subnets: 1,
			addresses: 12,
			largest: [{ ...named("small"), addresses: 12 }],
		},
		leftoverInterfaces: {
			subnets: 1,
			addresses: 3,
			largest: [{ ...named("wide"), addresses: 3 }],
		},
	});
});

it("names the ten subnets with the most, and counts all", () => {
	const budgets = Array.from({ length: 12 }, (_, index) =>
		budget(`s${index}`, "fits", ["a"], { wonBack: index + 1 }),
	);
	const { subnets, addresses, largest } = reclaimableInUse(
		budgets.map(fromStored),
	).oversizedMaxPods;
	expect({ subnets, addresses }).toEqual({ subnets: 12, addresses: 78 });
	expect(largest.map((one) => one.addresses)).toEqual([
		12, 11, 10, 9, 8, 7, 6, 5, 4, 3,
	]);
});

it("adds up the changes of audits that ended, week by week", () => {
	const audit = (startedAt: string, opened: number) => ({
		...runningRecord({
			auditId: "20261128T050000000Z-aaaaaaaa",
			kind: "fleet" as const,
			trigger: "timer" as const,
			startedAt,
			restartOf: null,
		}),
		state: "completed" as const,
		changes: { ...noChanges, opened },
	});
	const weeks = weeksOf(
		[
			audit("2026-11-28T05:00:00.000Z", 2),
			audit("2026-11-22T05:00:00.000Z", 3),
			audit("2026-11-21T05:00:00.000Z", 5),
			{ ...audit("2026-11-20T05:00:00.000Z", 7), state: "failed" },
			audit("2026-10-01T05:00:00.000Z", 9),
		],
		"2026-11-28T08:00:00.000Z",
	);
	expect(weeks.map(({ audits, changes }) => [audits, changes.opened])).toEqual([
		[2, 5],
		[1, 5],
		[0, 0],
		[0, 0],
	]);
});

it("takes what to do first from the worst finding that has a remedy and is not accepted", () => {
	const open = (id: string, more: Partial<Finding>): Finding => ({
		...finding,
		id,
		budget: named("two"),
		acceptance: null,
		...more,
	});
	const remedies = (title: string) =>
		finding.remedies.slice(0, 1).map((one) => ({ ...one, title }));
	const all = [
		open("low", { severity: "low", remedies: remedies("Later.") }),
		open("high", { severity: "high", remedies: remedies("First.") }),
		open("none", { remedies: [] }),
		open("accepted", {
			acceptance: {
				reason: "waits",
				owner: "ada",
				expiry: "2027-01-01T00:00:00.000Z",
				by: "finding",
				acceptedBy: null,
				acceptedAt: null,
			},
		}),
		open("other", { budget: named("one") }),
		open("kind", { budget: { ...named("two"), kind: "pod-subnet" } }),
	];
	const { cluster, clusterName } = finding;
	const lines = all.map((one) => ({
		...keptLine(one),
		acceptance: one.acceptance,
	}));
	expect(firstFix(named("two"), lines)).toEqual({
		finding: "high",
		cluster,
		clusterName,
		title: "First.",
	});
	expect(firstFix(named("three"), lines)).toBeNull();
});
