import {
	ResourceGraphClient,
	type ResourceGraphClientOptionalParams,
} from "@azure/arm-resourcegraph";
import { describe, expect, it } from "vitest";
import type { ResourceGraphServer } from "../../../local/resourceGraph/server.ts";
import { ask, pagesOf } from "./ask.ts";
import { subscription } from "./containers.ts";
import { network, networks } from "./resources.ts";
import { start } from "./servers.ts";

const byName = "resources | project id, name | order by id asc";

describe("through the real client", () => {
	function clientOf(
		{ url }: ResourceGraphServer,
		options: ResourceGraphClientOptionalParams = {},
	) {
		const credential = {
			getToken: async () => ({
				token: "none",
				expiresOnTimestamp: Number.MAX_SAFE_INTEGER,
			}),
		};
		const client = new ResourceGraphClient(credential, {
			endpoint: url,
			allowInsecureConnection: true,
			...options,
		});
		// The policy refuses tokens over plain http, on loopback too.
		client.pipeline.removePolicy({ name: "bearerTokenAuthenticationPolicy" });
		return client;
	}

	it("2,500 resources come in pages of 1000, 1000 and 500 by token alone", async () => {
		const client = clientOf(await start({ resources: networks(2500) }));
		const names: string[] = [];
		const counts: number[] = [];
		let skipToken: string | undefined;
		do {
			const page = await client.resources({
				query: byName,
				subscriptions: ["sub-1"],
				options: {
					top: 1000,
					resultFormat: "objectArray",
					allowPartialScopes: false,
					...(skipToken && { skipToken }),
				},
			});
			expect(page).toMatchObject({
				totalRecords: 2500,
				resultTruncated: "false",
				facets: [],
			});
			names.push(...(page.data as { name: string }[]).map(({ name }) => name));
			counts.push(page.count);
			skipToken = page.skipToken;
		} while (skipToken);

		expect(counts).toEqual([1000, 1000, 500]);
		expect(new Set(names).size).toBe(2500);
		expect(names[0]).toBe("n-0000");
		expect(names.at(-1)).toBe("n-2499");
	});

	// The client drops every property of a detail but code and message.
	it("errors arrive with code and message of their details", async () => {
		const client = clientOf(await start({ resources: networks(1) }));
		await expect(
			client.resources({ query: "resources | distinct id" }),
		).rejects.toMatchObject({
			statusCode: 400,
			code: "BadRequest",
			details: {
				error: {
					details: [
						{ code: "InvalidQuery" },
						{
							code: "InvalidQueryLanguage",
							message: expect.stringContaining("'distinct' is not supported"),
						},
					],
				},
			},
		});
	});

	it("a 429 without Retry-After is not retried by the client, quota headers readable", async () => {
		const server = await start({
			resources: networks(1),
			faults: [{ fault: { kind: "throttle" }, times: 1 }],
		});
		await expect(
			clientOf(server).resources({ query: byName }),
		).rejects.toMatchObject({
			statusCode: 429,
			code: "RateLimiting",
		});
		expect(server.requests.map(({ status }) => status)).toEqual([429]);
	});

	it("a 429 with Retry-After is", async () => {
		const faults = [
			{ fault: { kind: "throttle", retryAfterSeconds: 0 }, times: 2 },
		] as const;
		const server = await start({ resources: networks(1), faults });
		const page = await clientOf(server).resources({ query: byName });
		expect(page.count).toBe(1);
		expect(server.requests.map(({ status }) => status)).toEqual([
			429, 429, 200,
		]);
	});
});

describe("page size", () => {
	it.each([
		// Exactly full pages leave no empty page behind.
		{ rows: 1000, options: {}, count: 1000, token: false },
		{ rows: 1001, options: {}, count: 1000, token: true },
		{ rows: 5, options: { $top: 2 }, count: 2, token: true },
		{ rows: 5, options: { $top: 2, $skip: 3 }, count: 2, token: false },
		{ rows: 0, options: {}, count: 0, token: false },
	])(
		"$rows rows with $options: $count, token: $token",
		async ({ rows, options, count, token }) => {
			const server = await start({
				resources: [subscription("sub-1", "One"), ...networks(rows)],
			});
			const { body } = await ask(server, { query: byName, options });
			expect(body).toMatchObject({
				totalRecords: rows,
				count,
				resultTruncated: "false",
			});
			expect(body.data).toHaveLength(count);
			expect("$skipToken" in body).toBe(token);
		},
	);

	it.each([0, 1001, 1.5])("a $top of %d is refused", async ($top) => {
		const { status } = await ask(await start({}), {
			query: byName,
			options: { $top },
		});
		expect(status).toBe(400);
	});
});

describe("the token", () => {
	it("keeps the page size, which $top can change on the way", async () => {
		const server = await start({ resources: networks(9) });
		const first = await ask(server, { query: byName, options: { $top: 4 } });
		const kept = await ask(server, {
			query: byName,
			options: { $skipToken: first.body.$skipToken },
		});
		expect(kept.body.count).toBe(4);
		const halved = await ask(server, {
			query: byName,
			options: { $skipToken: first.body.$skipToken, $top: 2 },
		});
		expect(halved.body.data.map(({ name }) => name)).toEqual([
			"n-0004",
			"n-0005",
		]);
	});

	it.each([
		{
			other: "query",
			request: {
				query: "resources | project id | order by id asc",
				subscriptions: ["sub-1"],
			},
		},
		{
			other: "scope",
			request: { query: byName, subscriptions: ["sub-1", "sub-2"] },
		},
	])("is of no use for another $other", async ({ request }) => {
		const server = await start({
			resources: [...networks(5), network("other", { subscription: "sub-2" })],
		});
		const first = await ask(server, {
			query: byName,
			subscriptions: ["sub-1"],
			options: { $top: 2 },
		});
		const options = { $top: 2, $skipToken: first.body.$skipToken };
		expect((await ask(server, { ...request, options })).status).toBe(400);
		expect(
			(await ask(server, { query: byName, subscriptions: ["SUB-1"], options }))
				.status,
		).toBe(200);
	});

	it.each(["", "x", "WzEsMiwieCJd"])("%o is none", async ($skipToken) => {
		const { status, body } = await ask(await start({}), {
			query: byName,
			options: { $skipToken },
		});
		expect(status).toBe(400);
		expect(body.error.details[0]?.message).toContain("skip token");
	});

	it("is not given, and data is lost, without a string column id or with take", async () => {
		const server = await start({ resources: networks(5) });
		const queries = [
			"resources | project name",
			"resources | project id = tags",
			`${byName} | take 4`,
		];
		for (const query of queries) {
			const { body } = await ask(server, { query, options: { $top: 3 } });
			expect(body).toMatchObject({ count: 3, resultTruncated: "true" });
			expect(body).not.toHaveProperty("$skipToken");
		}
	});

	it('is not missed when everything fits: a real answer to limit 2 with 2 rows says "false"', async () => {
		const { body } = await ask(await start({ resources: networks(5) }), {
			query: `${byName} | limit 2`,
		});
		expect(body).toMatchObject({
			totalRecords: 2,
			count: 2,
			resultTruncated: "false",
		});
	});
});

it("pages follow the data when it changes on the way", async () => {
	const server = await start({ resources: networks(4) });
	expect(await pagesOf(server, byName, 3)).toEqual([
		["n-0000", "n-0001", "n-0002"],
		["n-0003"],
	]);

	const first = await ask(server, { query: byName, options: { $top: 3 } });
	server.setResources(networks(6));
	const second = await ask(server, {
		query: byName,
		options: { $skipToken: first.body.$skipToken },
	});
	expect(second.body.data.map(({ name }) => name)).toEqual([
		"n-0003",
		"n-0004",
		"n-0005",
	]);
	expect(second.body.totalRecords).toBe(6);
});
