import { describe, expect, it } from "vitest";
import {
	isInScope,
	nextOf,
	sinceOf,
	together,
	withMore,
} from "../../shared/audit/scope.ts";
import type { AuditScope } from "../../shared/contract.ts";
import {
	type AuditRecord,
	queuedRecord,
} from "../../shared/records/auditRecord.ts";

const ours = "10000000-0000-4000-8000-000000000001";
const theirs = "20000000-0000-4000-8000-000000000002";
const clusterIn = (subscription: string, name = "a") =>
	`/subscriptions/${subscription}/resourcegroups/rg/providers/microsoft.containerservice/managedclusters/${name}`;

/** An audit that waits since a minute of 05:00. */
function waiting(
	minute: number,
	scope: AuditScope | null = { clusters: [clusterIn(ours)] },
): AuditRecord {
	const at = `2026-11-28T05:0${minute}:00.000Z`;
	const suffix = scope === null ? "00000000" : "s00000000";
	return queuedRecord(
		{
			auditId: `20261128T050${minute}00000Z-${suffix}`,
			kind: scope === null ? "fleet" : "scoped",
			trigger: "http",
			startedAt: at,
			restartOf: null,
		},
		scope,
		scope === null ? [] : [{ by: "http", why: "asked", since: at }],
	);
}

function fleetAudit(
	state: "completed" | "partial",
	minute: number,
): AuditRecord {
	return { ...waiting(minute, null), state };
}

describe("scopes together", () => {
	it("name everything once", () => {
		expect(
			together(
				{ clusters: [clusterIn(ours, "b"), clusterIn(ours)] },
				{ clusters: [clusterIn(ours)] },
			),
		).toEqual({ clusters: [clusterIn(ours), clusterIn(ours, "b")] });
	});

	it("name no cluster of a subscription that is in them", () => {
		expect(
			together(
				{ clusters: [clusterIn(ours), clusterIn(theirs)] },
				{ subscriptions: [ours] },
			),
		).toEqual({ clusters: [clusterIn(theirs)], subscriptions: [ours] });
	});

	it("are one audit up to 500 IDs", () => {
		const many = (count: number, name: string) => ({
			clusters: Array.from({ length: count }, (_, index) =>
				clusterIn(ours, `${name}${index}`),
			),
		});
		expect(together(many(250, "a"), many(250, "b"))?.clusters).toHaveLength(
			500,
		);
		expect(together(many(250, "a"), many(251, "b"))).toBeNull();
	});

	it("keep what the newest request asks of rows", () => {
		const both = withMore(waiting(3), waiting(1));
		expect(both?.requests.map(({ since }) => since)).toEqual([
			"2026-11-28T05:01:00.000Z",
			"2026-11-28T05:03:00.000Z",
		]);
		expect(sinceOf(both?.requests ?? [])).toBe("2026-11-28T05:03:00.000Z");
	});
});

it.each([
	{ scope: null, cluster: clusterIn(theirs), is: true },
	{
		scope: { clusters: [clusterIn(ours)] },
		cluster: clusterIn(ours),
		is: true,
	},
	{
		scope: { clusters: [clusterIn(ours)] },
		cluster: clusterIn(ours, "b"),
		is: false,
	},
	{ scope: { subscriptions: [ours] }, cluster: clusterIn(ours), is: true },
	{ scope: { subscriptions: [ours] }, cluster: clusterIn(theirs), is: false },
])("a cluster is in scope or not: $is", ({ scope, cluster, is }) => {
	expect(isInScope(scope, cluster)).toBe(is);
});

describe("what waits", () => {
	it("starts with the audit of the fleet, whoever came first", () => {
		const queued = [waiting(1), waiting(2, null), waiting(3)];
		const { next, done } = nextOf(queued, fleetAudit("completed", 0));
		expect(next).toBe(queued[1]);
		expect(done).toEqual([]);
	});

	it("starts with the oldest request", () => {
		const queued = [waiting(3), waiting(1)];
		expect(nextOf(queued, fleetAudit("completed", 0)).next).toBe(queued[1]);
	});

	it("is done by a complete audit of the fleet that began two minutes after it", () => {
		const queued = [waiting(1), waiting(2)];
		const { next, done } = nextOf(queued, fleetAudit("completed", 3));
		expect(done).toEqual([queued[0]]);
		expect(next).toBe(queued[1]);
	});

	it("is not done by one that began before, or just after it, or has gaps", () => {
		const queued = [waiting(2)];
		for (const last of [
			fleetAudit("completed", 2),
			// Resource Graph may not have shown the change yet.
			fleetAudit("completed", 3),
			fleetAudit("partial", 4),
		])
			expect(nextOf(queued, last)).toEqual({ next: queued[0], done: [] });
	});

	it("goes on waiting until an audit of the fleet has ended", () => {
		expect(nextOf([waiting(1)], null)).toEqual({ next: null, done: [] });
	});
});
