/** History events as the Durable extension writes them into the orchestrationTrigger's payload. */
export const EventType = {
	ExecutionStarted: 0,
	TaskScheduled: 4,
	TaskCompleted: 5,
	TaskFailed: 6,
	SubOrchestrationCreated: 7,
	SubOrchestrationCompleted: 8,
	SubOrchestrationFailed: 9,
	TimerCreated: 10,
	TimerFired: 11,
	OrchestratorStarted: 12,
	OrchestratorCompleted: 13,
} as const;

export type ExecutionStarted = ReturnType<typeof executionStarted>;
export type TimerFired = ReturnType<typeof timerFired>;
export type HistoryEvent =
	| ExecutionStarted
	| ReturnType<typeof framing>
	| ReturnType<typeof taskScheduled>
	| ReturnType<typeof subOrchestrationCreated>
	| ReturnType<typeof succeeded>
	| ReturnType<typeof failed>
	| ReturnType<typeof timerCreated>
	| TimerFired;

/** The id of events that answer or frame: only what is scheduled has a number. */
const unnumbered = -1;

function event<Type extends number, Fields extends object>(
	EventType: Type,
	EventId: number,
	Timestamp: string,
	fields: Fields,
) {
	const base: {
		readonly EventType: Type;
		readonly EventId: number;
		/** Set once a step has seen the event as a new one. The extension never sets it on what a step itself appends. */
		IsPlayed: boolean;
		readonly Timestamp: string;
	} = { EventType, EventId, IsPlayed: false, Timestamp };
	return { ...base, ...(fields as Readonly<Fields>) };
}

/** One run of an instance: the next generation has the same instance id. */
export interface Execution {
	readonly InstanceId: string;
	readonly ExecutionId: string;
}

export interface ParentInstance {
	readonly Name: string;
	readonly OrchestrationInstance: Execution;
	readonly TaskScheduleId: number;
	readonly Version: null;
}

export function executionStarted(
	{ InstanceId, ExecutionId }: Execution,
	started: {
		readonly Name: string;
		/** JSON text. */
		readonly Input: string;
		readonly ParentInstance: ParentInstance | null;
		readonly Generation: number | null;
	},
	Timestamp: string,
) {
	return event(EventType.ExecutionStarted, unnumbered, Timestamp, {
		OrchestrationInstance: { InstanceId, ExecutionId },
		...started,
		Version: null,
		Tags: null,
		Correlation: null,
		ParentTraceContext: null,
		ScheduledStartTime: null,
		GenerateNewTrace: false,
	});
}

export function framing(
	type:
		| typeof EventType.OrchestratorStarted
		| typeof EventType.OrchestratorCompleted,
	Timestamp: string,
) {
	return event(type, unnumbered, Timestamp, {});
}

export function taskScheduled(id: number, Name: string, Timestamp: string) {
	return event(EventType.TaskScheduled, id, Timestamp, {
		Name,
		Version: "",
		Input: null,
		ParentTraceContext: null,
		Tags: null,
	});
}

export function subOrchestrationCreated(
	id: number,
	created: { readonly Name: string; readonly InstanceId: string },
	Timestamp: string,
) {
	return event(EventType.SubOrchestrationCreated, id, Timestamp, {
		...created,
		Version: null,
		Input: null,
		ClientSpanId: null,
		Tags: null,
	});
}

/** `Result` is JSON text. */
export function succeeded(
	type:
		| typeof EventType.TaskCompleted
		| typeof EventType.SubOrchestrationCompleted,
	TaskScheduledId: number,
	Result: string | null,
	Timestamp: string,
) {
	return event(type, unnumbered, Timestamp, { TaskScheduledId, Result });
}

export function failed(
	type: typeof EventType.TaskFailed | typeof EventType.SubOrchestrationFailed,
	TaskScheduledId: number,
	{ Reason, Details }: { readonly Reason: string; readonly Details: string },
	Timestamp: string,
) {
	return event(type, unnumbered, Timestamp, {
		TaskScheduledId,
		Reason,
		Details,
		FailureDetails: null,
	});
}

export function timerCreated(id: number, FireAt: string, Timestamp: string) {
	return event(EventType.TimerCreated, id, Timestamp, { FireAt });
}

/** Written when the timer is made and delivered when it is due, as the extension does: hence its early timestamp. */
export function timerFired(TimerId: number, FireAt: string, Timestamp: string) {
	return event(EventType.TimerFired, unnumbered, Timestamp, {
		TimerId,
		FireAt,
	});
}
