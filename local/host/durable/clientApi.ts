import { type DurableEndpoints, managementUrls } from "./clientBinding.ts";
import type { InstanceStatus, StatusFilter } from "./instanceStatus.ts";
import { InstanceExistsError, type TaskHub } from "./taskHub.ts";

export interface ClientRequest {
	readonly method: string;
	/** What follows the API's base path, decoded: `['instances', id, 'terminate']`. */
	readonly segments: readonly string[];
	readonly query: URLSearchParams;
	readonly body: string;
}

export interface ClientAnswer {
	readonly status: number;
	readonly headers?: Readonly<Record<string, string>>;
	/** Absent: an empty body. */
	readonly json?: unknown;
}

/** The Durable extension's HTTP API, as far as the client of durable-functions needs it; the rest answers 501. */
export function answerClient(
	hub: TaskHub,
	endpoints: DurableEndpoints,
	request: ClientRequest,
): ClientAnswer {
	const [collection, first, operation, eventName] = request.segments;
	if (collection === "orchestrators" && first && request.method === "POST") {
		return start(hub, endpoints, request, first, operation);
	}
	if (collection === "instances" && !first) {
		return answerForAll(hub, request);
	}
	if (collection === "instances" && first && !operation) {
		return answerForOne(hub, request, first);
	}
	if (
		collection === "instances" &&
		first &&
		operation &&
		request.method === "POST"
	) {
		return operate(hub, request, { instanceId: first, operation, eventName });
	}
	return notSupported(request);
}

function start(
	hub: TaskHub,
	endpoints: DurableEndpoints,
	{ body, query }: ClientRequest,
	name: string,
	instanceId: string | undefined,
): ClientAnswer {
	if (instanceId !== undefined && !isValidId(instanceId)) {
		return message(400, `Instance id '${instanceId}' is not valid.`);
	}
	try {
		const id = hub.start(name, {
			input: body === "" ? "" : JSON.parse(body),
			version: query.get("version"),
			...(instanceId === undefined ? {} : { instanceId }),
		});
		const urls = managementUrls(endpoints, id);
		const headers = {
			Location: urls.statusQueryGetUri ?? "",
			"Retry-After": "10",
		};
		return { status: 202, headers, json: urls };
	} catch (error) {
		if (error instanceof InstanceExistsError) {
			return message(409, error.message);
		}
		if (error instanceof SyntaxError) {
			return message(400, "Invalid JSON content");
		}
		throw error;
	}
}

function answerForAll(hub: TaskHub, request: ClientRequest): ClientAnswer {
	const filter = filterOf(request.query);
	if (request.method === "GET") {
		return { status: 200, json: hub.list(filter) };
	}
	if (request.method !== "DELETE") {
		return notSupported(request);
	}
	if (filter.createdTimeFrom === undefined) {
		return message(
			400,
			"Please provide value for 'createdTimeFrom' parameter.",
		);
	}
	const deleted = hub
		.list(filter)
		.filter((status) => !isRunning(status) && hub.purge(status.instanceId));
	return deleted.length === 0
		? { status: 404 }
		: { status: 200, json: { instancesDeleted: deleted.length } };
}

function answerForOne(
	hub: TaskHub,
	request: ClientRequest,
	instanceId: string,
): ClientAnswer {
	const status = visibleStatus(hub, instanceId);
	if (request.method === "GET" && status) {
		const showInput = request.query.get("showInput")?.toLowerCase() !== "false";
		return {
			status: isRunning(status) ? 202 : 200,
			json: showInput ? status : { ...status, input: null },
		};
	}
	if (request.method === "DELETE" && status) {
		return {
			status: 200,
			json: { instancesDeleted: hub.purge(instanceId) ? 1 : 0 },
		};
	}
	return request.method === "GET" || request.method === "DELETE"
		? { status: 404 }
		: notSupported(request);
}

function operate(
	hub: TaskHub,
	request: ClientRequest,
	{
		instanceId,
		operation,
		eventName,
	}: { instanceId: string; operation: string; eventName: string | undefined },
): ClientAnswer {
	const isTerminate = operation === "terminate";
	if (!isTerminate && !(operation === "raiseEvent" && eventName)) {
		return notSupported(request);
	}
	const status = visibleStatus(hub, instanceId);
	if (!status) {
		return { status: 404 };
	}
	if (!isRunning(status)) {
		// Gone: the client takes it for accepted, and nothing happens.
		return { status: 410 };
	}
	if (isTerminate) {
		hub.terminate(instanceId, request.query.get("reason") ?? "");
	} else if (eventName) {
		hub.raiseEvent(
			instanceId,
			eventName,
			request.body === "" ? null : JSON.parse(request.body),
		);
	}
	return { status: 202 };
}

function visibleStatus(
	hub: TaskHub,
	instanceId: string,
): InstanceStatus | undefined {
	return hub.isVisible(instanceId) ? hub.status(instanceId) : undefined;
}

function filterOf(query: URLSearchParams): StatusFilter {
	return {
		createdTimeFrom: query.get("createdTimeFrom") ?? undefined,
		createdTimeTo: query.get("createdTimeTo") ?? undefined,
		runtimeStatus: query
			.getAll("runtimeStatus")
			.flatMap((list) => list.split(",")),
	};
}

function isRunning({ runtimeStatus }: InstanceStatus): boolean {
	return runtimeStatus === "Pending" || runtimeStatus === "Running";
}

/** The extension's rules: no leading @, none of / \ # ? and no control characters, 100 characters at most. */
function isValidId(instanceId: string): boolean {
	return instanceId.length <= 100 && /^(?!@)[^/\\#?\p{Cc}]+$/u.test(instanceId);
}

function message(status: number, text: string): ClientAnswer {
	return { status, json: { Message: text } };
}

function notSupported({ method, segments }: ClientRequest): ClientAnswer {
	return message(
		501,
		`The local host does not support ${method} ${segments.join("/")}.`,
	);
}
