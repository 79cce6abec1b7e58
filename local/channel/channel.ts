import {
	createServer,
	type IncomingMessage,
	type Server,
	type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";
import { projectRoot } from "../projectRoot.ts";
import { sendAsset } from "./assets.ts";
import { emptyPosts, type Post, type Posts } from "./posts.ts";
import { problem } from "./problem.ts";

export interface Channel {
	readonly url: string;
	readonly webhookUrl: string;
	/** The cards that the channel shows, oldest first. Grows as they come. */
	readonly cards: readonly Post[];
	close(): Promise<void>;
}

interface ChannelOptions {
	/** 0: any free port. */
	readonly port: number;
	/** Where the report is. Null while nothing serves it. */
	readonly reportUrl: () => string | null;
}

/** A stand-in for a Teams channel with its workflow's webhook. On loopback only. */
export async function startChannel({
	port,
	reportUrl,
}: ChannelOptions): Promise<Channel> {
	const posts = emptyPosts();
	const root = projectRoot();
	const server = createServer((request, response) => {
		answer(request, response, { posts, root, reportUrl }).catch(() =>
			response.destroy(),
		);
	});

	await listening(server, port);
	const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	return {
		url,
		webhookUrl: `${url}/webhook`,
		cards: posts.cards,
		close: () => closed(server),
	};
}

interface Rooms {
	readonly posts: Posts;
	readonly root: string;
	readonly reportUrl: () => string | null;
}

async function answer(
	request: IncomingMessage,
	response: ServerResponse,
	{ posts, root, reportUrl }: Rooms,
): Promise<void> {
	for (const [name, value] of Object.entries(headers))
		response.setHeader(name, value);
	if (!isOwn(request))
		return problem(
			response,
			403,
			"The Host or Origin header is not the address of this page.",
		);

	const { pathname, searchParams } = new URL(`http://channel${request.url}`);
	if (pathname === "/webhook" && request.method === "POST")
		return posts.receive(request, response);
	if (request.method !== "GET")
		return problem(
			response,
			405,
			`${pathname} accepts only GET, not ${request.method}.`,
		);
	if (pathname === "/report") return toReport(reportUrl(), response);
	if (pathname === "/posts")
		return posts.list(Number(searchParams.get("after") ?? 0), response);
	return sendAsset(pathname, root, response);
}

function toReport(url: string | null, response: ServerResponse): void {
	if (url === null)
		problem(response, 503, "The functions host has not started yet.");
	else response.writeHead(302, { location: url }).end();
}

const headers = {
	"content-security-policy":
		"default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
	"cache-control": "no-store",
	"cross-origin-resource-policy": "same-origin",
	"referrer-policy": "no-referrer",
	"x-content-type-options": "nosniff",
} as const;

/** Other sites' pages reach loopback too: by a name of their own (Host) or by a script (Origin). */
function isOwn({ headers, socket }: IncomingMessage): boolean {
	const hosts = ["127.0.0.1", "localhost"].map(
		(host) => `${host}:${socket.localPort}`,
	);
	const { host = "", origin } = headers;
	if (!hosts.includes(host)) return false;
	return origin === undefined || origin === `http://${host}`;
}

function listening(server: Server, port: number): Promise<void> {
	return new Promise((resolve, reject) => {
		server.once("error", (error: NodeJS.ErrnoException) =>
			reject(error.code === "EADDRINUSE" ? taken(port, error) : error),
		);
		server.listen(port, "127.0.0.1", resolve);
	});
}

function taken(port: number, cause: Error): Error {
	const message = `Port ${port} is in use: choose another for the channel.`;
	return new Error(message, { cause });
}

function closed(server: Server): Promise<void> {
	return new Promise((resolve, reject) => {
		server.close((error) => (error ? reject(error) : resolve()));
		server.closeAllConnections();
	});
}
