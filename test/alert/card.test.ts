import { describe, expect, it } from "vitest";
import { alertCard } from "../../shared/alert/card.ts";
import type { Gap } from "../../shared/contract.ts";
import { cardOf, nodesOf, rowsOf } from "./cardText.ts";
import { clusterNamed, coverage, digest, line } from "./digests.ts";

const routes = { id: "rt", kind: "routes", name: "rt-hub" } as const;

describe("the envelope", () => {
	it("is that of a Teams workflow, with one card of version 1.4", () => {
		const { type, attachments } = JSON.parse(alertCard(digest()));
		expect(type).toBe("message");
		expect(attachments).toHaveLength(1);
		expect(attachments[0]).toMatchObject({
			contentType: "application/vnd.microsoft.card.adaptive",
			contentUrl: null,
			content: {
				type: "AdaptiveCard",
				version: "1.4",
				msteams: { width: "Full" },
			},
		});
	});

	it("contains only text, and text that wraps", () => {
		const card = cardOf(alertCard(digest({ lines: [line()] })));
		const nodes = nodesOf(card);
		expect(new Set(nodes.map(({ type }) => type))).toEqual(
			new Set([
				"AdaptiveCard",
				"TextBlock",
				"Container",
				"RichTextBlock",
				"TextRun",
			]),
		);
		const blocks = nodes.filter(({ type }) => type === "TextBlock");
		expect(blocks.every(({ wrap }) => wrap === true)).toBe(true);
	});

	it.each([
		{ reportUrl: null, urls: [] },
		{ reportUrl: "javascript:alert(1)", urls: [] },
		{ reportUrl: "reports", urls: [] },
		{ reportUrl: `https://r.example/${"a".repeat(2_000)}`, urls: [] },
		{
			reportUrl: "https://r.example/aks?view=all",
			urls: ["https://r.example/aks?view=all"],
		},
	])('links to "$reportUrl" by $urls', ({ reportUrl, urls }) => {
		const { actions = [] } = cardOf(alertCard(digest({ reportUrl })));
		expect(actions.map(({ url }) => url)).toEqual(urls);
	});
});

describe("the headline", () => {
	const shared = [clusterNamed("a"), clusterNamed("b")];
	it.each([
		{
			title: "counts each cluster once, however many budgets it is short of",
			lines: [
				line({ clusters: shared }),
				line({ severity: "high", clusters: [clusterNamed("b")] }),
				line({ severity: "high", clusters: [clusterNamed("c")] }),
			],
			text: "3 AKS clusters are short of IPs",
		},
		{
			title: "names what they are short of",
			lines: [line(), line({ budget: routes, change: "reopened" })],
			text: "1 AKS cluster is short of IPs or routes",
		},
		{
			title: "promises no shortage where no budget is short",
			lines: [line({ isShort: false, severity: "high" })],
			text: "Act on 1 AKS cluster",
		},
		{
			title: "is calmer below high",
			lines: [line({ severity: "medium" })],
			text: "Review 1 AKS cluster",
		},
		{
			title: "leaves out what became better",
			lines: [
				line({ change: "eased", severity: "high" }),
				line({ change: "resolved" }),
			],
			text: "Nothing new, 1 resolved, 1 better",
		},
		{
			title: "stands without lines",
			lines: [],
			text: "Nothing found in 42 AKS clusters",
		},
	])("$title", ({ lines, text }) => {
		expect(rowsOf(alertCard(digest({ lines })))[0]).toBe(text);
	});

	it("says that it is the first audit", () => {
		const body = alertCard(digest({ kind: "baseline", lines: [line()] }));
		expect(rowsOf(body)[0]).toBe("First audit: 1 AKS cluster is short of IPs");
	});

	it.each([
		{ why: "a partial audit", over: { state: "partial" as const } },
		{
			why: "clusters that were not evaluated",
			over: { coverage: coverage({ notEvaluated: 1 }) },
		},
		{ why: "older findings that are open", over: { open: { low: 1 } } },
	])("gives no all-clear with $why", ({ over }) => {
		expect(rowsOf(alertCard(digest(over)))[0]).toBe(
			"Nothing new that is severe enough to list",
		);
	});
});

describe("the lines", () => {
	it("say what, where, how much, why and what to do", () => {
		const clusters = ["shop-prod", "b", "c"].map(clusterNamed);
		const body = alertCard(digest({ lines: [line({ clusters })] }));
		expect(rowsOf(body).slice(1, 6)).toEqual([
			"Critical · new · Subnet nodes is 12 to 30 IPs short at autoscaler max",
			"shop-prod and 2 more clusters · subnet vnet-shop/nodes",
			"Do: Move the pool to a subnet of /23 or larger",
			"Why: 3 nodes x 29 to 31 IPs (max pods 30)",
			"Open now: nothing.",
		]);
	});

	it("leave out what a rule does not have", () => {
		const bare = line({
			headline: "Version retires",
			budget: null,
			isShort: false,
			reasons: null,
			remedy: null,
		});
		const rows = rowsOf(alertCard(digest({ lines: [bare] })));
		expect(rows.slice(1, 4)).toEqual([
			"Critical · new · Version retires",
			"shop-prod",
			"Open now: nothing.",
		]);
	});

	it("come most severe first, in the order given within a severity, resolved ones last", () => {
		const named = (name: string, rest: object) =>
			line({ clusters: [clusterNamed(name)], budget: null, ...rest });
		const lines = [
			named("d", { severity: "low", change: "worsened" }),
			named("e", { severity: "critical", change: "resolved" }),
			named("a", { severity: "critical" }),
			named("c", { severity: "high", change: "eased" }),
			named("b", { severity: "critical", change: "reopened" }),
		];
		const rows = rowsOf(alertCard(digest({ lines })));
		expect(rows.filter((row) => /^[a-e]\b/.test(row))).toEqual([
			"a",
			"b",
			"c",
			"d",
			"e · Subnet nodes is 12 to 30 IPs short at autoscaler max",
		]);
		expect(rows).toContain("Resolved (1)");
		const words = rows.flatMap(
			(row) => /^\w+ · (\w+) · Subnet/.exec(row)?.[1] ?? [],
		);
		expect(words).toEqual(["new", "reopened", "better", "worse"]);
	});

	it("become short after the tenth and are counted where the card is full", () => {
		const lines = Array.from({ length: 100 }, (_, index) =>
			line({
				clusters: [clusterNamed(`c${index}`)],
				severity: index < 99 ? "high" : "low",
			}),
		);
		const rows = rowsOf(alertCard(digest({ lines })));
		expect(rows).toContain("c9 · subnet vnet-shop/nodes");
		expect(rows).toContain(
			"High · new · c10 · subnet vnet-shop/nodes · Subnet nodes is 12 to 30 IPs short at autoscaler max",
		);
		const shown = rows.filter((row) => /\bc\d+ ·/.test(row)).length;
		expect(shown).toBeGreaterThan(20);
		expect(rows).toContain(`+${100 - shown} more: ${99 - shown} high, 1 low`);
	});
});

describe("what to plan with", () => {
	it("is one row below the cluster", () => {
		const ahead = line({
			additionalNodes: "Pool apps cannot add a node now",
			runway: "Full in about 23 days (15 to 40), from 30 points over 29 days",
		});
		const rows = rowsOf(alertCard(digest({ lines: [ahead] })));
		expect(rows.slice(2, 4)).toEqual([
			"shop-prod · subnet vnet-shop/nodes",
			"Pool apps cannot add a node now. Full in about 23 days (15 to 40), from 30 points over 29 days.",
		]);
	});
});

describe("the weekly summary", () => {
	const again = (name: string, over: object = {}) =>
		line({
			change: "still-open",
			since: "2026-10-05T05:00:00.000Z",
			clusters: [clusterNamed(name)],
			...over,
		});
	const weekly = (...stillOpen: ReturnType<typeof again>[]) => ({
		weekly: { stillOpen },
	});

	it.each([
		{
			what: "nothing found at all",
			over: {},
			text: "All quiet: nothing found in 42 AKS clusters",
		},
		{
			what: "only low findings open",
			over: { open: { low: 3 } },
			text: "All quiet: nothing new in 42 AKS clusters",
		},
		{
			what: "clusters not evaluated",
			over: {
				open: { medium: 2 },
				coverage: coverage({ notEvaluated: 2 }),
			},
			text: "All quiet: nothing new in 40 AKS clusters",
		},
		{
			what: "accepted findings",
			over: { accepted: 1 },
			text: "All quiet: nothing new in 42 AKS clusters",
		},
		{
			what: "a partial audit",
			over: { state: "partial" as const },
			text: "Nothing new in the part that was read",
		},
		{
			what: "a channel that is told of a part",
			over: { whole: false },
			text: "All quiet: nothing new for this channel",
		},
		{
			what: "severe findings of this week",
			over: { open: { critical: 1, high: 2, low: 9 } },
			text: "Nothing new; 1 critical, 2 high still open",
		},
	])("with $what says: $text", ({ over, text }) => {
		const rows = rowsOf(alertCard(digest({ ...weekly(), ...over })));
		expect(rows[0]).toBe(text);
		expect(rows.at(-2)).toBe(
			"Weekly summary: sent every week, also without news. If it is missing, check the auditor.",
		);
	});

	it("tells again what is critical and old, in full", () => {
		const rows = rowsOf(
			alertCard(
				digest({ ...weekly(again("a"), again("b")), open: { critical: 2 } }),
			),
		);
		expect(rows.slice(0, 7)).toEqual([
			"Nothing new; 2 AKS clusters are still short of IPs",
			"Still open (2)",
			"Critical · still open, first seen 2026-10-05 · Subnet nodes is 12 to 30 IPs short at autoscaler max",
			"a · subnet vnet-shop/nodes",
			"Do: Move the pool to a subnet of /23 or larger",
			"Why: 3 nodes x 29 to 31 IPs (max pods 30)",
			"Critical · still open, first seen 2026-10-05 · Subnet nodes is 12 to 30 IPs short at autoscaler max",
		]);
	});

	it("is not drowned by what became better that day", () => {
		const body = alertCard(
			digest({ lines: [line({ change: "resolved" })], ...weekly(again("a")) }),
		);
		expect(rowsOf(body)[0]).toBe(
			"Nothing new, 1 resolved; still act on 1 AKS cluster",
		);
	});

	it.each(["opened", "worsened", "reopened"] as const)(
		"does not say that nothing is new where a lower severity %s",
		(kind) => {
			const first = (over: Parameters<typeof digest>[0]) =>
				rowsOf(
					alertCard(digest({ ...over, changes: { [kind]: 1, resolved: 1 } })),
				)[0];
			expect(first({ lines: [line({ change: "resolved" })] })).toBe(
				"Nothing new to list, 1 resolved",
			);
			expect(first(weekly(again("a")))).toBe(
				"Nothing new to list; 1 AKS cluster is still short of IPs",
			);
			expect(first({ ...weekly(), open: { low: 3 } })).toBe(
				"All quiet: nothing new to list in 42 AKS clusters",
			);
		},
	);

	it("promises no shortage where no budget is short", () => {
		const rows = rowsOf(
			alertCard(digest(weekly(again("a", { isShort: false })))),
		);
		expect(rows[0]).toBe("Nothing new; still act on 1 AKS cluster");
	});

	it("comes below the news of its day, and counts what does not fit", () => {
		const news = [line({ clusters: [clusterNamed("new")] })];
		const old = Array.from({ length: 100 }, (_, index) => again(`old${index}`));
		const body = alertCard(digest({ lines: news, ...weekly(...old) }));
		const rows = rowsOf(body);
		expect(rows[0]).toBe("1 AKS cluster is short of IPs");
		expect(rows[1]).toMatch(/^Critical · new/);
		expect(rows).toContain("Still open (100)");
		expect(rows.filter((row) => /^old\d+ · subnet/.test(row))).toHaveLength(9);
		const shown = rows.filter((row) => /\bold\d+ ·/.test(row)).length;
		expect(shown).toBeGreaterThan(20);
		expect(rows).toContain(`+${100 - shown} more: ${100 - shown} critical`);
		expect(Buffer.byteLength(body)).toBeLessThanOrEqual(20_000);
	});
});

describe("the last complete audit", () => {
	it.each([
		{
			last: { at: "2026-11-19T05:03:20.000Z", days: 3 },
			text: "The last complete audit before this one was 3 days ago: 2026-11-19 05:03 UTC.",
		},
		{
			last: { at: "2026-11-22T01:03:20.000Z", days: 0 },
			text: "The last complete audit before this one was less than a day ago: 2026-11-22 01:03 UTC.",
		},
		{
			last: { at: null, days: 0 },
			text: "No audit before this one was complete.",
		},
	])("is said below the headline: $text", ({ last, text }) => {
		const rows = rowsOf(alertCard(digest({ lastComplete: last })));
		expect(rows[1]).toBe(text);
	});
});

describe("a channel that is told of a part", () => {
	it("hears no all-clear for the rest", () => {
		const rows = rowsOf(alertCard(digest({ kind: "baseline", whole: false })));
		expect(rows[0]).toBe(
			"First audit: nothing new that is severe enough to list",
		);
		expect(rows).toContain("Open now for this channel: nothing.");
	});
});

describe("the counts", () => {
	it("tell changes, how many are not listed, and what is open", () => {
		const rows = rowsOf(
			alertCard(
				digest({
					changes: {
						opened: 3,
						worsened: 1,
						eased: 2,
						resolved: 4,
						reopened: 1,
					},
					belowMinimum: 2,
					open: { critical: 1, high: 2, medium: 1_200 },
				}),
			),
		);
		expect(rows).toContain(
			"Changes: 3 new, 1 worse, 2 better, 4 resolved, 1 reopened.",
		);
		expect(rows).toContain("2 lower-severity changes not listed.");
		expect(rows).toContain("Open now: 1 critical, 2 high, 1,200 medium.");
	});

	it("tell no changes of a first audit", () => {
		const rows = rowsOf(alertCard(digest({ kind: "baseline" })));
		expect(rows.join("\n")).not.toContain("Changes");
	});
});

it.each([
	{ over: {}, text: "Open now: nothing." },
	{
		over: { open: { high: 2 }, accepted: 4 },
		text: "Open now: 2 high. 4 of these accepted.",
	},
	{
		over: { accepted: 1, coverage: coverage({ notEvaluated: 1 }) },
		text: "Open now: nothing. 1 of these accepted. Not evaluated: 1 cluster.",
	},
	{
		over: { damped: 1 },
		text: "1 change of findings that come and go not listed.",
	},
	{
		over: { damped: 3 },
		text: "3 changes of findings that come and go not listed.",
	},
])("what remains is said: $text", ({ over, text }) => {
	expect(rowsOf(alertCard(digest(over)))).toContain(text);
});

describe("the coverage", () => {
	it("is said with the time of the audit", () => {
		const rows = rowsOf(
			alertCard(digest({ coverage: coverage({ notEvaluated: 3 }) })),
		);
		expect(rows.slice(-4)).toEqual([
			"Open now: nothing. Not evaluated: 3 clusters.",
			"Changes: none.",
			"Seen: 42 clusters and 117 subnets in 3 of 3 subscriptions.",
			"Audit ended: 2026-11-22 05:03 UTC",
		]);
	});

	it("of a partial audit comes right below the headline, with its gaps", () => {
		const gaps = Array.from({ length: 7 }, (_, index) => ({
			kind: "subscription" as const,
			subscription: `sub-${index}`,
			scope: `sub-${index}`,
			reason: "no answer",
		}));
		const subscriptions = { expected: 9, answered: 2 };
		const rows = rowsOf(
			alertCard(
				digest({
					state: "partial",
					lines: [line()],
					coverage: coverage({ subscriptions, gaps }),
				}),
			),
		);
		expect(rows[1]).toMatch(
			/^Partial audit: 7 of 9 subscriptions did not answer\./,
		);
		expect(rows).toContain("Not seen: sub-0 · no answer");
		expect(rows).toContain("Not seen: sub-4 · no answer");
		expect(rows).not.toContain("Not seen: sub-5 · no answer");
		expect(rows).toContain("+2 more not seen");
	});

	it("of a partial audit whose subscriptions all answered counts the gaps", () => {
		const gaps: Gap[] = [
			{
				kind: "network",
				subscription: null,
				scope: "vnet-big",
				reason: "rows were lost",
			},
		];
		const body = alertCard(
			digest({ state: "partial", coverage: coverage({ gaps }) }),
		);
		expect(rowsOf(body)[1]).toMatch(
			/^Partial audit: 1 gap in the data\. What it did not read is not checked\. This is not an all-clear\.$/,
		);
	});
});

it("counts what was not checked by cause, three causes in full", () => {
	const unknown = [
		{ cause: "Rows are missing", budgets: 4 },
		{ cause: image, budgets: 2 },
		{ cause: "The subnet is not visible", budgets: 1 },
		{ cause: "The network is not visible", budgets: 1 },
	];
	expect(rowsOf(alertCard(digest({ unknown })))).toContain(
		`Not checked (8) · Rows are missing (4) · ${image} (2) · The subnet is not visible (1) · 1 more cause`,
	);
});

const image = "<img src=x onerror=document.title=1>";
