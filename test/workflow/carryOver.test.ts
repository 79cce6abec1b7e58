import { expect, it } from "vitest";
import { smallFleet } from "./fleets.ts";
import { useWorlds } from "./world.ts";

const open = useWorlds();

it("tells what an audit had found whose host died before it could tell", async () => {
	let reached = () => {};
	const closing = new Promise<void>((done) => {
		reached = done;
	});
	const world = await open({
		resources: smallFleet(),
		hub: {
			onStep: async ({ point, name }) => {
				if (point !== "before-activity" || name !== "close") return;
				reached();
				await new Promise(() => {});
			},
		},
	});
	const first = await world.start();
	await closing;
	await world.restart();
	const second = await world.audit();

	const [, died] = (
		await world.get<{ audits: { auditId: string }[] }>("/api/audits")
	).audits;
	expect(died).toMatchObject({ auditId: first, state: "failed" });
	const found = await world.findings();
	expect(found.length).toBeGreaterThan(2);
	// Every finding was written by the audit that died; the one that ended tells them all.
	expect(new Set(found.map(({ auditId }) => auditId))).toEqual(
		new Set([first]),
	);
	expect(second.changes.opened).toBe(found.length);
	expect(world.channel.posts).toHaveLength(1);

	const third = await world.audit();
	expect(third.changes.opened).toBe(0);
	expect(world.channel.posts).toHaveLength(1);
});
