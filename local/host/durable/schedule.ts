import type { Action, ChildCall, RetryOptions } from "./orchestratorState.ts";
import {
	allOf,
	anyOf,
	openTask,
	settle,
	settledTask,
	type Task,
	whenSettled,
} from "./tasks.ts";

/** Something to be scheduled now: the orchestrator asked for it, and history does not have it yet. */
export type Decision =
	| {
			readonly kind: "activity";
			readonly id: number;
			readonly name: string;
			readonly input: unknown;
	  }
	| { readonly kind: "timer"; readonly id: number; readonly fireAt: string }
	| {
			readonly kind: "child";
			readonly id: number;
			readonly name: string;
			readonly instanceId: string;
			readonly input: unknown;
	  };

/** What is known while actions are awaited and history is played against them. */
export interface Run {
	readonly executionId: string;
	/** Time as orchestrators see it: the start of the step being replayed. */
	now: number;
	nextId: number;
	allAwaited: boolean;
	/** Nothing here raises one: such a wait ends with the instance, or another task of its `Task.any` is first. */
	awaitsEvent: boolean;
	continueWith: { readonly input: unknown } | undefined;
	readonly decisions: Map<number, Decision>;
	readonly open: Map<number, Task>;
}

export function newRun(executionId: string): Run {
	return {
		executionId,
		now: 0,
		nextId: 0,
		allAwaited: false,
		awaitsEvent: false,
		continueWith: undefined,
		decisions: new Map(),
		open: new Map(),
	};
}

/** Awaits actions one after the other. Each takes the next number when it comes up. */
export function awaitInOrder(
	run: Run,
	actions: readonly Action[],
	from = 0,
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
		case 4:
			run.continueWith = { input: action.input ?? null };
			return settledTask();
		case 5:
			return startTimer(run, Date.parse(action.fireAt));
		case 6:
			run.awaitsEvent = true;
			return openTask();
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
	{ functionName, instanceId, input }: ChildCall,
): Task {
	const id = run.nextId;
	return decide(run, {
		kind: "child",
		id,
		name: functionName,
		instanceId: instanceId?.trim() ? instanceId : `${run.executionId}:${id}`,
		input: input ?? null,
	});
}

/** maximumShortTimerDuration of the payload, in milliseconds: the extension splits longer timers, this host has none. */
const longestTimer = 6 * 24 * 3_600_000;

function startTimer(run: Run, fireAt: number): Task {
	if (fireAt - run.now > longestTimer) {
		throw new Error(
			"The local host does not support timers of more than six days.",
		);
	}
	return decide(run, {
		kind: "timer",
		id: run.nextId,
		fireAt: new Date(fireAt).toISOString(),
	});
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
	const {
		firstRetryIntervalInMilliseconds: firstDelay,
		maxNumberOfAttempts,
		backoffCoefficient = 1,
	} = options;
	const whole = openTask();
	const tryOnce = (failedBefore: number): void => {
		const task = attempt();
		whenSettled(task, () => {
			if (task.outcome === "succeeded") {
				settle(whole, "succeeded");
			} else if (failedBefore + 1 >= maxNumberOfAttempts) {
				whenSettled(startTimer(run, run.now), () => settle(whole, "failed"));
			} else {
				const retryAt =
					run.now + firstDelay * backoffCoefficient ** failedBefore;
				whenSettled(startTimer(run, retryAt), () => tryOnce(failedBefore + 1));
			}
		});
	};
	tryOnce(0);
	return whole;
}
