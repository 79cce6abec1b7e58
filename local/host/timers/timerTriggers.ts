import type { Clock } from "../clock.ts";
import type { LogSink } from "../log.ts";
import { resolveSettings } from "../settings.ts";
import type { TriggeredFunction } from "../worker/functionApp.ts";
import { asError } from "../worker/invoke.ts";
import { parseSchedule, type Schedule } from "./schedule.ts";

interface TimerTrigger {
	readonly name: string;
	/** The expression with its settings filled in. */
	readonly expression: string;
	readonly runOnStartup: boolean;
	readonly schedule: Schedule;
	readonly target: TriggeredFunction;
}

/** Reads the timer triggers. Throws on a schedule that is not valid and on a setting that is missing. */
export function timerTriggersOf(
	functions: readonly TriggeredFunction[],
): TimerTrigger[] {
	return functions.map((target) => {
		const { name } = target.registered;
		const expression = resolveSettings(
			String(target.trigger.options.schedule),
			`Timer function ${name}`,
		);
		return {
			name,
			expression,
			runOnStartup: target.trigger.options.runOnStartup === true,
			schedule: parseSchedule(expression, name),
			target,
		};
	});
}

interface TimerDependencies {
	readonly clock: Clock;
	readonly log: LogSink;
	run(target: TriggeredFunction, timer: object): Promise<void>;
}

/** Fires the timers until the returned function is called. A timer that is still running is not started again. */
export function startTimers(
	triggers: readonly TimerTrigger[],
	dependencies: TimerDependencies,
): () => void {
	const stops = triggers.map((trigger) => startTimer(trigger, dependencies));
	return () => {
		for (const stop of stops) {
			stop();
		}
	};
}

function startTimer(
	trigger: TimerTrigger,
	dependencies: TimerDependencies,
): () => void {
	const { clock } = dependencies;
	let stopped = false;
	let cancel = (): void => {};

	const scheduleNext = (): void => {
		const at = trigger.schedule(clock.now());
		if (at !== undefined && !stopped) {
			cancel = clock.schedule(at, () => void fire(at), "background");
		}
	};
	const fire = async (due: number): Promise<void> => {
		await runTimer(trigger, due, dependencies);
		scheduleNext();
	};

	if (trigger.runOnStartup) {
		void fire(clock.now());
	} else {
		scheduleNext();
	}
	return () => {
		stopped = true;
		cancel();
	};
}

/** Runs a timer function now. A failure is in the log and in nothing else, as on a real host. */
export async function runTimer(
	trigger: TimerTrigger,
	due: number,
	{ clock, log, run }: TimerDependencies,
): Promise<void> {
	try {
		await run(trigger.target, timerPayload(trigger.schedule, due, clock.now()));
	} catch (thrown) {
		const error = asError(thrown);
		log({
			level: "error",
			functionName: trigger.name,
			message: error.stack ?? error.message,
		});
	}
}

/** What a timer function receives. The programming model turns the names into camel case. */
function timerPayload(schedule: Schedule, due: number, now: number): object {
	const next = schedule(Math.max(due, now));
	return {
		Schedule: { AdjustForDST: true },
		ScheduleStatus: {
			Last: new Date(due).toISOString(),
			LastUpdated: new Date(due).toISOString(),
			Next: next === undefined ? "" : new Date(next).toISOString(),
		},
		IsPastDue: false,
	};
}
