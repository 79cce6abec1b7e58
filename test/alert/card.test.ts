import { describe, expect, it } from "vitest";
import { alertCard } from "../../shared/alert/card.ts";
import { changeKinds, type Gap } from "../../shared/contract.ts";
import { faultsOf } from "./cardSchema.ts";
import { cardOf, linksOf, nodesOf, rowsOf, visibleRowsOf } from "./cardText.ts";
import { clusterNamed, coverage, digest, line } from "./digests.ts";

const gap: Gap = {
	kind: "network",
	subscription: null,
	scope: "vnet-big",
	reason: "rows were lost",
};
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
				"ColumnSet",
				"Column",
				"Action.ToggleVisibility",
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
			urls: [
				"https://r.example/aks?view=all&finding=f1#/findings/f1",
				"https://r.example/aks?view=all",
			],
		},
	])('links to "$reportUrl" by $urls', ({ reportUrl, urls }) => {
		const lines = [line({ finding: "f1" })];
		expect(linksOf(alertCard(digest({ lines, reportUrl })))).toEqual(urls);
	});

	it("is valid by the schema of 1.4, with targets for whatever can be opened", () => {
		const lines = changeKinds.flatMap((change) => [
			line({ change, note: "new-rule", runway: "Full in about 23 days" }),
			line({ change, budget: null, impact: null, remedies: [], reasons: null }),
		]);
		const all = digest({
			lines: [...lines, ...lines],
			reportUrl: "https://r.example/",
			state: "partial",
			outOfReach: ["a"],
			unknown: [{ cause: "Rows are missing", budgets: 4 }],
			weekly: { stillOpen: [line({ change: "still-open" })] },
			lastComplete: { at: null, days: 0 },
			coverage: coverage({ gaps: [gap] }),
			belowMinimum: 3,
		});
		for (const one of [all, digest(), digest({ lines })])
			expect(faultsOf(alertCard(one))).toEqual([]);
	});
});

describe("the title", () => {
	const shared = [clusterNamed("a"), clusterNamed("b")];
	const addresses = ["addresses"] as const;
	it.each([
		{
			title: "says of a first audit how many clusters are short",
			over: {
				kind: "baseline" as const,
				short: { clusters: 10, of: 33, units: [...addresses, "blocks"] },
			},
			text: "10 of 33 AKS clusters are short of IPs",
		},
		{
			title: "says so without the number of all that nobody knows",
			over: {
				kind: "baseline" as const,
				short: { clusters: 1, of: null, units: ["routes", "addresses"] },
			},
			text: "1 AKS cluster is short of IPs or routes",
		},
		{
			title: "counts each cluster with news once",
			over: {
				short: { clusters: 3, of: 42, units: addresses },
				lines: [
					line({ clusters: shared }),
					line({ severity: "high", clusters: [clusterNamed("b")] }),
					line({ severity: "high", clusters: [clusterNamed("c")] }),
				],
			},
			text: "New: 3 of 42 AKS clusters are short of IPs",
		},
		{
			title: "says beside the news how many there are in all",
			over: {
				short: { clusters: 10, of: 33, units: addresses },
				lines: [line(), line({ budget: routes, change: "reopened" })],
			},
			text: "New or reopened: 1 AKS cluster is short of IPs or routes; 10 of 33 in all",
		},
		{
			title: "promises no shortage where no budget is short",
			over: { lines: [line({ short: [], severity: "high" })] },
			text: "Act on 1 AKS cluster",
		},
		{
			title: "is calmer below high, and does not forget what is short",
			over: {
				short: { clusters: 2, of: 42, units: addresses },
				lines: [line({ severity: "medium" })],
			},
			text: "Review 1 AKS cluster; 2 of 42 AKS clusters are still short of IPs",
		},
		{
			title: "leaves out what became better",
			over: {
				lines: [
					line({ change: "eased", severity: "high" }),
					line({ change: "resolved" }),
				],
			},
			text: "Nothing new, 1 resolved, 1 better",
		},
		{
			title: "says what is still short where something became better",
			over: {
				short: { clusters: 2, of: 42, units: addresses },
				lines: [line({ change: "resolved" })],
			},
			text: "Nothing new, 1 resolved; 2 of 42 AKS clusters are still short of IPs",
		},
		{
			title: "says that a subscription is out of reach",
			over: { outOfReach: ["a", "b"] },
			text: "2 subscriptions out of reach",
		},
		{
			title: "is there without lines",
			over: { open: { low: 1 } },
			text: "Nothing new that is severe enough to list",
		},
		{
			title: "says that nothing was found",
			over: { kind: "baseline" as const },
			text: "Nothing found in 42 AKS clusters",
		},
	] as const)("$title", ({ over, text }) => {
		expect(rowsOf(alertCard(digest(over)))[0]).toBe(text);
	});

	it.each([
		{
			over: {
				kind: "baseline" as const,
				open: { critical: 6, high: 10, low: 9 },
			},
			text: "6 critical, 10 high · first audit · 22 Nov 05:03 UTC",
		},
		{
			over: { open: { critical: 1 }, changes: { opened: 2, resolved: 3 } },
			text: "1 critical open · 2 new, 3 resolved · 22 Nov 05:03 UTC",
		},
		{
			over: { open: { medium: 1, low: 2 }, whole: false },
			text: "1 medium, 2 low open for this channel · no changes · 22 Nov 05:03 UTC",
		},
		{
			over: { weekly: { stillOpen: [] } },
			text: "nothing open · no changes · weekly summary · 22 Nov 05:03 UTC",
		},
	])("has the counts and the time below it: $text", ({ over, text }) => {
		expect(rowsOf(alertCard(digest(over)))[1]).toBe(text);
	});

	it.each([
		{ why: "a partial audit", over: { state: "partial" as const } },
		{
			why: "clusters that were not evaluated",
			over: { coverage: coverage({ notEvaluated: 1 }) },
		},
		{ why: "older findings that are open", over: { open: { low: 1 } } },
	])("gives no all-clear with $why", ({ over }) => {
		expect(rowsOf(alertCard(digest({ kind: "baseline", ...over })))[0]).toBe(
			"Nothing new that is severe enough to list",
		);
	});
});

describe("the lines", () => {
	it("say who, what, what follows and what to do, and fold the rest", () => {
		const clusters = ["shop-prod", "b", "c"].map(clusterNamed);
		const first = line({
			clusters,
			also: ["Azure accepts nodes, but subnet nodes is 12 IPs short"],
			additionalNodes: "Pool apps cannot add a node now",
			runway: "Full in about 23 days (15 to 40), from 30 points over 29 days",
			remedies: ["Move the pool.", "Lower max pods."],
		});
		const body = alertCard(digest({ lines: [first] }));
		const shown = [
			"CRITICAL · new  shop-prod and 2 more",
			"Subnet nodes is 12 to 30 IPs short at autoscaler max",
			"Azure refuses any change of the cluster.",
			"Fix: Move the pool.",
			"Details",
		];
		expect(visibleRowsOf(body).slice(2)).toEqual([
			...shown,
			"3 of 3 subscriptions answered",
			"Details",
		]);
		expect(rowsOf(body).slice(2, 14)).toEqual([
			...shown,
			"Hide",
			"Subnet vnet-shop/nodes",
			"Clusters: shop-prod, b, c",
			"Also: Azure accepts nodes, but subnet nodes is 12 IPs short",
			"Pool apps cannot add a node now. Full in about 23 days (15 to 40), from 30 points over 29 days.",
			"Why: 3 nodes x 29 to 31 IPs (max pods 30)",
			"Or: Lower max pods.",
		]);
	});

	it("of a first audit do not say that all is new", () => {
		const body = alertCard(digest({ kind: "baseline", lines: [line()] }));
		expect(rowsOf(body)[2]).toBe("CRITICAL  shop-prod");
	});

	it("leave out what a rule does not have", () => {
		const bare = line({
			headline: "Version retires",
			budget: null,
			impact: null,
			reasons: null,
			remedies: [],
		});
		const rows = visibleRowsOf(alertCard(digest({ lines: [bare] })));
		expect(rows.slice(2)).toEqual([
			"CRITICAL · new  shop-prod",
			"Version retires",
			"3 of 3 subscriptions answered",
			"Details",
		]);
	});

	it("name in full what a headline cuts, so that two do not look alike", () => {
		const names = ["a", "b"].map((letter) => `snet-${letter.repeat(60)}-weu`);
		const lines = names.map((name) =>
			line({
				headline: "Subnet snet-…-weu is 12 IPs short now",
				budget: { id: name, kind: "subnet", name: `vnet/${name}` },
			}),
		);
		const rows = visibleRowsOf(alertCard(digest({ lines })));
		expect(rows.filter((row) => row.startsWith("Subnet vnet/"))).toEqual(
			names.map((name) => `Subnet vnet/${name}`),
		);
	});

	it("are three in the given order, what is new before what is still open, and the others are counted", () => {
		const named = (name: string, rest: object) =>
			line({ clusters: [clusterNamed(name)], budget: null, ...rest });
		const lines = [
			named("a", { severity: "critical" }),
			named("b", { severity: "high", change: "reopened" }),
			named("c", { severity: "high", change: "eased" }),
			named("d", { severity: "low", change: "resolved" }),
		];
		const stillOpen = ["e", "f", "g"].map((name) =>
			named(name, { change: "still-open", since: "2026-10-05T05:00:00.000Z" }),
		);
		const body = alertCard(
			digest({ lines, weekly: { stillOpen }, belowMinimum: 22 }),
		);
		const rows = visibleRowsOf(body);
		expect(rows.filter((row) => /^[A-Z]{3,}/.test(row))).toEqual([
			"CRITICAL · new  a",
			"HIGH · reopened  b",
			"CRITICAL · still open since 5 Oct 2026  e",
		]);
		expect(rows.slice(-9)).toEqual([
			"Details",
			"+2 more, 22 lower",
			"Show",
			"1 resolved: d",
			"Show",
			"1 better: c",
			"Show",
			"3 of 3 subscriptions answered",
			"Details",
		]);
		expect(rowsOf(body)).toContain("CRITICAL · still open since 5 Oct 2026  g");
	});

	it("beyond the list are counted: 17 of 40 findings", () => {
		const lines = Array.from({ length: 40 }, (_, index) =>
			line({ clusters: [clusterNamed(`c${index}`)], reasons: null }),
		);
		const rows = rowsOf(alertCard(digest({ lines })));
		expect(rows).toContain("+37 more");
		// 3 lines and 20 in the list.
		expect(rows).toContain("CRITICAL · new  c22");
		expect(rows).not.toContain("CRITICAL · new  c23");
		expect(rows).toContain("+17 more in the report");
	});

	it("that became better have their clusters' names, and in the fold what resolved them", () => {
		const lines = [
			line({
				change: "resolved",
				clusters: ["a", "b"].map(clusterNamed),
				reasons: "The cluster is gone",
			}),
			...Array.from({ length: 12 }, (_, index) =>
				line({
					change: "resolved",
					reasons: null,
					clusters: [clusterNamed(`c${index}`)],
				}),
			),
		];
		const rows = rowsOf(alertCard(digest({ lines })));
		expect(rows).toContain(
			"14 resolved: a, b, c0, c1, c2, c3, c4, c5, c6, c7 and 4 more",
		);
		expect(rows).toContain(
			"a and 1 more · Subnet vnet-shop/nodes · Subnet nodes is 12 to 30 IPs short at autoscaler max · The cluster is gone",
		);
		// 14 findings, of which 11 are in 10 lines.
		expect(rows).toContain("+3 more resolved");
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
		expect(rows).toContain(
			"Weekly summary: sent every week, also without news. If it is missing, check the auditor.",
		);
	});

	const short = { clusters: 2, of: 42, units: ["addresses"] as const };

	it("tells again what is critical and old, in full", () => {
		const rows = visibleRowsOf(
			alertCard(
				digest({
					...weekly(again("a"), again("b")),
					short,
					open: { critical: 2 },
				}),
			),
		);
		expect(rows.slice(0, 8)).toEqual([
			"Nothing new; 2 of 42 AKS clusters are still short of IPs",
			"2 critical open · no changes · weekly summary · 22 Nov 05:03 UTC",
			"CRITICAL · still open since 5 Oct 2026  a",
			"Subnet nodes is 12 to 30 IPs short at autoscaler max",
			"Azure refuses any change of the cluster.",
			"Fix: Move the pool to a subnet of /23 or larger",
			"Details",
			"CRITICAL · still open since 5 Oct 2026  b",
		]);
	});

	it("is not drowned by what became better that day", () => {
		const body = alertCard(
			digest({
				lines: [line({ change: "resolved" })],
				...weekly(again("a", { short: [] })),
			}),
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
			expect(first({ ...weekly(again("a")), short })).toBe(
				"Nothing new to list; 2 of 42 AKS clusters are still short of IPs",
			);
			expect(first({ ...weekly(), open: { low: 3 } })).toBe(
				"All quiet: nothing new to list in 42 AKS clusters",
			);
		},
	);

	it("promises no shortage where no budget is short", () => {
		const rows = rowsOf(alertCard(digest(weekly(again("a", { short: [] })))));
		expect(rows[0]).toBe("Nothing new; still act on 1 AKS cluster");
	});
});

describe("the last complete audit", () => {
	it.each([
		{
			last: { at: "2026-11-19T05:03:20.000Z", days: 3 },
			text: "Last complete audit: 3 days ago, 19 Nov 05:03 UTC",
		},
		{
			last: { at: "2026-11-22T01:03:20.000Z", days: 0 },
			text: "Last complete audit: less than a day ago, 22 Nov 01:03 UTC",
		},
		{
			last: { at: null, days: 0 },
			text: "No audit was complete before.",
		},
	])("is said below the counts: $text", ({ last, text }) => {
		const rows = rowsOf(alertCard(digest({ lastComplete: last })));
		expect(rows[2]).toBe(text);
	});
});

describe("a channel that is told of a part", () => {
	it("hears no all-clear for the rest", () => {
		const rows = rowsOf(alertCard(digest({ kind: "baseline", whole: false })));
		expect(rows[0]).toBe("Nothing new that is severe enough to list");
		expect(rows[1]).toBe(
			"nothing for this channel · first audit · 22 Nov 05:03 UTC",
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

it("says of a subscription out of reach that it is expected no more", () => {
	const body = alertCard(digest({ outOfReach: ["a", "b", "c", "d"] }));
	expect(visibleRowsOf(body)).toContain(
		"4 subscriptions out of reach: a, b, c and 1 more",
	);
	expect(rowsOf(body)).toContain(
		"Out of reach: did not answer for several audits, so it is no longer expected.",
	);
});

describe("the coverage", () => {
	it("is said with the time of the audit", () => {
		const rows = rowsOf(
			alertCard(digest({ coverage: coverage({ notEvaluated: 3 }) })),
		);
		expect(rows.slice(-7)).toEqual([
			"3 clusters not evaluated · 3 of 3 subscriptions answered",
			"Details",
			"Hide",
			"Open now: nothing. Not evaluated: 3 clusters.",
			"Changes: none.",
			"Seen: 42 clusters and 117 subnets in 3 of 3 subscriptions.",
			"Audit ended: 22 Nov 05:03 UTC",
		]);
	});

	it.each([
		{
			unknown: 1,
			accepted: 2,
			text: "1 cluster not evaluated · 2 findings accepted · 3 of 3 subscriptions answered",
		},
		{
			unknown: 2,
			accepted: 0,
			text: "1 cluster not evaluated · 2 checks lack data · 3 of 3 subscriptions answered",
		},
	])("says what lacks data: $text", ({ unknown, accepted, text }) => {
		const body = alertCard(
			digest({
				accepted,
				unknown: [{ cause: "Rows are missing", budgets: unknown }],
				coverage: coverage({ notEvaluated: 1 }),
			}),
		);
		expect(visibleRowsOf(body)).toContain(text);
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
		expect(rows[2]).toBe(
			"Partial audit: 7 of 9 subscriptions did not answer. This is not an all-clear.",
		);
		expect(rows).toContain("Not seen: sub-0 · no answer");
		expect(rows).toContain("Not seen: sub-4 · no answer");
		expect(rows).not.toContain("Not seen: sub-5 · no answer");
		expect(rows).toContain("+2 more not seen");
	});

	it("of a partial audit whose subscriptions all answered counts the gaps", () => {
		const gaps = [gap];
		const body = alertCard(
			digest({ state: "partial", coverage: coverage({ gaps }) }),
		);
		expect(rowsOf(body)[2]).toBe(
			"Partial audit: 1 gap in the data. This is not an all-clear.",
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
