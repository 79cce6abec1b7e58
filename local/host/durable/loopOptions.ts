import type { Clock } from "../clock.ts";
import type { LogSink } from "../log.ts";
import type { InstanceStore } from "./instanceStore.ts";
import type {
	Answer,
	KnownFunctions,
	OrchestratorPayload,
} from "./orchestratorStep.ts";
import type { WorkerProcess } from "./workerProcess.ts";

/** How a hub reaches the functions: JSON text in, JSON text out, null for nothing. */
export interface HubFunctions extends KnownFunctions {
	runOrchestrator(name: string, payload: string): Promise<string | null>;
	runActivity(name: string, input: string): Promise<string | null>;
}

/** A moment between two steps. The payload's events belong to the hub and change later: copy what is to be kept. */
export type HubStep = { readonly instanceId: string; readonly name: string } & (
	| {
			readonly point: "before-orchestrator";
			readonly payload: OrchestratorPayload;
	  }
	| { readonly point: "after-orchestrator"; readonly answer: Answer }
	| {
			readonly point: "before-activity" | "after-activity";
			readonly taskId: number;
			/** 2: the same activity once more, see `deliverTwice`. */
			readonly delivery: number;
	  }
);

export interface LoopOptions {
	readonly functions: HubFunctions;
	readonly store: InstanceStore;
	readonly clock: Clock;
	readonly log: LogSink;
	readonly maxConcurrentActivities?: number | undefined;
	readonly deliverTwice?: boolean | undefined;
	readonly onStep?: ((step: HubStep) => void | Promise<void>) | undefined;
	/** Instances whose terminate message stays in the queue for as long as this says so. */
	readonly holdsTerminate?: ((instanceId: string) => boolean) | undefined;
}

/** False where the hub has been killed meanwhile. */
export async function reach(loop: Running, step: HubStep): Promise<boolean> {
	await loop.onStep?.(step);
	return !loop.killed;
}

/** What a step that is under way needs of its loop. */
export interface Running extends LoopOptions {
	readonly worker: WorkerProcess;
	readonly killed: boolean;
}

export function currentTime({ clock }: Pick<LoopOptions, "clock">): string {
	return new Date(clock.now()).toISOString();
}
