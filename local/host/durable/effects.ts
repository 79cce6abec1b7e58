import type { TimerFired } from "./history.ts";
import type { Instance, ScheduledActivity } from "./instanceStore.ts";

/** What a hub has to set going after a step has been written. */
export interface Effects {
	readonly activities: ScheduledActivity[];
	readonly timers: TimerFired[];
	/** Timers that nobody waits for any more. */
	readonly disarm: TimerFired[];
	/** Instances that have something to take up. */
	readonly wake: Instance[];
}
