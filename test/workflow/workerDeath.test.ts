import { describe, expect, it } from "vitest";
import type { HubStep } from "../../local/host/durable/loopOptions.ts";
import type { Audit, Finding } from "../../shared/contract.ts";
import { cardText } from "../alert/cardText.ts";
import { smallFleet } from "./fleets.ts";
import { auditInstance, useWorlds, type World } from "./world.ts";

/*
 * The Node worker dies alone: everything in flight fails with code 137, and nothing of ours runs in that moment.
 * Activities are tried once more by Durable. What no retry reaches is found by the watcher. How an orchestration goes
 * on after the death of each of its activities is tested with fakes: test/functions. Here is what was written before
 * it.
 */

const open = useWorlds();

type Point = Pick<HubStep, "point" | "name">;

/** Lets the worker die at a step, the first `times` times, and counts how often it came there. */
function deadly(at: Point, times: number) {
	let world: World | undefined;
	let came = 0;
	return {
		of: (one: World) => {
			world = one;
		},
		came: () => came,
		onStep: ({ point, name }: HubStep) => {
			if (point !== at.point || name !== at.name || world === undefined) return;
			if (++came <= times) world.host.hub.killWorker();
		},
	};
}

async function mortal(at: Point, times: number) {
	const death = deadly(at, times);
	const world = await open({
		resources: smallFleet(),
		hub: { onStep: death.onStep, maxConcurrentActivities: 1, startMoment: 0 },
	});
	death.of(world);
	return { world, came: death.came };
}

const audits = async ({ get }: World) =>
	(await get<{ audits: Audit[] }>("/api/audits")).audits;

const always = Number.POSITIVE_INFINITY;
function inShort(findings: readonly Finding[]): string[] {
	return findings
		.map(({ clusterName, rule, severity }) =>
			[clusterName, rule, severity].join(" "),
		)
		.sort();
}

const found = [
	"barn kubenet-retirement low",
	"desk capacity-shortfall low",
	"shop capacity-shortfall high",
];

describe("a worker that dies once", () => {
	it.each(["evaluate", "close", "post"])("costs nothing: %s", async (name) => {
		const at = { point: "after-activity" as const, name };
		const { world, came } = await mortal(at, 1);
		const audit = await world.audit();

		expect(came()).toBeGreaterThan(1);
		expect(audit).toMatchObject({
			state: "completed",
			changes: { opened: 3 },
			alert: { state: "sent" },
		});
		expect(inShort(await world.findings())).toEqual(found);
		// The post's second run finds in the outbox that the card was sent.
		expect(world.channel.posts).toHaveLength(1);
	});
});

describe("a worker that dies once in what comes after a failure", () => {
	it("fails the audit as if it had not died", async () => {
		const { world, came } = await mortal(
			{ point: "after-activity", name: "fail" },
			1,
		);
		world.graph.faults.set([{ fault: { kind: "deny" } }]);
		const audit = await world.audit();
		expect(came()).toBe(2);
		expect(audit).toMatchObject({
			state: "failed",
			alert: { state: "sent" },
		});
		expect(audit.coverage.gaps).toHaveLength(1);
		expect(world.channel.posts).toHaveLength(1);
	});

	it("gives the card up as if it had not died", async () => {
		const { world, came } = await mortal(
			{ point: "after-activity", name: "giveUp" },
			1,
		);
		world.channel.react(...Array(12).fill(503));
		const audit = await world.audit();
		expect(came()).toBe(2);
		expect(audit).toMatchObject({
			state: "completed",
			alert: { state: "failed" },
		});
	});

	it("fails the audit also where its card cannot be stored", async () => {
		const world = await open({ proxied: true, resources: smallFleet() });
		world.graph.faults.set([{ fault: { kind: "deny" } }]);
		world.proxy.refuse(/^PUT .*\/alerts\(/);
		expect(await world.audit()).toMatchObject({
			state: "failed",
			alert: { state: "none" },
		});
		expect(world.log.map(({ message }) => message).join("\n")).toContain(
			"its card could not be stored",
		);
	});
});

describe("a step that kills its worker", () => {
	it("fails the audit at its second death, with a card", async () => {
		const { world, came } = await mortal(
			{ point: "before-activity", name: "evaluate" },
			always,
		);
		const audit = await world.audit();

		expect(audit).toMatchObject({
			state: "failed",
			alert: { state: "sent" },
		});
		const [gap] = audit.coverage.gaps;
		expect(gap?.reason).toMatch(/worker died twice.*137.*judged clusters/);
		expect(gap?.reason).not.toMatch(/Activity function|Exception|stack/i);
		// Each of the four slices is tried twice.
		expect(came()).toBe(8);
		expect(world.channel.posts).toHaveLength(1);
		const card = cardText(world.channel.posts[0]?.body ?? "");
		expect(card).toMatch(/audit failed/i);
		expect(card).toContain("137");

		// Nothing is restarted: the audit has ended, and its row says so.
		await world.host.runTimer("watch");
		expect(await audits(world)).toHaveLength(1);
	});

	it("is looked after where it is the step that says so", async () => {
		const { world, came } = await mortal(
			{ point: "before-activity", name: "fail" },
			2,
		);
		world.graph.faults.set([{ fault: { kind: "deny" } }]);
		const first = await world.audit();
		expect(first.state).toBe("running");
		expect(came()).toBe(2);

		world.graph.faults.clear();
		await world.host.runTimer("watch");
		const [second] = await audits(world);
		expect(await world.ended(second?.auditId ?? "")).toMatchObject({
			state: "completed",
		});
		expect(await world.get(`/api/audits/${first.auditId}`)).toMatchObject({
			state: "failed",
		});
	});

	it("keeps no card back where it is what starts the deliveries", async () => {
		const { world } = await mortal(
			{ point: "before-activity", name: "deliverPending" },
			2,
		);
		const audit = await world.audit();
		expect(audit).toMatchObject({
			state: "completed",
			alert: { state: "pending" },
		});
		await world.host.runTimer("watch");
		// Its audit ended a moment ago: what starts deliveries may still be at it.
		expect(world.channel.posts).toHaveLength(0);
		world.later(6);
		await world.host.runTimer("watch");
		await world.ended(audit.auditId);
		expect(world.channel.posts).toHaveLength(1);
	});
});

describe("an orchestrator in flight when the worker dies", () => {
	it.each([1, 3, 5])(
		"is restarted once, and the audit completes: step %i",
		async (step) => {
			let steps = 0;
			const world: World = await open({
				resources: smallFleet(),
				hub: {
					startMoment: 0,
					onStep: ({ point, name }) => {
						if (point !== "after-orchestrator" || name !== "fleetAudit") return;
						if (++steps === step) world.host.hub.killWorker();
					},
				},
			});
			const first = await world.start();
			await world.ended(first);
			await world.host.runTimer("watch");

			const [second, died] = await audits(world);
			const audit = await world.ended(second?.auditId ?? "");
			expect(audit).toMatchObject({
				state: "completed",
				restartOf: first,
				changes: { opened: 3 },
			});
			expect(died).toMatchObject({ auditId: first, state: "failed" });
			const [gap] = died?.coverage.gaps ?? [];
			expect(gap?.reason).toMatch(/worker died.*137/);
			expect(gap?.reason).toContain(audit.auditId);
			expect(world.channel.posts).toHaveLength(1);
			expect(inShort(await world.findings())).toEqual(found);

			const log = world.log.find(({ message }) =>
				message.includes('"audit-died"'),
			);
			expect(log?.level).toBe("warning");
			expect(JSON.parse(log?.message ?? "{}")).toMatchObject({
				auditId: first,
				restartedAs: audit.auditId,
			});
			const health = await world.health();
			expect(health.status).toBe("healthy");
			expect(health.notices.join()).toMatch(/were restarted/);
		},
	);

	it("fails the audit for good when it happens again, with a card", async () => {
		const { world } = await mortal(
			{ point: "after-orchestrator", name: "fleetAudit" },
			always,
		);
		await world.ended(await world.start());
		await world.host.runTimer("watch");
		const [second] = await audits(world);
		await world.ended(second?.auditId ?? "");
		await world.host.runTimer("watch");

		const [last, first, ...others] = await audits(world);
		expect(others).toEqual([]);
		expect(first?.state).toBe("failed");
		await world.ended(last?.auditId ?? "");
		expect(await world.get(`/api/audits/${last?.auditId}`)).toMatchObject({
			state: "failed",
			restartOf: first?.auditId,
			alert: { state: "sent" },
		});
		expect(world.channel.posts).toHaveLength(1);
		const card = cardText(world.channel.posts[0]?.body ?? "");
		expect(card).toMatch(/audit failed/i);
		expect(card).toMatch(/worker died.*again/i);
		const health = await world.health();
		expect(health.status).toBe("unhealthy");
		expect(health.reasons.join()).toMatch(/died/);
	});

	it("costs no card where it is a delivery's", async () => {
		let steps = 0;
		const world: World = await open({
			resources: smallFleet(),
			hub: {
				startMoment: 0,
				maxConcurrentActivities: 1,
				onStep: ({ point, name }) => {
					if (point !== "after-orchestrator" || name !== "deliver") return;
					// Not at its first step, when the activity that started it is in flight as well and would start it again.
					if (++steps === 2) world.host.hub.killWorker();
				},
			},
		});
		world.channel.react(500);
		const audit = await world.audit();
		expect(audit.alert.state).toBe("pending");
		await world.host.runTimer("watch");
		expect(await world.ended(audit.auditId)).toMatchObject({
			state: "completed",
			alert: { state: "sent" },
		});
		expect(world.channel.accepted()).toHaveLength(1);
	});

	it("gives a card up where its delivery dies again", async () => {
		const { world } = await mortal(
			{ point: "after-orchestrator", name: "deliver" },
			always,
		);
		const { auditId } = await world.audit();
		await world.host.runTimer("watch");
		await world.ended(auditId);
		await world.host.runTimer("watch");
		expect(await world.get(`/api/audits/${auditId}`)).toMatchObject({
			alert: { state: "failed" },
		});
	});
});

describe("an audit with nothing behind it", () => {
	it("is restarted if its instance is gone", async () => {
		const reached = Promise.withResolvers<void>();
		const world = await open({
			resources: smallFleet(),
			hub: {
				onStep: async ({ point, name }) => {
					if (point !== "before-activity" || name !== "inventory") return;
					reached.resolve();
					await new Promise(() => {});
				},
			},
		});
		const lost = await world.start();
		await reached.promise;
		await world.restart();
		// In its first minutes the row of an instance may still be on its way.
		await world.host.runTimer("watch");
		expect(await audits(world)).toMatchObject([{ state: "running" }]);
		world.later(3);
		await world.host.runTimer("watch");

		const [second] = await audits(world);
		expect(await world.ended(second?.auditId ?? "")).toMatchObject({
			state: "completed",
			restartOf: lost,
		});
		expect(await world.get(`/api/audits/${lost}`)).toMatchObject({
			state: "failed",
		});
	});

	it("is restarted if somebody terminated its instance", async () => {
		const reached = Promise.withResolvers<void>();
		let held = true;
		const world = await open({
			resources: smallFleet(),
			hub: {
				startMoment: 0,
				onStep: async ({ point, name }) => {
					if (!held || point !== "before-activity" || name !== "inventory")
						return;
					held = false;
					reached.resolve();
					await new Promise(() => {});
				},
			},
		});
		const first = await world.start();
		await reached.promise;
		world.host.hub.terminate(auditInstance(world.host, first) ?? "", "by hand");
		await world.ended(first);
		await world.host.runTimer("watch");
		const [second] = await audits(world);
		expect(await world.ended(second?.auditId ?? "")).toMatchObject({
			state: "completed",
			restartOf: first,
		});
	});

	it("is not restarted while its host is silent: it continues by itself", async () => {
		const reached = Promise.withResolvers<void>();
		const world = await open({
			resources: smallFleet(),
			hub: {
				startMoment: 0,
				onStep: async ({ point, name }) => {
					if (point !== "before-activity" || name !== "evaluate") return;
					reached.resolve();
					await new Promise(() => {});
				},
			},
		});
		const auditId = await world.start();
		await reached.promise;
		world.host.hub.kill();
		world.later(4);
		await world.host.runTimer("watch");
		expect(await audits(world)).toMatchObject([{ auditId, state: "running" }]);

		const store = structuredClone(world.host.hub.store);
		await world.restart({ hub: { store } });
		expect(await world.ended(auditId)).toMatchObject({ state: "completed" });
		expect(await audits(world)).toHaveLength(1);
	});
});
