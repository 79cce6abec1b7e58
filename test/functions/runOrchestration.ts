import { virtualClock } from "../../local/host/clock.ts";
import type { InstanceStatus } from "../../local/host/durable/instanceStatus.ts";
import { createTaskHub } from "../../local/host/durable/taskHub.ts";
import { quiet } from "../../local/host/log.ts";
import {
	createRunner,
	functionAppOf,
} from "../../local/host/worker/functionApp.ts";
import { installFunctionsCore } from "../../local/host/worker/functionsCore.ts";

/** What a fake returns to let its worker die: everything in flight fails with code 137. */
export const die = Symbol("the worker dies");

/** Answers as the activity would. An error that it throws reaches the orchestrator as a failed activity. */
export type Fake = (input: never, attempt: number) => unknown;

interface Call {
	readonly name: string;
	readonly input: unknown;
	/** Seconds since the start, by the orchestration's clock. */
	readonly at: number;
}

export interface Run extends Pick<InstanceStatus, "runtimeStatus" | "output"> {
	/** Every run of an activity, in order. */
	readonly calls: readonly Call[];
	/** When the orchestration ended. */
	readonly seconds: number;
	/** Names of the activities in order. `name x3` for three runs one after the other. */
	readonly story: readonly string[];
}

const files = {
	fleetAudit: () => import("../../functions/fleetAudit.ts"),
	deliver: () => import("../../functions/delivery.ts"),
};

/**
 * Runs a real orchestration to its end over the replay code of durable-functions and the local engine, which takes up
 * its whole history at every step. Activities are fakes, and timers take no time. No storage, no host.
 */
export async function runOrchestration(
	name: keyof typeof files,
	{
		input,
		activities,
	}: {
		readonly input: unknown;
		readonly activities: Readonly<Record<string, Fake>>;
	},
): Promise<Run> {
	const worker = installFunctionsCore();
	await files[name]();
	const { durable } = createRunner(
		worker,
		functionAppOf(worker),
		() => ({}),
		quiet,
	);
	const clock = virtualClock({
		start: "2026-11-22T05:00:00Z",
		whenIdle: "jump",
	});
	const start = clock.now();
	const calls: Call[] = [];
	const hub = createTaskHub({
		clock,
		functions: {
			...durable,
			activities: new Set(Object.keys(activities)),
			async runActivity(activity, json) {
				const taken: unknown = JSON.parse(json);
				const at = (clock.now() - start) / 1000;
				calls.push({ name: activity, input: taken, at });
				const attempt = calls.filter((call) => call.name === activity).length;
				const answer = await activities[activity]?.(taken as never, attempt);
				if (answer === die) hub.killWorker();
				return answer === die ? null : JSON.stringify(answer ?? null);
			},
		},
	});
	const { runtimeStatus, output } = await hub.ended(hub.start(name, { input }));
	const seconds = (clock.now() - start) / 1000;
	return { runtimeStatus, output, calls, seconds, story: storyOf(calls) };
}

function storyOf(calls: readonly Call[]): string[] {
	const runs: { name: string; times: number }[] = [];
	for (const { name } of calls) {
		const last = runs.at(-1);
		if (last?.name === name) last.times++;
		else runs.push({ name, times: 1 });
	}
	return runs.map(({ name, times }) =>
		times > 1 ? `${name} x${times}` : name,
	);
}
