import { expect, it } from "vitest";
import { countVerdicts } from "../../shared/audit/fleetCounts.ts";
import { reclaimableIn, weeksOf } from "../../shared/audit/overview.ts";
import type { Finding } from "../../shared/contract.ts";
import { noChanges } from "../../shared/findings/counts.ts";
import { finding } from "../../shared/http/examples.ts";
import { runningRecord } from "../../shared/records/auditRecord.ts";
import type { StoredBudget } from "../../shared/records/storedBudget.ts";
import { clusterId, range, subnetId } from "./builders.ts";

const budget = (
	name: string,
	verdict: StoredBudget["verdict"],
	clusters: readonly string[],
	others: StoredBudget["others"] | null = null,
): StoredBudget => ({
	id: subnetId(name),
	kind: "subnet",
	name,
	limit: 251,
	demand: [1, 1, 1, 1],
	verdict,
	clusters: clusters.map((cluster) => clusterId(cluster)),
	...(others && { others }),
});

it("counts a cluster by the worst budget that it uses", () => {
	const counts = countVerdicts([
		budget("one", "fits", ["a", "b", "c"]),
		budget("two", "unknown", ["a", "b"]),
		budget("three", "tight", ["b"]),
	]);
	expect(counts.budgets).toEqual({ fits: 1, tight: 1, short: 0, unknown: 1 });
	expect(counts.clusters).toEqual({ fits: 1, tight: 1, short: 0, unknown: 1 });
});

it("wins back what no cluster of an oversized subnet needs, once a subnet, and leftover interfaces", () => {
	const oversized = (low: number): Finding => ({
		...finding,
		rule: "oversized-subnet",
		free: range(low, low + 10),
	});
	const leftovers = [
		{ kind: "leftover-interface" as const, addresses: range(3) },
		{ kind: "private-endpoint" as const, addresses: range(9) },
	];
	expect(
		reclaimableIn(
			[oversized(900), oversized(800), { ...finding, free: range(50) }],
			[budget("one", "fits", ["a"], { amount: 12, byKind: leftovers })],
		),
	).toEqual({
		oversizedSubnets: { subnets: 1, addresses: 800 },
		leftoverInterfaces: { subnets: 1, addresses: 3 },
	});
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
