import * as df from "durable-functions";
import type { FailedStep, Step } from "./activity.ts";
import { diedTwice } from "./workerDeath.ts";

/** How an orchestrator calls its activities: what is tried again, how often, and after which waits. */

export type Durable = df.OrchestrationContext["df"];
// biome-ignore lint/suspicious/noExplicitAny: what a task yields, as durable-functions types it
export type Steps<T> = Generator<df.Task, T, any>;

/** Waits between the tries of a step, in seconds. */
export const stepRetries: readonly number[] = [5, 30, 120];
/** What ends an audit is tried for longer: storage that is away for a while must not cost the night. */
const lastRetries: readonly number[] = [5, 10, 20, 40, 80, 160, 300];

/** In words that go on with "its worker died twice". */
const deathText = {
	gather: "while it read the fleet",
	inventory: "while it added up the fleet",
	evaluate: "while it judged clusters",
	close: "while it closed the audit",
	readScope: "while it read its clusters",
	closeScoped: "while it closed the audit",
	startNext: "while it started the next audit",
	fail: "while it wrote down that the audit failed",
	deliverPending: "while it started the deliveries",
	removeInstances: "while it removed old instances",
	post: "while it sent the card",
	giveUp: "while it gave the card up",
} as const;
type ActivityName = keyof typeof deathText;

/** One activity. Durable runs it once more where its worker died, and not again: it may be what killed the worker. */
export function callOnceMore(
	durable: Durable,
	name: ActivityName,
	input: unknown,
): df.Task {
	const afterDeath = new df.RetryOptions(10_000, 2);
	return durable.callActivityWithRetry(name, afterDeath, input);
}

/** One activity. Where its worker died twice, the step has failed for good. */
export function* once<T>(
	durable: Durable,
	name: ActivityName,
	input: unknown,
): Steps<Step<T>> {
	try {
		return yield callOnceMore(durable, name, input);
	} catch (error) {
		return died(name, error);
	}
}

export function died(name: ActivityName, error: unknown): FailedStep {
	const reason = `${diedTwice(error)} ${deathText[name]}`;
	return { ok: false, reason, passing: false, died: true };
}

/** One activity, tried again where storage was away. */
export function tried<T>(
	durable: Durable,
	name: ActivityName,
	input: unknown,
): Steps<Step<T>> {
	return retried<T>(
		durable,
		name,
		input,
		stepRetries,
		({ passing }) => passing,
	);
}

/** What must be done before an audit is over: tried again whatever was in the way, except after a worker's death. */
export function lastStep(
	durable: Durable,
	name: ActivityName,
	input: unknown,
): Steps<Step<null>> {
	return retried<null>(
		durable,
		name,
		input,
		lastRetries,
		({ died }) => died === undefined,
	);
}

function* retried<T>(
	durable: Durable,
	name: ActivityName,
	input: unknown,
	waits: readonly number[],
	isWorthIt: (failed: FailedStep) => boolean,
): Steps<Step<T>> {
	for (let attempt = 0; ; attempt++) {
		const result: Step<T> = yield* once<T>(durable, name, input);
		const wait = waits[attempt];
		if (result.ok || wait === undefined || !isWorthIt(result)) return result;
		yield later(durable, wait);
	}
}

export function later(durable: Durable, seconds: number): df.Task {
	return durable.createTimer(
		new Date(durable.currentUtcDateTime.getTime() + seconds * 1000),
	);
}
