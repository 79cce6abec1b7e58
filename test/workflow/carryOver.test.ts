import { expect, it } from "vitest";
import { rowsOf } from "../alert/cardText.ts";
import { smallFleet } from "./fleets.ts";
import { useWorlds, type World, type WorldOptions } from "./world.ts";

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
	// Every finding was written by the audit that died. The one that ended tells them all.
	expect(new Set(found.map(({ auditId }) => auditId))).toEqual(
		new Set([first]),
	);
	expect(second.changes.opened).toBe(found.length);
	expect(world.channel.posts).toHaveLength(1);

	const third = await world.audit();
	expect(third.changes.opened).toBe(0);
	expect(world.channel.posts).toHaveLength(1);
});

/** Where a slice may end between the change that it tells and the finding that it moves. */
const halfWay = /results\(PartitionKey='findings',RowKey='open-/;

/** A hub whose host can be made to die before it closes an audit. */
function mortal(): {
	readonly hub: NonNullable<WorldOptions["hub"]>;
	dies(): Promise<void>;
} {
	let reached: (() => void) | null = null;
	return {
		hub: {
			onStep: async ({ point, name }) => {
				if (reached === null) return;
				if (point !== "before-activity" || name !== "close") return;
				reached();
				await new Promise(() => {});
			},
		},
		dies: () =>
			new Promise((done) => {
				reached = done;
			}),
	};
}

async function expectNoNews(world: World): Promise<void> {
	world.graph.setResources(smallFleet({ shopMax: 8 }));
	expect(await world.audit()).toMatchObject({
		state: "completed",
		findings: { high: 1, low: 2 },
		changes: { opened: 0, worsened: 0, eased: 0, resolved: 0, reopened: 0 },
	});
	expect(world.channel.posts).toHaveLength(1);
}

it("does not tell that something resolved which was not written before its host died", async () => {
	const { hub, dies } = mortal();
	const world = await open({
		proxied: true,
		resources: smallFleet({ shopMax: 8 }),
		hub,
	});
	await world.audit();

	world.graph.setResources(smallFleet({ shopMax: 5 }));
	world.proxy.refuse(halfWay);
	const dead = dies();
	await world.start();
	await dead;
	await world.restart();

	world.proxy.refuse("", 0);
	await expectNoNews(world);
});

it("does not tell that something resolved which was not written before its slice was given up", async () => {
	const world = await open({
		proxied: true,
		resources: smallFleet({ shopMax: 8 }),
	});
	await world.audit();

	world.graph.setResources(smallFleet({ shopMax: 5 }));
	world.proxy.refuse(halfWay);
	expect(await world.audit()).toMatchObject({
		state: "partial",
		findings: { high: 1, low: 2 },
		changes: { resolved: 0 },
	});

	world.proxy.refuse("", 0);
	await expectNoNews(world);
});

it("still says that a finding comes and goes where the audit that was to say so died", async () => {
	const { hub, dies } = mortal();
	const world = await open({ resources: smallFleet({ shopMax: 8 }), hub });
	await world.audit();
	for (const shopMax of [5, 8, 5]) {
		world.graph.setResources(smallFleet({ shopMax }));
		expect((await world.audit()).alert.state).toBe("sent");
	}
	// Back for the second time: from now on it would only be counted.
	world.graph.setResources(smallFleet({ shopMax: 8 }));
	const dead = dies();
	await world.start();
	await dead;
	await world.restart();

	world.graph.setResources(smallFleet({ shopMax: 5 }));
	expect((await world.audit()).alert.state).toBe("sent");
	expect(rowsOf(world.channel.posts[4]?.body ?? "").join("\n")).toContain(
		"comes and goes",
	);
	world.graph.setResources(smallFleet({ shopMax: 8 }));
	expect((await world.audit()).alert.state).toBe("none");
});
