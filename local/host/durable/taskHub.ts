import { randomUUID } from "node:crypto";
import { systemClock } from "../clock.ts";
import { quiet } from "../log.ts";
import { alreadyExists, newExecutionId } from "./commitStep.ts";
import { eventRaised, executionStarted } from "./history.ts";
import {
	addressOf,
	carryOut,
	currentTime,
	type HubLoop,
	hand,
	killLoop,
	type LoopOptions,
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

/**
 * `store`: one that another hub has left is gone on with. `deliverTwice`: at least once, made real: every activity runs
 * twice, one after the other, and the second result counts. `onStep`: called between any two steps; a hub that is
 * killed in it writes nothing from then on.
 */
export type HubOptions = Pick<
	LoopOptions,
	"functions" | "maxConcurrentActivities" | "deliverTwice" | "onStep"
> &
	Partial<Pick<LoopOptions, "store" | "clock" | "log">>;

export interface TaskHub {
	readonly store: InstanceStore;
	/** Returns the instance's id. Throws InstanceExistsError where an instance of that id is not over. */
	start(name: string, options?: StartOptions): string;
	status(instanceId: string): InstanceStatus | undefined;
	list(filter?: StatusFilter): InstanceStatus[];
	/** False where no such instance runs; one that runs ends as soon as its current step is over. */
	terminate(instanceId: string, reason: string): boolean;
	/** False where no such instance runs. */
	raiseEvent(instanceId: string, name: string, data: unknown): boolean;
	/** Forgets the instance in whatever state it is; false where there is none. */
	purge(instanceId: string): boolean;
	/** Resolves when the instance is over. */
	ended(instanceId: string): Promise<InstanceStatus>;
	/** Resolves when nothing is left to do but to wait for timers and events. */
	idle(): Promise<void>;
	/** Stops at once, as if the process had died: nothing is written any more, whatever is still running. */
	kill(): void;
}

export interface StartOptions {
	readonly instanceId?: string | undefined;
	/** Anything that JSON can hold. No input arrives as an empty string. */
	readonly input?: unknown;
	readonly version?: string | null;
}

export class InstanceExistsError extends Error {}

/** An in-memory task hub: orchestrators are replayed from their whole history at every step. */
export function createTaskHub(options: HubOptions): TaskHub {
	const { store = createInstanceStore() } = options;
	const loop = startLoop({ clock: systemClock, log: quiet, ...options, store });
	const running = (instanceId: string) => {
		const instance = findInstance(store, instanceId);
		return instance && !isOver(instance) ? instance : undefined;
	};

	return {
		store,
		start: (name, startOptions = {}) => start(loop, name, startOptions),
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
		raiseEvent(instanceId, name, data) {
			const instance = running(instanceId);
			if (instance) {
				hand(
					loop,
					addressOf(instance),
					eventRaised(name, JSON.stringify(data ?? null), currentTime(loop)),
				);
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
	};
}

function start(
	loop: HubLoop,
	name: string,
	{ instanceId = newExecutionId(), input, version }: StartOptions,
): string {
	const existing = findInstance(loop.store, instanceId);
	if (existing && !isOver(existing)) {
		throw new InstanceExistsError(alreadyExists);
	}
	const event = executionStarted(
		{
			InstanceId: instanceId,
			ExecutionId: randomUUID(),
			ParentInstance: null,
			Name: name,
			Version: version ?? null,
			Input: JSON.stringify(input ?? ""),
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
