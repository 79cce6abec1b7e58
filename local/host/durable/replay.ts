import { EventType, type HistoryEvent } from "./history.ts";
import type {
	Action,
	ChildCall,
	OrchestratorState,
	RetryOptions,
} from "./orchestratorState.ts";
import {
	allOf,
	anyOf,
	openTask,
	settle,
	settledTask,
	type Task,
	whenSettled,
} from "./tasks.ts";

/** Something to be scheduled now: the orchestrator asked for it, and history does not hold it yet. */
export type Decision =
	| {
			readonly kind: "activity";
			readonly id: number;
			readonly name: string;
			readonly input: unknown;
	  }
	| {
			readonly kind: "timer";
			readonly id: number;
			readonly fireAt: string;
			readonly canceled: boolean;
	  }
	| {
			readonly kind: "child";
			readonly id: number;
			readonly name: string;
			readonly instanceId: string;
			readonly version: string | null;
			readonly input: unknown;
	  };

export interface Replayed {
	/** In order of their numbers. */
	readonly decisions: readonly Decision[];
	readonly canceledTimers: ReadonlySet<number>;
	/** All that was scheduled has been answered and every action has been awaited: the execution may end. */
	readonly mayEnd: boolean;
	/** Nothing is under way that could ever wake the orchestration. */
	readonly stuck: boolean;
	/** The input of the next generation, where the orchestrator continues as new. */
	readonly continueWith: { readonly input: unknown } | undefined;
}

/**
 * Plays the history against the actions that the orchestrator answered, the way the extension does: actions are awaited
 * one after the other, each task takes the next number when it comes up, and a retry is a timer and a new task at the
 * moment of the failure. What has a number and is not in the history is to be scheduled.
 */
export function replay(
	history: readonly HistoryEvent[],
	state: OrchestratorState,
	executionId: string,
): Replayed {
	const run = newRun(executionId);
	for (const event of history) {
		if (event.EventType === EventType.ExecutionStarted) {
			awaitInOrder(run, state.actions.flat(), 0);
		} else {
			apply(run, event);
		}
	}
	const waiting = run.open.size > 0 || run.awaitedEvents.size > 0;
	return {
		decisions: [...run.decisions.values()].sort((a, b) => a.id - b.id),
		canceledTimers: run.canceledTimers,
		mayEnd: run.allAwaited && run.open.size === 0,
		stuck:
			!waiting &&
			!(run.allAwaited && (state.isDone || state.error !== undefined)),
		continueWith: run.continueWith,
	};
}

interface Run {
	readonly executionId: string;
	/** Time as orchestrators see it: the start of the step being replayed. */
	now: number;
	nextId: number;
	allAwaited: boolean;
	continueWith: { readonly input: unknown } | undefined;
	readonly decisions: Map<number, Decision>;
	readonly open: Map<number, Task>;
	readonly canceledTimers: Set<number>;
	readonly awaitedEvents: Map<string, Task[]>;
	/** How many events of a name have come before anyone awaited them. */
	readonly earlyEvents: Map<string, number>;
}

function newRun(executionId: string): Run {
	return {
		executionId,
		now: 0,
		nextId: 0,
		allAwaited: false,
		continueWith: undefined,
		decisions: new Map(),
		open: new Map(),
		canceledTimers: new Set(),
		awaitedEvents: new Map(),
		earlyEvents: new Map(),
	};
}

function awaitInOrder(
	run: Run,
	actions: readonly Action[],
	from: number,
): void {
	for (let index = from; index < actions.length; index += 1) {
		const action = actions[index];
		const task = action ? taskOf(run, action) : settledTask();
		if (task.outcome === "open") {
			whenSettled(task, () => awaitInOrder(run, actions, index + 1));
			return;
		}
	}
	run.allAwaited = true;
}

function taskOf(run: Run, action: Action): Task {
	switch (action.actionType) {
		case 0:
			return scheduleActivity(run, action.functionName, action.input);
		case 1:
			return retried(run, action.retryOptions, () =>
				scheduleActivity(run, action.functionName, action.input),
			);
		case 2:
			return startChild(run, action);
		case 3:
			return retried(run, action.retryOptions, () => startChild(run, action));
		case 4:
			run.continueWith = { input: action.input ?? null };
			return settledTask();
		case 5:
			return startTimer(run, Date.parse(action.fireAt), action.isCanceled);
		case 6:
			return awaitEvent(run, action.externalEventName);
		case 11:
			return anyOf(action.compoundActions.map((inner) => taskOf(run, inner)));
		case 12:
			return allOf(action.compoundActions.map((inner) => taskOf(run, inner)));
	}
}

function scheduleActivity(run: Run, name: string, input: unknown): Task {
	return decide(run, {
		kind: "activity",
		id: run.nextId,
		name,
		input: input ?? null,
	});
}

function startChild(
	run: Run,
	{ functionName, instanceId, input, version }: ChildCall,
): Task {
	const id = run.nextId;
	return decide(run, {
		kind: "child",
		id,
		name: functionName,
		instanceId: instanceId?.trim() ? instanceId : `${run.executionId}:${id}`,
		version: version ?? null,
		input: input ?? null,
	});
}

/** maximumShortTimerDuration and longRunningTimerIntervalDuration of the payload, in milliseconds. */
const longestTimer = 6 * 24 * 3_600_000;
const longTimerInterval = 3 * 24 * 3_600_000;

/** A timer of more than six days is a chain of shorter ones, each with its own number. */
function startTimer(run: Run, fireAt: number, canceled: boolean): Task {
	if (fireAt - run.now <= longestTimer) {
		return decideTimer(run, fireAt, canceled);
	}
	const whole = openTask();
	const next = (at: number): void => {
		whenSettled(decideTimer(run, at, canceled), () => {
			if (canceled || run.now >= fireAt) {
				settle(whole, "succeeded");
			} else {
				next(Math.min(fireAt, run.now + longTimerInterval));
			}
		});
	};
	next(run.now + longTimerInterval);
	return whole;
}

function decideTimer(run: Run, fireAt: number, canceled: boolean): Task {
	const id = run.nextId;
	const task = decide(run, {
		kind: "timer",
		id,
		fireAt: new Date(fireAt).toISOString(),
		canceled,
	});
	if (canceled) {
		run.canceledTimers.add(id);
		run.open.delete(id);
		settle(task, "succeeded");
	}
	return task;
}

function decide(run: Run, decision: Decision): Task {
	const task = openTask();
	run.nextId += 1;
	run.decisions.set(decision.id, decision);
	run.open.set(decision.id, task);
	return task;
}

/**
 * A failed attempt takes a number for its timer, the next attempt the one after. The last failure has a timer too,
 * due at once: a bug of an early version that histories have depended on ever since (DurableTask.Core, RetryInterceptor).
 */
function retried(run: Run, options: RetryOptions, attempt: () => Task): Task {
	const whole = openTask();
	const firstAttemptAt = run.now;
	const tryOnce = (failedBefore: number): void => {
		const task = attempt();
		whenSettled(task, () => {
			if (task.outcome === "succeeded") {
				settle(whole, "succeeded");
			} else if (failedBefore + 1 >= options.maxNumberOfAttempts) {
				whenSettled(decideTimer(run, run.now, false), () =>
					settle(whole, "failed"),
				);
			} else if (
				run.now - firstAttemptAt >=
				(options.retryTimeoutInMilliseconds ?? Number.POSITIVE_INFINITY)
			) {
				settle(whole, "failed");
			} else {
				const retryAt = run.now + retryDelay(options, failedBefore);
				whenSettled(decideTimer(run, retryAt, false), () =>
					tryOnce(failedBefore + 1),
				);
			}
		});
	};
	tryOnce(0);
	return whole;
}

function retryDelay(options: RetryOptions, failedBefore: number): number {
	const delay =
		options.firstRetryIntervalInMilliseconds *
		(options.backoffCoefficient ?? 1) ** failedBefore;
	return Math.min(
		delay,
		options.maxRetryIntervalInMilliseconds ?? longestTimer,
	);
}

function awaitEvent(run: Run, name: string): Task {
	const early = run.earlyEvents.get(name) ?? 0;
	if (early > 0) {
		run.earlyEvents.set(name, early - 1);
		return settledTask();
	}
	const task = openTask();
	run.awaitedEvents.set(name, [...(run.awaitedEvents.get(name) ?? []), task]);
	return task;
}

function raiseEvent(run: Run, name: string): void {
	const [first, ...others] = run.awaitedEvents.get(name) ?? [];
	if (!first) {
		run.earlyEvents.set(name, (run.earlyEvents.get(name) ?? 0) + 1);
		return;
	}
	if (others.length > 0) {
		run.awaitedEvents.set(name, others);
	} else {
		run.awaitedEvents.delete(name);
	}
	settle(first, "succeeded");
}

function apply(run: Run, event: HistoryEvent): void {
	switch (event.EventType) {
		case EventType.OrchestratorStarted:
			run.now = Date.parse(event.Timestamp);
			break;
		case EventType.TaskScheduled:
			confirm(run, event.EventId, "activity", event.Name);
			break;
		case EventType.SubOrchestrationCreated:
			confirm(run, event.EventId, "child", event.Name);
			break;
		case EventType.TimerCreated:
			confirm(run, event.EventId, "timer", undefined);
			break;
		case EventType.TaskCompleted:
		case EventType.SubOrchestrationCompleted:
			answer(run, event.TaskScheduledId, "succeeded");
			break;
		case EventType.TaskFailed:
		case EventType.SubOrchestrationFailed:
			answer(run, event.TaskScheduledId, "failed");
			break;
		case EventType.TimerFired:
			answer(run, event.TimerId, "succeeded");
			break;
		case EventType.EventRaised:
			raiseEvent(run, event.Name);
			break;
		case EventType.ExecutionStarted:
		case EventType.OrchestratorCompleted:
			break;
	}
}

/** What history says was scheduled must be what the orchestrator schedules now, under the same number. */
function confirm(
	run: Run,
	id: number,
	kind: Decision["kind"],
	name: string | undefined,
): void {
	const decision = run.decisions.get(id);
	const decidedName = decision?.kind === "timer" ? undefined : decision?.name;
	if (decision?.kind !== kind || decidedName !== name) {
		const before = `${kind} ${name ?? ""}`.trim();
		const now = decision
			? `${decision.kind} ${decidedName ?? ""}`.trim()
			: "nothing";
		throw new Error(
			`Non-Deterministic workflow detected: number ${id} was scheduled as ${before} before and is ${now} in this replay.`,
		);
	}
	run.decisions.delete(id);
}

/** An answer to what is no longer open is a duplicate and changes nothing. */
function answer(run: Run, id: number, outcome: "succeeded" | "failed"): void {
	const task = run.open.get(id);
	if (task) {
		run.open.delete(id);
		settle(task, outcome);
	}
}
