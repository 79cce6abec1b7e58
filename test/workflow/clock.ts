import type { Clock } from "../../local/host/clock.ts";

export interface MovableClock extends Clock {
	/** Lets this many hours pass at once. */
	advance(hours: number): void;
}

/** Time that runs as it does, and jumps to the next durable timer whenever a hub has nothing else to do. */
export function hastyClock(): MovableClock {
	let skipped = 0;
	let timers: { readonly at: number; readonly run: () => void }[] = [];
	const now = () => Date.now() + skipped;
	return {
		now,
		advance(hours) {
			skipped += hours * 3_600_000;
		},
		schedule(at, run) {
			const timer = { at, run };
			timers.push(timer);
			return () => {
				timers = timers.filter((other) => other !== timer);
			};
		},
		idle() {
			const [next] = timers.toSorted((a, b) => a.at - b.at);
			if (next === undefined) return;
			timers = timers.filter((timer) => timer !== next);
			skipped += Math.max(0, next.at - now());
			next.run();
		},
	};
}
