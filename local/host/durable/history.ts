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
	EventRaised: 15,
} as const;

interface EventBase {
	/** The number of what was scheduled; -1 for events that answer or frame. */
	readonly EventId: number;
	/** Set once a step has seen the event as a new one; the extension never sets it on what a step itself appends. */
	IsPlayed: boolean;
	readonly Timestamp: string;
}

export interface ExecutionStarted extends EventBase {
	readonly EventType: typeof EventType.ExecutionStarted;
	readonly OrchestrationInstance: {
		readonly InstanceId: string;
		readonly ExecutionId: string;
	};
	readonly ParentInstance: ParentInstance | null;
	readonly Name: string;
	readonly Version: string | null;
	/** JSON text. */
	readonly Input: string;
	readonly Tags: null;
	readonly Correlation: null;
	readonly ParentTraceContext: null;
	readonly ScheduledStartTime: null;
	readonly Generation: number | null;
	readonly GenerateNewTrace: false;
}

export interface ParentInstance {
	readonly Name: string;
	readonly OrchestrationInstance: {
		readonly InstanceId: string;
		readonly ExecutionId: string;
	};
	readonly TaskScheduleId: number;
	readonly Version: string | null;
}

interface TaskScheduled extends EventBase {
	readonly EventType: typeof EventType.TaskScheduled;
	readonly Name: string;
	readonly Version: "";
	readonly Input: null;
	readonly ParentTraceContext: null;
	readonly Tags: null;
}

interface SubOrchestrationCreated extends EventBase {
	readonly EventType: typeof EventType.SubOrchestrationCreated;
	readonly Name: string;
	readonly Version: string | null;
	readonly InstanceId: string;
	readonly Input: null;
	readonly ClientSpanId: null;
	readonly Tags: null;
}

interface Succeeded extends EventBase {
	readonly EventType:
		| typeof EventType.TaskCompleted
		| typeof EventType.SubOrchestrationCompleted;
	readonly TaskScheduledId: number;
	/** JSON text. */
	readonly Result: string | null;
}

interface Failed extends EventBase {
	readonly EventType:
		| typeof EventType.TaskFailed
		| typeof EventType.SubOrchestrationFailed;
	readonly TaskScheduledId: number;
	readonly Reason: string;
	readonly Details: string;
	readonly FailureDetails: null;
}

interface TimerCreated extends EventBase {
	readonly EventType: typeof EventType.TimerCreated;
	readonly FireAt: string;
}

export interface TimerFired extends EventBase {
	readonly EventType: typeof EventType.TimerFired;
	readonly TimerId: number;
	readonly FireAt: string;
}

interface EventRaised extends EventBase {
	readonly EventType: typeof EventType.EventRaised;
	readonly Name: string;
	/** JSON text. */
	readonly Input: string;
}

interface Framing extends EventBase {
	readonly EventType:
		| typeof EventType.OrchestratorStarted
		| typeof EventType.OrchestratorCompleted;
}

export type HistoryEvent =
	| ExecutionStarted
	| TaskScheduled
	| SubOrchestrationCreated
	| Succeeded
	| Failed
	| TimerCreated
	| TimerFired
	| EventRaised
	| Framing;

const unanswered = { EventId: -1, IsPlayed: false } as const;

export function executionStarted(
	started: Pick<
		ExecutionStarted,
		"Name" | "Version" | "Input" | "ParentInstance" | "Generation"
	> & {
		readonly InstanceId: string;
		readonly ExecutionId: string;
	},
	Timestamp: string,
): ExecutionStarted {
	const {
		InstanceId,
		ExecutionId,
		ParentInstance,
		Name,
		Version,
		Input,
		Generation,
	} = started;
	return {
		OrchestrationInstance: { InstanceId, ExecutionId },
		EventType: EventType.ExecutionStarted,
		ParentInstance,
		Name,
		Version,
		Input,
		Tags: null,
		Correlation: null,
		ParentTraceContext: null,
		ScheduledStartTime: null,
		Generation,
		GenerateNewTrace: false,
		...unanswered,
		Timestamp,
	};
}

export function framing(
	type: Framing["EventType"],
	Timestamp: string,
): HistoryEvent {
	return { EventType: type, ...unanswered, Timestamp };
}

export function taskScheduled(
	EventId: number,
	Name: string,
	Timestamp: string,
): HistoryEvent {
	return {
		EventType: EventType.TaskScheduled,
		Name,
		Version: "",
		Input: null,
		ParentTraceContext: null,
		Tags: null,
		EventId,
		IsPlayed: false,
		Timestamp,
	};
}

export function subOrchestrationCreated(
	created: {
		readonly EventId: number;
		readonly Name: string;
		readonly Version: string | null;
		readonly InstanceId: string;
	},
	Timestamp: string,
): HistoryEvent {
	const { EventId, Name, Version, InstanceId } = created;
	return {
		EventType: EventType.SubOrchestrationCreated,
		Name,
		Version,
		InstanceId,
		Input: null,
		ClientSpanId: null,
		Tags: null,
		EventId,
		IsPlayed: false,
		Timestamp,
	};
}

export function succeeded(
	type: Succeeded["EventType"],
	id: number,
	Result: string | null,
	Timestamp: string,
): HistoryEvent {
	return {
		EventType: type,
		TaskScheduledId: id,
		Result,
		...unanswered,
		Timestamp,
	};
}

export function failed(
	type: Failed["EventType"],
	TaskScheduledId: number,
	{ Reason, Details }: { readonly Reason: string; readonly Details: string },
	Timestamp: string,
): HistoryEvent {
	return {
		EventType: type,
		TaskScheduledId,
		Reason,
		Details,
		FailureDetails: null,
		...unanswered,
		Timestamp,
	};
}

export function timerCreated(
	EventId: number,
	FireAt: string,
	Timestamp: string,
): HistoryEvent {
	return {
		EventType: EventType.TimerCreated,
		FireAt,
		EventId,
		IsPlayed: false,
		Timestamp,
	};
}

/** Written when the timer is made and delivered when it is due, as the extension does: hence its early timestamp. */
export function timerFired(
	TimerId: number,
	FireAt: string,
	Timestamp: string,
): TimerFired {
	return {
		EventType: EventType.TimerFired,
		TimerId,
		FireAt,
		...unanswered,
		Timestamp,
	};
}

export function eventRaised(
	Name: string,
	Input: string,
	Timestamp: string,
): HistoryEvent {
	return {
		EventType: EventType.EventRaised,
		Name,
		Input,
		...unanswered,
		Timestamp,
	};
}
