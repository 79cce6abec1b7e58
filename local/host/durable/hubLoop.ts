import { availableParallelism } from "node:os";
import { type ActivityQueue, createActivityQueue } from "./activityQueue.ts";
import { type ArmedTimers, createArmedTimers } from "./armedTimers.ts";
import { commitStep } from "./commitStep.ts";
import type { Effects } from "./effects.ts";
import { deliver, end } from "./ending.ts";
import type { Execution, HistoryEvent, TimerFired } from "./history.ts";
import {
	executionOf,
	findInstance,
	type Instance,
	isOver,
	type ScheduledActivity,
} from "./instanceStore.ts";
import { currentTime, type LoopOptions } from "./loopOptions.ts";
import { eventsOfStep } from "./orchestratorStep.ts";
import { runActivity } from "./runActivity.ts";
import { runOrchestrator } from "./runOrchestrator.ts";
import { startWorkerProcess, type WorkerProcess } from "./workerProcess.ts";
import { createWorkload, type Workload } from "./workload.ts";

/** A message that was taken and never settled comes back after this time: the visibility time of the real queues. */
const visibilityMilliseconds = 5 * 60_000;

/** What keeps the instances of a store moving: steps, activities and timers. */
export interface HubLoop extends LoopOptions {
	readonly workload: Workload;
	readonly timers: ArmedTimers;
	readonly queue: ActivityQueue<ActivityJob>;
	/** Instances whose step has been asked for or is running: one step at a time each. */
	readonly stepping: Set<Instance>;
	/** Cancels the waits for messages that come back after their visibility time. */
	readonly returning: Set<() => void>;
	worker: WorkerProcess;
	killed: boolean;
}

export function startLoop(options: LoopOptions): HubLoop {
	const limit = options.maxConcurrentActivities ?? 10 * availableParallelism();
	const loop: HubLoop = {
		...options,
		workload: createWorkload(() => rest(loop)),
		timers: createArmedTimers(options.clock),
		queue: createActivityQueue(limit, (job) =>
			work(loop, job).finally(loop.workload.done),
		),
		stepping: new Set(),
		returning: new Set(),
		worker: startWorkerProcess(),
		killed: false,
	};
	for (const instance of Object.values(options.store.instances)) {
		if (!isOver(instance)) {
			resume(loop, instance);
		}
	}
	return loop;
}

/** A virtual clock may jump now: there is nothing to do before the next timer. */
function rest({ killed, clock }: HubLoop): void {
	if (!killed) {
		clock.idle?.();
	}
}

/** Nothing is written from here on, whatever is still running. */
export function killLoop(loop: HubLoop): void {
	loop.killed = true;
	loop.queue.clear();
	loop.timers.disarmAll();
	for (const cancel of loop.returning) {
		cancel();
	}
}

/**
 * The worker process dies and the host starts another: activities in flight fail, instances whose orchestrator is in
 * flight fail for good. What waits in the queue is run by the new one.
 */
export function killWorker(loop: HubLoop): void {
	loop.worker.die();
	loop.worker = startWorkerProcess();
}

/** Sees to it that the instance takes up what is in its inbox. */
export function wake(loop: HubLoop, instance: Instance): void {
	if (loop.stepping.has(instance)) {
		return;
	}
	loop.stepping.add(instance);
	loop.workload.begin();
	// Not at once: what is answered in the same turn of the event loop goes into one step.
	setImmediate(() => void takeStep(loop, instance).finally(loop.workload.done));
}

/** Delivers an event to the execution that it is meant for. Dropped where that is over or gone. */
function hand(loop: HubLoop, to: Execution, event: HistoryEvent): void {
	const instance = deliver(loop.store, to, event);
	if (instance) {
		wake(loop, instance);
	}
}

/**
 * Takes over an instance of an earlier hub. Messages that nobody had taken are delivered at once. Those taken and not
 * answered come back after their visibility time.
 */
function resume(loop: HubLoop, instance: Instance): void {
	const { activities, timers, takenAt } = instance;
	const taken = activities.flatMap((activity) =>
		activity.takenAt === undefined ? [] : [{ activity, at: activity.takenAt }],
	);
	const waiting = activities.filter((one) => one.takenAt === undefined);
	const nothing = { activities: [], timers: [], disarm: [], wake: [] };
	carryOut(loop, instance, { ...nothing, activities: waiting, timers });
	for (const { activity, at } of taken) {
		comeBack(loop, at, () =>
			carryOut(loop, instance, { ...nothing, activities: [activity] }),
		);
	}
	if (takenAt === null) {
		wakeIfNeeded(loop, instance);
	} else {
		comeBack(loop, takenAt, () => wakeIfNeeded(loop, instance));
	}
}

function comeBack(loop: HubLoop, takenAt: string, run: () => void): void {
	const at = Date.parse(takenAt) + visibilityMilliseconds;
	const cancel = loop.clock.schedule(at, () => {
		loop.returning.delete(cancel);
		run();
	});
	loop.returning.add(cancel);
}

function wakeIfNeeded(loop: HubLoop, instance: Instance): void {
	if (instance.inbox.length > 0 || mayTerminate(loop, instance)) {
		wake(loop, instance);
	}
}

function mayTerminate(
	{ holdsTerminate }: HubLoop,
	{ instanceId, terminateReason }: Instance,
): boolean {
	return terminateReason !== null && !holdsTerminate?.(instanceId);
}

async function takeStep(loop: HubLoop, instance: Instance): Promise<void> {
	const effects = loop.killed ? undefined : await step(loop, instance);
	loop.stepping.delete(instance);
	if (effects) {
		carryOut(loop, instance, effects);
		wakeIfNeeded(loop, instance);
	}
}

async function step(
	loop: HubLoop,
	instance: Instance,
): Promise<Effects | undefined> {
	if (instance.terminateReason !== null && mayTerminate(loop, instance)) {
		const output = instance.terminateReason;
		const ending = { status: "Terminated", output, details: "" } as const;
		return end(loop.store, instance, ending, currentTime(loop));
	}
	if (instance.inbox.length === 0) {
		return undefined;
	}
	const newEvents = eventsOfStep(instance, currentTime(loop));
	instance.takenAt = currentTime(loop);
	const judged = await runOrchestrator(loop, instance, newEvents);
	if (!judged || findInstance(loop.store, instance.instanceId) !== instance) {
		return undefined;
	}
	instance.takenAt = null;
	if (judged.outcome.kind === "failed") {
		loop.log({
			level: "error",
			functionName: instance.name,
			message: judged.outcome.failure.Reason,
		});
	}
	return commitStep(loop.store, instance, newEvents, judged, currentTime(loop));
}

/** Sets going what a step has written, and stops what it has made needless. */
export function carryOut(
	loop: HubLoop,
	instance: Instance,
	effects: Effects,
): void {
	loop.timers.disarm(effects.disarm);
	for (const timer of effects.timers) {
		arm(loop, instance, timer);
	}
	for (const activity of effects.activities) {
		loop.workload.begin();
		loop.queue.add({ instance, to: executionOf(instance), activity });
	}
	for (const other of effects.wake) {
		wake(loop, other);
	}
}

function arm(loop: HubLoop, instance: Instance, timer: TimerFired): void {
	const to = executionOf(instance);
	loop.timers.arm(timer, () => {
		instance.timers = instance.timers.filter((other) => other !== timer);
		hand(loop, to, timer);
	});
}

/** An activity that waits for its turn, and whom to tell. */
interface ActivityJob {
	readonly instance: Instance;
	readonly to: Execution;
	readonly activity: ScheduledActivity;
}

async function work(
	loop: HubLoop,
	{ instance, to, activity }: ActivityJob,
): Promise<void> {
	const event = await runActivity(loop, to.InstanceId, activity);
	if (event) {
		instance.activities = instance.activities.filter(
			(other) => other !== activity,
		);
		hand(loop, to, event);
	}
}
