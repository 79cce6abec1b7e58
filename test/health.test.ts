import { describe, expect, it } from "vitest";
import {
	type HealthFacts,
	judgeHealth,
	type Vitals,
} from "../shared/health.ts";

const now = new Date("2026-11-22T12:00:00.000Z");

function vitals(overrides: Partial<Vitals> = {}): Vitals {
	return {
		newest: { state: "completed", startedAt: "2026-11-22T05:00:00.000Z" },
		since: "2026-01-01T00:00:00.000Z",
		alerts: { waiting: 0, failed: 0 },
		deaths: [],
		ending: [],
		feed: { looked: now.getTime(), failing: null },
		...overrides,
	};
}

function judged(overrides: Partial<HealthFacts> = {}) {
	return judgeHealth({
		version: "1.2.3",
		vitals: vitals(),
		resourceGraph: "answers",
		wrongAuditSettings: [],
		wrongChangeSettings: [],
		feedEvery: 600_000,
		wrongAlertSettings: [],
		webhookMissing: false,
		signInFaked: false,
		maxAgeHours: 26,
		now,
		...overrides,
	});
}

it("is healthy where everything answers and an audit has ended in time", () => {
	expect(judged()).toEqual({
		status: "healthy",
		reasons: [],
		notices: [],
		version: "1.2.3",
		newestAudit: {
			state: "completed",
			startedAt: "2026-11-22T05:00:00.000Z",
			ageHours: 7,
		},
		alerts: { waiting: 0, failed: 0 },
		wrongSettings: [],
		storage: "answers",
		resourceGraph: "answers",
	});
});

describe("an audit is late", () => {
	const began = (startedAt: string) =>
		judged({ vitals: vitals({ newest: { state: "partial", startedAt } }) });

	it.each([
		{ startedAt: "2026-11-21T10:00:00.000Z", status: "healthy" },
		{ startedAt: "2026-11-21T09:59:59.999Z", status: "unhealthy" },
	])("after 26 hours: $startedAt is $status", ({ startedAt, status }) => {
		expect(began(startedAt).status).toBe(status);
	});

	it.each([
		{ since: "2026-11-21T10:00:00.000Z", reasons: [] },
		{
			since: "2026-11-21T09:59:59.999Z",
			reasons: ["no audit has ended within 26 hours"],
		},
	])("in a deployment that is looked at since $since: $reasons", (row) => {
		const { since, reasons } = row;
		const health = judged({ vitals: vitals({ newest: null, since }) });
		expect(health.reasons).toEqual(reasons);
		expect(health.newestAudit).toBeNull();
	});
});

it.each<{ what: string; facts: Partial<HealthFacts>; reasons: string[] }>([
	{
		what: "storage that is away",
		facts: { vitals: null },
		reasons: ["storage does not answer"],
	},
	{
		what: "Resource Graph that is away",
		facts: { resourceGraph: "away" },
		reasons: ["Resource Graph does not answer"],
	},
	{
		what: "settings without which no audit can run",
		facts: {
			wrongAuditSettings: ["AUDIT_SUBSCRIPTIONS"],
			resourceGraph: "not-asked",
			maxAgeHours: null,
		},
		reasons: ["settings are wrong: AUDIT_SUBSCRIPTIONS"],
	},
	{
		what: "settings without which no card is sent: not unhealthy",
		facts: { wrongAlertSettings: ["TEAMS_WEBHOOK_URL"] },
		reasons: [],
	},
	{
		what: "settings without which no change is heard",
		facts: { wrongChangeSettings: ["CHANGE_QUIET_MINUTES"], feedEvery: null },
		reasons: [
			"changes are not heard, since settings are wrong: CHANGE_QUIET_MINUTES",
		],
	},
	{
		what: "cards that wait and failed: not unhealthy",
		facts: { vitals: vitals({ alerts: { waiting: 2, failed: 1 } }) },
		reasons: [],
	},
])("says $what", ({ facts, reasons }) => {
	const health = judged(facts);
	expect(health.reasons).toEqual(reasons);
	expect(health.status).toBe(reasons.length === 0 ? "healthy" : "unhealthy");
	expect(health.wrongSettings).toEqual([
		...(facts.wrongAuditSettings ?? []),
		...(facts.wrongChangeSettings ?? []),
		...(facts.wrongAlertSettings ?? []),
	]);
	if (facts.vitals === null)
		expect(health).toMatchObject({ alerts: null, storage: "away" });
});

describe("the change feed, every 10 minutes", () => {
	const minute = 60_000;
	const at = (ago: number) => now.getTime() - ago * minute;
	const feed = (looked: number, failing: number | null) => ({
		feed: {
			looked: at(looked),
			failing: failing === null ? null : at(failing),
		},
	});
	const log =
		"the log of hearChanges says why, and the identity's role needs Microsoft.Resources/changes/read";
	const once = `the last look at the change feed failed, and the next one asks for the same; ${log}`;
	const silent =
		"changes are not heard: no look at the change feed has ended for more than 30 minutes; see whether the timer hearChanges runs, and its log";
	const failing = `changes are not heard: each look at the change feed for more than 30 minutes has failed; ${log}`;

	it.each<{
		name: string;
		facts: Partial<HealthFacts>;
		reasons?: string[];
		notices?: string[];
	}>([
		{ name: "looked at in time", facts: { vitals: vitals(feed(30, null)) } },
		{
			name: "not looked at for longer than three times that",
			facts: { vitals: vitals(feed(30.1, null)) },
			reasons: [silent],
		},
		{
			name: "failed last time",
			facts: { vitals: vitals(feed(1, 1)) },
			notices: [once],
		},
		{
			name: "failed for half an hour",
			facts: { vitals: vitals(feed(1, 30)) },
			notices: [once],
		},
		{
			name: "failed for longer",
			facts: { vitals: vitals(feed(1, 30.1)) },
			reasons: [failing],
		},
		{
			name: "switched off",
			facts: { vitals: vitals(feed(9999, 9999)), feedEvery: null },
		},
		{
			name: "not needed before the first audit has ended",
			facts: {
				vitals: vitals({
					...feed(9999, null),
					newest: null,
					since: "2026-11-22T11:00:00.000Z",
				}),
			},
		},
	])("$name", ({ facts, reasons = [], notices = [] }) => {
		expect(judged(facts)).toMatchObject({
			status: reasons.length === 0 ? "healthy" : "unhealthy",
			reasons,
			notices,
		});
	});
});

it("notices a vault without the webhook's address", () => {
	expect(judged({ webhookMissing: true })).toMatchObject({
		status: "healthy",
		notices: ["the vault has no webhook address: cards are recorded, not sent"],
	});
});

it("says where somebody set by hand that sign-in is on", () => {
	expect(judged({ signInFaked: true })).toMatchObject({
		status: "unhealthy",
		reasons: [
			"WEBSITE_AUTH_ENABLED is set by hand, so anybody can read the report's data; remove it, and turn on authentication of the app",
		],
		wrongSettings: ["WEBSITE_AUTH_ENABLED"],
	});
});
