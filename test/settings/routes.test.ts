import { describe, expect, it } from "vitest";
import { parseRoutes } from "../../shared/settings/routes.ts";

const retail = "10000000-0000-4000-8000-000000000001";
const secret = "sig=Zm9yLXRlc3RzLW9ubHk";

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
	const ids = "must be a list of subscription IDs.";
	const severity = "must be critical, high, medium, low or info.";
	const setting =
		"must be the name of a setting. Put the address into that setting.";
	const name =
		"must be up to 40 lower-case letters, digits and hyphens, with no hyphen at an end.";
	const object = " must be a JSON object with channel and webhook.";
	it.each([
		{ entry: { ...good, channel: "A b" }, says: `: channel ${name}` },
		{
			entry: { ...good, channel: "default" },
			says: ': channel is "default", the channel of TEAMS_WEBHOOK_URL; use another name.',
		},
		{
			entry: { ...good, channel: "routes" },
			says: ': channel is "routes", which the auditor uses itself; use another name.',
		},
		{ entry: { ...good, channel: 7 }, says: ": channel must be text." },
		{ entry: { webhook: "HOOK" }, says: ": channel is missing." },
		{
			entry: { ...good, webhook: `https://x.example/?${secret}` },
			says: `: webhook ${setting}`,
		},
		{
			entry: { ...good, minSeverity: secret },
			says: `: minSeverity ${severity}`,
		},
		{
			entry: { ...good, subscriptions: [] },
			says: ": subscriptions is empty; name a subscription or remove the field.",
		},
		{
			entry: { ...good, subscriptions: secret },
			says: `: subscriptions ${ids}`,
		},
		{
			entry: { ...good, subscriptions: ["all"] },
			says: ": subscriptions.0 must be a subscription ID (a GUID).",
		},
		{ entry: { ...good, tag: "team" }, says: ": tag must be name=value." },
		{
			entry: { ...good, tag: { team: "a" } },
			says: ": tag must be name=value.",
		},
		{
			entry: { ...good, severity: "high" },
			says: ": severity is not a field of a route; use channel, webhook, minSeverity, subscriptions, tag.",
		},
		{ entry: secret, says: object },
		{ entry: null, says: object },
	])("refuses $entry by its field, and keeps the others", ({ entry, says }) => {
		const { routes, problems } = parseRoutes(
			JSON.stringify([{ channel: "first", webhook: "HOOK" }, entry]),
		);
		expect(routes.map(({ name }) => name)).toEqual(["first"]);
		expect(problems).toEqual([`ALERT_ROUTES, route 2${says}`]);
		expect(problems[0]).not.toContain("sig=");
	});

	it("refuses a channel that is used twice", () => {
		const { routes, problems } = parseRoutes(JSON.stringify([good, good]));
		expect(routes).toHaveLength(1);
		expect(problems).toEqual([
			'ALERT_ROUTES, route 2: channel "a" is used twice; give each route its own.',
		]);
	});

	it.each([`{"channel":"a","${secret}`, "{}", "7", `"${secret}"`])(
		"refuses what is not a list, and quotes nothing of it: %s",
		(text) => {
			expect(parseRoutes(text)).toEqual({
				routes: [],
				problems: [
					'ALERT_ROUTES is not a JSON list; use [{ "channel": "…", "webhook": "…" }].',
				],
			});
		},
	);
});
