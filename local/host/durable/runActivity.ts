import { asError } from "../worker/invoke.ts";
import { activityFailure, workerDied } from "./failures.ts";
import { EventType, failed, type HistoryEvent, succeeded } from "./history.ts";
import type { ScheduledActivity } from "./instanceStore.ts";
import { currentTime, type Running, reach } from "./loopOptions.ts";

/** Runs an activity, and answers with what the instance is to be told: undefined where the hub was killed meanwhile. */
export async function runActivity(
	loop: Running,
	instanceId: string,
	activity: ScheduledActivity,
): Promise<HistoryEvent | undefined> {
	const { worker } = loop;
	let event: HistoryEvent | undefined;
	activity.takenAt = currentTime(loop);
	for (const delivery of loop.deliverTwice ? [1, 2] : [1]) {
		const about = {
			instanceId,
			name: activity.name,
			taskId: activity.taskId,
			delivery,
		};
		if (!(await reach(loop, { point: "before-activity", ...about }))) {
			return undefined;
		}
		event = await Promise.race([
			worker.isDead ? worker.death : activityResult(loop, activity),
			worker.death,
		]).then((answered) => answered ?? diedEvent(loop, activity));
		if (!(await reach(loop, { point: "after-activity", ...about }))) {
			return undefined;
		}
		if (worker.isDead) {
			return diedEvent(loop, activity);
		}
	}
	return event;
}

function diedEvent(
	loop: Running,
	{ taskId, name }: ScheduledActivity,
): HistoryEvent {
	loop.log({ level: "error", functionName: name, message: workerDied });
	return failed(
		EventType.TaskFailed,
		taskId,
		activityFailure(name, new Error(workerDied)),
		currentTime(loop),
	);
}

async function activityResult(
	loop: Running,
	{ taskId, name, input }: ScheduledActivity,
): Promise<HistoryEvent> {
	try {
		const result = await loop.functions.runActivity(name, input);
		return succeeded(
			EventType.TaskCompleted,
			taskId,
			result,
			currentTime(loop),
		);
	} catch (thrown) {
		const error = asError(thrown);
		loop.log({
			level: "error",
			functionName: name,
			message: error.stack ?? error.message,
		});
		return failed(
			EventType.TaskFailed,
			taskId,
			activityFailure(name, error),
			currentTime(loop),
		);
	}
}
