import * as df from "durable-functions";

/**
 * The orchestrators and activities that were recorded on a real host (test/durable/recorded), and some for what was not.
 * Importing this registers them, so it comes after installFunctionsCore.
 */

const failures = new Map<string, number>();

/** How often an activity has run, by name. */
const runs = new Map<string, number>();

function activity(name: string, handler: (input: unknown) => unknown): void {
	df.app.activity(name, {
		handler: (input: unknown) => {
			runs.set(name, (runs.get(name) ?? 0) + 1);
			return handler(input);
		},
	});
}

activity("echo", (input) => input);
activity("failOnce", (input) => {
	const { k } = input as { k: string };
	const attempt = (failures.get(k) ?? 0) + 1;
	failures.set(k, attempt);
	if (attempt === 1) {
		throw new Error(`boom ${k}`);
	}
	return `ok after ${attempt}`;
});
activity("failAlways", () => {
	throw new TypeError("always");
});
activity("describe", (input) => ({
	type: input === null ? "null" : typeof input,
	input: input ?? null,
}));
activity("nothing", () => undefined);

function retry(
	firstRetryMilliseconds: number,
	attempts: number,
	backoffCoefficient: number,
): df.RetryOptions {
	const options = new df.RetryOptions(firstRetryMilliseconds, attempts);
	options.backoffCoefficient = backoffCoefficient;
	return options;
}

df.app.orchestration("fanout", function* (context) {
	return yield context.df.Task.all(
		[1, 2, 3].map((i) => context.df.callActivity("echo", { i })),
	);
});

df.app.orchestration("retries", function* (context) {
	const { df: durable } = context;
	const both = yield durable.Task.all([
		durable.callActivityWithRetry("failOnce", retry(1000, 3, 2), {
			k: durable.instanceId,
		}),
		durable.callActivity("echo", "plain"),
	]);
	try {
		yield durable.callActivityWithRetry("failAlways", retry(1000, 3, 2));
	} catch (error) {
		return [both, messageOf(error)];
	}
	return "not reached";
});

df.app.orchestration("retriesOne", function* (context) {
	return yield context.df.callActivityWithRetry(
		"echo",
		retry(1000, 2, 1),
		"one",
	);
});

df.app.orchestration("mixed", function* (context) {
	const { df: durable } = context;
	durable.setCustomStatus({ step: 1 });
	const child = yield durable.callSubOrchestrator(
		"child",
		"x",
		`sub-${durable.instanceId}`,
	);
	const timer = durable.createTimer(
		new Date(durable.currentUtcDateTime.getTime() + 1500),
	);
	const event = durable.waitForExternalEvent("go");
	const winner = yield durable.Task.any([timer, event]);
	if (winner === event) {
		timer.cancel();
	}
	durable.setCustomStatus({ step: 2 });
	return [child, winner === timer ? "timer" : event.result];
});

df.app.orchestration("child", function* (context) {
	return yield context.df.callActivity("echo", {
		child: context.df.getInput(),
	});
});

df.app.orchestration("again", function* (context) {
	const count = Number(context.df.getInput());
	yield context.df.callActivity("echo", count);
	if (count < 2) {
		context.df.continueAsNew(count + 1);
		return undefined;
	}
	return count;
});

df.app.orchestration("failing", function* (context) {
	yield context.df.callActivity("failAlways");
});

df.app.orchestration("childFails", function* (context) {
	try {
		yield context.df.callSubOrchestrator("failing");
	} catch (error) {
		return messageOf(error);
	}
	return "not reached";
});

df.app.orchestration("childRetries", function* (context) {
	return yield context.df.callSubOrchestratorWithRetry(
		"failing",
		retry(60_000, 2, 1),
	);
});

df.app.orchestration("retriesForHours", function* (context) {
	const options = new df.RetryOptions(1000, 3);
	options.retryTimeoutInMilliseconds = 3_600_000;
	return yield context.df.callActivityWithRetry("echo", options, "one");
});

df.app.orchestration("sleepsForAWeek", function* (context) {
	const { df: durable } = context;
	yield durable.createTimer(
		new Date(durable.currentUtcDateTime.getTime() + 7 * 24 * 3_600_000),
	);
});

df.app.orchestration("inputs", function* (context) {
	const inputs = [
		undefined,
		"text",
		'"quoted"',
		"123",
		0,
		1.5,
		{ a: [1] },
		[1, "b"],
	];
	return yield context.df.Task.all(
		inputs.map((input) => context.df.callActivity("describe", input)),
	);
});

df.app.orchestration("wide", function* (context) {
	const width = Number(context.df.getInput());
	const numbers = Array.from({ length: width }, (_, index) => index);
	const results: number[] = yield context.df.Task.all(
		numbers.map((n) => context.df.callActivity("echo", n)),
	);
	return results.reduce((sum, n) => sum + n, 0);
});

df.app.orchestration("sleeps", function* (context) {
	const { df: durable } = context;
	const milliseconds = Number(durable.getInput());
	yield durable.createTimer(
		new Date(durable.currentUtcDateTime.getTime() + milliseconds),
	);
	return durable.currentUtcDateTime.toISOString();
});

df.app.orchestration("waits", function* (context) {
	return yield context.df.waitForExternalEvent("go");
});

df.app.orchestration("journey", function* (context) {
	const { df: durable } = context;
	const first = yield durable.callActivity("echo", "first");
	const hours = retry(3_600_000, 3, 2);
	const once = durable.callActivityWithRetry("failOnce", hours, {
		k: `journey ${String(durable.getInput())}`,
	});
	const [retried, child] = yield durable.Task.all([
		once,
		durable.callSubOrchestrator("child", "inner"),
	]);
	yield durable.createTimer(
		new Date(durable.currentUtcDateTime.getTime() + 60_000),
	);
	const last = yield durable.callActivity("echo", "last");
	return [first, retried, child, last];
});

df.app.orchestration("speechless", function* (context) {
	yield context.df.callActivity("echo", 1);
	throw new Error("");
});

df.app.orchestration("callsHttp", function* (context) {
	return yield context.df.callHttp({
		method: "GET",
		url: "http://127.0.0.1:9/",
	});
});

df.app.orchestration("callsEntity", function* (context) {
	return yield context.df.Task.all([
		context.df.callEntity(new df.EntityId("counter", "one"), "get"),
	]);
});

df.app.orchestration("callsUnknown", function* (context) {
	return yield context.df.callActivity("nobody");
});

/** A second run of this one has another order of calls: what an edit between two deployments does. */
export const edited = { now: false };
df.app.orchestration("edited", function* (context) {
	yield context.df.callActivity(edited.now ? "nothing" : "echo", 1);
	return "done";
});

function messageOf(error: unknown): string {
	return error instanceof Error ? error.message : String(error);
}
