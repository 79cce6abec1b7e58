import { expect, it } from "vitest";
import type { Audit } from "../../shared/contract.ts";
import { smallFleet } from "./fleets.ts";
import { auditInstance, useWorlds, type World } from "./world.ts";

/*
 * Starts in one moment: the durable backend tells success to all of them and runs one instance, so who starts is
 * decided by a row of our own.
 */

const open = useWorlds();

async function audits({ get }: World): Promise<Audit[]> {
	return (await get<{ audits: Audit[] }>("/api/audits")).audits;
}

const startAtOnce = (world: World, starts: number) =>
	Promise.all(Array.from({ length: starts }, () => world.start()));

it.each([2, 4, 50])(
	"makes one audit of %i starts in one moment",
	async (starts) => {
		const world = await open({ resources: smallFleet() });
		const answers = await startAtOnce(world, starts);

		expect(new Set(answers).size).toBe(1);
		const audit = await world.ended(answers[0] ?? "");
		expect(audit).toMatchObject({ state: "completed", changes: { opened: 3 } });
		expect(await audits(world)).toEqual([audit]);
		expect(world.channel.posts).toHaveLength(1);
		const instances = world.host.hub
			.list()
			.filter(({ name }) => name === "fleetAudit");
		expect(instances).toHaveLength(1);
	},
);

it("makes one audit of calls and the timer in one moment, after an earlier audit", async () => {
	const world = await open({ resources: smallFleet() });
	const first = await world.audit();
	const [answers] = await Promise.all([
		startAtOnce(world, 4),
		world.host.runTimer("schedule"),
	]);
	const second = await world.ended(answers[0] ?? "");

	expect(new Set(answers)).toEqual(new Set([second.auditId]));
	expect(await audits(world)).toEqual([second, first]);
});

it("touches nothing of the winner", async () => {
	const held = Promise.withResolvers<void>();
	const world = await open({
		resources: smallFleet(),
		hub: {
			onStep: ({ point, name }) =>
				point === "before-activity" && name === "inventory"
					? held.promise
					: undefined,
		},
	});
	const [winner = ""] = await startAtOnce(world, 4);
	const { startedAt, trigger } = await world.get<Audit>(
		`/api/audits/${winner}`,
	);
	const late = await startAtOnce(world, 4);
	held.resolve();
	const audit = await world.ended(winner);

	expect(new Set(late)).toEqual(new Set([winner]));
	expect(audit).toMatchObject({ state: "completed", startedAt, trigger });
	expect(auditInstance(world.host, winner)).toBeDefined();
});

it("knows that it has the lock if storage took the row and the answer was lost", async () => {
	const world = await open({ proxied: true, resources: smallFleet() });
	world.proxy.loseAnswer(/"PartitionKey":"lock"/);
	const first = await world.audit();
	expect(world.proxy.lost).toBe(1);
	expect(first.state).toBe("completed");

	world.proxy.loseAnswer(/^PUT .*PartitionKey='lock'/);
	const second = await world.audit();
	expect(world.proxy.lost).toBe(2);
	expect(second.state).toBe("completed");
	expect(await audits(world)).toEqual([second, first]);
});

/** With ROUNDS=50 that many. A few are enough for every day. */
it("makes one audit a round, whatever happened in the round before", async () => {
	const rounds = Number(process.env.ROUNDS ?? 5);
	let starting = Promise.withResolvers<void>();
	const world = await open({
		resources: smallFleet(),
		hub: {
			// No audit ends before all of its round have asked: a later start would rightly begin the next.
			onStep: ({ point, name }) =>
				point === "before-activity" && name === "inventory"
					? starting.promise
					: undefined,
		},
	});
	const seen = new Set<string>();
	let broken = 0;
	for (let round = 1; round <= rounds; round++) {
		starting = Promise.withResolvers();
		const answers = await startAtOnce(world, 4);
		starting.resolve();
		const ids = new Set(answers);
		const ended = await Promise.all([...ids].map((id) => world.ended(id)));
		const whole = ended.every(({ state }) => state === "completed");
		if (ids.size !== 1 || !whole) broken++;
		for (const id of ids) seen.add(id);
	}
	if (process.env.ROUNDS)
		console.log(
			`${rounds} rounds of 4 starts: ${seen.size} audits, ${broken} broken rounds`,
		);
	expect({ audits: seen.size, broken }).toEqual({ audits: rounds, broken: 0 });
}, 120_000);
