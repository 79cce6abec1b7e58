/** What the replay code of durable-functions answers to one step: everything scheduled so far, and perhaps the end. */
export interface OrchestratorState {
	readonly isDone: boolean;
	readonly actions: readonly (readonly Action[])[];
	readonly schemaVersion: number;
	readonly output?: unknown;
	readonly error?: string;
	readonly customStatus?: unknown;
}

/** `actionType` on the wire (durable-functions/lib/src/actions/ActionType.js). */
export type Action =
	| {
			readonly actionType: 0;
			readonly functionName: string;
			readonly input?: unknown;
	  }
	| {
			readonly actionType: 1;
			readonly functionName: string;
			readonly input?: unknown;
			readonly retryOptions: RetryOptions;
	  }
	| ({ readonly actionType: 2 } & ChildCall)
	| { readonly actionType: 4; readonly input?: unknown }
	| { readonly actionType: 5; readonly fireAt: string }
	| { readonly actionType: 6 }
	| {
			readonly actionType: 11 | 12;
			readonly compoundActions: readonly Action[];
	  };

export interface ChildCall {
	readonly functionName: string;
	readonly instanceId?: string;
	readonly input?: unknown;
}

export interface RetryOptions {
	readonly firstRetryIntervalInMilliseconds: number;
	readonly maxNumberOfAttempts: number;
	readonly backoffCoefficient?: number;
}

const supported = [0, 1, 2, 4, 5, 6, 11, 12];

const unsupported: Readonly<Record<number, string>> = {
	3: "CallSubOrchestratorWithRetry",
	7: "CallEntity",
	8: "CallHttp",
	9: "SignalEntity",
	10: "ScheduledSignalEntity",
	13: "LockEntities",
	14: "ReleaseEntities",
};

/** Options of supported actions that change what they do. */
interface Options {
	readonly isCanceled?: boolean;
	readonly version?: string | null;
	readonly retryOptions?: {
		readonly maxRetryIntervalInMilliseconds?: number;
		readonly retryTimeoutInMilliseconds?: number;
	};
}

const outOfProcLabel = "$OutOfProcData$:";

/** Reads a returned state. Throws on what this host cannot run, since a shrug would leave the orchestration hanging. */
export function stateOfAnswer(answer: string | null): OrchestratorState {
	if (answer === null) {
		throw new Error(
			"The orchestrator function returned nothing; only durable-functions orchestrators can run.",
		);
	}
	const state = JSON.parse(answer) as OrchestratorState;
	if (
		state.schemaVersion < 1 ||
		state.schemaVersion > 3 ||
		state.actions.length !== 1
	) {
		throw new Error(
			`The local host does not support schema version ${state.schemaVersion} of the Durable protocol.`,
		);
	}
	refuseUnsupported(state.actions.flat());
	return state;
}

/** An orchestrator that throws hands its state over in the message of the error. Undefined where there is none. */
export function stateOfError(error: Error): OrchestratorState | undefined {
	const start = error.message.indexOf(outOfProcLabel);
	if (start < 0) {
		return undefined;
	}
	const state = stateOfAnswer(
		error.message.slice(start + outOfProcLabel.length),
	);
	// An empty message is omitted of the state: without one the real host would wait for ever.
	return { ...state, error: state.error || "an error without a message" };
}

function refuseUnsupported(actions: readonly Action[]): void {
	for (const action of actions) {
		if (!supported.includes(action.actionType)) {
			const name = unsupported[action.actionType] ?? "unknown to it";
			throw new Error(
				`The local host does not support action type ${action.actionType} (${name}).`,
			);
		}
		refuseOptions(action as Options);
		if (action.actionType === 11 || action.actionType === 12) {
			refuseUnsupported(action.compoundActions);
		}
	}
}

function refuseOptions({ isCanceled, version, retryOptions }: Options): void {
	const { maxRetryIntervalInMilliseconds, retryTimeoutInMilliseconds } =
		retryOptions ?? {};
	const given = Object.entries({
		isCanceled,
		version,
		maxRetryIntervalInMilliseconds,
		retryTimeoutInMilliseconds,
	}).find(([, value]) => value);
	if (given) {
		throw new Error(
			`The local host does not support the option ${given[0]} of an action.`,
		);
	}
}
