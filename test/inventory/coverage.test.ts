import { describe, expect, it } from "vitest";
import {
	type Remembered,
	type SubscriptionCoverage,
	subscriptionCoverage,
} from "../../shared/inventory/coverage.ts";
import type { Gathered } from "../../shared/inventory/gather.ts";
import { cluster, clusterId, inventory } from "../model/builders.ts";

const a = "00000000-0000-4000-8000-00000000000a";
const b = "00000000-0000-4000-8000-00000000000b";

const nothingBefore: Remembered = { withClusters: [], missing: {} };

/** What was read: who is listed, who has clusters, who shows resource groups. */
function read({
	listed = [a],
	clusters = [],
	unreadable = [],
	groups = [],
}: {
	listed?: string[];
	clusters?: string[];
	unreadable?: string[];
	groups?: string[];
}): Gathered {
	return {
		inventory: inventory({
			subscriptions: new Set(listed),
			clusters: clusters.map((subscription) => cluster({ subscription })),
			unreadableClusters: unreadable.map((subscription) => ({
				id: clusterId().replace(cluster().subscription, subscription),
				reason: "field version",
				nodeResourceGroup: "",
				apiServerSubnets: [],
				subnets: [],
			})),
		}),
		withResourceGroups: new Set(groups),
		gaps: [],
	};
}

describe("subscriptions that should have answered", () => {
	it.each<{
		what: string;
		read: Parameters<typeof read>[0];
		configured?: string[];
		before?: Remembered;
		expected: string[];
		gap: string | null;
		withClusters: string[];
	}>([
		{
			what: "listed, never with clusters",
			read: {},
			expected: [a],
			gap: null,
			withClusters: [],
		},
		{
			what: "listed, with clusters",
			read: { clusters: [a], groups: [a] },
			expected: [a],
			gap: null,
			withClusters: [a],
		},
		{
			what: "listed, with a cluster that cannot be read",
			read: { unreadable: [a] },
			expected: [a],
			gap: null,
			withClusters: [a],
		},
		{
			what: "listed, had clusters and has",
			read: { clusters: [a] },
			before: { withClusters: [a], missing: {} },
			expected: [a],
			gap: null,
			withClusters: [a],
		},
		{
			what: "listed, had clusters and shows resource groups alone: it has answered",
			read: { groups: [a] },
			before: { withClusters: [a], missing: {} },
			expected: [a],
			gap: null,
			withClusters: [],
		},
		{
			what: "listed, had clusters and shows neither clusters nor groups",
			read: {},
			before: { withClusters: [a], missing: {} },
			expected: [a],
			gap: "had clusters, and now shows neither",
			withClusters: [a],
		},
		{
			what: "configured and listed",
			read: {},
			configured: [a],
			expected: [a],
			gap: null,
			withClusters: [],
		},
		{
			what: "configured and not listed",
			read: { listed: [a] },
			configured: [b],
			expected: [a, b],
			gap: "is configured, and not listed",
			// Nobody has seen a cluster of it: once the setting is fixed it is forgotten.
			withClusters: [],
		},
		{
			what: "had clusters and is not listed any more",
			read: { listed: [a] },
			before: { withClusters: [b], missing: {} },
			expected: [a, b],
			gap: "not listed any more",
			withClusters: [b],
		},
	])(
		"$what",
		({
			read: facts,
			configured = [],
			before = nothingBefore,
			expected,
			gap,
			withClusters,
		}) => {
			const coverage = subscriptionCoverage(read(facts), configured, before, 3);
			expect(coverage.expected).toEqual(expected);
			expect(coverage.gaps.map(({ reason }) => reason)).toEqual(
				gap === null ? [] : [expect.stringContaining(gap)],
			);
			expect(coverage.outOfReach).toEqual([]);
			expect(coverage.remembered.withClusters).toEqual(withClusters);
		},
	);

	it("names the subscription of a gap", () => {
		const { gaps } = subscriptionCoverage(read({}), [b], nothingBefore, 3);
		expect(gaps).toEqual([
			{
				kind: "subscription",
				subscription: b,
				scope: `subscription ${b}`,
				reason:
					"is configured, and not listed: the auditor's identity needs Reader on it",
			},
		]);
	});
});

/** Audits one after the other, each with what the one before remembers. */
function audits(
	seen: readonly Gathered[],
	configured: string[] = [],
	before: Remembered = { withClusters: [a, b], missing: {} },
	missingAudits = 3,
): SubscriptionCoverage[] {
	let remembered = before;
	return seen.map((gathered) => {
		const coverage = subscriptionCoverage(
			gathered,
			configured,
			remembered,
			missingAudits,
		);
		remembered = JSON.parse(JSON.stringify(coverage.remembered));
		return coverage;
	});
}

const outline = ({ gaps, outOfReach, expected }: SubscriptionCoverage) => ({
	gaps: gaps.length,
	outOfReach,
	expected: expected.length,
});

describe("a subscription that does not answer any more", () => {
	const gone = read({ clusters: [a], groups: [a] });
	const back = read({ listed: [a, b], clusters: [a, b], groups: [a, b] });
	const missing = { gaps: 1, outOfReach: [], expected: 2 };
	const quiet = { gaps: 0, outOfReach: [], expected: 1 };

	it("is a gap for three audits, out of reach once, and expected no more", () => {
		expect(audits([gone, gone, gone, gone, gone, gone]).map(outline)).toEqual([
			missing,
			missing,
			missing,
			{ gaps: 0, outOfReach: [b], expected: 1 },
			quiet,
			quiet,
		]);
	});

	it("is out of reach once though it is configured", () => {
		expect(
			audits([gone, gone, gone, gone, gone, gone], [b]).map(outline),
		).toEqual([
			missing,
			missing,
			missing,
			{ gaps: 0, outOfReach: [b], expected: 1 },
			quiet,
			quiet,
		]);
	});

	it("that was never seen is a gap for three audits as well", () => {
		expect(
			audits([gone, gone, gone, gone, gone], [b], nothingBefore).map(outline),
		).toEqual([
			missing,
			missing,
			missing,
			{ gaps: 0, outOfReach: [b], expected: 1 },
			quiet,
		]);
	});

	it("counts audits in a row: an answer restarts the count", () => {
		expect(
			audits([gone, gone, back, gone, gone, gone, gone]).map(outline),
		).toEqual([
			missing,
			missing,
			{ gaps: 0, outOfReach: [], expected: 2 },
			missing,
			missing,
			missing,
			{ gaps: 0, outOfReach: [b], expected: 1 },
		]);
	});

	it("that comes back after it was out of reach is expected again", () => {
		expect(
			audits([gone, gone, gone, gone, gone, back, gone]).map(outline).slice(4),
		).toEqual([quiet, { gaps: 0, outOfReach: [], expected: 2 }, missing]);
	});

	it("is out of reach after the number of audits that is set", () => {
		expect(audits([gone, gone], [], undefined, 1).map(outline)).toEqual([
			missing,
			{ gaps: 0, outOfReach: [b], expected: 1 },
		]);
	});

	it("is missing while it is listed and shows neither clusters nor groups", () => {
		const empty = read({ listed: [a, b], clusters: [a], groups: [a] });
		const counts = audits([empty, empty, empty, empty]).map(
			({ gaps, outOfReach }) => [gaps.length, outOfReach.length],
		);
		expect(counts).toEqual([
			[1, 0],
			[1, 0],
			[1, 0],
			[0, 1],
		]);
	});

	it("is said once even while it stays listed and empty", () => {
		const empty = read({ listed: [a, b], clusters: [a], groups: [a] });
		const later = audits([
			empty,
			empty,
			empty,
			empty,
			empty,
			empty,
			empty,
			empty,
		]).slice(4);
		expect(
			later.map(({ gaps, outOfReach }) => [gaps.length, outOfReach.length]),
		).toEqual([
			[0, 0],
			[0, 0],
			[0, 0],
			[0, 0],
		]);
	});
});
