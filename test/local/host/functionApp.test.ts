import { afterEach, describe, expect, it } from "vitest";
import { virtualClock } from "../../../local/host/clock.ts";
import { matchRoute, routesOf } from "../../../local/host/http/routes.ts";
import { type LogEntry, quiet } from "../../../local/host/log.ts";
import {
	runTimer,
	startTimers,
	timerTriggersOf,
} from "../../../local/host/timers/timerTriggers.ts";
import {
	functionAppOf,
	type TriggeredFunction,
} from "../../../local/host/worker/functionApp.ts";
import type { Worker } from "../../../local/host/worker/functionsCore.ts";
import { invoke } from "../../../local/host/worker/invoke.ts";
import type { Binding } from "../../../local/host/worker/rpc.ts";

function workerWith(
	functions: Record<string, Record<string, Binding>>,
	retryOptions?: unknown,
): Worker {
	const registered = Object.entries(functions).map(
		([name, bindings]) =>
			[
				name,
				{ name, bindings, retryOptions, callback: () => undefined },
			] as const,
	);
	return {
		installed: true,
		model: undefined,
		functions: new Map(registered),
		hooks: {
			appStart: [],
			appTerminate: [],
			preInvocation: [],
			postInvocation: [],
		},
	};
}

function target(
	name: string,
	options: Record<string, unknown>,
): TriggeredFunction {
	const registered = { name, bindings: {}, callback: () => undefined };
	return { registered, trigger: { name: "trigger", options }, clients: [] };
}

describe("the start is refused", () => {
	it("for bindings that would never be served, all of them named", () => {
		const worker = workerWith({
			onQueue: { item: { type: "queueTrigger", direction: "in" } },
			onHttp: {
				request: { type: "httpTrigger", direction: "in" },
				$return: { type: "http", direction: "out" },
				copy: { type: "blob", direction: "out" },
			},
		});
		expect(() => functionAppOf(worker)).toThrow(
			"The local host cannot run these functions:\n  onQueue: binding of type queueTrigger (in)\n  onHttp: binding of type blob (out)",
		);
	});

	it("for a retry policy of the host", () => {
		const worker = workerWith(
			{ tick: { timer: { type: "timerTrigger", direction: "in" } } },
			{ maxRetryCount: 3 },
		);
		expect(() => functionAppOf(worker)).toThrow(
			"tick: a retry policy of the host",
		);
	});

	it.each(["audits/{id:guid}", "files/{*path}"])(
		"for the route %s",
		(route) => {
			expect(() => routesOf([target("any", { route })], "api")).toThrow(
				"in the route of function any",
			);
		},
	);
});

it("a parameter may be missing if its route says so", () => {
	const routes = routesOf([target("find", { route: "find/{id?}" })], "");
	expect(matchRoute(routes, "GET", "/find")).toMatchObject({
		kind: "found",
		parameters: {},
	});
	expect(matchRoute(routes, "GET", "/find/1")).toMatchObject({
		kind: "found",
		parameters: { id: "1" },
	});
});

describe("a timer", () => {
	let stop = (): void => {};
	afterEach(() => stop());

	it("runs at the start where it says so, and never beside itself", async () => {
		const clock = virtualClock({
			start: "2026-11-22T05:00:00Z",
			whenIdle: "wait",
		});
		const finish: (() => void)[] = [];
		const run = () => new Promise<void>((resolve) => finish.push(resolve));
		const triggers = timerTriggersOf([
			target("tick", { schedule: "0 * * * * *", runOnStartup: true }),
		]);
		stop = startTimers(triggers, { clock, log: quiet, run });

		await clock.advance(10 * 60_000);
		expect(finish).toHaveLength(1);
		finish[0]?.();
		await clock.advance(0);
		await clock.advance(60_000);
		expect(finish).toHaveLength(2);
	});

	it("that throws is in the log", async () => {
		const entries: LogEntry[] = [];
		const [trigger] = timerTriggersOf([
			target("tick", { schedule: "0 0 5 * * *" }),
		]);
		const clock = virtualClock({
			start: "2026-11-22T05:00:00Z",
			whenIdle: "wait",
		});
		const run = () => Promise.reject(new Error("no storage"));
		if (trigger) {
			await runTimer(trigger, clock.now(), {
				clock,
				log: (entry) => entries.push(entry),
				run,
			});
		}
		expect(entries).toMatchObject([{ level: "error", functionName: "tick" }]);
	});
});

it("hooks run around a function as in the worker", async () => {
	const { installFunctionsCore } = await import(
		"../../../local/host/worker/functionsCore.ts"
	);
	const worker = installFunctionsCore();
	const { app } = await import("@azure/functions");
	const seen: unknown[] = [];
	app.hook.preInvocation((context) => {
		context.inputs = ["changed"];
	});
	app.hook.postInvocation((context) => {
		seen.push(context.result);
		context.result = "replaced";
	});
	app.generic("hooked", {
		trigger: { type: "activityTrigger", name: "input" },
		handler: (input) => `was ${input}`,
	});
	const hooked = worker.functions.get("hooked");

	const response =
		hooked &&
		(await invoke(worker, hooked, {
			inputs: { input: { string: "given" } },
			log: quiet,
		}));
	expect(response?.returnValue).toEqual({ string: "replaced" });
	expect(seen).toEqual(["was changed"]);
});
