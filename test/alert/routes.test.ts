import { describe, expect, it } from "vitest";
import {
	type AlertChannel,
	channelsFor,
	hasShare,
	isWhole,
} from "../../shared/alert/routes.ts";

const retail = "10000000-0000-4000-8000-000000000001";
const farm = "20000000-0000-4000-8000-000000000002";

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

	it("the default channel only, without routes", () => {
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
