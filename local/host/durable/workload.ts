/** Counts what a hub has under way, so that callers can wait for a state or for rest. */
export interface Workload {
	begin(): void;
	done(): void;
	/** Resolves with the first value that is not undefined. Looks whenever something has ended. */
	until<T>(value: () => T | undefined): Promise<T>;
	/** Resolves when nothing is under way. */
	idle(): Promise<void>;
}

/** `onIdle` is called whenever the work runs out. What it starts counts as work again. */
export function createWorkload(onIdle: () => void): Workload {
	const watchers = new Set<() => void>();
	let underWay = 0;

	const look = (): void => {
		for (const watcher of [...watchers]) {
			watcher();
		}
	};
	const rest = (): void => {
		if (underWay === 0) {
			onIdle();
			look();
		}
	};
	const until = <T>(value: () => T | undefined): Promise<T> =>
		new Promise((resolve) => {
			const watcher = (): void => {
				const found = value();
				if (found !== undefined) {
					watchers.delete(watcher);
					resolve(found);
				}
			};
			watchers.add(watcher);
			watcher();
		});

	// A hub that begins with nothing is idle as well: an earlier hub may have started what waits for a timer.
	setImmediate(rest);
	return {
		begin() {
			underWay += 1;
		},
		done() {
			underWay -= 1;
			look();
			// Not at once: whoever waited for this end may have more to ask for.
			setImmediate(rest);
		},
		until,
		async idle() {
			await until(() => (underWay === 0 ? true : undefined));
		},
	};
}
