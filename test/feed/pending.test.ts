import { describe, expect, it } from "vitest";
import type { HeardChange } from "../../shared/feed/heardChange.ts";
import { keyOf } from "../../shared/feed/keyOf.ts";
import {
	dueAudits,
	gatherChanges,
	mostKept,
	type PendingAudit,
	withTwins,
} from "../../shared/feed/pending.ts";

const change = (id: string, at = "2026-11-28T14:32:00.000Z"): HeardChange => ({
	id,
	source: "feed",
	operation: null,
	resource: "/subscriptions/s/resourcegroups/g/providers/p/t/n",
	type: "microsoft.containerservice/managedclusters",
	kind: "update",
	at,
	by: null,
	values: null,
});
const heard = (id: string, ...clusters: string[]) => ({
	change: change(id),
	clusters,
});
const shape = (all: readonly PendingAudit[]) =>
	all.map(({ clusters, count }) => ({ clusters, count }));

describe("gathering", () => {
	it("makes one audit of changes that share a cluster, however they come together", () => {
		const first = gatherChanges(
			[],
			[heard("1", "a", "b"), heard("2", "c"), heard("3", "d")],
			1000,
		);
		expect(shape(first)).toEqual([
			{ clusters: ["a", "b"], count: 1 },
			{ clusters: ["c"], count: 1 },
			{ clusters: ["d"], count: 1 },
		]);
		const second = gatherChanges(first, [heard("4", "b", "c")], 2000);
		expect(shape(second)).toEqual([
			{ clusters: ["d"], count: 1 },
			{ clusters: ["a", "b", "c"], count: 3 },
		]);
		expect(second[1]).toMatchObject({ firstHeard: 1000, lastHeard: 2000 });
	});

	it("starts nothing for a change that concerns no cluster", () => {
		expect(gatherChanges([], [heard("1")], 1000)).toEqual([]);
	});

	it("counts a change once that is heard twice", () => {
		const once = gatherChanges([], [heard("1", "a")], 1000);
		expect(gatherChanges(once, [heard("1", "a")], 2000)[0]?.count).toBe(1);
	});

	it("keeps the newest of a storm, and counts them all", () => {
		const storm = Array.from({ length: 5000 }, (_, number) => ({
			change: change(
				String(number),
				new Date(
					Date.UTC(2026, 10, 28, 14, 0, number % 60, number),
				).toISOString(),
			),
			clusters: [`c${number % 3}`, "shared"],
		}));
		const [only, ...more] = gatherChanges([], storm, 1000);
		expect(more).toEqual([]);
		expect(only).toMatchObject({
			clusters: ["c0", "c1", "c2", "shared"],
			count: 5000,
		});
		expect(only?.changes).toHaveLength(mostKept);
		// 4979 is the last at second 59, and comes latest.
		expect(only?.changes[0]?.id).toBe("4979");
	});
});

describe("what the feed tells of a change that an event told of", () => {
	const event = gatherChanges(
		[],
		[heard("event", "a"), heard("else", "z")],
		1000,
	);
	const row = { ...change("row"), values: [] };
	const twin = (of: string, ...clusters: string[]) => ({
		of: keyOf(of),
		placed: { change: row, clusters },
	});

	it("takes its place, with whom it concerns, and is not counted", () => {
		const { pending, late } = withTwins(event, [twin("event", "a", "b")]);
		expect(shape(pending)).toEqual([
			{ clusters: ["a", "b"], count: 1 },
			{ clusters: ["z"], count: 1 },
		]);
		expect(pending[0]?.changes).toEqual([row]);
		expect(late).toEqual([]);
	});

	it("can join two neighborhoods", () => {
		const { pending } = withTwins(event, [twin("event", "a", "z")]);
		expect(shape(pending)).toEqual([{ clusters: ["a", "z"], count: 2 }]);
	});

	it("comes late where the audit has begun", () => {
		const { pending, late } = withTwins(event, [twin("gone", "a")]);
		expect(pending).toEqual(event);
		expect(late).toEqual([{ change: row, clusters: ["a"] }]);
	});
});

describe("when an audit is due", () => {
	const [pending] = gatherChanges([], [heard("1", "a")], 60_000);
	const noisy = { ...pending, lastHeard: 600_000 } as PendingAudit;
	const bounds = { quiet: 300_000, longest: 1_800_000 };
	const isDue = (one: PendingAudit | undefined, now: number) =>
		dueAudits(one ? [one] : [], now, bounds).due.length === 1;
	it.each([
		{ name: "quiet for too short", one: pending, now: 359_999, due: false },
		{ name: "quiet for long enough", one: pending, now: 360_000, due: true },
		{ name: "still noisy", one: noisy, now: 899_999, due: false },
		{
			name: "noisy for the longest time",
			one: { ...noisy, lastHeard: 1_859_999 },
			now: 1_860_000,
			due: true,
		},
		{ name: "a clock that was set back", one: pending, now: 59_999, due: true },
	])("$name: $due", ({ one, now, due }) => {
		expect(isDue(one, now)).toBe(due);
	});
});
