import { EventType, type HistoryEvent } from "./history.ts";
import type { OrchestratorState } from "./orchestratorState.ts";
import { awaitInOrder, type Decision, newRun, type Run } from "./schedule.ts";
import { settle } from "./tasks.ts";

export interface Replayed {
	/** In order of their numbers. */
	readonly decisions: readonly Decision[];
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
			awaitInOrder(run, state.actions.flat());
		} else {
			apply(run, event);
		}
	}
	const waiting = run.open.size > 0 || run.awaitsEvent;
	return {
		decisions: [...run.decisions.values()].sort((a, b) => a.id - b.id),
		mayEnd: run.allAwaited && run.open.size === 0,
		stuck:
			!waiting &&
			!(run.allAwaited && (state.isDone || state.error !== undefined)),
		continueWith: run.continueWith,
	};
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

/** An answer to a task that is no longer open is a duplicate and changes nothing. */
function answer(run: Run, id: number, outcome: "succeeded" | "failed"): void {
	const task = run.open.get(id);
	if (task) {
		run.open.delete(id);
		settle(task, outcome);
	}
}
