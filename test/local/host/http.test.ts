import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { LogEntry } from "../../../local/host/log.ts";
import type { Host } from "../../../local/host/startHost.ts";
import { type Reply, send, testHost } from "./testHost.ts";

let host: Host;
const entries: LogEntry[] = [];

beforeAll(async () => {
	host = await testHost({
		log: (entry) => entries.push(entry),
		maxBodyBytes: 1000,
	});
});
afterAll(() => host.close());

const titles: Readonly<Record<number, string>> = {
	403: "Forbidden",
	404: "Not Found",
	405: "Method Not Allowed",
	413: "Payload Too Large",
};

function expectProblem(reply: Reply, status: number): void {
	expect(reply.status).toBe(status);
	expect(reply.headers["content-type"]).toBe("application/problem+json");
	expect(JSON.parse(reply.body)).toEqual({
		type: "about:blank",
		title: titles[status],
		status,
		detail: expect.stringMatching(/\S/),
	});
}

describe("a route", () => {
	it("hands over method, parameters, query, headers and body, and asks for no key", async () => {
		const reply = await send(host, "/api/echo/a%20b?x=1&y=2&y=3", {
			method: "POST",
			headers: { "X-Question": "why" },
			body: "the body",
		});

		expect(reply.status).toBe(201);
		expect(reply.headers).toMatchObject({
			"x-answer": "yes",
			"content-type": "application/json",
		});
		expect(JSON.parse(reply.body)).toEqual({
			method: "POST",
			id: "a b",
			query: { x: "1", y: "2,3" },
			header: "why",
			body: "the body",
		});
	});

	it.each([
		{ path: "/api/echo/latest", body: "the latest" },
		{ path: "/API/Echo/LATEST/", body: "the latest" },
		{ path: "/api/unnamed", body: "by its name" },
	])("$path is answered by the closest route", async ({ path, body }) => {
		expect(await send(host, path)).toMatchObject({ status: 200, body });
	});

	it.each([
		{ method: "GET", path: "/", status: 404 },
		{ method: "GET", path: "/api", status: 404 },
		{ method: "GET", path: "/api/echo", status: 404 },
		{ method: "GET", path: "/api/echo/1/2", status: 404 },
		{ method: "GET", path: "/api/echo/%E0%A4%A", status: 404 },
		{ method: "GET", path: "/echo/1", status: 404 },
		{ method: "DELETE", path: "/api/echo/1", status: 405 },
	])(
		"$method $path is $status, as a problem",
		async ({ method, path, status }) => {
			expectProblem(await send(host, path, { method }), status);
		},
	);

	it("without the method names those there are", async () => {
		expect(await send(host, "/api/echo/1", { method: "PUT" })).toMatchObject({
			headers: { allow: "GET, POST" },
		});
	});

	it("whose function returns nothing is 204", async () => {
		expect(await send(host, "/api/nothing")).toMatchObject({
			status: 204,
			body: "",
		});
	});

	it("whose function throws is 500 with an empty body, and the error is in the log", async () => {
		expect(await send(host, "/api/broken")).toMatchObject({
			status: 500,
			body: "",
		});
		expect(entries).toContainEqual({
			level: "error",
			functionName: "broken",
			message: expect.stringContaining("Error: broken on purpose"),
		});
	});

	it("takes a body up to the limit and no more", async () => {
		const fits = await send(host, "/api/echo/1", {
			method: "POST",
			body: "x".repeat(1000),
		});
		const tooLarge = await send(host, "/api/echo/1", {
			method: "POST",
			body: "x".repeat(1001),
		});
		expect(fits.status).toBe(201);
		expectProblem(tooLarge, 413);
	});
});

describe("a request is refused", () => {
	it.each([
		{ headers: { Host: "localhost" }, status: 200 },
		{ headers: { Host: "localhost:1234" }, status: 200 },
		{ headers: { Host: "[::1]:7071" }, status: 200 },
		{ headers: { Host: "evil.example" }, status: 403 },
		{ headers: { Host: "localhost.evil.example" }, status: 403 },
		{ headers: { Host: "localhost@evil.example" }, status: 403 },
		{ headers: { Host: "10.0.0.1:7071" }, status: 403 },
		{ headers: { Origin: "http://localhost:3000" }, status: 200 },
		{ headers: { Origin: "http://127.0.0.1" }, status: 200 },
		{ headers: { Origin: "https://evil.example" }, status: 403 },
		{ headers: { Origin: "null" }, status: 403 },
	] as { headers: Record<string, string>; status: number }[])(
		"or not by its headers: $headers is $status",
		async ({ headers, status }) => {
			const reply = await send(host, "/api/unnamed", { headers });
			expect(reply.status).toBe(status);
			if (status === 403) expectProblem(reply, 403);
		},
	);

	it.each([
		"/runtime/webhooks/durabletask/instances",
		"/runtime/webhooks/durabletask/instances?code=wrong",
	])("without the code of the Durable API: %s", async (path) => {
		expect((await send(host, path)).status).toBe(401);
	});

	it("at the private address of the Durable API when its code is a guess", async () => {
		expect(
			(
				await send(
					host,
					`/runtime/local/${"0".repeat(48)}/durabletask/instances`,
				)
			).status,
		).toBe(404);
	});
});

it("lists its routes and timers", () => {
	expect(host.functions).toContain(`[GET,POST] ${host.url}/api/echo/{id}`);
	expect(host.functions).toContain("[timer 0 0 5 * * *] tick");
});

it("says which port is taken and how to choose another", async () => {
	await expect(testHost({ port: host.port })).rejects.toThrow(
		`Port ${host.port} is in use: choose another with --port N, or --port 0 for a free one.`,
	);
});
