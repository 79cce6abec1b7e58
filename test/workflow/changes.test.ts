import { expect, it, vi } from "vitest";
import type { Audit } from "../../shared/contract.ts";
import { desk, shop, smallFleet } from "./fleets.ts";
import { lines, useWorlds, type World } from "./world.ts";

const open = useWorlds();
// Four audits and their cards, one after the other.
vi.setConfig({ testTimeout: 60_000 });

/** Every look asks the feed, and a neighborhood is audited five minutes after its last change. */
const env = {
	CHANGE_FEED_MINUTES: "1",
	CHANGE_QUIET_MINUTES: "5",
	CHANGE_LONGEST_MINUTES: "30",
};

/** Audits, newest first. */
async function audits(world: World): Promise<Audit[]> {
	return (await world.get<{ audits: Audit[] }>("/api/audits")).audits;
}

/** What the feed says of its looks in the log. */
function looks({ log }: World): { changes: number; audits: string[] }[] {
	return log
		.map(({ message }) => message)
		.filter((message) => message.startsWith('{"event":"changes-heard"'))
		.map((message) => JSON.parse(message));
}

async function look(world: World, minutesLater = 0): Promise<void> {
	world.later(minutesLater);
	await world.host.runTimer("hearChanges");
}

function asked({ graph }: World): number {
	return graph.requests.filter(({ query }) =>
		query.startsWith("resourcechanges"),
	).length;
}

it("audits a neighborhood after a change, says in a card what was changed, and leaves the rest to the night", async () => {
	const world = await open({ resources: smallFleet({ shopMax: 5 }), env });
	await look(world);
	// No audit of the fleet has ended: nothing is new yet.
	expect(asked(world)).toBe(0);
	await world.audit();

	// A quiet tenant costs one request, and starts nothing.
	await look(world, 1);
	expect(asked(world)).toBe(1);
	expect(await audits(world)).toHaveLength(1);

	world.graph.setResources(smallFleet());
	await look(world, 2);
	expect(await audits(world)).toHaveLength(1);
	await look(world, 3);
	expect(await audits(world)).toHaveLength(1);
	await look(world, 3);

	const [started] = await audits(world);
	const byDay = await world.ended(started?.auditId ?? "");
	expect(byDay).toMatchObject({
		trigger: "change",
		scope: { clusters: [desk, shop] },
		state: "completed",
		alert: { state: "sent" },
	});
	expect(lines(await world.findings())).toEqual([
		"barn kubenet-retirement low - -",
		"desk capacity-shortfall low full subnet",
		"shop capacity-shortfall high full subnet",
	]);
	const cards = world.channel.accepted();
	const card = cards.at(-1)?.body ?? "";
	expect(card).toContain("After a change: ");
	expect(card).toContain("max count of pool apps 5 to 8 at ");
	expect(card).not.toContain("ada@example.com");

	// Heard once: nothing more comes of it.
	await look(world, 1);
	await look(world, 30);
	expect(await audits(world)).toHaveLength(2);

	// What is better waits for the night, which tells it once.
	world.graph.setResources(smallFleet({ shopMax: 5 }));
	await look(world, 1);
	await look(world, 6);
	const [undone] = await audits(world);
	const resolved = await world.ended(undone?.auditId ?? "");
	expect(resolved).toMatchObject({
		trigger: "change",
		changes: { resolved: 2 },
	});
	expect(lines(await world.findings())).toEqual([
		"barn kubenet-retirement low - -",
	]);
	expect(world.channel.accepted()).toHaveLength(cards.length);
	const night = await world.audit();
	expect(night.alert).toEqual({ state: "sent" });
	expect(world.channel.accepted().at(-1)?.body).toContain(
		"Nothing new, 1 resolved",
	);
	expect(looks(world).flatMap(({ audits }) => audits)).toHaveLength(2);
});

it("takes events in as the host passes them on, and ignores what is none", async () => {
	const world = await open({
		resources: smallFleet({ shopMax: 5 }),
		env: { ...env, CHANGE_FEED_MINUTES: "0" },
	});
	await world.audit();
	world.graph.setResources(smallFleet());
	const post = (events: unknown) =>
		fetch(
			`${world.host.url}/runtime/webhooks/EventGrid?functionName=takeChangeEvent`,
			{
				method: "POST",
				headers: { "aeg-event-type": "Notification" },
				body: JSON.stringify(events),
			},
		);
	const event = {
		id: "e-1",
		subject: shop,
		eventType: "Microsoft.Resources.ResourceWriteSuccess",
		eventTime: new Date().toISOString(),
		data: { claims: { name: "Ada" } },
	};
	expect((await post([event, event, { id: "other" }])).status).toBe(202);
	await look(world);
	await look(world, 6);
	expect(asked(world)).toBe(0);
	const [started] = await audits(world);
	expect(await world.ended(started?.auditId ?? "")).toMatchObject({
		trigger: "change",
		alert: { state: "sent" },
	});
	expect(world.channel.accepted().at(-1)?.body).toContain(
		"cluster shop changed at ",
	);
});
