import { afterAll, beforeAll, expect, it, vi } from "vitest";
import type { Host } from "../../../local/host/startHost.ts";
import { send, testHost } from "./testHost.ts";

/** Everything here goes through the client of durable-functions, inside of functions, over the host's own HTTP API. */

let host: Host;

/** Long enough for four calls of one moment also on a busy machine, short enough to wait for. */
const startMoment = 500;
const visible = (id: string) => vi.waitUntil(() => host.hub.isVisible(id));

beforeAll(async () => {
	host = await testHost({ hub: { startMoment } });
});
afterAll(() => host.close());

async function ask(
	operation: string,
	id: string,
	body?: unknown,
): Promise<{ status: number; body: string }> {
	const text = body === undefined ? {} : { body: JSON.stringify(body) };
	const reply = await send(host, `/api/${operation}/${id}`, {
		method: "POST",
		...text,
	});
	return { status: reply.status, body: reply.body };
}

it("starts an orchestration and reads how it ended", async () => {
	expect(await ask("start", "one", { name: "hello", input: "hey" })).toEqual({
		status: 200,
		body: '"one"',
	});
	await host.hub.ended("one");

	expect(JSON.parse((await ask("status", "one")).body)).toMatchObject({
		name: "hello",
		instanceId: "one",
		runtimeStatus: "Completed",
		input: "hey",
		output: "hey!",
		customStatus: null,
	});
});

it("tells success to four starts of one id in one moment, runs one, and refuses the id once it is visible", async () => {
	const replies = await Promise.all(
		[1, 2, 3, 4].map((input) => ask("start", "race", { name: "waits", input })),
	);

	expect(replies.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
	expect((await ask("status", "race")).body).toContain("HTTP 404");
	await visible("race");
	const instance = JSON.parse((await ask("status", "race")).body);
	expect(instance.runtimeStatus).toBe("Running");
	const late = await ask("start", "race", { name: "waits" });
	expect(late.status).toBe(409);
	expect(late.body).toBe(
		'Error: The operation failed with an unexpected status code: 409. Details: {"Message":"An Orchestration instance with the status Pending already exists."}',
	);
});

it("refuses the id of a running instance and takes that of one that is over again", async () => {
	await ask("start", "again", { name: "waits" });
	await visible("again");
	expect((await ask("start", "again", { name: "waits" })).status).toBe(409);

	await ask("terminate", "again");
	await host.hub.ended("again");
	expect((await ask("start", "again", { name: "waits" })).status).toBe(200);
});

it("accepts an orchestrator that does not exist and fails it later", async () => {
	expect((await ask("start", "unknown-name", { name: "nobody" })).status).toBe(
		200,
	);
	expect(await host.hub.ended("unknown-name")).toMatchObject({
		runtimeStatus: "Failed",
		output: expect.stringContaining(
			"The function 'nobody' doesn't exist, is disabled, or is not an orchestrator function.",
		),
	});
});

it("knows nothing of an unknown id", async () => {
	expect((await ask("status", "never")).body).toContain(
		"Durable Functions extension replied with HTTP 404",
	);
	expect((await ask("terminate", "never")).body).toBe(
		"Error: No instance with ID 'never' found.",
	);
	expect((await ask("purge", "never")).body).toBe('{"instancesDeleted":0}');
});

it("terminates a running instance, and a completed one without any effect", async () => {
	await ask("start", "endless", { name: "waits" });
	await visible("endless");
	expect((await ask("terminate", "endless")).status).toBe(200);
	expect(await host.hub.ended("endless")).toMatchObject({
		runtimeStatus: "Terminated",
		output: "enough",
	});

	await ask("start", "done", { name: "hello", input: "hey" });
	await host.hub.ended("done");
	expect((await ask("terminate", "done")).status).toBe(200);
	expect(host.hub.status("done")?.runtimeStatus).toBe("Completed");
});

it("purges an instance once", async () => {
	await ask("start", "purged", { name: "hello", input: "hey" });
	await host.hub.ended("purged");
	expect((await ask("purge", "purged")).body).toBe('{"instancesDeleted":1}');
	expect((await ask("purge", "purged")).body).toBe('{"instancesDeleted":0}');
});

it("purges by filter what is over and fits it", async () => {
	await ask("purgeAll", "-");
	await ask("start", "kept", { name: "waits" });
	await ask("start", "first", { name: "hello", input: "hey" });
	await ask("start", "second", { name: "hello", input: "hey" });
	await Promise.all([host.hub.ended("first"), host.hub.ended("second")]);

	expect((await ask("purgeAll", "-")).body).toBe('{"instancesDeleted":2}');
	expect((await ask("purgeAll", "-")).body).toBe('{"instancesDeleted":0}');
	expect(host.hub.status("kept")).toBeDefined();
});

it("serves a client that is an extra input of an activity", async () => {
	await ask("start", "outer", { name: "startsAnother" });
	expect((await host.hub.ended("outer")).output).toBe("outer-other");
	expect((await host.hub.ended("outer-other")).output).toBe("from afar!");
});

it("says what it does not support", async () => {
	await ask("start", "suspended", { name: "waits" });
	expect((await ask("suspend", "suspended")).body).toContain(
		'501. Details: {"Message":"The local host does not support POST instances/suspended/suspend."}',
	);
});
