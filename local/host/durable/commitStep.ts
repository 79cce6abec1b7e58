import { randomUUID } from "node:crypto";
import type { Effects } from "./effects.ts";
import { type Ending, end } from "./ending.ts";
import {
	EventType,
	executionStarted,
	failed,
	framing,
	type HistoryEvent,
	subOrchestrationCreated,
	taskScheduled,
	timerCreated,
	timerFired,
} from "./history.ts";
import {
	addInstance,
	executionOf,
	findInstance,
	type Instance,
	type InstanceStore,
	isOver,
} from "./instanceStore.ts";
import type { Judged, Outcome } from "./orchestratorStep.ts";
import type { Decision } from "./schedule.ts";

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
	switch (outcome.kind) {
		case "completed":
		case "failed":
			return end(store, instance, endingOf(outcome), now);
		case "continued":
			return beginNextGeneration(instance, outcome.input, now);
		case "goes-on":
			return goOn(store, instance, outcome.decisions, now);
	}
}

function takeUp(instance: Instance, newEvents: readonly HistoryEvent[]): void {
	// The first of them is the step's own start. What came while it ran follows the rest.
	instance.inbox.splice(0, newEvents.length - 1);
	for (const event of newEvents) {
		event.IsPlayed = event.EventType !== EventType.OrchestratorStarted;
	}
	instance.history.push(...newEvents);
	instance.status = "Running";
}

function endingOf(
	outcome: Extract<Outcome, { kind: "completed" | "failed" }>,
): Ending {
	if (outcome.kind === "completed") {
		return { status: "Completed", output: outcome.output };
	}
	const { Reason, Details } = outcome.failure;
	return { status: "Failed", output: Reason, details: Details };
}

/** The next generation starts with an empty history. Events that came meanwhile are for it. */
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
	const started = executionStarted(
		executionOf(instance),
		{
			Name: instance.name,
			Input: instance.input,
			ParentInstance: instance.parent,
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
	decisions: readonly Decision[],
	now: string,
): Effects {
	const effects: Effects = { activities: [], timers: [], disarm: [], wake: [] };
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
			effects.timers.push(timerFired(id, decision.fireAt, now));
			return;
		case "child": {
			const { name: Name, instanceId: InstanceId } = decision;
			instance.history.push(
				subOrchestrationCreated(id, { Name, InstanceId }, now),
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
	{ id, name, instanceId, input }: Extract<Decision, { kind: "child" }>,
	now: string,
): Instance {
	const existing = findInstance(store, instanceId);
	if (existing && !isOver(existing)) {
		const failure = { Reason: alreadyExists, Details: "" };
		parent.inbox.push(
			failed(EventType.SubOrchestrationFailed, id, failure, now),
		);
		return parent;
	}
	const started = executionStarted(
		{ InstanceId: instanceId, ExecutionId: newExecutionId() },
		{
			Name: name,
			Input: JSON.stringify(input),
			ParentInstance: {
				Name: parent.name,
				OrchestrationInstance: executionOf(parent),
				TaskScheduleId: id,
				Version: null,
			},
			Generation: null,
		},
		now,
	);
	return addInstance(store, started);
}

/** The extension's message for an id that is taken. A real host was seen to say Pending of a running instance too. */
export const alreadyExists =
	"An Orchestration instance with the status Pending already exists.";

/** Ids that the extension makes up itself have no dashes. */
export function newExecutionId(): string {
	return randomUUID().replaceAll("-", "");
}
