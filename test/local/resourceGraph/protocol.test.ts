import { request as httpRequest } from "node:http";
import { describe, expect, it, onTestFinished } from "vitest";
import {
	type ResourceGraphServer,
	startResourceGraph,
} from "../../../local/resourceGraph/server.ts";
import { ask, path } from "./ask.ts";
import { resourceGroup, subscription } from "./containers.ts";
import { network, networks } from "./resources.ts";
import { start } from "./servers.ts";

const query = "resources | project id, name | order by id asc";
const supportMessage =
	/^Please provide below info when asking for support: timestamp = \d{4}-\d\d-\d\dT[\d:.]+Z, correlationId = [0-9a-f-]{36}\.$/;

describe("errors have the shape of recorded ones", () => {
	it("an invalid query", async () => {
		const { status, body } = await ask(await start(), {
			query: "resources | where name ==",
		});
		expect(status).toBe(400);
		expect(body).toEqual({
			error: {
				code: "BadRequest",
				message: expect.stringMatching(supportMessage),
				details: [
					{
						code: "InvalidQuery",
						message:
							"Query is invalid. Please refer to the documentation for the Azure Resource Graph service and fix the error before retrying.",
					},
					{
						code: "ParserFailure",
						message: "Missing expression",
						line: 1,
						characterPositionInLine: 25,
						token: "<EOF>",
					},
				],
			},
		});
	});

	it("no readable subscription", async () => {
		const { status, body } = await ask(await start(), {
			query,
			subscriptions: ["sub-x"],
		});
		expect(status).toBe(403);
		expect(body).toEqual({
			error: {
				code: "AccessDenied",
				message: expect.stringMatching(supportMessage),
				details: [
					{
						code: "AccessDenied",
						message:
							"Access is denied to the requested resource. The user might not have enough permission.",
					},
				],
			},
		});
	});

	it("a response over the limit, which half the page size avoids", async () => {
		const resources = networks(4).map((one) => ({
			...one,
			tags: { long: "x".repeat(1000) },
		}));
		const server = await start({ resources, maxResponseBytes: 3000 });
		const fat = "resources | project id, tags | order by id asc";
		const { status, body } = await ask(server, { query: fat });
		expect(status).toBe(400);
		expect(body.error).toMatchObject({
			code: "BadRequest",
			details: [
				{
					code: "ResponsePayloadTooLarge",
					message: expect.stringMatching(
						/^Response payload size is 4\d{3}, and has exceeded the limit of 3000\. Please consider querying less data at a time and make paginated call if needed\.$/,
					),
				},
			],
		});
		expect(
			(await ask(server, { query: fat, options: { $top: 2 } })).status,
		).toBe(200);
	});
});

describe("quota", () => {
	it("15 requests in 5 seconds: the 16th is refused until the window ends", async () => {
		let now = 0;
		const server = await startResourceGraph({
			resources: networks(1),
			now: () => now,
		});
		onTestFinished(server.close);

		const first = await ask(server, { query });
		expect(first.headers.get("x-ms-user-quota-remaining")).toBe("14");
		expect(first.headers.get("x-ms-user-quota-resets-after")).toBe("00:00:05");
		now = 3500;
		for (let request = 2; request < 15; request++) await ask(server, { query });
		const last = await ask(server, { query });
		expect(last.status).toBe(200);
		expect(last.headers.get("x-ms-user-quota-remaining")).toBe("0");
		expect(last.headers.get("x-ms-user-quota-resets-after")).toBe("00:00:02");

		const over = await ask(server, { query });
		expect(over.status).toBe(429);
		expect(over.headers.get("x-ms-user-quota-remaining")).toBe("0");
		expect(over.headers.get("x-ms-user-quota-resets-after")).toBe("00:00:02");
		expect(over.headers.get("retry-after")).toBeNull();
		expect(over.body).toEqual({
			error: {
				code: "RateLimiting",
				message: expect.stringMatching(supportMessage),
				details: [
					{
						code: "RateLimiting",
						message:
							"Client application has been throttled and should not attempt to repeat the request until an amount of time has elapsed. Please see https://aka.ms/resourcegraph-throttling for help.",
					},
				],
			},
		});

		now = 5000;
		expect((await ask(server, { query })).status).toBe(200);
	});

	it("refused queries count as well", async () => {
		const server = await start({ quota: { requests: 1, seconds: 60 } });
		expect(
			(await ask(server, { query: "nonsense" })).headers.get(
				"x-ms-user-quota-remaining",
			),
		).toBe("0");
		expect((await ask(server, { query })).status).toBe(429);
	});

	it("can say when to come back by Retry-After", async () => {
		const server = await start({
			quota: { requests: 0, seconds: 90, retryAfter: true },
		});
		const { status, headers } = await ask(server, { query });
		expect(status).toBe(429);
		expect(headers.get("retry-after")).toBe("90");
		expect(headers.get("x-ms-user-quota-resets-after")).toBe("00:01:30");
	});

	it("switched off, the headers say plenty", async () => {
		const server = await start({ resources: networks(1) });
		const answers = await Promise.all(
			Array.from({ length: 40 }, () => ask(server, { query })),
		);
		expect(new Set(answers.map(({ status }) => status))).toEqual(
			new Set([200]),
		);
		expect(
			new Set(
				answers.map(({ headers }) => headers.get("x-ms-user-quota-remaining")),
			),
		).toEqual(new Set(["999999"]));
	});
});

describe("scope", () => {
	const resources = [
		subscription("sub-1", "One", { managementGroups: ["prod", "root"] }),
		subscription("sub-2", "Two", { managementGroups: ["test", "root"] }),
		subscription("sub-3", "Three"),
		resourceGroup("sub-3", "empty"),
		network("a", { subscription: "sub-1" }),
		network("b", { subscription: "SUB-2" }),
	];
	const names = async (server: ResourceGraphServer, scope: object) => {
		const { status, body } = await ask(server, { query, ...scope });
		return status === 200 ? body.data.map(({ name }) => name) : status;
	};

	it.each([
		{ scope: {}, found: ["b", "a"] },
		{ scope: { subscriptions: [], managementGroups: [] }, found: ["b", "a"] },
		{ scope: { subscriptions: null }, found: ["b", "a"] },
		{ scope: { subscriptions: ["sub-1"] }, found: ["a"] },
		{ scope: { subscriptions: ["Sub-1", "sUB-2"] }, found: ["b", "a"] },
		{ scope: { subscriptions: ["sub-3"] }, found: [] },
		// What the identity cannot read is omitted without a word. Only nothing at all is an error.
		{ scope: { subscriptions: ["sub-1", "sub-x"] }, found: ["a"] },
		{ scope: { subscriptions: ["sub-x"] }, found: 403 },
		{ scope: { managementGroups: ["prod"] }, found: ["a"] },
		{ scope: { managementGroups: ["Root"] }, found: ["b", "a"] },
		{ scope: { managementGroups: ["none"] }, found: 403 },
		{
			scope: { subscriptions: ["sub-1"], managementGroups: ["prod"] },
			found: 400,
		},
		{
			scope: {
				subscriptions: Array.from({ length: 1000 }, (_, n) => `sub-${n}`),
			},
			found: ["b", "a"],
		},
		{
			scope: {
				subscriptions: Array.from({ length: 1001 }, (_, n) => `sub-${n}`),
			},
			found: 400,
		},
	])("$scope finds $found", async ({ scope, found }) => {
		expect(await names(await start({ resources }), scope)).toEqual(found);
	});

	it("an identity sees the subscriptions that it can read, in every table", async () => {
		const server = await start({
			resources,
			readableSubscriptions: ["sub-2", "SUB-3"],
		});
		expect(await names(server, {})).toEqual(["b"]);
		expect(await names(server, { subscriptions: ["sub-1", "sub-2"] })).toEqual([
			"b",
		]);
		expect(await names(server, { subscriptions: ["sub-1"] })).toBe(403);

		const containers =
			"resourcecontainers | project id, name | order by id asc";
		expect(await names(server, { query: containers })).toEqual([
			"Two",
			"Three",
			"empty",
		]);

		server.setReadableSubscriptions(undefined);
		expect(await names(server, { subscriptions: ["sub-1"] })).toEqual(["a"]);
	});

	it("says by header when a tenant has more subscriptions than are answered", async () => {
		const header = "x-ms-tenant-subscription-limit-hit";
		expect(
			(await ask(await start({ resources }), { query })).headers.get(header),
		).toBeNull();
		const full = await start({ resources, tenantSubscriptionLimitHit: true });
		expect((await ask(full, { query })).headers.get(header)).toBe("true");
	});
});

describe("requests that are refused", () => {
	it.each([
		{ what: "no query", body: {} },
		{ what: "an unknown property", body: { query, facets: [] } },
		{ what: "an unknown option", body: { query, options: { top: 5 } } },
		{
			what: "the table format",
			body: { query, options: { resultFormat: "table" } },
		},
		{ what: "no object", body: [query] },
	])("$what", async ({ body }) => {
		const { status, body: answer } = await ask(await start(), body);
		expect(status).toBe(400);
		expect(answer.error.code).toBe("BadRequest");
	});

	const send = (url: string, init: RequestInit) =>
		fetch(url, {
			method: "POST",
			headers: { "content-type": "application/json" },
			body: "{",
			...init,
		});

	it("broken JSON, other paths, methods, versions and content types", async () => {
		const { url } = await start();
		const json = { body: JSON.stringify({ query }) };
		expect((await send(url + path, {})).status).toBe(400);
		expect((await send(`${url}/`, json)).status).toBe(404);
		expect(
			(await send(url + path.replace("resources?", "operations?"), json))
				.status,
		).toBe(404);
		expect((await fetch(url + path)).status).toBe(404);
		expect(
			(await send(url + path.replace("2024-04-01", "2021-03-01"), json)).status,
		).toBe(400);
		// Documented so.
		expect(
			(
				await send(url + path, {
					...json,
					headers: { "content-type": "text/plain" },
				})
			).status,
		).toBe(500);
		expect(
			(
				await send(
					url + path.toUpperCase().replace("API-VERSION", "api-version"),
					json,
				)
			).status,
		).toBe(200);
	});

	it.each([
		{ headers: { host: "attacker.example" }, status: 403 },
		{ headers: { host: "127.0.0.1.attacker.example" }, status: 403 },
		{
			headers: { host: "localhost", origin: "https://attacker.example" },
			status: 403,
		},
		{ headers: { host: "localhost" }, status: 200 },
		{
			headers: { host: "127.0.0.1:1", origin: "http://localhost:3000" },
			status: 200,
		},
	])("$headers: $status", async ({ headers, status }) => {
		const { port } = await start();
		const answered = new Promise<number | undefined>((resolve, reject) => {
			const request = httpRequest(
				{
					port,
					host: "127.0.0.1",
					path,
					method: "POST",
					headers: { "content-type": "application/json", ...headers },
				},
				(response) => resolve(response.resume().statusCode),
			);
			request.on("error", reject).end(JSON.stringify({ query }));
		});
		expect(await answered).toBe(status);
	});
});

it("requests are recorded with query, scope, page and status", async () => {
	const server = await start({ resources: networks(3) });
	const scope = { subscriptions: ["SUB-1"] };
	const first = await ask(server, { query, ...scope, options: { $top: 2 } });
	await ask(server, {
		query,
		...scope,
		options: { $skipToken: first.body.$skipToken },
	});
	await ask(server, { query: "nonsense" });
	const lowered = { subscriptions: ["sub-1"], managementGroups: [] };
	expect(server.requests).toEqual([
		{ query, scope: lowered, page: 0, status: 200 },
		{ query, scope: lowered, page: 1, status: 200 },
		{
			query: "nonsense",
			scope: { subscriptions: [], managementGroups: [] },
			page: 0,
			status: 400,
		},
	]);
});
