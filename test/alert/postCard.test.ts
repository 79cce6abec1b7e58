import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it, vi } from "vitest";
import {
	postCard,
	retryDelaySeconds,
	retryDelays,
} from "../../shared/alert/webhook.ts";

const servers: Server[] = [];

/** A webhook on loopback. Its query has what must never be told. */
async function webhook(listener: RequestListener): Promise<string> {
	const server = createServer(listener);
	servers.push(server);
	await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
	const { port } = server.address() as AddressInfo;
	return `http://127.0.0.1:${port}/invoke?sig=TOPSECRET`;
}

afterEach(() => {
	for (const server of servers.splice(0)) {
		server.closeAllConnections();
		server.close();
	}
});

function answering(
	status: number,
	headers: Record<string, string> = {},
	body = "",
): RequestListener {
	return (request, response) => {
		request.resume();
		request.on("end", () => response.writeHead(status, headers).end(body));
	};
}

describe("a post", () => {
	it("sends the card as JSON", async () => {
		let seen = {};
		const url = await webhook(async (request, response) => {
			let body = "";
			for await (const chunk of request) body += chunk;
			const type = request.headers["content-type"];
			seen = { method: request.method, url: request.url, type, body };
			response.writeHead(202).end();
		});
		expect(await postCard(url, '{"a":"€"}')).toEqual({ outcome: "sent" });
		expect(seen).toEqual({
			method: "POST",
			url: "/invoke?sig=TOPSECRET",
			type: "application/json",
			body: '{"a":"€"}',
		});
	});

	it.each([
		{ status: 200, body: "1" },
		{ status: 200, body: "x".repeat(100_000) },
		{ status: 202, body: "" },
		{ status: 204, body: "" },
	])("answered $status is sent", async ({ status, body }) => {
		const url = await webhook(answering(status, {}, body));
		expect(await postCard(url, "{}")).toEqual({ outcome: "sent" });
	});

	it.each([
		{ status: 429, outcome: "retry" },
		{ status: 413, outcome: "failed" },
		{ status: 400, outcome: "failed" },
	])(
		"that a connector says Teams refused with $status is $outcome",
		async ({ status, outcome }) => {
			const url = await webhook(
				answering(
					200,
					{},
					`Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP error ${status} with ContextId tcid=0.`,
				),
			);
			const posted = await postCard(url, "{}");
			expect(posted).toMatchObject({
				outcome,
				reason: expect.stringContaining(String(status)),
			});
		},
	);

	it.each([408, 429, 500, 502, 503, 504])(
		"answered %i is tried again",
		async (status) => {
			const url = await webhook(answering(status));
			expect(await postCard(url, "{}")).toEqual({
				outcome: "retry",
				reason: `The webhook answered ${status}.`,
				retryAfterSeconds: null,
			});
		},
	);

	it.each([400, 401, 403, 404, 405, 409, 410, 413])(
		"answered %i has failed",
		async (status) => {
			const url = await webhook(answering(status));
			expect(await postCard(url, "{}")).toEqual({
				outcome: "failed",
				reason: `The webhook answered ${status}.`,
			});
		},
	);

	it("tells the code of Power Automate's error and nothing else of it", async () => {
		const url = await webhook((request, response) => {
			const message = `No workflow at ${request.url}`;
			const error = { code: "WorkflowTriggerIsNotEnabled", message };
			response.writeHead(400).end(JSON.stringify({ error }));
		});
		expect(await postCard(url, "{}")).toEqual({
			outcome: "failed",
			reason: "The webhook answered 400 (WorkflowTriggerIsNotEnabled).",
		});
	});

	it.each([301, 302, 307, 308])("does not follow a %i", async (status) => {
		let posts = 0;
		const url = await webhook((_request, response) => {
			posts++;
			response.writeHead(status, { location: "/TOPSECRET" }).end();
		});
		expect(await postCard(url, "{}")).toEqual({
			outcome: "failed",
			reason: `The webhook answered with a redirect (${status}), which is not followed.`,
		});
		expect(posts).toBe(1);
	});
});

describe("Retry-After", () => {
	it.each([
		{ header: "17", seconds: 17 },
		{ header: "0", seconds: 0 },
		{ header: "999999999", seconds: 86_400 },
		{ header: "soon", seconds: null },
		{ header: "Wed, 21 Oct 2015 07:28:00 GMT", seconds: 0 },
	])('"$header" is $seconds', async ({ header, seconds }) => {
		const url = await webhook(answering(429, { "retry-after": header }));
		expect(await postCard(url, "{}")).toMatchObject({
			outcome: "retry",
			retryAfterSeconds: seconds,
		});
	});

	it("may be a date to come", async () => {
		const date = new Date(Date.now() + 90_000).toUTCString();
		const url = await webhook(answering(503, { "retry-after": date }));
		const posted = await postCard(url, "{}");
		const seconds =
			posted.outcome === "retry" ? posted.retryAfterSeconds : null;
		expect(seconds).toBeGreaterThan(80);
		expect(seconds).toBeLessThanOrEqual(90);
	});
});

describe("a webhook out of reach", () => {
	it("that never answers is tried again after the timeout", async () => {
		const url = await webhook(() => undefined);
		expect(await postCard(url, "{}", { timeoutMs: 50 })).toEqual({
			outcome: "retry",
			reason: "The webhook did not answer within 0.05 s.",
			retryAfterSeconds: null,
		});
	});

	it("has ten seconds", async () => {
		const limit = vi.spyOn(AbortSignal, "timeout");
		await postCard(await webhook(answering(202)), "{}");
		expect(limit.mock.calls).toEqual([[10_000]]);
		limit.mockRestore();
	});

	it("whose answer never ends has still answered", async () => {
		const url = await webhook((_request, response) => {
			response.writeHead(202);
			response.write("…");
		});
		const posted = await postCard(url, "{}", { timeoutMs: 200 });
		expect(posted).toEqual({ outcome: "sent" });
	});

	it("that resets the connection is tried again", async () => {
		const url = await webhook((request) => request.socket.resetAndDestroy());
		expect(await postCard(url, "{}")).toMatchObject({
			outcome: "retry",
			reason: expect.stringMatching(/could not be reached \([A-Z_]+\)/),
		});
	});

	it("that listens no more is tried again", async () => {
		const url = await webhook(answering(202));
		await new Promise((done) => servers.pop()?.close(done));
		expect(await postCard(url, "{}")).toEqual({
			outcome: "retry",
			reason: "The webhook could not be reached (ECONNREFUSED).",
			retryAfterSeconds: null,
		});
	});

	it("can be given up by the caller", async () => {
		const url = await webhook(() => undefined);
		const signal = AbortSignal.abort();
		expect(await postCard(url, "{}", { signal })).toMatchObject({
			outcome: "retry",
			reason: "The post was stopped.",
		});
	});
});

describe("the secret", () => {
	const url = "https://e.api.powerplatform.com/invoke?sig=TOPSECRET";
	it.each([
		new TypeError(`Failed to parse URL from ${url}`, { cause: new Error(url) }),
		Object.assign(new TypeError("fetch failed"), {
			cause: Object.assign(new Error(url), { code: url }),
		}),
		Object.assign(new Error(url), { name: url }),
		url,
	])("is not told by the error %#", async (error) => {
		const posted = await postCard(url, "{}", {
			fetch: () => Promise.reject(error),
		});
		expect(posted.outcome).toBe("retry");
		expect(JSON.stringify(posted)).not.toContain("TOPSECRET");
	});

	it.each([
		{
			status: 200,
			body: `Microsoft Teams endpoint returned HTTP error 400 ${url}`,
		},
		{ status: 302, body: "" },
		{ status: 400, body: '{"error":{"code":"TOPSECRET"}}' },
		{ status: 500, body: url },
	])("is not told by an answer of $status", async ({ status, body }) => {
		const headers = { location: url, "retry-after": url };
		const posted = await postCard(url, "{}", {
			fetch: async () => new Response(body, { status, headers }),
		});
		expect(posted.outcome).not.toBe("sent");
		expect(JSON.stringify(posted)).not.toContain("TOPSECRET");
	});
});

describe("the delays", () => {
	it("grow from seconds to hours and end within a day", () => {
		expect(retryDelays.slice(0, 6)).toEqual([2, 10, 30, 60, 300, 900]);
		expect(retryDelays).toEqual(retryDelays.toSorted((a, b) => a - b));
		const hours = retryDelays.reduce((sum, delay) => sum + delay, 0) / 3_600;
		expect(hours).toBeGreaterThan(20);
		expect(hours).toBeLessThan(24);
	});

	it.each([
		{ attempt: 1, asked: null, delay: 2 },
		{ attempt: 1, asked: 45, delay: 45 },
		{ attempt: 4, asked: 1, delay: 60 },
		{ attempt: 11, asked: null, delay: 28_800 },
		{ attempt: 12, asked: null, delay: null },
		{ attempt: 12, asked: 5, delay: null },
	])(
		"after attempt $attempt, asked for $asked: $delay",
		({ attempt, asked, delay }) => {
			expect(retryDelaySeconds(attempt, asked)).toBe(delay);
		},
	);
});
