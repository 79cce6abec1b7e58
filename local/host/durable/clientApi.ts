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

/** The Durable extension's HTTP API, as far as the client of durable-functions needs it. The rest answers 501. */
export function answerClient(
	hub: TaskHub,
	endpoints: DurableEndpoints,
	request: ClientRequest,
): ClientAnswer {
	const { method, query } = request;
	const [collection, first, operation] = request.segments;
	if (collection === "orchestrators" && first && method === "POST") {
		return start(hub, endpoints, request, first, operation);
	}
	if (collection === "instances" && !first && method === "DELETE") {
		return purgeAll(hub, query);
	}
	if (collection === "instances" && first && !operation) {
		return answerForOne(hub, request, first);
	}
	if (first && operation === "terminate" && method === "POST") {
		return terminate(hub, query, first);
	}
	return notSupported(request);
}

function start(
	hub: TaskHub,
	endpoints: DurableEndpoints,
	{ body }: ClientRequest,
	name: string,
	instanceId: string | undefined,
): ClientAnswer {
	if (instanceId !== undefined && !isValidId(instanceId)) {
		return message(400, `Instance id '${instanceId}' is not valid.`);
	}
	try {
		const id = hub.start(name, {
			input: body === "" ? "" : JSON.parse(body),
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

/** Purges by a filter what is over. */
function purgeAll(hub: TaskHub, query: URLSearchParams): ClientAnswer {
	const filter = filterOf(query);
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
	const { method } = request;
	if (method !== "GET" && method !== "DELETE") {
		return notSupported(request);
	}
	const status = visibleStatus(hub, instanceId);
	if (!status) {
		return { status: 404 };
	}
	if (method === "GET") {
		return { status: isRunning(status) ? 202 : 200, json: status };
	}
	const instancesDeleted = hub.purge(instanceId) ? 1 : 0;
	return { status: 200, json: { instancesDeleted } };
}

function terminate(
	hub: TaskHub,
	query: URLSearchParams,
	instanceId: string,
): ClientAnswer {
	const status = visibleStatus(hub, instanceId);
	if (!status) {
		return { status: 404 };
	}
	if (!isRunning(status)) {
		// Gone: the client takes it for accepted, and nothing happens.
		return { status: 410 };
	}
	hub.terminate(instanceId, query.get("reason") ?? "");
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
