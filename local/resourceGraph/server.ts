import {
	createServer,
	type IncomingMessage,
	type Server,
	type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { type Answer, frontDoorError } from "./answer.ts";
import { type ArmService, createArmService } from "./armService.ts";
import { written } from "./armWrites.ts";
import { readQuery } from "./askedQuery.ts";
import { changesBetween } from "./changeLog.ts";
import { createFaults, type FaultBox, type FaultPlan } from "./faults.ts";
import { refusedAtTheDoor, refusedStranger } from "./frontDoor.ts";
import { loadParser } from "./kustoParser.ts";
import { outcomeOf, type QueryGate } from "./outcome.ts";
import type { Scope } from "./queryRequest.ts";
import {
	createQueryService,
	type QueryServiceOptions,
} from "./queryService.ts";
import { createQuota, documentedQuota, type QuotaOptions } from "./quota.ts";
import type { ArmResource } from "./rows.ts";

export interface ResourceGraphOptions extends QueryServiceOptions {
	/** 0, the default, takes any free port. */
	readonly port?: number;
	/** 15 requests in 5 seconds unless said otherwise. */
	readonly quota?: QuotaOptions | "off";
	readonly faults?: FaultPlan;
	/** Says by header that only the first 10,000 subscriptions of the scope were answered. */
	readonly tenantSubscriptionLimitHit?: boolean;
	/** Clock of the quota, in milliseconds. */
	readonly now?: () => number;
	/** For how long Resource Graph shows the old state after a change, in milliseconds. A GET shows the new one at once. */
	readonly lagMs?: number;
}

/** A request that reached Resource Graph. Its status is 0 when it got no answer. */
interface RecordedRequest {
	readonly query: string;
	readonly scope: Scope;
	readonly page: number;
	readonly status: number;
}

export interface ResourceGraphServer {
	/** Endpoint for a client, without a trailing slash. */
	readonly url: string;
	readonly port: number;
	readonly requests: readonly RecordedRequest[];
	readonly faults: FaultBox;
	/** IDs that a GET asked for, in order. */
	readonly armRequests: readonly string[];
	/** Replaces all resources. What differs is in `resourcechanges`, made now. */
	setResources(resources: readonly ArmResource[]): void;
	/** For changes from now on. */
	setLag(milliseconds: number): void;
	/** Undefined: all. */
	setReadableSubscriptions(subscriptions: readonly string[] | undefined): void;
	close(): Promise<void>;
}

/** Starts a Resource Graph on 127.0.0.1 that speaks the REST protocol (2024-04-01) and asks for no token. */
export async function startResourceGraph(
	options: ResourceGraphOptions = {},
): Promise<ResourceGraphServer> {
	loadParser();
	const service = createQueryService(options);
	const faults = createFaults(options.faults);
	const quota = createQuota(
		options.quota ?? documentedQuota,
		options.now ?? Date.now,
	);
	const arm = createArmService(
		options.resources ?? [],
		options.readableSubscriptions?.map((id) => id.toLowerCase()),
	);
	const requests: RecordedRequest[] = [];
	const armRequests: string[] = [];
	let resources = options.resources ?? [];
	const changes: ArmResource[] = [];
	let lagMs = options.lagMs ?? 0;
	let lagging: NodeJS.Timeout | undefined;
	let received = 0;
	const setResources = (next: readonly ArmResource[]) => {
		changes.push(...changesBetween(resources, next, new Date()));
		resources = next;
		arm.setResources(next);
		clearTimeout(lagging);
		const shown = [...next, ...changes];
		if (lagMs === 0) service.setResources(shown);
		else lagging = setTimeout(() => service.setResources(shown), lagMs).unref();
	};
	const host: Host = {
		arm,
		write: (method, id, body) => {
			const { answer, resources: next } = written(resources, method, id, body);
			if (next !== null) setResources(next);
			return answer;
		},
		recordArm: (id) => armRequests.push(id),
		gate: { service, faults, quota },
		nextIndex: () => received++,
		record: (request) => requests.push(request),
		headers: options.tenantSubscriptionLimitHit
			? { "x-ms-tenant-subscription-limit-hit": "true" }
			: {},
	};
	// As the local host does: the reader may be busy for longer than the 5 seconds of Node.
	const server = createServer(
		{ keepAliveTimeout: 120_000 },
		(request, response) => {
			serve(host, request, response).catch((error: unknown) =>
				fail(response, error),
			);
		},
	);
	await listen(server, options.port ?? 0);
	const { port } = server.address() as AddressInfo;

	return {
		url: `http://127.0.0.1:${port}`,
		port,
		requests,
		faults,
		armRequests,
		setResources,
		setLag: (milliseconds) => {
			lagMs = milliseconds;
		},
		setReadableSubscriptions: (subscriptions) => {
			service.setReadableSubscriptions(subscriptions);
			arm.setReadableSubscriptions(subscriptions);
		},
		close: () => {
			clearTimeout(lagging);
			return close(server);
		},
	};
}

interface Host {
	readonly gate: QueryGate;
	readonly arm: ArmService;
	recordArm(id: string): void;
	/** PUT, PATCH or DELETE of a resource. */
	write(method: string, id: string, body: string): Answer;
	readonly headers: Readonly<Record<string, string>>;
	nextIndex(): number;
	record(request: RecordedRequest): void;
}

async function serve(
	host: Host,
	request: IncomingMessage,
	response: ServerResponse,
): Promise<void> {
	const stranger = refusedStranger(request);
	const resource = stranger ?? host.arm.answer(request);
	if (resource) {
		if (!stranger)
			host.recordArm(
				URL.parse(request.url ?? "", "http://localhost")?.pathname ?? "",
			);
		send(response, resource);
		return;
	}
	const body = await text(request);
	const changed = changedResource(request);
	if (changed !== null) {
		send(response, host.write(request.method ?? "", changed, body));
		return;
	}
	const refusal = refusedAtTheDoor(request);
	if (refusal) {
		send(response, refusal);
		return;
	}

	const asked = readQuery(body);
	const outcome = await outcomeOf(host.gate, asked, host.nextIndex());
	const answered = outcome !== "none" && outcome !== "reset";
	host.record({ ...asked.seen, status: answered ? outcome.status : 0 });
	if (answered) send(response, outcome, host.headers);
	else if (outcome === "reset") response.destroy();
}

/** The resource, or the part of one, that a request writes. */
function changedResource({
	method = "",
	url = "",
}: IncomingMessage): string | null {
	const id = decodeURIComponent(
		URL.parse(url, "http://localhost")?.pathname ?? "",
	);
	return ["PUT", "PATCH", "DELETE"].includes(method) &&
		/^\/subscriptions\/[^/]+\/resourcegroups\/[^/]+\/providers(\/[^/]+){3}(\/[^/]+\/[^/]+)?$/i.test(
			id,
		)
		? id
		: null;
}

function send(
	response: ServerResponse,
	answer: Answer,
	headers: Readonly<Record<string, string>> = {},
): void {
	response.writeHead(answer.status, {
		"content-type": "application/json; charset=utf-8",
		"content-length": Buffer.byteLength(answer.body),
		...headers,
		...answer.headers,
	});
	response.end(answer.body);
}

function fail(response: ServerResponse, error: unknown): void {
	if (response.headersSent || response.destroyed) return;
	send(response, frontDoorError(500, "InternalServerError", String(error)));
}

function listen(server: Server, port: number): Promise<void> {
	return new Promise((resolve, reject) => {
		server.once("error", reject);
		server.listen(port, "127.0.0.1", resolve);
	});
}

/** Callers that are still waiting are cut off. */
function close(server: Server): Promise<void> {
	return new Promise((resolve, reject) => {
		server.close((error) => (error ? reject(error) : resolve()));
		server.closeAllConnections();
	});
}
