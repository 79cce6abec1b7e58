import {
	type IncomingMessage,
	type ServerResponse,
	STATUS_CODES,
} from "node:http";
import { answerClient, type ClientAnswer } from "../durable/clientApi.ts";
import {
	type DurableEndpoints,
	rpcPath,
	webhookPath,
} from "../durable/clientBinding.ts";
import type { TaskHub } from "../durable/taskHub.ts";
import type { LogSink } from "../log.ts";
import type { Runner } from "../worker/functionApp.ts";
import { asError } from "../worker/invoke.ts";
import type { RpcHttpRequest, RpcHttpResponse, RpcMap } from "../worker/rpc.ts";
import { type AsAzure, hasKey, platformHeaders } from "./asAzure.ts";
import { BodyTooLargeError, readBody } from "./body.ts";
import { refusal } from "./guard.ts";
import { decoded, type HttpRoute, matchRoute } from "./routes.ts";

interface RequestDependencies {
	readonly routes: readonly HttpRoute[];
	readonly runner: Pick<Runner, "runHttp" | "runEvent">;
	readonly hub: TaskHub;
	readonly endpoints: DurableEndpoints;
	readonly maxBodyBytes: number;
	/** Null: no key is asked for. */
	readonly asAzure: AsAzure | null;
	readonly log: LogSink;
}

interface Answer extends ClientAnswer {
	readonly bytes?: Uint8Array;
}

/** Answers one request: a function's route, or the Durable API for those who know its code. */
export async function handleRequest(
	dependencies: RequestDependencies,
	request: IncomingMessage,
	response: ServerResponse,
): Promise<void> {
	try {
		send(response, await answerTo(dependencies, request));
	} catch (thrown) {
		const error = asError(thrown);
		if (error instanceof BodyTooLargeError) {
			send(response, problem(413, error.message, { Connection: "close" }));
			return;
		}
		dependencies.log({
			level: "error",
			functionName: "host",
			message: error.stack ?? error.message,
		});
		send(response, { status: 500 });
	}
}

async function answerTo(
	dependencies: RequestDependencies,
	request: IncomingMessage,
): Promise<Answer> {
	const refused = refusal(request.headers);
	if (refused) {
		return problem(403, refused);
	}
	const path = request.url?.startsWith("/") ? request.url : "/";
	const url = new URL(`http://${request.headers.host}${path}`);
	const segments = durableSegments(url, request, dependencies.endpoints.code);
	if (segments === "unauthorized") {
		return problem(
			401,
			"The query parameter code (or the header x-functions-key) is missing or wrong.",
		);
	}
	const body = await readBody(request, dependencies.maxBodyBytes);
	const method = request.method ?? "GET";
	if (segments) {
		const clientRequest = {
			method,
			segments,
			query: url.searchParams,
			body: body.toString("utf8"),
		};
		return answerClient(
			dependencies.hub,
			dependencies.endpoints,
			clientRequest,
		);
	}
	if (url.pathname.toLowerCase() === eventPath)
		return takeEvents(dependencies, url, body);
	return callFunction(dependencies, {
		method,
		url,
		headers: headersOf(request),
		body,
	});
}

const eventPath = "/runtime/webhooks/eventgrid";

/** Event Grid posts a list of events of its own schema, or one CloudEvent. Each starts the function by itself. */
async function takeEvents(
	{ runner }: RequestDependencies,
	url: URL,
	body: Buffer,
): Promise<Answer> {
	const name = url.searchParams.get("functionName") ?? "";
	const given: unknown = JSON.parse(body.toString("utf8"));
	for (const event of Array.isArray(given) ? given : [given])
		if (!(await runner.runEvent(name, event)))
			return problem(404, `There is no event function '${name}'.`);
	return { status: 202 };
}

/** The path within the Durable API. Undefined for every other path. */
function durableSegments(
	url: URL,
	request: IncomingMessage,
	code: string,
): string[] | "unauthorized" | undefined {
	const path = url.pathname;
	const base = [webhookPath, rpcPath(code)].find((candidate) =>
		path.startsWith(`${candidate}/`),
	);
	if (!base) {
		return undefined;
	}
	const given =
		url.searchParams.get("code") ?? request.headers["x-functions-key"];
	if (base === webhookPath && given !== code) {
		return "unauthorized";
	}
	const parts = path
		.slice(base.length + 1)
		.split("/")
		.filter(Boolean);
	return parts.map((part) => decoded(part) ?? part);
}

interface FunctionCall {
	readonly method: string;
	readonly url: URL;
	readonly headers: Readonly<Record<string, string>>;
	readonly body: Buffer;
}

async function callFunction(
	{ routes, runner, asAzure, log }: RequestDependencies,
	given: FunctionCall,
): Promise<Answer> {
	const call =
		asAzure === null
			? given
			: { ...given, headers: platformHeaders(given.headers, asAzure) };
	const match = matchRoute(routes, call.method, call.url.pathname);
	if (match.kind === "not-found") {
		return problem(404, `No function has the route ${call.url.pathname}.`);
	}
	if (match.kind === "method-not-allowed") {
		return problem(
			405,
			`${call.url.pathname} accepts ${match.allowed.join(", ")}, not ${call.method}.`,
			{ Allow: match.allowed.join(", ") },
		);
	}
	if (asAzure && !hasKey(match.route, call.url, call.headers, asAzure)) {
		return { status: 401 };
	}
	try {
		return answerOf(
			await runner.runHttp(
				match.route.target,
				rpcRequest(call, match.parameters),
			),
		);
	} catch (thrown) {
		const error = asError(thrown);
		log({
			level: "error",
			functionName: match.route.name,
			message: error.stack ?? error.message,
		});
		return { status: 500 };
	}
}

function rpcRequest(
	{ method, url, headers, body }: FunctionCall,
	parameters: Readonly<Record<string, string>>,
): RpcHttpRequest {
	return {
		url: url.href,
		method,
		nullableHeaders: rpcMap(headers),
		nullableQuery: rpcMap(queryOf(url.searchParams)),
		nullableParams: rpcMap(parameters),
		...(body.length > 0 ? { body: { bytes: body } } : {}),
	};
}

function rpcMap(values: Readonly<Record<string, string>>): RpcMap {
	return Object.fromEntries(
		Object.entries(values).map(([name, value]) => [name, { value }]),
	);
}

/** A name that comes twice is one entry with both values, joined by a comma, as on a real host. */
function queryOf(query: URLSearchParams): Record<string, string> {
	return Object.fromEntries(
		[...new Set(query.keys())].map((name) => [
			name,
			query.getAll(name).join(","),
		]),
	);
}

function headersOf(request: IncomingMessage): Record<string, string> {
	return Object.fromEntries(
		Object.entries(request.headersDistinct).map(([name, values]) => [
			name,
			(values ?? []).join(","),
		]),
	);
}

/** No response object is 204, as on a real host. */
function answerOf(response: RpcHttpResponse | undefined): Answer {
	if (!response) {
		return { status: 204 };
	}
	if (response.cookies.length > 0) {
		throw new Error("The local host does not support cookies in a response.");
	}
	const bytes = response.body?.bytes;
	return {
		status: Number(response.statusCode),
		headers: response.headers,
		...(bytes ? { bytes } : {}),
	};
}

function problem(
	status: number,
	detail: string,
	headers: Readonly<Record<string, string>> = {},
): Answer {
	return {
		status,
		headers: { "Content-Type": "application/problem+json", ...headers },
		json: {
			type: "about:blank",
			title: STATUS_CODES[status] ?? "Error",
			status,
			detail,
		},
	};
}

function send(
	response: ServerResponse,
	{ status, headers = {}, json, bytes }: Answer,
): void {
	const text = json === undefined ? undefined : JSON.stringify(json);
	response.statusCode = status;
	if (text !== undefined) {
		response.setHeader("Content-Type", "application/json");
	}
	for (const [name, value] of Object.entries(headers)) {
		response.setHeader(name, value);
	}
	response.end(text ?? bytes);
}
