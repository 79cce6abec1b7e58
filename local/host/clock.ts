/** Time as the host sees it, so that tests may move it. All times are milliseconds since 1970. */
export interface Clock {
	now(): number;
	/**
	 * Runs once when `at` has come and returns how to cancel it. `background` marks what comes round for ever
	 * (timer triggers): a virtual clock does not jump to it.
	 */
	schedule(
		at: number,
		run: () => void,
		kind?: "work" | "background",
	): () => void;
	/** Called each time that a task hub can only wait. */
	idle?(): void;
}

/** setTimeout takes 2^31 - 1 ms at most and fires at once above it, so longer waits are split. */
const longestTimeout = 2 ** 31 - 1;

export const systemClock: Clock = {
	now: () => Date.now(),
	schedule(at, run) {
		let timeout: NodeJS.Timeout;
		const wait = (): void => {
			const left = at - Date.now();
			timeout =
				left > longestTimeout
					? setTimeout(wait, longestTimeout)
					: setTimeout(run, Math.max(0, left));
		};
		wait();
		return () => clearTimeout(timeout);
	},
};

export interface VirtualClock extends Clock {
	/**
	 * Moves time, firing what becomes due in order. `settle` runs first and after each firing and may bring new timers.
	 */
	advance(milliseconds: number, settle?: () => Promise<void>): Promise<void>;
	/** When the next timer is due. */
	next(): number | undefined;
}

/** A clock that does not move by itself: `advance` moves it, or with `jump` a hub that can only wait. */
export function virtualClock(options: {
	start: string;
	whenIdle: "jump" | "wait";
}): VirtualClock {
	let now = Date.parse(options.start);
	let timers: { at: number; run: () => void; kind: "work" | "background" }[] =
		[];

	const earliest = (kind?: "work"): number | undefined => {
		const due = timers
			.filter((timer) => kind === undefined || timer.kind === kind)
			.map(({ at }) => at);
		return due.length > 0 ? Math.min(...due) : undefined;
	};
	const fireAt = (at: number): void => {
		now = Math.max(now, at);
		const due = timers
			.filter((timer) => timer.at <= at)
			.sort((a, b) => a.at - b.at);
		timers = timers.filter((timer) => timer.at > at);
		for (const timer of due) {
			timer.run();
		}
	};

	return {
		now: () => now,
		schedule(at, run, kind = "work") {
			const timer = { at, run, kind };
			timers.push(timer);
			return () => {
				timers = timers.filter((other) => other !== timer);
			};
		},
		idle() {
			const at = options.whenIdle === "jump" ? earliest("work") : undefined;
			if (at !== undefined) {
				fireAt(at);
			}
		},
		async advance(milliseconds, settle = turn) {
			const until = now + milliseconds;
			await settle();
			for (
				let at = earliest();
				at !== undefined && at <= until;
				at = earliest()
			) {
				fireAt(at);
				await settle();
			}
			now = until;
		},
		next: () => earliest(),
	};
}

function turn(): Promise<void> {
	return new Promise((resolve) => setImmediate(resolve));
}
