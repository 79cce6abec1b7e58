import { describe, expect, it } from "vitest";
import type { FaultPlan } from "../../../local/resourceGraph/faults.ts";
import {
	type ResourceGraphServer,
	startResourceGraph,
} from "../../../local/resourceGraph/server.ts";
import { ask, pagesOf, path } from "./ask.ts";
import { resourceGroup, subscription } from "./containers.ts";
import { network, networks } from "./resources.ts";
import { start } from "./servers.ts";

const failing = (faults: FaultPlan, resources = networks(5)) =>
	start({ resources, faults });

const query = "resources | project id, name | order by id asc";

async function statuses(
	server: ResourceGraphServer,
	count: number,
): Promise<number[]> {
	for (let request = 0; request < count; request++)
		await ask(server, { query });
	return server.requests.slice(-count).map(({ status }) => status);
}

describe("which requests are hit", () => {
	const fault = { kind: "unavailable" } as const;

	it.each([
		{ rule: { fault }, hit: [503, 503, 503, 503] },
		{ rule: { fault, times: 1 }, hit: [503, 200, 200, 200] },
		{ rule: { fault, skip: 1, times: 2 }, hit: [200, 503, 503, 200] },
		{ rule: { fault, rate: { hit: 2, of: 3 } }, hit: [503, 503, 200, 503] },
		{
			rule: { fault, match: ({ index }: { index: number }) => index === 2 },
			hit: [200, 200, 503, 200],
		},
	])("$rule", async ({ rule, hit }) => {
		expect(await statuses(await failing([rule]), 4)).toEqual(hit);
	});

	it("a function decides for each request", async () => {
		const server = await failing(({ page, query: asked }) =>
			page === 1 && asked.includes("name") ? [fault] : [],
		);
		const first = await ask(server, { query, options: { $top: 2 } });
		const second = await ask(server, {
			query,
			options: { $skipToken: first.body.$skipToken },
		});
		expect([first.status, second.status]).toEqual([200, 503]);
	});

	it("plans can be changed while the server runs", async () => {
		const server = await failing([]);
		expect(await statuses(server, 1)).toEqual([200]);
		server.faults.set([{ fault, times: 1 }]);
		expect(await statuses(server, 2)).toEqual([503, 200]);
		server.faults.set([{ fault }]);
		server.faults.clear();
		expect(await statuses(server, 1)).toEqual([200]);
	});
});

describe("faults in place of an answer", () => {
	it("429 with headers as asked", async () => {
		const server = await failing([
			{
				fault: {
					kind: "throttle",
					resetsAfterSeconds: 4,
					retryAfterSeconds: 7,
				},
			},
		]);
		const { status, headers, body } = await ask(server, { query });
		expect(status).toBe(429);
		expect(body.error).toMatchObject({
			code: "RateLimiting",
			details: [{ code: "RateLimiting" }],
		});
		expect(headers.get("retry-after")).toBe("7");
		expect(headers.get("x-ms-user-quota-remaining")).toBe("0");
		expect(headers.get("x-ms-user-quota-resets-after")).toBe("00:00:04");
	});

	it("429 with a body of two bytes", async () => {
		const server = await failing([
			{ fault: { kind: "throttle", twoByteBody: true } },
		]);
		const response = await fetch(server.url + path, {
			method: "POST",
			headers: { "content-type": "application/json" },
			body: JSON.stringify({ query }),
		});
		expect([response.status, response.headers.get("content-length")]).toEqual([
			429,
			"2",
		]);
		expect(await response.json()).toBe("");
	});

	it("403 for everything", async () => {
		const { status, body } = await ask(
			await failing([{ fault: { kind: "deny" } }]),
			{ query },
		);
		expect([status, body.error.code]).toEqual([403, "AccessDenied"]);
	});

	it("a reset connection", async () => {
		const server = await failing([{ fault: { kind: "reset" } }]);
		await expect(ask(server, { query })).rejects.toThrow("fetch failed");
		expect(server.requests).toMatchObject([{ status: 0 }]);
	});

	it("no answer until the server closes", async () => {
		const server = await startResourceGraph({
			faults: [{ fault: { kind: "hang" } }],
		});
		const waiting = ask(server, { query }).catch(() => "cut off");
		await expect.poll(() => server.requests).toMatchObject([{ status: 0 }]);
		await server.close();
		expect(await waiting).toBe("cut off");
	});

	it("a late answer", async () => {
		const server = await failing([{ fault: { kind: "delay", ms: 80 } }]);
		const before = performance.now();
		expect((await ask(server, { query })).status).toBe(200);
		// Timers may fire a little early.
		expect(performance.now() - before).toBeGreaterThan(70);
	});
});

describe("faults in the data", () => {
	const onPage = (page: number) => (request: { page: number }) =>
		request.page === page;

	it("a lost page: totalRecords counts rows that never come", async () => {
		const server = await failing(
			[{ fault: { kind: "losePage" }, match: onPage(1), times: 1 }],
			networks(6),
		);
		expect(await pagesOf(server, query, 2)).toEqual([
			["n-0000", "n-0001"],
			["n-0004", "n-0005"],
		]);
		expect((await ask(server, { query })).body.totalRecords).toBe(6);
	});

	it("truncation without a token", async () => {
		const { body } = await ask(
			await failing([{ fault: { kind: "truncate" } }]),
			{
				query,
				options: { $top: 2 },
			},
		);
		expect(body).toMatchObject({
			totalRecords: 5,
			count: 2,
			resultTruncated: "true",
		});
		expect(body).not.toHaveProperty("$skipToken");
	});

	it("a row repeated on the next page, none lost", async () => {
		const server = await failing([
			{ fault: { kind: "repeatRow" }, match: onPage(1), times: 1 },
		]);
		expect(await pagesOf(server, query, 3)).toEqual([
			["n-0000", "n-0001", "n-0002"],
			["n-0002", "n-0003", "n-0004"],
		]);
	});

	it("a row repeated on every page still comes to an end", async () => {
		const server = await failing(
			[{ fault: { kind: "repeatRow" } }],
			networks(3),
		);
		expect(await pagesOf(server, query, 1)).toEqual([
			["n-0000"],
			["n-0001"],
			["n-0002"],
		]);
		expect(await pagesOf(server, query, 2)).toEqual([
			["n-0000", "n-0001"],
			["n-0001", "n-0002"],
		]);
	});

	it("a broken field", async () => {
		const server = await failing([
			{ fault: { kind: "breakField", row: 1, field: "id", value: 42 } },
			{ fault: { kind: "breakField", field: "name" } },
			{ fault: { kind: "breakField", row: 99, field: "id" } },
		]);
		const { body } = await ask(server, { query, options: { $top: 2 } });
		expect(body.data[0]).not.toHaveProperty("name");
		expect(body.data[1]).toEqual({ id: 42, name: "n-0001" });

		// The rows themselves stay whole.
		server.faults.clear();
		expect((await ask(server, { query })).body.data[1]).toMatchObject({
			name: "n-0001",
			id: expect.any(String),
		});
	});

	it("a forgotten subscription", async () => {
		const resources = [
			subscription("sub-2", "Two"),
			network("a"),
			network("b", { subscription: "sub-2" }),
		];
		const server = await failing(
			[{ fault: { kind: "forget", subscriptionId: "SUB-2" }, times: 2 }],
			resources,
		);
		expect((await ask(server, { query })).body).toMatchObject({
			totalRecords: 1,
			data: [{ name: "a" }],
		});
		expect(
			(await ask(server, { query, subscriptions: ["sub-2"] })).body,
		).toMatchObject({ totalRecords: 0 });
		expect((await ask(server, { query })).body.totalRecords).toBe(2);
	});

	it("pages of fewer rows than were asked for", async () => {
		const server = await failing(
			[{ fault: { kind: "shortPage", rows: 2 } }],
			networks(5),
		);
		expect(await pagesOf(server, query, 1000)).toEqual([
			["n-0000", "n-0001"],
			["n-0002", "n-0003"],
			["n-0004"],
		]);
	});

	it("a token that is the one that was asked with: the same page for ever", async () => {
		const server = await failing(
			[{ fault: { kind: "repeatToken" } }],
			networks(6),
		);
		const first = await ask(server, { query, options: { $top: 2 } });
		const token = first.body.$skipToken;
		for (let turn = 0; turn < 3; turn++) {
			const { body } = await ask(server, {
				query,
				options: { $top: 2, $skipToken: token },
			});
			expect(body.data.map(({ name }) => name)).toEqual(["n-0002", "n-0003"]);
			expect(body.$skipToken).toBe(token);
		}
	});

	it("empty pages without an end, each with a token of its own", async () => {
		const server = await failing([{ fault: { kind: "endless" } }], networks(3));
		const tokens: (string | undefined)[] = [];
		const counts: number[] = [];
		for (let turn = 0; turn < 5; turn++) {
			const last = tokens.at(-1);
			const { body } = await ask(server, {
				query,
				options: { $top: 2, ...(last && { $skipToken: last }) },
			});
			counts.push(body.count);
			tokens.push(body.$skipToken);
		}
		expect(counts).toEqual([2, 1, 0, 0, 0]);
		expect(new Set(tokens).size).toBe(5);
		expect(tokens).not.toContain(undefined);
	});

	it("a silent subscription, which is listed and shows nothing else", async () => {
		const server = await failing(
			[{ fault: { kind: "silence", subscriptionId: "SUB-2" }, times: 2 }],
			[
				subscription("sub-1", "One"),
				subscription("sub-2", "Two"),
				resourceGroup("sub-2", "rg"),
				network("a"),
				network("b", { subscription: "sub-2" }),
			],
		);
		const containers =
			"resourcecontainers | project id, name | order by id asc";
		const names = async (of: string) =>
			(await ask(server, { query: of })).body.data.map(({ name }) => name);
		expect(await names(containers)).toEqual(["One", "Two"]);
		expect(await names(query)).toEqual(["a"]);
		expect(await names(containers)).toEqual(["One", "Two", "rg"]);
	});

	it("readable subscriptions can be changed between two readings", async () => {
		const server = await failing(
			[],
			[network("a"), network("b", { subscription: "sub-2" })],
		);
		const names = async () =>
			(await ask(server, { query })).body.data.map(({ name }) => name);
		expect(await names()).toEqual(["a", "b"]);
		server.setReadableSubscriptions(["SUB-1"]);
		expect(await names()).toEqual(["a"]);
		server.setReadableSubscriptions(undefined);
		expect(await names()).toEqual(["a", "b"]);
	});
});
