import { randomUUID } from "node:crypto";
import { systemClock } from "../clock.ts";
import { quiet } from "../log.ts";
import { alreadyExists, newExecutionId } from "./commitStep.ts";
import { executionStarted } from "./history.ts";
import {
	carryOut,
	type HubLoop,
	killLoop,
	killWorker,
	startLoop,
	wake,
} from "./hubLoop.ts";
import {
	type InstanceStatus,
	matches,
	type StatusFilter,
	statusOf,
} from "./instanceStatus.ts";
import {
	addInstance,
	createInstanceStore,
	findInstance,
	type InstanceStore,
	isOver,
} from "./instanceStore.ts";
import { currentTime, type LoopOptions } from "./loopOptions.ts";

/**
 * `store`: that of an earlier hub, which is continued. `deliverTwice`: every activity runs twice, one after the other,
 * and the second result counts, as at-least-once delivery allows. `onStep`: called between any two steps. A hub that is
 * killed in it writes nothing from then on, a worker that is killed in it takes the step with it.
 */
export type HubOptions = Pick<
	LoopOptions,
	| "functions"
	| "maxConcurrentActivities"
	| "deliverTwice"
	| "onStep"
	| "holdsTerminate"
> &
	Partial<Pick<LoopOptions, "store" | "clock" | "log">> & {
		/** See `startMomentMilliseconds`. */
		readonly startMoment?: number;
	};

/**
 * How long a start is not visible yet. The Azure Storage backend queues the start message first and writes the instance's
 * row afterwards: until then every further start of the id is told success and dropped, and the row is not there.
 */
export const startMomentMilliseconds = 100;

export interface TaskHub {
	readonly store: InstanceStore;
	/**
	 * Returns the instance's id. Throws InstanceExistsError where an instance of that id is visible and not over. In the
	 * moment before, it does nothing and says nothing of it, as the real backend.
	 */
	start(name: string, options?: StartOptions): string;
	/** Whether a client can see the instance: its row may still have to be written. */
	isVisible(instanceId: string): boolean;
	status(instanceId: string): InstanceStatus | undefined;
	list(filter?: StatusFilter): InstanceStatus[];
	/** False where no such instance runs. A message: one that runs ends when it is handled, after its current step at the earliest. */
	terminate(instanceId: string, reason: string): boolean;
	/** Forgets the instance in whatever state it is. False where there is none. */
	purge(instanceId: string): boolean;
	/** Resolves when the instance is over. */
	ended(instanceId: string): Promise<InstanceStatus>;
	/** Resolves when the hub can only wait for timers and events. */
	idle(): Promise<void>;
	/** Stops at once, as if the process had died: nothing is written any more, whatever is still running. */
	kill(): void;
	/** The worker process alone dies, and another takes its place: see `killWorker` of the loop. */
	killWorker(): void;
}

export interface StartOptions {
	readonly instanceId?: string | undefined;
	/** Anything that JSON can express. No input arrives as an empty string. */
	readonly input?: unknown;
}

export class InstanceExistsError extends Error {}

/** An in-memory task hub: orchestrators are replayed from their whole history at every step. */
export function createTaskHub(options: HubOptions): TaskHub {
	const {
		store = createInstanceStore(),
		startMoment = startMomentMilliseconds,
	} = options;
	const loop = startLoop({ clock: systemClock, log: quiet, ...options, store });
	const justStarted = new Set<string>();
	const running = (instanceId: string) => {
		const instance = findInstance(store, instanceId);
		return instance && !isOver(instance) ? instance : undefined;
	};

	return {
		store,
		start(name, startOptions = {}) {
			const { instanceId } = startOptions;
			if (
				instanceId !== undefined &&
				justStarted.has(instanceId) &&
				running(instanceId)
			) {
				return instanceId;
			}
			const id = start(loop, name, startOptions);
			if (startMoment > 0) {
				justStarted.add(id);
				setTimeout(() => justStarted.delete(id), startMoment).unref();
			}
			return id;
		},
		isVisible: (instanceId) =>
			findInstance(store, instanceId) !== undefined &&
			!(justStarted.has(instanceId) && running(instanceId)),
		status(instanceId) {
			const instance = findInstance(store, instanceId);
			return instance && statusOf(instance);
		},
		list(filter = {}) {
			const all = Object.values(store.instances).map(statusOf);
			return all.filter((status) => matches(status, filter));
		},
		terminate(instanceId, reason) {
			const instance = running(instanceId);
			if (instance) {
				instance.terminateReason = reason;
				wake(loop, instance);
			}
			return instance !== undefined;
		},
		purge: (instanceId) => purge(loop, instanceId),
		ended: (instanceId) =>
			loop.workload.until(() => {
				const instance = findInstance(store, instanceId);
				return instance && isOver(instance) ? statusOf(instance) : undefined;
			}),
		idle: loop.workload.idle,
		kill: () => killLoop(loop),
		killWorker: () => killWorker(loop),
	};
}

function start(
	loop: HubLoop,
	name: string,
	{ instanceId = newExecutionId(), input }: StartOptions,
): string {
	const existing = findInstance(loop.store, instanceId);
	if (existing && !isOver(existing)) {
		throw new InstanceExistsError(alreadyExists);
	}
	const event = executionStarted(
		{ InstanceId: instanceId, ExecutionId: randomUUID() },
		{
			Name: name,
			Input: JSON.stringify(input ?? ""),
			ParentInstance: null,
			Generation: 0,
		},
		currentTime(loop),
	);
	wake(loop, addInstance(loop.store, event));
	return instanceId;
}

function purge(loop: HubLoop, instanceId: string): boolean {
	const instance = findInstance(loop.store, instanceId);
	if (instance) {
		carryOut(loop, instance, {
			activities: [],
			timers: [],
			disarm: instance.timers,
			wake: [],
		});
		delete loop.store.instances[instanceId];
	}
	return instance !== undefined;
}
