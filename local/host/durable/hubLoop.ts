import { availableParallelism } from "node:os";
import type { Clock } from "../clock.ts";
import type { LogSink } from "../log.ts";
import { asError } from "../worker/invoke.ts";
import { type ActivityQueue, createActivityQueue } from "./activityQueue.ts";
import { type ArmedTimers, createArmedTimers } from "./armedTimers.ts";
import {
	commitStep,
	commitTermination,
	deliver,
	type Effects,
} from "./commitStep.ts";
import {
	activityFailure,
	orchestratorFailure,
	unknownFunction,
	workerDied,
} from "./failures.ts";
import {
	EventType,
	failed,
	type HistoryEvent,
	succeeded,
	type TimerFired,
} from "./history.ts";
import {
	findInstance,
	type Instance,
	type InstanceStore,
	isOver,
	type ScheduledActivity,
} from "./instanceStore.ts";
import {
	type Answer,
	eventsOfStep,
	type Judged,
	judge,
	type KnownFunctions,
	type OrchestratorPayload,
	payloadOf,
} from "./orchestratorStep.ts";
import { createWorkload, type Workload } from "./workload.ts";

/** How a hub reaches the functions: JSON text in, JSON text out, null for nothing. */
export interface HubFunctions extends KnownFunctions {
	runOrchestrator(name: string, payload: string): Promise<string | null>;
	runActivity(name: string, input: string): Promise<string | null>;
}

/** A moment between two steps. The payload's events belong to the hub and change later: copy what is to be kept. */
export type HubStep = { readonly instanceId: string; readonly name: string } & (
	| {
			readonly point: "before-orchestrator";
			readonly payload: OrchestratorPayload;
	  }
	| { readonly point: "after-orchestrator"; readonly answer: Answer }
	| {
			readonly point: "before-activity" | "after-activity";
			readonly taskId: number;
			/** 2: the same activity once more, see `deliverTwice`. */
			readonly delivery: number;
	  }
);

export interface LoopOptions {
	readonly functions: HubFunctions;
	readonly store: InstanceStore;
	readonly clock: Clock;
	readonly log: LogSink;
	readonly maxConcurrentActivities?: number | undefined;
	readonly deliverTwice?: boolean | undefined;
	readonly onStep?: ((step: HubStep) => void | Promise<void>) | undefined;
	/** Instances whose terminate message stays in the queue for as long as this says so. */
	readonly holdsTerminate?: ((instanceId: string) => boolean) | undefined;
}

/** A message that was taken and never settled comes back after so long: the visibility time of the real queues. */
export const visibilityMilliseconds = 5 * 60_000;

/** The process that runs the functions. The host starts another one as soon as it dies. */
interface WorkerProcess {
	isDead: boolean;
	readonly death: Promise<void>;
	die(): void;
}

function startWorkerProcess(): WorkerProcess {
	let die = (): void => {};
	const death = new Promise<void>((died) => {
		die = died;
	});
	const worker = {
		isDead: false,
		death,
		die: () => {
			worker.isDead = true;
			die();
		},
	};
	return worker;
}

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
			runActivity(loop, job).finally(loop.workload.done),
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

/** Sees to it that the instance takes up what lies in its inbox. */
export function wake(loop: HubLoop, instance: Instance): void {
	if (loop.stepping.has(instance)) {
		return;
	}
	loop.stepping.add(instance);
	loop.workload.begin();
	// Not at once: what is answered in the same turn of the event loop goes into one step.
	setImmediate(() => void takeStep(loop, instance).finally(loop.workload.done));
}

/** Delivers an event to the execution that it is meant for; dropped where that is over or gone. */
export function hand(loop: HubLoop, to: Address, event: HistoryEvent): void {
	const instance = deliver(loop.store, to, event);
	if (instance) {
		wake(loop, instance);
	}
}

export interface Address {
	readonly InstanceId: string;
	readonly ExecutionId: string;
}

export function addressOf({ instanceId, executionId }: Instance): Address {
	return { InstanceId: instanceId, ExecutionId: executionId };
}

export function currentTime({ clock }: Pick<LoopOptions, "clock">): string {
	return new Date(clock.now()).toISOString();
}

/**
 * Takes up an instance that an earlier hub has left. What nobody had taken is delivered at once, what was taken and not
 * answered comes back after its visibility time.
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
		return commitTermination(
			loop.store,
			instance,
			instance.terminateReason,
			currentTime(loop),
		);
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

async function runOrchestrator(
	loop: HubLoop,
	instance: Instance,
	newEvents: readonly HistoryEvent[],
): Promise<Judged | undefined> {
	const { functions, worker } = loop;
	const { instanceId, name } = instance;
	if (!functions.orchestrators.has(name)) {
		const message = unknownFunction(
			name,
			"orchestrator",
			functions.orchestrators,
		);
		return {
			outcome: { kind: "failed", failure: orchestratorFailure(name, message) },
		};
	}
	const payload = payloadOf(instance, newEvents);
	if (
		!(await reach(loop, {
			point: "before-orchestrator",
			instanceId,
			name,
			payload,
		}))
	) {
		return undefined;
	}
	const dead: Judged = {
		outcome: { kind: "failed", failure: orchestratorFailure(name, workerDied) },
	};
	if (worker.isDead) {
		return dead;
	}
	const answer = await functions
		.runOrchestrator(name, JSON.stringify(payload))
		.then(
			(returned): Answer => ({ returned }),
			(thrown): Answer => ({ thrown: asError(thrown) }),
		);
	const alive = await reach(loop, {
		point: "after-orchestrator",
		instanceId,
		name,
		answer,
	});
	if (!alive) {
		return undefined;
	}
	return worker.isDead
		? dead
		: judge(instance, payload.history, answer, functions);
}

/** False where the hub has been killed meanwhile. */
async function reach(loop: HubLoop, step: HubStep): Promise<boolean> {
	await loop.onStep?.(step);
	return !loop.killed;
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
		loop.queue.add({ instance, to: addressOf(instance), activity });
	}
	for (const other of effects.wake) {
		wake(loop, other);
	}
}

function arm(loop: HubLoop, instance: Instance, timer: TimerFired): void {
	const to = addressOf(instance);
	loop.timers.arm(timer, () => {
		instance.timers = instance.timers.filter((other) => other !== timer);
		hand(loop, to, timer);
	});
}

export interface ActivityJob {
	readonly instance: Instance;
	readonly to: Address;
	readonly activity: ScheduledActivity;
}

async function runActivity(
	loop: HubLoop,
	{ instance, to, activity }: ActivityJob,
): Promise<void> {
	const { worker } = loop;
	let event: HistoryEvent | undefined;
	activity.takenAt = currentTime(loop);
	for (const delivery of loop.deliverTwice ? [1, 2] : [1]) {
		const about = {
			instanceId: to.InstanceId,
			name: activity.name,
			taskId: activity.taskId,
			delivery,
		};
		if (!(await reach(loop, { point: "before-activity", ...about }))) {
			return;
		}
		event = await Promise.race([
			worker.isDead ? worker.death : activityResult(loop, activity),
			worker.death,
		]).then((answered) => answered ?? diedEvent(loop, activity));
		if (!(await reach(loop, { point: "after-activity", ...about }))) {
			return;
		}
		if (worker.isDead) {
			event = diedEvent(loop, activity);
			break;
		}
	}
	if (event) {
		instance.activities = instance.activities.filter(
			(other) => other !== activity,
		);
		hand(loop, to, event);
	}
}

function diedEvent(
	loop: HubLoop,
	{ taskId, name }: ScheduledActivity,
): HistoryEvent {
	loop.log({ level: "error", functionName: name, message: workerDied });
	return failed(
		EventType.TaskFailed,
		taskId,
		activityFailure(name, new Error(workerDied)),
		currentTime(loop),
	);
}

async function activityResult(
	loop: HubLoop,
	{ taskId, name, input }: ScheduledActivity,
): Promise<HistoryEvent> {
	try {
		const result = await loop.functions.runActivity(name, input);
		return succeeded(
			EventType.TaskCompleted,
			taskId,
			result,
			currentTime(loop),
		);
	} catch (thrown) {
		const error = asError(thrown);
		loop.log({
			level: "error",
			functionName: name,
			message: error.stack ?? error.message,
		});
		return failed(
			EventType.TaskFailed,
			taskId,
			activityFailure(name, error),
			currentTime(loop),
		);
	}
}
