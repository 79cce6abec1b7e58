import type { Effects } from "./effects.ts";
import {
	EventType,
	type Execution,
	failed,
	framing,
	type HistoryEvent,
	succeeded,
} from "./history.ts";
import {
	findInstance,
	type Instance,
	type InstanceStore,
	isOver,
} from "./instanceStore.ts";

export type Ending =
	| { readonly status: "Completed"; readonly output: unknown }
	| {
			readonly status: "Failed" | "Terminated";
			readonly output: string;
			readonly details: string;
	  };

/** Ends an instance, and tells its parent. What it had under way runs out and its answers are dropped. */
export function end(
	store: InstanceStore,
	instance: Instance,
	ending: Ending,
	now: string,
): Effects {
	const disarm = instance.timers;
	instance.history.push(framing(EventType.OrchestratorCompleted, now));
	instance.status = ending.status;
	instance.output = ending.output;
	instance.inbox = [];
	instance.activities = [];
	instance.timers = [];
	instance.terminateReason = null;
	instance.lastUpdatedTime = now;

	const { parent } = instance;
	const told =
		parent &&
		deliver(
			store,
			parent.OrchestrationInstance,
			answerToParent(parent.TaskScheduleId, ending, now),
		);
	return { activities: [], timers: [], disarm, wake: told ? [told] : [] };
}

function answerToParent(
	taskId: number,
	ending: Ending,
	now: string,
): HistoryEvent {
	return ending.status === "Completed"
		? succeeded(
				EventType.SubOrchestrationCompleted,
				taskId,
				JSON.stringify(ending.output),
				now,
			)
		: failed(
				EventType.SubOrchestrationFailed,
				taskId,
				{ Reason: ending.output, Details: ending.details },
				now,
			);
}

/** Puts an event into the inbox of the execution that it is meant for. Undefined where that is over or gone. */
export function deliver(
	store: InstanceStore,
	to: Execution,
	event: HistoryEvent,
): Instance | undefined {
	const instance = findInstance(store, to.InstanceId);
	if (
		!instance ||
		isOver(instance) ||
		instance.executionId !== to.ExecutionId
	) {
		return undefined;
	}
	instance.inbox.push(event);
	return instance;
}
