import type {
	Execution,
	ExecutionStarted,
	HistoryEvent,
	ParentInstance,
	TimerFired,
} from "./history.ts";

/** All that a task hub knows, as plain data: a hub made over a store (or its JSON copy) goes on where the last one was. */
export interface InstanceStore {
	readonly instances: Record<string, Instance>;
}

export type RuntimeStatus =
	| "Pending"
	| "Running"
	| "Completed"
	| "Failed"
	| "Terminated";

export interface Instance {
	readonly instanceId: string;
	readonly name: string;
	readonly parent: ParentInstance | null;
	readonly createdTime: string;
	executionId: string;
	/** JSON text. */
	input: string;
	lastUpdatedTime: string;
	status: RuntimeStatus;
	customStatus: unknown;
	output: unknown;
	history: HistoryEvent[];
	/** What has arrived since the last step began. The next step takes it up. */
	inbox: HistoryEvent[];
	/** Set by terminate. The next step ends the instance with it. */
	terminateReason: string | null;
	/** Scheduled and not answered yet: delivered again by a hub that starts over this store. */
	activities: ScheduledActivity[];
	timers: TimerFired[];
	/** When the step that is under way took what is in the inbox. Null: nobody has taken it. */
	takenAt: string | null;
}

export interface ScheduledActivity {
	readonly taskId: number;
	readonly name: string;
	/** JSON text. */
	readonly input: string;
	/** When a worker took it. A hub that starts over this store delivers it again only after the visibility time. */
	takenAt?: string;
}

export function createInstanceStore(): InstanceStore {
	return { instances: {} };
}

export function findInstance(
	store: InstanceStore,
	instanceId: string,
): Instance | undefined {
	return Object.hasOwn(store.instances, instanceId)
		? store.instances[instanceId]
		: undefined;
}

export function isOver({ status }: Instance): boolean {
	return (
		status === "Completed" || status === "Failed" || status === "Terminated"
	);
}

/** Puts a new, pending instance into the store. One of the same id, which must be over, is replaced. */
export function addInstance(
	store: InstanceStore,
	started: ExecutionStarted,
): Instance {
	const { InstanceId, ExecutionId } = started.OrchestrationInstance;
	const instance: Instance = {
		instanceId: InstanceId,
		name: started.Name,
		parent: started.ParentInstance,
		createdTime: started.Timestamp,
		executionId: ExecutionId,
		input: started.Input,
		lastUpdatedTime: started.Timestamp,
		status: "Pending",
		customStatus: null,
		output: null,
		history: [],
		inbox: [started],
		terminateReason: null,
		activities: [],
		timers: [],
		takenAt: null,
	};
	store.instances[InstanceId] = instance;
	return instance;
}

export function executionOf({ instanceId, executionId }: Instance): Execution {
	return { InstanceId: instanceId, ExecutionId: executionId };
}
