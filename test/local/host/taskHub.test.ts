import { beforeEach, describe, expect, it } from "vitest";
import { systemClock, virtualClock } from "../../../local/host/clock.ts";
import type { InstanceStore } from "../../../local/host/durable/instanceStore.ts";
import type { HubStep } from "../../../local/host/durable/loopOptions.ts";
import {
	createTaskHub,
	type TaskHub,
} from "../../../local/host/durable/taskHub.ts";
import { testHub } from "./testHub.ts";

let run = 0;
/** Tells the runs of one test from those of another where an activity counts its attempts. */
let nonce = "";

beforeEach(() => {
	run += 1;
	nonce = `run ${run}`;
});

function jumping() {
	return virtualClock({ start: "2026-11-22T05:00:00Z", whenIdle: "jump" });
}

describe("payloads", () => {
	it("reach an activity as JSON", async () => {
		const hub = await testHub();
		expect((await hub.ended(hub.start("inputs"))).output).toEqual([
			{ type: "undefined", input: null },
			{ type: "string", input: "text" },
			{ type: "string", input: '"quoted"' },
			{ type: "string", input: "123" },
			{ type: "number", input: 0 },
			{ type: "number", input: 1.5 },
			{ type: "object", input: { a: [1] } },
			{ type: "object", input: [1, "b"] },
		]);
	});
});

describe("timers", () => {
	it("of hours take no time on a virtual clock", async () => {
		const hub = await testHub({ clock: jumping() });
		const ended = await hub.ended(
			hub.start("sleeps", { input: 5 * 3_600_000 }),
		);
		expect(ended.output).toBe("2026-11-22T10:00:00.000Z");
	});

	it("move by hand where the clock waits", async () => {
		const clock = virtualClock({
			start: "2026-11-22T05:00:00Z",
			whenIdle: "wait",
		});
		const hub = await testHub({ clock });
		const id = hub.start("sleeps", { input: 60_000 });
		await hub.idle();
		await clock.advance(59_999, hub.idle);
		expect(hub.status(id)?.runtimeStatus).toBe("Running");
		await clock.advance(1, hub.idle);
		expect(hub.status(id)?.runtimeStatus).toBe("Completed");
	});
});

it("takes 200 activities in well under a second, and no more at once than allowed", async () => {
	let running = 0;
	let most = 0;
	const onStep = ({ point }: HubStep): void => {
		running +=
			point === "before-activity" ? 1 : point === "after-activity" ? -1 : 0;
		most = Math.max(most, running);
	};
	const hub = await testHub({ onStep, maxConcurrentActivities: 7 });
	const started = performance.now();
	const ended = await hub.ended(hub.start("wide", { input: 200 }));

	expect(ended.output).toBe(19_900);
	expect(performance.now() - started).toBeLessThan(1000);
	expect(most).toBe(7);
});

describe("at least once", () => {
	it("runs every activity twice, and the second result counts", async () => {
		const deliveries: string[] = [];
		const onStep = (step: HubStep): void => {
			if (step.point === "after-activity") {
				deliveries.push(`${step.name} ${step.taskId} ${step.delivery}`);
			}
		};
		const hub = await testHub({ clock: jumping(), deliverTwice: true, onStep });
		const ended = await hub.ended(hub.start("retries", { instanceId: nonce }));

		// failOnce throws at its first delivery only.
		expect((ended.output as unknown[])[0]).toEqual(["ok after 2", "plain"]);
		expect(deliveries.slice(0, 4).sort()).toEqual([
			"echo 1 1",
			"echo 1 2",
			"failOnce 0 1",
			"failOnce 0 2",
		]);
		expect(
			deliveries.filter((delivery) => delivery.startsWith("failAlways")),
		).toHaveLength(6);
	});
});

describe("a hub that dies", () => {
	const outcome = [
		"first",
		expect.stringMatching(/^ok after [2-9]$/),
		{ child: "inner" },
		"last",
	];

	it("between any two steps is gone on with by the next one", async () => {
		const steps = await stepsOfJourney("nowhere");
		expect(steps).toBeGreaterThan(20);

		for (let stop = 0; stop < steps; stop += 1) {
			const store = await storeOfHubThatDies(stop, `${nonce} ${stop}`);
			const hub = await testHub({ clock: jumping(), store });
			const ended = await hub.ended("journey");
			expect(ended, `killed at step ${stop}`).toMatchObject({
				runtimeStatus: "Completed",
				output: outcome,
			});
			hub.kill();
		}
	});

	it("writes nothing any more", async () => {
		const hub = await testHub({
			onStep: ({ point }) => {
				if (point === "after-activity") {
					hub.kill();
				}
			},
		});
		hub.start("journey", { instanceId: "journey", input: nonce });
		await new Promise((resolve) => setTimeout(resolve, 20));
		expect(
			hub.store.instances.journey?.history.map(({ EventType }) => EventType),
		).toEqual([12, 0, 4, 13]);
	});

	async function stepsOfJourney(input: string): Promise<number> {
		let steps = 0;
		const hub = await testHub({
			clock: jumping(),
			onStep: () => {
				steps += 1;
			},
		});
		await hub.ended(hub.start("journey", { input: `${nonce} ${input}` }));
		return steps;
	}

	/** Runs up to the given step and returns what such a hub has written, as another process would read it. */
	async function storeOfHubThatDies(
		stop: number,
		input: string,
	): Promise<InstanceStore> {
		let steps = 0;
		let die = (): void => {};
		const dead = new Promise<void>((resolve) => {
			die = resolve;
		});
		const hub = await testHub({
			clock: jumping(),
			onStep: () => {
				if (steps === stop) {
					hub.kill();
					die();
				}
				steps += 1;
			},
		});
		hub.start("journey", { instanceId: "journey", input });
		await dead;
		return JSON.parse(JSON.stringify(hub.store));
	}
});

describe("a worker that dies", () => {
	const exited = "node exited with code 137 (0x89)";

	it("fails every activity in flight, and none that waits in the queue", async () => {
		const began: string[] = [];
		const hub = await testHub({
			maxConcurrentActivities: 2,
			onStep: ({ point, name }) => {
				if (point === "before-activity" && began.push(name) === 2)
					hub.killWorker();
			},
		});
		const ended = await hub.ended(hub.start("fanout"));
		expect(ended.runtimeStatus).toBe("Failed");
		expect(ended.output).toContain(
			`Activity function 'echo' failed:  ${exited}`,
		);
		const events = hub.store.instances[ended.instanceId]?.history ?? [];
		// Two failed, and the third, which was not in flight, was run by the next worker.
		expect(events.filter(({ EventType }) => EventType === 6)).toHaveLength(2);
		expect(events.filter(({ EventType }) => EventType === 5)).toHaveLength(1);
	});

	it("is survived by an activity that is tried again", async () => {
		let deaths = 0;
		const hub = await testHub({
			clock: jumping(),
			onStep: ({ point, name }) => {
				if (point === "after-activity" && name === "echo" && deaths++ === 0)
					hub.killWorker();
			},
		});
		const ended = await hub.ended(
			hub.start("retriesOne", { instanceId: nonce }),
		);
		expect(ended).toMatchObject({ runtimeStatus: "Completed", output: "one" });
		expect(deaths).toBe(2);
	});

	it.each(["before-orchestrator", "after-orchestrator"] as const)(
		"makes an instance fail whose orchestrator is in flight: %s",
		async (at) => {
			const hub = await testHub({
				onStep: ({ point }) => {
					if (point === at) hub.killWorker();
				},
			});
			expect(await hub.ended(hub.start("waits"))).toMatchObject({
				runtimeStatus: "Failed",
				output: `Orchestrator function 'waits' failed: ${exited}`,
			});
		},
	);
});

it("keeps a terminate message in the queue until it is let go", async () => {
	let held = true;
	const hub = await testHub({ holdsTerminate: () => held });
	const id = hub.start("waits");
	await hub.idle();
	expect(hub.terminate(id, "enough")).toBe(true);
	await hub.idle();
	expect(hub.status(id)?.runtimeStatus).toBe("Running");
	held = false;
	hub.terminate(id, "enough");
	expect((await hub.ended(id)).runtimeStatus).toBe("Terminated");
});

it("delivers what a dead hub had taken again after the visibility time, and the rest at once", async () => {
	const start = "2026-11-22T05:00:00Z";
	const begun = Promise.withResolvers<void>();
	const dying = await testHub({
		clock: virtualClock({ start, whenIdle: "wait" }),
		maxConcurrentActivities: 1,
		onStep: ({ point }) => {
			if (point !== "before-activity") return;
			dying.kill();
			begun.resolve();
		},
	});
	dying.start("fanout", { instanceId: "taken" });
	await begun.promise;

	const clock = virtualClock({ start, whenIdle: "wait" });
	const delivered: number[] = [];
	const next = await testHub({
		clock,
		store: structuredClone(dying.store),
		onStep: (step) => {
			if (step.point === "before-activity") delivered.push(step.taskId);
		},
	});
	await next.idle();
	expect(delivered).toEqual([1, 2]);
	await clock.advance(299_000, next.idle);
	expect(delivered).toEqual([1, 2]);
	await clock.advance(1_000, next.idle);
	expect(delivered).toEqual([1, 2, 0]);
	expect((await next.ended("taken")).runtimeStatus).toBe("Completed");
});

describe("what cannot run", () => {
	it.each([
		{
			name: "callsHttp",
			says: "The local host does not support action type 8 (CallHttp).",
		},
		{
			name: "callsEntity",
			says: "The local host does not support action type 7 (CallEntity).",
		},
		{
			name: "childRetries",
			says: "The local host does not support action type 3 (CallSubOrchestratorWithRetry).",
		},
		{
			name: "retriesForHours",
			says: "The local host does not support the option retryTimeoutInMilliseconds of an action.",
		},
		{
			name: "sleepsForAWeek",
			says: "The local host does not support timers of more than six days.",
		},
		{
			name: "callsUnknown",
			says: "The function 'nobody' doesn't exist, is disabled, or is not an activity function.",
		},
		{ name: "speechless", says: "an error without a message" },
		{
			name: "nobody",
			says: "The function 'nobody' doesn't exist, is disabled, or is not an orchestrator function.",
		},
	])("fails with the reason: $name", async ({ name, says }) => {
		const hub = await testHub();
		const ended = await hub.ended(hub.start(name));
		expect(ended.runtimeStatus).toBe("Failed");
		expect(ended.output).toContain(
			`Orchestrator function '${name}' failed: ${says}`,
		);
	});

	it("is an orchestrator that was edited while it ran", async () => {
		const { edited } = await import("./durableFunctions.ts");
		edited.now = false;
		const hub = await testHub({
			onStep: ({ point }) => {
				edited.now ||= point === "after-activity";
			},
		});
		expect((await hub.ended(hub.start("edited"))).output).toContain(
			"Non-Deterministic workflow detected: number 0 was scheduled as activity echo before and is activity nothing in this replay.",
		);
	});

	it("is an orchestrator that waits for nothing", async () => {
		const hub = hubOf({ isDone: false, actions: [[]], schemaVersion: 3 });
		expect((await hub.ended(hub.start("any"))).output).toContain(
			"nothing is scheduled that can wake it",
		);
	});

	it("is an action of another version of the protocol", async () => {
		const hub = hubOf({
			isDone: false,
			actions: [[{ actionType: 99 }]],
			schemaVersion: 3,
		});
		expect((await hub.ended(hub.start("any"))).output).toContain(
			"action type 99 (unknown to it)",
		);
	});

	function hubOf(state: object): TaskHub {
		return createTaskHub({
			clock: systemClock,
			functions: {
				orchestrators: new Set(["any"]),
				activities: new Set(),
				runOrchestrator: async () => JSON.stringify(state),
				runActivity: async () => null,
			},
		});
	}
});

it("drops what an earlier execution of the same id had under way", async () => {
	let release = (): void => {};
	const held = new Promise<void>((resolve) => {
		release = resolve;
	});
	let resource = true;
	const hub = await testHub({
		onStep: ({ point }) =>
			resource && point === "after-activity" ? held : undefined,
	});
	hub.start("again", { instanceId: "fleet", input: 2 });
	await new Promise((resolve) => setTimeout(resolve, 20));
	hub.terminate("fleet", "too old");
	expect((await hub.ended("fleet")).runtimeStatus).toBe("Terminated");

	resource = false;
	hub.start("waits", { instanceId: "fleet" });
	release();
	await hub.idle();
	expect(
		hub.store.instances.fleet?.history.map(({ EventType }) => EventType),
	).toEqual([12, 0, 13]);
});
