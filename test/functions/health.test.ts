import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { checkedFetch } from "../http/document.ts";
import { retail, smallFleet } from "../workflow/fleets.ts";
import { useWorlds, type World } from "../workflow/world.ts";

const open = useWorlds();

async function look(world: World, init?: RequestInit) {
	const response = await checkedFetch(`${world.host.url}/api/health`, init);
	const text = await response.text();
	return { response, text, health: text === "" ? null : JSON.parse(text) };
}

it("is healthy in a deployment that has just been made", async () => {
	const world = await open({ resources: smallFleet() });
	const { response, health } = await look(world);
	expect(response.status).toBe(200);
	expect(health).toMatchObject({ status: "healthy", newestAudit: null });
});

it("tells ages, counts and states, and nothing of the fleet", async () => {
	const world = await open({ resources: smallFleet() });
	const audit = await world.audit();
	const { version } = JSON.parse(readFileSync("package.json", "utf8"));
	const { response, health, text } = await look(world);
	expect(health).toEqual({
		status: "healthy",
		reasons: [],
		notices: [],
		version,
		newestAudit: {
			state: "completed",
			startedAt: audit.startedAt,
			ageHours: 0,
		},
		alerts: { waiting: 0, failed: 0 },
		wrongSettings: [],
		storage: "answers",
		resourceGraph: "answers",
	});
	expect(response.status).toBe(200);
	expect(response.headers.get("cache-control")).toBe("no-store");
	expect(response.headers.get("content-type")).toMatch(/^application\/json/);
	for (const secret of [retail, audit.auditId, "shop", "snet", "sig=", "127."])
		expect(text).not.toContain(secret);
});

it("answers HEAD without a body, and refuses parameters", async () => {
	const world = await open({ resources: smallFleet() });
	const head = await look(world, { method: "HEAD" });
	expect(head.response.status).toBe(200);
	expect(head.text).toBe("");
	const refused = await checkedFetch(`${world.host.url}/api/health?verbose=1`);
	expect(refused.status).toBe(400);
	expect(await refused.json()).toMatchObject({ field: "verbose" });
});

it("asks Resource Graph once, however often anybody asks", async () => {
	const world = await open({ resources: smallFleet() });
	const looks = Array.from({ length: 30 }, () => look(world));
	expect((await Promise.all(looks)).every(({ health }) => health)).toBe(true);
	for (let again = 0; again < 5; again++) await look(world);
	expect(world.graph.requests).toHaveLength(1);
});

it("takes a throttled answer for an answer, and a refusal for none", async () => {
	const throttled = await open({ resources: smallFleet() });
	throttled.graph.faults.set([{ fault: { kind: "throttle" } }]);
	expect((await look(throttled)).health.resourceGraph).toBe("answers");

	const refused = await open({ resources: smallFleet() });
	refused.graph.faults.set([{ fault: { kind: "deny" } }]);
	const { response, health } = await look(refused);
	expect(response.status).toBe(503);
	expect(health).toMatchObject({
		status: "unhealthy",
		reasons: ["Resource Graph does not answer"],
		resourceGraph: "away",
	});
});

it("says that Resource Graph does not answer after four seconds of silence", async () => {
	const world = await open({ resources: smallFleet() });
	world.graph.faults.set([{ fault: { kind: "hang" } }]);
	const { response, health } = await look(world);
	expect(response.status).toBe(503);
	expect(health.resourceGraph).toBe("away");
});

it("is late where the newest audit that ended is too old", async () => {
	const world = await open({
		resources: smallFleet(),
		env: { HEALTH_MAX_AGE_HOURS: "0.000001" },
	});
	await world.audit();
	const { response, health } = await look(world);
	expect(response.status).toBe(503);
	expect(health.reasons).toEqual([
		"the newest audit that ended began more than 0.000001 hours ago",
	]);
});

it("names the storage setting that the storage refuses, as the answers do", async () => {
	const world = await open({ proxied: true, resources: smallFleet() });
	world.proxy.refuse("", Number.POSITIVE_INFINITY, 403);
	const { response, health } = await look(world);
	expect(response.status).toBe(503);
	expect(health).toMatchObject({
		wrongSettings: ["AUDIT_STORAGE"],
		storage: "away",
	});
	expect(health.reasons).toContain("settings are wrong: AUDIT_STORAGE");
	const started = await checkedFetch(`${world.host.url}/api/audits`, {
		method: "POST",
	});
	expect(started.status).toBe(500);
	expect(await started.json()).toMatchObject({
		title: "Wrong settings",
		field: "AUDIT_STORAGE",
		detail: expect.stringMatching(
			/^AUDIT_STORAGE is refused by the storage \(/,
		),
	});
});

it.each([
	{
		what: "no endpoint suffix",
		storage: "DefaultEndpointsProtocol=https;AccountName=a;AccountKey=a2V5",
	},
	{
		what: "a signature of one table",
		storage:
			"TableEndpoint=https://a.table.core.windows.net;SharedAccessSignature=sv=1&tn=audits&sig=x",
	},
])(
	"names a storage setting with $what, as the answers do",
	async ({ storage }) => {
		const world = await open({
			resources: smallFleet(),
			env: { AUDIT_STORAGE: storage },
		});
		const { health } = await look(world);
		expect(health).toMatchObject({
			status: "unhealthy",
			wrongSettings: ["AUDIT_STORAGE"],
		});
		const started = await checkedFetch(`${world.host.url}/api/audits`, {
			method: "POST",
		});
		expect(started.status).toBe(500);
		expect(await started.json()).toMatchObject({
			title: "Wrong settings",
			detail: expect.stringContaining("AUDIT_STORAGE has "),
		});
	},
);

it("names wrong settings without their values", async () => {
	const world = await open({
		resources: smallFleet(),
		env: {
			AUDIT_SUBSCRIPTIONS: "not-a-subscription-TOPSECRET",
			TEAMS_WEBHOOK_URL: "http://evil.example.com/?sig=TOPSECRET",
		},
	});
	const { response, health, text } = await look(world);
	expect(response.status).toBe(503);
	expect(health).toMatchObject({
		wrongSettings: ["AUDIT_SUBSCRIPTIONS", "TEAMS_WEBHOOK_URL"],
		storage: "answers",
		resourceGraph: "not-asked",
	});
	expect(text).not.toContain("TOPSECRET");
	expect(text).not.toContain("example.com");
});

it.each([
	{
		what: "does not answer",
		storage:
			"DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey=a2V5;TableEndpoint=http://127.0.0.1:1/devstoreaccount1",
	},
	{ what: "is set wrongly", storage: "no connection string" },
])("answers in time where storage $what", async ({ storage }) => {
	const world = await open({
		resources: smallFleet(),
		env: { AUDIT_STORAGE: storage },
	});
	const { response, health } = await look(world);
	expect(response.status).toBe(503);
	expect(health).toMatchObject({ storage: "away", alerts: null });
	expect(health.reasons).toContain("storage does not answer");
});

it("says that changes are not heard, where each look at them is refused", async () => {
	const world = await open({
		resources: smallFleet(),
		env: { CHANGE_FEED_MINUTES: "1" },
	});
	await world.audit();
	world.graph.faults.set([
		{
			fault: { kind: "deny" },
			match: ({ query }) => query.startsWith("resourcechanges"),
		},
	]);
	await world.host.runTimer("hearChanges");
	world.later(4);
	await world.host.runTimer("hearChanges");
	const { response, health } = await look(world);
	expect(response.status).toBe(503);
	expect(health.reasons).toEqual([
		"changes are not heard: each look at the change feed for more than 3 minutes has failed; the log of hearChanges says why, and the identity's role needs Microsoft.Resources/changes/read",
	]);
});

it("names a wrong setting of the change feed", async () => {
	const world = await open({
		resources: smallFleet(),
		env: { CHANGE_QUIET_MINUTES: "often" },
	});
	const { response, health } = await look(world);
	expect(response.status).toBe(503);
	expect(health).toMatchObject({
		reasons: [
			"changes are not heard, since settings are wrong: CHANGE_QUIET_MINUTES",
		],
		wrongSettings: ["CHANGE_QUIET_MINUTES"],
	});
});
