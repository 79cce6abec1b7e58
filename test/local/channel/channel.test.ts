import { createServer, request as httpRequest } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Channel, startChannel } from "../../../local/channel/channel.ts";
import { alertCard } from "../../../shared/alert/card.ts";
import { postCard } from "../../../shared/alert/webhook.ts";
import { digest, line } from "../../alert/digests.ts";

let channel: Channel;
let reportUrl: string | null;

beforeEach(async () => {
	reportUrl = "http://127.0.0.1:1/api/report";
	channel = await startChannel({ port: 0, reportUrl: () => reportUrl });
});

afterEach(() => channel.close());

/** fetch does not let a caller choose the Host header. */
function status(
	headers: Record<string, string>,
	path = "/",
	method = "GET",
): Promise<number | undefined> {
	return new Promise((resolve, reject) => {
		httpRequest(`${channel.url}${path}`, { headers, method }, (response) => {
			response.resume();
			resolve(response.statusCode);
		})
			.on("error", reject)
			.end();
	});
}

async function refusals(): Promise<(string | undefined)[]> {
	const response = await fetch(`${channel.url}/posts?after=0`);
	const { posts } = (await response.json()) as {
		posts: { refused?: string }[];
	};
	return posts.map(({ refused }) => refused);
}

describe("the webhook", () => {
	it("answers 202 without a body, as a workflow does, and keeps the card", async () => {
		const body = alertCard(digest({ lines: [line()] }));
		const response = await fetch(channel.webhookUrl, { method: "POST", body });
		expect(response.status).toBe(202);
		expect(await response.text()).toBe("");
		expect(channel.cards.map((card) => card.body)).toEqual([body]);
		expect(Date.parse(channel.cards[0]?.receivedAt ?? "")).not.toBeNaN();
	});

	it("takes the largest card that there is", async () => {
		const lines = Array(500).fill(line({ reasons: '"\\'.repeat(500) }));
		const posted = await postCard(
			channel.webhookUrl,
			alertCard(digest({ lines })),
		);
		expect(posted).toEqual({ outcome: "sent" });
		expect(await refusals()).toEqual([undefined]);
	});

	const card = { type: "AdaptiveCard", version: "1.4", body: [] };
	const attachment = {
		contentType: "application/vnd.microsoft.card.adaptive",
		content: card,
	};
	it.each([
		{ post: {}, reason: 'Expected "type"' },
		{ post: card, reason: 'the type is not "message"' },
		{ post: { type: "message" }, reason: 'Expected "attachments"' },
		{ post: { type: "message", attachments: [] }, reason: "no attachments" },
		{
			post: {
				type: "message",
				attachments: [{ ...attachment, contentType: "x" }],
			},
			reason: "an attachment is not an adaptive card",
		},
		{
			post: {
				type: "message",
				attachments: [{ ...attachment, content: { ...card, version: "1.5" } }],
			},
			reason: "the version is not 1.0 to 1.4, which every tenant shows",
		},
		{
			post: {
				type: "message",
				attachments: [attachment],
				text: "x".repeat(28_700),
			},
			reason: "bytes as Teams counts them",
		},
		{
			// 20,000 quotation marks are 20 KB to send and far more to Teams.
			post: {
				type: "message",
				attachments: [attachment],
				text: '"'.repeat(10_000),
			},
			reason: "bytes as Teams counts them",
		},
	])("accepts and then refuses: $reason", async ({ post, reason }) => {
		const body = JSON.stringify(post);
		expect(await postCard(channel.webhookUrl, body)).toEqual({
			outcome: "sent",
		});
		expect(channel.cards).toEqual([]);
		expect(await refusals()).toEqual([expect.stringContaining(reason)]);
	});

	it.each([
		{ body: "no JSON", status: 400 },
		{ body: "x".repeat(2_000_000), status: 413 },
	])(
		"answers $status to what no trigger would read",
		async ({ body, status }) => {
			const response = await fetch(channel.webhookUrl, {
				method: "POST",
				body,
			});
			expect(response.status).toBe(status);
			expect(await refusals()).toEqual([]);
		},
	);
});

describe("the link to the report", () => {
	it("leads to the functions host", async () => {
		const { status, headers } = await fetch(`${channel.url}/report`, {
			redirect: "manual",
		});
		expect(status).toBe(302);
		expect(headers.get("location")).toBe("http://127.0.0.1:1/api/report");
	});

	it("says so while there is no host", async () => {
		reportUrl = null;
		const response = await fetch(`${channel.url}/report`);
		expect(response.status).toBe(503);
		expect(await response.json()).toMatchObject({ status: 503 });
	});
});

describe("the server", () => {
	it.each([
		{ path: "/", type: "text/html; charset=utf-8" },
		{ path: "/page/main.js", type: "text/javascript; charset=utf-8" },
		{ path: "/page/base.css", type: "text/css; charset=utf-8" },
		{ path: "/adaptivecards.js", type: "text/javascript; charset=utf-8" },
	])("sends $path, guarded", async ({ path, type }) => {
		const { status, headers } = await fetch(`${channel.url}${path}`);
		expect(status).toBe(200);
		expect(headers.get("content-type")).toBe(type);
		expect(headers.get("content-security-policy")).toMatch(
			/^default-src 'none'/,
		);
		expect(headers.get("content-security-policy")).not.toContain("unsafe");
	});

	it.each([
		"/page/none.js",
		"/page/..%2fserver.js",
		"/page/%2e%2e/channel.ts",
		"/package.json",
	])("has no %s", async (path) => {
		expect((await fetch(`${channel.url}${path}`)).status).toBe(404);
	});

	it("answers to its own names only", async () => {
		const { port, host } = new URL(channel.url);
		expect(await status({ host })).toBe(200);
		expect(await status({ host: `localhost:${port}` })).toBe(200);
		expect(await status({ host: `evil.example:${port}` })).toBe(403);
		expect(await status({ host: "127.0.0.1" })).toBe(403);
		expect(await status({ host }, "/webhook", "POST")).toBe(400);
		expect(
			await status({ host, origin: "http://evil.example" }, "/webhook", "POST"),
		).toBe(403);
		expect(await status({ host, origin: "null" }, "/api/audits")).toBe(403);
		expect(await status({ host, origin: channel.url })).toBe(200);
	});

	it("says which port is taken", async () => {
		const other = createServer();
		await new Promise<void>((done) => other.listen(0, "127.0.0.1", done));
		const { port } = other.address() as AddressInfo;
		await expect(startChannel({ port, reportUrl: () => null })).rejects.toThrow(
			`Port ${port} is in use: choose another for the channel.`,
		);
		await new Promise((done) => other.close(done));
	});
});
