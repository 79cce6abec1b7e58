/**
 * A durable task during one replay. Not a promise: followers run inside `settle`, so what they schedule gets its
 * number at the very event that caused it, as in the extension's synchronous scheduler.
 */
export interface Task {
	outcome: "open" | "succeeded" | "failed";
	readonly followers: (() => void)[];
}

export function openTask(): Task {
	return { outcome: "open", followers: [] };
}

export function settledTask(): Task {
	return { outcome: "succeeded", followers: [] };
}

export function settle(task: Task, outcome: "succeeded" | "failed"): void {
	if (task.outcome !== "open") {
		return;
	}
	task.outcome = outcome;
	for (const follower of task.followers) {
		follower();
	}
}

export function whenSettled(task: Task, follower: () => void): void {
	if (task.outcome === "open") {
		task.followers.push(follower);
	} else {
		follower();
	}
}

/** Settles with the last of the tasks. Their failures are the orchestrator's business. */
export function allOf(tasks: readonly Task[]): Task {
	const whole = openTask();
	let left = tasks.length;
	for (const task of tasks) {
		whenSettled(task, () => {
			left -= 1;
			if (left === 0) {
				settle(whole, "succeeded");
			}
		});
	}
	return whole;
}

/** Settles with the first of the tasks. */
export function anyOf(tasks: readonly Task[]): Task {
	const first = openTask();
	for (const task of tasks) {
		whenSettled(task, () => settle(first, "succeeded"));
	}
	return first;
}
