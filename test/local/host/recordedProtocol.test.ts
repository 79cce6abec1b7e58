import { expect, it, vi } from "vitest";
import { type VirtualClock, virtualClock } from "../../../local/host/clock.ts";
import type { HubStep } from "../../../local/host/durable/loopOptions.ts";
import type {
	Answer,
	OrchestratorPayload,
} from "../../../local/host/durable/orchestratorStep.ts";
import type { TaskHub } from "../../../local/host/durable/taskHub.ts";
import {
	comparable,
	comparableState,
	newEvents,
	type RecordedStep,
	recordedSteps,
	stateInMessage,
} from "./recordings.ts";
import { testHub } from "./testHub.ts";

it.each([
	{ name: "fanout", input: undefined },
	{ name: "retries", input: undefined },
	{ name: "mixed", input: "in" },
	{ name: "again", input: 0 },
	{ name: "failing", input: undefined },
	{ name: "childFails", input: undefined },
])(
	"$name goes the way of a real host, step by step",
	async ({ name, input }) => {
		const recorded = recordedSteps(name);
		const replica = await runLike(recorded, name, input);

		expect(replica.map(({ payload }) => comparable(payload))).toEqual(
			recorded.map(({ payload }) => comparable(payload)),
		);
		expect(replica.map(({ state }) => comparableState(state))).toEqual(
			recorded.map(({ state }) => comparableState(state)),
		);
	},
);

it("a child goes the way of a real host, step by step", async () => {
	const recorded = recordedSteps("child");
	const taken = recorder();
	const clock = virtualClock({
		start: "2026-11-22T11:10:24Z",
		whenIdle: "jump",
	});
	const hub = await testHub({ clock, onStep: taken.onStep });
	await hub.ended(hub.start("mixed", { instanceId: "cap-mixed", input: "in" }));

	const replica = taken.stepsOf("sub-cap-mixed");
	expect(replica.map(({ payload }) => comparable(payload))).toEqual(
		recorded.map(({ payload }) => comparable(payload)),
	);
	expect(replica.map(({ state }) => state)).toEqual(
		recorded.map(({ state }) => state),
	);
});

/** Runs an orchestration and answers each of its steps with what the real host had at that step, in its order. */
async function runLike(
	recorded: readonly RecordedStep[],
	name: string,
	input: unknown,
): Promise<RecordedStep[]> {
	const instanceId = `cap-${name}`;
	const start = new Date(Date.parse(startOf(recorded[0]))).toISOString();
	const clock = virtualClock({ start, whenIdle: "wait" });
	const gates = new Map<string, () => void>();
	const taken = recorder();
	const onStep = async (step: HubStep): Promise<void> => {
		taken.onStep(step);
		const key = gateOf(step, instanceId, taken.generation(instanceId));
		if (key !== undefined) {
			await new Promise<void>((open) => gates.set(key, open));
		}
	};
	const hub = await testHub({ clock, onStep });
	hub.start(name, { instanceId, input });

	for (const [index, step] of recorded.entries()) {
		await advanceTo(clock, Date.parse(startOf(step)));
		await release(step.payload, taken.generation(instanceId), { clock, gates });
		await vi.waitUntil(() => taken.answered(instanceId) > index);
	}
	await rest(hub);
	return taken.stepsOf(instanceId);
}

/** Where a run waits for its release: before each activity, and before a child begins. */
function gateOf(
	step: HubStep,
	instanceId: string,
	generation: number,
): string | undefined {
	if (step.point === "before-activity" && step.instanceId === instanceId) {
		return `${generation}/${step.taskId}`;
	}
	const isNew =
		step.point === "before-orchestrator" && !step.payload.isReplaying;
	return isNew && step.instanceId !== instanceId ? "child" : undefined;
}

/** Lets happen what the recorded step found: activities and children answered, timers fired. */
async function release(
	payload: OrchestratorPayload,
	generation: number,
	{ clock, gates }: { clock: VirtualClock; gates: Map<string, () => void> },
): Promise<void> {
	for (const event of newEvents(payload)) {
		if (event.EventType === 5 || event.EventType === 6) {
			await open(gates, `${generation}/${event.TaskScheduledId}`);
		}
		if (event.EventType === 8 || event.EventType === 9) {
			await open(gates, "child");
		}
		if (event.EventType === 11) {
			// None where moving to the start of the step has fired it already.
			await advanceTo(clock, clock.next() ?? 0);
		}
	}
}

async function open(
	gates: Map<string, () => void>,
	key: string,
): Promise<void> {
	await vi.waitUntil(() => gates.has(key));
	gates.get(key)?.();
}

async function advanceTo(clock: VirtualClock, time: number): Promise<void> {
	await clock.advance(Math.max(0, time - clock.now()));
}

function startOf(step: RecordedStep | undefined): string {
	return String(step && newEvents(step.payload)[0]?.Timestamp);
}

function recorder() {
	const payloads: OrchestratorPayload[] = [];
	const answers: { instanceId: string; answer: Answer }[] = [];
	return {
		onStep(step: HubStep): void {
			if (step.point === "before-orchestrator") {
				payloads.push(structuredClone(step.payload));
			} else if (step.point === "after-orchestrator") {
				answers.push({ instanceId: step.instanceId, answer: step.answer });
			}
		},
		/** How many executions the instance has had. */
		generation(instanceId: string): number {
			return payloads.filter(
				(payload) => payload.instanceId === instanceId && !payload.isReplaying,
			).length;
		},
		answered(instanceId: string): number {
			return answers.filter((entry) => entry.instanceId === instanceId).length;
		},
		stepsOf(instanceId: string): RecordedStep[] {
			const states = answers
				.filter((entry) => entry.instanceId === instanceId)
				.map(({ answer }) => stateOf(answer));
			return payloads
				.filter((payload) => payload.instanceId === instanceId)
				.map((payload, index) => ({ payload, state: states[index] }));
		},
	};
}

function stateOf(answer: Answer): unknown {
	return "thrown" in answer
		? stateInMessage(answer.thrown.message)
		: JSON.parse(answer.returned ?? "null");
}

async function rest(hub: TaskHub): Promise<void> {
	await hub.idle();
	hub.kill();
}
