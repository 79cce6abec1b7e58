/** Runs jobs in the order of their arrival, at most `limit` at a time. */
export interface ActivityQueue<Job> {
	add(job: Job): void;
	/** Drops what has not begun. */
	clear(): void;
}

export function createActivityQueue<Job>(
	limit: number,
	run: (job: Job) => Promise<void>,
): ActivityQueue<Job> {
	const waiting: Job[] = [];
	let running = 0;

	const runNext = (): void => {
		while (running < limit) {
			const job = waiting.shift();
			if (job === undefined) {
				return;
			}
			running += 1;
			void run(job).finally(() => {
				running -= 1;
				runNext();
			});
		}
	};

	return {
		add(job) {
			waiting.push(job);
			runNext();
		},
		clear() {
			waiting.length = 0;
		},
	};
}
