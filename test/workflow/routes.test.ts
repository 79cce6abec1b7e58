import { afterEach, expect, it, vi } from "vitest";
import type { RawResource } from "../../local/fleet/rawResource.ts";
import type { Alert } from "../../shared/alert/alert.ts";
import { weekdays } from "../../shared/alert/weekly.ts";
import { findAlert } from "../../shared/azure/outbox.ts";
import type { Audit } from "../../shared/contract.ts";
import { rowsOf } from "../alert/cardText.ts";
import { type Channel, secret, startChannel } from "./channel.ts";
import { retail, smallFleet } from "./fleets.ts";
import { useWorlds, type World } from "./world.ts";

const open = useWorlds();

let channels: Channel[] = [];

afterEach(async () => {
	vi.restoreAllMocks();
	for (const channel of channels) await channel.close();
	channels = [];
});

async function another(): Promise<Channel> {
	const channel = await startChannel();
	channels.push(channel);
	return channel;
}

/** Retail's subscription to one channel. Everything with a tag of the farm's team, from low on, to another. */
function routesTo(retailChannel: Channel, farmChannel: Channel) {
	return {
		ALERT_ROUTES: JSON.stringify([
			{ channel: "retail", webhook: "HOOK_RETAIL", subscriptions: [retail] },
			{
				channel: "farm",
				webhook: "HOOK_FARM",
				tag: "Team=farm",
				minSeverity: "low",
			},
		]),
		HOOK_RETAIL: retailChannel.webhook,
		HOOK_FARM: farmChannel.webhook,
	};
}

/** A low finding: the retirement of kubenet. */
function withBarnOfFarm(): RawResource[] {
	return smallFleet().map((resource) =>
		resource.name === "barn"
			? {
					...resource,
					tags: { TEAM: "Farm", "cost-center": "nobody-else-knows" },
				}
			: resource,
	);
}

function alertOf(world: World, { auditId }: Audit, channel: string) {
	return findAlert(world.tables, { auditId, channel });
}

function namesIn(post: { readonly body: string } | undefined): string[] {
	const text = rowsOf(post?.body ?? "{}").join("\n");
	return ["shop", "desk", "barn", "mill"].filter((name) =>
		new RegExp(`\\b${name}\\b`).test(text),
	);
}

it("tells each channel its own clusters, and the default channel the rest", async () => {
	const [retailChannel, farmChannel] = [await another(), await another()];
	const world = await open({
		resources: withBarnOfFarm(),
		env: routesTo(retailChannel, farmChannel),
	});
	const first = await world.audit();

	expect(first.alert.state).toBe("sent");
	expect(retailChannel.posts).toHaveLength(1);
	expect(namesIn(retailChannel.posts[0])).toEqual(["shop"]);
	expect(farmChannel.posts).toHaveLength(1);
	expect(namesIn(farmChannel.posts[0])).toEqual(["barn"]);
	expect(rowsOf(farmChannel.posts[0]?.body ?? "")).toContain(
		"Open now for this channel: 1 low.",
	);
	// It has no cluster, but hears that the auditor runs.
	expect(world.channel.posts).toHaveLength(1);
	expect(namesIn(world.channel.posts[0])).toEqual([]);

	// shop fits again: news for one channel only.
	world.graph.setResources(
		withBarnOfFarm().map(
			(resource) =>
				smallFleet({ shopMax: 5 }).find(
					({ id }) => id === resource.id && resource.name === "shop",
				) ?? resource,
		),
	);
	const second = await world.audit();
	expect(second.alert.state).toBe("sent");
	expect(retailChannel.posts).toHaveLength(2);
	expect(farmChannel.posts).toHaveLength(1);
	expect(world.channel.posts).toHaveLength(1);
});

it("still counts for a channel by a tag what is open of clusters that the audit could not read", async () => {
	const [retailChannel, farmChannel] = [await another(), await another()];
	const inThreeDays = new Date(Date.now() + 3 * 86_400_000).getUTCDay();
	const world = await open({
		resources: withBarnOfFarm(),
		env: {
			...routesTo(retailChannel, farmChannel),
			ALERT_WEEKLY_DAY: weekdays[inThreeDays] ?? "never",
		},
	});
	await world.audit();

	world.graph.setReadableSubscriptions([retail]);
	// What the first audit read of the farm is not forgotten by the second, nor by the third.
	expect(await world.audit()).toMatchObject({ state: "partial" });
	world.clock.advance(4 * 24);
	expect(await world.audit()).toMatchObject({ state: "partial" });
	expect(farmChannel.posts).toHaveLength(2);
	expect(rowsOf(farmChannel.posts[1]?.body ?? "")).toContain(
		"Open now for this channel: 1 low.",
	);
});

it("keeps tags only where a route names them, and no webhook at all", async () => {
	const [retailChannel, farmChannel] = [await another(), await another()];
	const world = await open({
		resources: withBarnOfFarm(),
		env: routesTo(retailChannel, farmChannel),
	});
	await world.audit();
	const kept: string[] = [];
	for (const table of Object.values(world.tables))
		for await (const entity of table.listEntities())
			kept.push(JSON.stringify(entity));
	const everything = kept.join("\n");
	expect(everything).toContain("team");
	expect(everything).not.toContain("nobody-else-knows");
	expect(everything).not.toContain("cost-center");
	expect(everything).not.toContain(secret);
	const instances = JSON.stringify(world.host.hub.store);
	expect(instances).toContain("retail");
	expect(instances).not.toContain(secret);
	expect(instances).not.toContain("AdaptiveCard");
});

it("sends to one channel while another is down for hours", async () => {
	const [retailChannel, farmChannel] = [await another(), await another()];
	const world = await open({
		resources: withBarnOfFarm(),
		env: routesTo(retailChannel, farmChannel),
	});
	// 2 + 10 + 30 + 60 + 300 + 900 + 3,600 seconds.
	retailChannel.react(...Array<number>(7).fill(503));
	const audit = await world.audit();

	expect(audit).toMatchObject({
		state: "completed",
		alert: { state: "sent" },
	});
	expect(retailChannel.posts).toHaveLength(8);
	expect(retailChannel.accepted()).toHaveLength(1);
	expect(farmChannel.posts).toHaveLength(1);
	expect(world.channel.posts).toHaveLength(1);
	const took = (channel: string) => {
		const status = world.host.hub.status(`deliver-${audit.auditId}${channel}`);
		return (
			(Date.parse(status?.lastUpdatedTime ?? "") -
				Date.parse(status?.createdTime ?? "")) /
			1000
		);
	};
	expect(took("-retail")).toBeGreaterThanOrEqual(4_902);
	expect(took("-farm")).toBeLessThan(60);
	expect(took("")).toBeLessThan(60);
});

it("says that an alert failed where one channel of several never took it", async () => {
	const [retailChannel, farmChannel] = [await another(), await another()];
	const world = await open({
		resources: withBarnOfFarm(),
		env: routesTo(retailChannel, farmChannel),
	});
	farmChannel.react(404);
	const audit = await world.audit();
	expect(audit.alert.state).toBe("failed");
	const states: Record<string, Alert["state"] | undefined> = {};
	for (const channel of ["default", "retail", "farm"])
		states[channel] = (await alertOf(world, audit, channel))?.state;
	expect(states).toEqual({ default: "sent", retail: "sent", farm: "failed" });
});

it.each([
	{
		what: "is not set",
		hook: "",
		reason: /HOOK_RETAIL is missing; ALERT_ROUTES names it as a webhook\./,
	},
	{
		what: "is that of a retired connector",
		hook: "https://example.webhook.office.com/webhookb2/1?sig=x",
		reason: /HOOK_RETAIL is .*these are retired/,
	},
])(
	"stops one route only where its webhook $what, and says so at the start",
	async ({ hook, reason }) => {
		const said = vi.spyOn(console, "warn").mockImplementation(() => {});
		const [retailChannel, farmChannel] = [await another(), await another()];
		const world = await open({
			resources: withBarnOfFarm(),
			env: { ...routesTo(retailChannel, farmChannel), HOOK_RETAIL: hook },
		});
		expect(said.mock.calls).toEqual([[expect.stringMatching(reason)]]);
		// The host takes the level of a line of the worker from its words.
		expect(said.mock.calls[0]?.[0]).toMatch(/^warning: /);
		const audit = await world.audit();

		expect(audit.alert.state).toBe("failed");
		expect(await alertOf(world, audit, "retail")).toMatchObject({
			state: "failed",
			reason: expect.stringMatching(reason),
		});
		expect(retailChannel.posts).toHaveLength(0);
		expect(farmChannel.accepted()).toHaveLength(1);
		expect(world.channel.accepted()).toHaveLength(1);
		expect(JSON.stringify(said.mock.calls)).not.toContain("sig=");
	},
);

it.each(["[{", JSON.stringify([{ channel: "retail", webhook: secret }])])(
	"tells the default channel everything where ALERT_ROUTES is %s, and calls the alert failed",
	async (ALERT_ROUTES) => {
		vi.spyOn(console, "warn").mockImplementation(() => {});
		const world = await open({
			resources: smallFleet(),
			env: { ALERT_ROUTES },
		});
		const audit = await world.audit();
		expect(audit.alert.state).toBe("failed");
		expect(namesIn(world.channel.accepted()[0])).toEqual(["shop"]);
		expect(await alertOf(world, audit, "routes")).toMatchObject({
			state: "failed",
			reason: expect.stringMatching(/^ALERT_ROUTES/),
		});
		expect(world.log.filter(({ message }) => message.includes(secret))).toEqual(
			[],
		);
	},
);

it("tries later where a channel is gone from the settings when its card is to be sent", async () => {
	const [retailChannel, farmChannel] = [await another(), await another()];
	const env = routesTo(retailChannel, farmChannel);
	let tries = 0;
	const world = await open({
		resources: withBarnOfFarm(),
		env,
		hub: {
			onStep: ({ point, ...step }) => {
				if (point !== "before-activity" || !("name" in step)) return;
				if (step.name !== "post" || !step.instanceId.endsWith("-retail"))
					return;
				tries++;
				process.env.ALERT_ROUTES = tries < 3 ? "" : env.ALERT_ROUTES;
			},
		},
	});
	const audit = await world.audit();
	expect(audit.alert.state).toBe("sent");
	expect(tries).toBe(3);
	expect(retailChannel.posts).toHaveLength(1);
	const said = world.log.filter(({ message }) =>
		message.includes("ALERT_ROUTES has no usable channel retail any more"),
	);
	expect(said).toHaveLength(2);
});
