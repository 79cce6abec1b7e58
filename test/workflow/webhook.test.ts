import { expect, it } from "vitest";
import { findAlert } from "../../shared/azure/outbox.ts";
import type { Audit } from "../../shared/contract.ts";
import { secret } from "./channel.ts";
import { smallFleet } from "./fleets.ts";
import { useWorlds, type World } from "./world.ts";

const open = useWorlds();

/** Seconds from the beginning of the delivery to its end, as the durable timers count them. */
function deliverySeconds(world: World, { auditId }: Audit): number {
	const status = world.host.hub.status(`deliver-${auditId}`);
	return (
		(Date.parse(status?.lastUpdatedTime ?? "") -
			Date.parse(status?.createdTime ?? "")) /
		1000
	);
}

it("sends a card once, after refusals and their waits", async () => {
	const world = await open({ resources: smallFleet() });
	world.channel.react({ status: 429, retryAfter: 7200 }, 503, "reset");
	const audit = await world.audit();

	expect(audit).toMatchObject({
		state: "completed",
		alert: { state: "sent" },
	});
	expect(world.channel.posts).toHaveLength(4);
	expect(world.channel.accepted()).toHaveLength(1);
	expect(new Set(world.channel.posts.map(({ body }) => body)).size).toBe(1);
	const took = deliverySeconds(world, audit);
	expect(took).toBeGreaterThanOrEqual(7200 + 10 + 30);
	expect(took).toBeLessThan(7200 + 10 + 30 + 2);
});

it("does not send again what was refused for good, and says why, but not where to", async () => {
	const world = await open({ resources: smallFleet() });
	world.channel.react(400);
	const audit = await world.audit();

	expect(audit).toMatchObject({
		state: "completed",
		alert: { state: "failed" },
	});
	expect(world.channel.posts).toHaveLength(1);
	const alert = await findAlert(world.tables, {
		auditId: audit.auditId,
		channel: "default",
	});
	expect(alert?.reason).toContain("400");
	expect(alert?.reason).not.toContain("sig");
	const errors = world.log
		.filter(({ level }) => level === "error")
		.map(({ message }) => message);
	expect(errors).toContainEqual(
		expect.stringMatching(/its alert was refused for good: .*400/),
	);
	expect(errors.join("\n")).not.toContain(secret);
	expect(failedLines(world)).toEqual([
		{
			event: "alert-failed",
			auditId: audit.auditId,
			channel: "default",
			reason: alert?.reason,
		},
	]);
});

/** What the alert rule on the auditor itself looks for. */
function failedLines({ log }: World): unknown[] {
	return log
		.filter(({ message }) => message.startsWith('{"event":"alert-failed"'))
		.map(({ message }) => JSON.parse(message));
}

it("stops after a day of refusals, and says so", async () => {
	const world = await open({ resources: smallFleet() });
	world.channel.react(...Array<number>(20).fill(503));
	const audit = await world.audit();

	expect(audit).toMatchObject({
		state: "completed",
		alert: { state: "failed" },
	});
	expect(world.channel.posts).toHaveLength(12);
	const hours = deliverySeconds(world, audit) / 3600;
	expect(hours).toBeGreaterThan(23);
	expect(hours).toBeLessThan(24.5);
	expect(failedLines(world)).toEqual([
		{
			event: "alert-failed",
			auditId: audit.auditId,
			channel: "default",
			reason: expect.stringContaining("503"),
		},
	]);

	// What was given up is history: the next audit does not bring it back.
	world.channel.react();
	const second = await world.audit();
	expect(second.alert.state).toBe("none");
	expect(world.channel.posts).toHaveLength(12);
});

it("starts again in the next audit what still waited when a host died", async () => {
	let died = () => {};
	const dead = new Promise<void>((resolve) => {
		died = resolve;
	});
	const world = await open({
		resources: smallFleet(),
		hub: {
			onStep: ({ point, name }) => {
				if (point !== "after-activity" || name !== "post") return;
				world.host.hub.kill();
				died();
			},
		},
	});
	world.channel.react(503);
	const first = await world.start();
	await dead;
	await world.restart();
	expect(await world.get(`/api/audits/${first}`)).toMatchObject({
		state: "completed",
		alert: { state: "pending" },
	});

	const second = await world.audit();
	await world.host.hub.ended(`deliver-${first}`);

	expect(second.alert.state).toBe("none");
	expect(await world.get(`/api/audits/${first}`)).toMatchObject({
		alert: { state: "sent" },
	});
	expect(world.channel.accepted()).toHaveLength(1);
});

it("completes an audit whose webhook cannot be used, and calls the alert failed", async () => {
	const world = await open({
		resources: smallFleet(),
		env: { TEAMS_WEBHOOK_URL: "https://example.com/hook?sig=x" },
	});
	const audit = await world.audit();
	expect(audit).toMatchObject({
		state: "completed",
		changes: { opened: 3 },
		alert: { state: "failed" },
	});
	const alert = await findAlert(world.tables, {
		auditId: audit.auditId,
		channel: "default",
	});
	expect(alert?.reason).toContain("TEAMS_WEBHOOK_URL");
	expect(alert?.reason).not.toContain("sig=x");
});

it("records the card where no webhook is set", async () => {
	const world = await open({ resources: smallFleet(), webhook: false });
	const audit = await world.audit();
	expect(audit.alert.state).toBe("recorded");
	const alert = await findAlert(world.tables, {
		auditId: audit.auditId,
		channel: "default",
	});
	expect(alert).toMatchObject({ state: "recorded", reason: null });
	expect(alert?.card).toContain("shop");
});

it.each([
	{ least: "high", alert: "none" },
	{ least: "medium", alert: "sent" },
])(
	"with $least as the least severity, a medium finding that resolves makes: $alert",
	async ({ least, alert }) => {
		const world = await open({
			resources: smallFleet({ shopMax: 6 }),
			env: { ALERT_MIN_SEVERITY: least },
		});
		await world.audit();
		world.graph.setResources(smallFleet({ shopMax: 5 }));
		const second = await world.audit();
		expect(second.changes.resolved).toBe(2);
		expect(second.alert.state).toBe(alert);
		expect(world.channel.posts).toHaveLength(alert === "sent" ? 2 : 1);
	},
);

it("puts the link into the card, and never the webhook into the log", async () => {
	const world = await open({
		resources: smallFleet(),
		env: { REPORT_URL: "https://report.example.com/" },
	});
	world.channel.react(500, 400);
	await world.audit();
	expect(world.channel.posts[0]?.body).toContain("https://report.example.com/");
	expect(
		world.log.filter(
			({ message }) => message.includes(secret) || message.includes("sig="),
		),
	).toEqual([]);
});
