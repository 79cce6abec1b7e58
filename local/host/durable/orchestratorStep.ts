import {
	type Failure,
	orchestratorFailure,
	unknownFunction,
} from "./failures.ts";
import { EventType, framing, type HistoryEvent } from "./history.ts";
import type { Instance } from "./instanceStore.ts";
import {
	type OrchestratorState,
	stateOfAnswer,
	stateOfError,
} from "./orchestratorState.ts";
import { type Replayed, replay } from "./replay.ts";
import type { Decision } from "./schedule.ts";

/** What the orchestrationTrigger hands to the replay code of durable-functions. */
export interface OrchestratorPayload {
	readonly history: readonly HistoryEvent[];
	readonly input: unknown;
	readonly instanceId: string;
	readonly isReplaying: boolean;
	readonly parentInstanceId: string | null;
	readonly upperSchemaVersion: number;
	readonly upperSchemaVersionNew: number;
	readonly longRunningTimerIntervalDuration: string;
	readonly maximumShortTimerDuration: string;
	readonly defaultHttpAsyncRequestSleepTimeMillseconds: number;
}

/** What an orchestrator function did: returned JSON text, or threw. */
export type Answer =
	| { readonly returned: string | null }
	| { readonly thrown: Error };

export type Outcome =
	| { readonly kind: "goes-on"; readonly decisions: readonly Decision[] }
	| { readonly kind: "completed"; readonly output: unknown }
	| { readonly kind: "continued"; readonly input: unknown }
	| { readonly kind: "failed"; readonly failure: Failure };

export interface Judged {
	readonly outcome: Outcome;
	/** Undefined: as it was. */
	readonly customStatus?: unknown;
}

export interface KnownFunctions {
	readonly orchestrators: ReadonlySet<string>;
	readonly activities: ReadonlySet<string>;
}

/** The events that a step adds before it runs: its own start and what has arrived since the last one. */
export function eventsOfStep(instance: Instance, now: string): HistoryEvent[] {
	return [framing(EventType.OrchestratorStarted, now), ...instance.inbox];
}

export function payloadOf(
	instance: Instance,
	newEvents: readonly HistoryEvent[],
): OrchestratorPayload {
	return {
		history: [...instance.history, ...newEvents],
		input: JSON.parse(instance.input),
		instanceId: instance.instanceId,
		isReplaying: instance.history.length > 0,
		parentInstanceId: instance.parent?.OrchestrationInstance.InstanceId ?? null,
		upperSchemaVersion: 1,
		upperSchemaVersionNew: 3,
		longRunningTimerIntervalDuration: "3.00:00:00",
		maximumShortTimerDuration: "6.00:00:00",
		defaultHttpAsyncRequestSleepTimeMillseconds: 30000,
	};
}

/** What follows from an orchestrator's answer. Whatever is wrong with it ends the instance, with the reason in it. */
export function judge(
	instance: Instance,
	history: readonly HistoryEvent[],
	answer: Answer,
	known: KnownFunctions,
): Judged {
	try {
		const state =
			"thrown" in answer
				? stateOfError(answer.thrown)
				: stateOfAnswer(answer.returned);
		if (!state) {
			throw "thrown" in answer
				? answer.thrown
				: new Error("The orchestrator returned no state.");
		}
		const { customStatus } = state;
		const outcome = outcomeOf(
			instance,
			state,
			replay(history, state, instance.executionId),
			known,
		);
		return customStatus === undefined ? { outcome } : { outcome, customStatus };
	} catch (error) {
		return {
			outcome: failedWith(
				instance.name,
				error instanceof Error ? error.message : String(error),
			),
		};
	}
}

function outcomeOf(
	instance: Instance,
	state: OrchestratorState,
	replayed: Replayed,
	known: KnownFunctions,
): Outcome {
	refuseUnknownFunctions(replayed.decisions, known);
	if (replayed.stuck) {
		throw new Error(
			"The orchestrator waits, and nothing is scheduled that can wake it.",
		);
	}
	if (replayed.mayEnd && state.error !== undefined) {
		return failedWith(instance.name, state.error);
	}
	if (replayed.mayEnd && state.isDone) {
		return replayed.continueWith
			? { kind: "continued", input: replayed.continueWith.input }
			: { kind: "completed", output: state.output ?? null };
	}
	return { kind: "goes-on", decisions: replayed.decisions };
}

function failedWith(name: string, message: string): Outcome {
	return { kind: "failed", failure: orchestratorFailure(name, message) };
}

function refuseUnknownFunctions(
	decisions: readonly Decision[],
	known: KnownFunctions,
): void {
	for (const decision of decisions) {
		if (decision.kind === "activity" && !known.activities.has(decision.name)) {
			throw new Error(
				unknownFunction(decision.name, "activity", known.activities),
			);
		}
		if (decision.kind === "child" && !known.orchestrators.has(decision.name)) {
			throw new Error(
				unknownFunction(decision.name, "orchestrator", known.orchestrators),
			);
		}
	}
}
