import { randomUUID } from "node:crypto";
import {
	EventType,
	executionStarted,
	failed,
	framing,
	type HistoryEvent,
	subOrchestrationCreated,
	succeeded,
	type TimerFired,
	taskScheduled,
	timerCreated,
	timerFired,
} from "./history.ts";
import {
	addInstance,
	findInstance,
	type Instance,
	type InstanceStore,
	isOver,
	type ScheduledActivity,
} from "./instanceStore.ts";
import type { Judged, Outcome } from "./orchestratorStep.ts";
import type { Decision } from "./replay.ts";

/** What a hub has to set going after a step has been written. */
export interface Effects {
	readonly activities: ScheduledActivity[];
	readonly timers: TimerFired[];
	/** Timers that nobody waits for any more. */
	readonly disarm: TimerFired[];
	/** Instances that have something to take up. */
	readonly wake: Instance[];
}

/** Writes a step's result into the store, all at once: the hub dies before it or after it, never half-way. */
export function commitStep(
	store: InstanceStore,
	instance: Instance,
	newEvents: readonly HistoryEvent[],
	{ outcome, customStatus }: Judged,
	now: string,
): Effects {
	takeUp(instance, newEvents);
	instance.lastUpdatedTime = now;
	instance.customStatus = customStatus ?? instance.customStatus;
	return applyOutcome(store, instance, outcome, now);
}

/** Ends an instance from outside. What it had under way runs out and its answers are dropped. */
export function commitTermination(
	store: InstanceStore,
	instance: Instance,
	reason: string,
	now: string,
): Effects {
	instance.lastUpdatedTime = now;
	return end(
		store,
		instance,
		{ status: "Terminated", output: reason, details: "" },
		now,
	);
}

/** Puts an event into the inbox of the execution that it is meant for; undefined where that is over or gone. */
export function deliver(
	store: InstanceStore,
	to: { readonly InstanceId: string; readonly ExecutionId: string },
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

function takeUp(instance: Instance, newEvents: readonly HistoryEvent[]): void {
	// The first of them is the step's own start; what came while it ran stands behind the others.
	instance.inbox.splice(0, newEvents.length - 1);
	for (const event of newEvents) {
		event.IsPlayed = event.EventType !== EventType.OrchestratorStarted;
	}
	instance.history.push(...newEvents);
	instance.status = "Running";
}

function applyOutcome(
	store: InstanceStore,
	instance: Instance,
	outcome: Outcome,
	now: string,
): Effects {
	switch (outcome.kind) {
		case "completed":
			return end(
				store,
				instance,
				{ status: "Completed", output: outcome.output },
				now,
			);
		case "failed":
			return end(
				store,
				instance,
				{
					status: "Failed",
					output: outcome.failure.Reason,
					details: outcome.failure.Details,
				},
				now,
			);
		case "continued":
			return beginNextGeneration(instance, outcome.input, now);
		case "goes-on":
			return goOn(store, instance, outcome, now);
	}
}

type Ending =
	| { readonly status: "Completed"; readonly output: unknown }
	| {
			readonly status: "Failed" | "Terminated";
			readonly output: string;
			readonly details: string;
	  };

function end(
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

	const parent = instance.parent;
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

/** The next generation starts with an empty history; events that came meanwhile are for it. */
function beginNextGeneration(
	instance: Instance,
	input: unknown,
	now: string,
): Effects {
	const disarm = instance.timers;
	instance.executionId = newExecutionId();
	instance.input = JSON.stringify(input);
	instance.history = [];
	instance.timers = [];
	const { instanceId, executionId, name, version, parent } = instance;
	const started = executionStarted(
		{
			InstanceId: instanceId,
			ExecutionId: executionId,
			ParentInstance: parent,
			Name: name,
			Version: version,
			Input: instance.input,
			Generation: null,
		},
		now,
	);
	instance.inbox = [
		started,
		framing(EventType.OrchestratorCompleted, now),
		...instance.inbox,
	];
	return { activities: [], timers: [], disarm, wake: [instance] };
}

function goOn(
	store: InstanceStore,
	instance: Instance,
	{ decisions, canceledTimers }: Extract<Outcome, { kind: "goes-on" }>,
	now: string,
): Effects {
	const isCanceled = ({ TimerId }: TimerFired): boolean =>
		canceledTimers.has(TimerId);
	const effects: Effects = {
		activities: [],
		timers: [],
		disarm: instance.timers.filter(isCanceled),
		wake: [],
	};
	instance.timers = instance.timers.filter((timer) => !isCanceled(timer));
	for (const decision of decisions) {
		schedule(store, instance, decision, effects, now);
	}
	instance.activities.push(...effects.activities);
	instance.timers.push(...effects.timers);
	if (instance.history.at(-1)?.EventType !== EventType.OrchestratorCompleted) {
		instance.history.push(framing(EventType.OrchestratorCompleted, now));
	}
	return effects;
}

function schedule(
	store: InstanceStore,
	instance: Instance,
	decision: Decision,
	effects: Effects,
	now: string,
): void {
	const { id } = decision;
	switch (decision.kind) {
		case "activity":
			instance.history.push(taskScheduled(id, decision.name, now));
			effects.activities.push({
				taskId: id,
				name: decision.name,
				input: JSON.stringify(decision.input),
			});
			return;
		case "timer":
			instance.history.push(timerCreated(id, decision.fireAt, now));
			if (!decision.canceled) {
				effects.timers.push(timerFired(id, decision.fireAt, now));
			}
			return;
		case "child": {
			const { name: Name, version: Version, instanceId: InstanceId } = decision;
			instance.history.push(
				subOrchestrationCreated(
					{ EventId: id, Name, Version, InstanceId },
					now,
				),
			);
			effects.wake.push(startChild(store, instance, decision, now));
			return;
		}
	}
}

/** The child, or the parent itself where an instance with the child's id is still running. */
function startChild(
	store: InstanceStore,
	parent: Instance,
	{
		id,
		name,
		instanceId,
		version,
		input,
	}: Extract<Decision, { kind: "child" }>,
	now: string,
): Instance {
	const existing = findInstance(store, instanceId);
	if (existing && !isOver(existing)) {
		const Reason = alreadyExists;
		parent.inbox.push(
			failed(
				EventType.SubOrchestrationFailed,
				id,
				{ Reason, Details: "" },
				now,
			),
		);
		return parent;
	}
	const ParentInstance = {
		Name: parent.name,
		OrchestrationInstance: {
			InstanceId: parent.instanceId,
			ExecutionId: parent.executionId,
		},
		TaskScheduleId: id,
		Version: parent.version,
	};
	const started = executionStarted(
		{
			InstanceId: instanceId,
			ExecutionId: newExecutionId(),
			ParentInstance,
			Name: name,
			Version: version,
			Input: JSON.stringify(input),
			Generation: null,
		},
		now,
	);
	return addInstance(store, started);
}

/** The extension's message for an id that is taken; a real host was seen to say Pending of a running instance too. */
export const alreadyExists =
	"An Orchestration instance with the status Pending already exists.";

/** Ids that the extension makes up itself have no dashes. */
export function newExecutionId(): string {
	return randomUUID().replaceAll("-", "");
}
