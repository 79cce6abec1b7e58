import type { Clock } from "../clock.ts";
import type { TimerFired } from "./history.ts";

/** The durable timers that wait for their time. */
export interface ArmedTimers {
	arm(timer: TimerFired, fire: () => void): void;
	disarm(timers: Iterable<TimerFired>): void;
	disarmAll(): void;
}

export function createArmedTimers(clock: Clock): ArmedTimers {
	const cancels = new Map<TimerFired, () => void>();

	const disarm = (timers: Iterable<TimerFired>): void => {
		for (const timer of timers) {
			cancels.get(timer)?.();
			cancels.delete(timer);
		}
	};
	return {
		arm(timer, fire) {
			const cancel = clock.schedule(Date.parse(timer.FireAt), () => {
				cancels.delete(timer);
				fire();
			});
			cancels.set(timer, cancel);
		},
		disarm,
		disarmAll: () => disarm([...cancels.keys()]),
	};
}
