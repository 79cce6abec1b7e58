import { describe, expect, it } from "vitest";
import {
	type AlertChannel,
	channelsFor,
	hasShare,
	isWhole,
	parseRoutes,
} from "../../shared/alert/routes.ts";

const retail = "10000000-0000-4000-8000-000000000001";
const farm = "20000000-0000-4000-8000-000000000002";
const secret = "sig=Zm9yLXRlc3RzLW9ubHk";

function channel(overrides: Partial<AlertChannel>): AlertChannel {
	return {
		name: "default",
		webhook: { kind: "none" },
		minSeverity: "high",
		subscriptions: null,
		tag: null,
		...overrides,
	};
}

const fallback = channel({});
const bySubscription = channel({ name: "retail", subscriptions: [retail] });
const byTag = channel({
	name: "payments",
	tag: { name: "team", value: "payments" },
});
const byBoth = channel({
	name: "both",
	subscriptions: [farm],
	tag: { name: "team", value: "payments" },
});
const everything = channel({ name: "network" });

describe("a change goes to", () => {
	const routes = [bySubscription, byTag, byBoth, fallback];
	it.each([
		{ subscription: retail, tags: {}, to: ["retail"] },
		{ subscription: farm, tags: {}, to: ["default"] },
		{
			subscription: retail,
			tags: { team: "payments" },
			to: ["retail", "payments"],
		},
		{
			subscription: farm,
			tags: { team: "Payments" },
			to: ["payments", "both"],
		},
		{ subscription: farm, tags: { team: "search" }, to: ["default"] },
		{ subscription: farm, tags: { tribe: "payments" }, to: ["default"] },
	])("$to with $tags", ({ subscription, tags, to }) => {
		const found = channelsFor(routes, { subscription, tags });
		expect(found.map(({ name }) => name)).toEqual(to);
	});

	it("a route without conditions, whatever it is, and never to the default channel", () => {
		const routes = [bySubscription, everything, fallback];
		const to = (subscription: string) =>
			channelsFor(routes, { subscription, tags: {} }).map(({ name }) => name);
		expect(to(retail)).toEqual(["retail", "network"]);
		expect(to(farm)).toEqual(["network"]);
		expect(hasShare(routes, fallback)).toBe(false);
		expect(hasShare(routes, everything)).toBe(true);
	});

	it("the default channel alone where there is no route", () => {
		expect(channelsFor([fallback], { subscription: farm, tags: {} })).toEqual([
			fallback,
		]);
	});

	it("no route by a tag that every object has by birth", () => {
		const odd = channel({
			name: "odd",
			tag: { name: "constructor", value: "x" },
		});
		expect(
			channelsFor([odd, fallback], { subscription: farm, tags: {} }),
		).toEqual([fallback]);
	});
});

it.each([
	{ what: "the default channel without routes", of: [fallback], whole: true },
	{
		what: "the default channel beside a route",
		of: [fallback, bySubscription],
		whole: false,
	},
	{ what: "a route by tag", of: [byTag, fallback], whole: false },
	{
		what: "a route by subscription",
		of: [bySubscription, fallback],
		whole: false,
	},
	{
		what: "a route without conditions",
		of: [everything, fallback],
		whole: true,
	},
])("$what is told of the whole fleet: $whole", ({ of, whole }) => {
	const [first = fallback] = of;
	expect(isWhole(of, first)).toBe(whole);
});

describe("ALERT_ROUTES", () => {
	it("is a list of routes, names and values of tags without case", () => {
		const text = JSON.stringify([
			{
				channel: "payments",
				webhook: "TEAMS_WEBHOOK_PAYMENTS",
				minSeverity: "medium",
				subscriptions: [retail.toUpperCase()],
				tag: "Team=Payments=1",
			},
			{ channel: "network-2", webhook: "HOOK2" },
		]);
		expect(parseRoutes(text)).toEqual({
			problems: [],
			routes: [
				{
					name: "payments",
					webhookSetting: "TEAMS_WEBHOOK_PAYMENTS",
					minSeverity: "medium",
					subscriptions: [retail],
					tag: { name: "team", value: "payments=1" },
				},
				{
					name: "network-2",
					webhookSetting: "HOOK2",
					minSeverity: null,
					subscriptions: null,
					tag: null,
				},
			],
		});
	});

	it("may be empty", () => {
		expect(parseRoutes("")).toEqual({ routes: [], problems: [] });
		expect(parseRoutes("[]")).toEqual({ routes: [], problems: [] });
	});

	const good = { channel: "a", webhook: "HOOK" };
	it.each([
		{ entry: { ...good, channel: "A b" }, field: "channel" },
		{ entry: { ...good, channel: "default" }, field: "channel" },
		{ entry: { ...good, channel: "routes" }, field: "channel" },
		{ entry: { ...good, channel: 7 }, field: "channel" },
		{ entry: { webhook: "HOOK" }, field: "channel" },
		{
			entry: { ...good, webhook: `https://x.example/?${secret}` },
			field: "webhook",
		},
		{ entry: { ...good, minSeverity: secret }, field: "minSeverity" },
		{ entry: { ...good, subscriptions: [] }, field: "subscriptions" },
		{ entry: { ...good, subscriptions: secret }, field: "subscriptions" },
		{ entry: { ...good, subscriptions: ["all"] }, field: "subscriptions.0" },
		{ entry: { ...good, tag: "team" }, field: "tag" },
		{ entry: { ...good, tag: { team: "a" } }, field: "tag" },
		{ entry: { ...good, severity: "high" }, field: "severity" },
		{ entry: secret, field: "is no object" },
		{ entry: null, field: "is no object" },
	])(
		"refuses $entry by its field, and keeps the others",
		({ entry, field }) => {
			const { routes, problems } = parseRoutes(
				JSON.stringify([{ channel: "first", webhook: "HOOK" }, entry]),
			);
			expect(routes.map(({ name }) => name)).toEqual(["first"]);
			expect(problems).toHaveLength(1);
			expect(problems[0]).toMatch(`ALERT_ROUTES: route 2: ${field}`);
			expect(problems[0]).not.toContain("sig=");
		},
	);

	it("refuses a channel that stands there twice", () => {
		const { routes, problems } = parseRoutes(JSON.stringify([good, good]));
		expect(routes).toHaveLength(1);
		expect(problems).toEqual([
			"ALERT_ROUTES: route 2: channel a stands there twice",
		]);
	});

	it.each([`{"channel":"a","${secret}`, "{}", "7", `"${secret}"`])(
		"refuses what is no list, and quotes nothing of it: %s",
		(text) => {
			expect(parseRoutes(text)).toEqual({
				routes: [],
				problems: ["ALERT_ROUTES is no JSON list of routes"],
			});
		},
	);
});
