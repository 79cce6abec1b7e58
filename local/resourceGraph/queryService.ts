import {
	type Answer,
	accessDenied,
	invalidQuery,
	payloadTooLarge,
} from "./answer.ts";
import { type CompiledQuery, compileQuery } from "./compileQuery.ts";
import { type Fault, isFault } from "./faults.ts";
import { InvalidQuery } from "./invalidQuery.ts";
import { createInventory, readableScope } from "./inventory.ts";
import { cutPage, type Page } from "./page.ts";
import type { QueryRequest } from "./queryRequest.ts";
import { createResultCache } from "./resultCache.ts";
import type { ArmResource } from "./rows.ts";
import { type PagePosition, writeSkipToken } from "./skipToken.ts";

/** Documented limit of one response. */
const documentedResponseBytes = 16_777_216;

export interface QueryServiceOptions {
	readonly resources?: readonly ArmResource[];
	/** Subscriptions that the identity can read. Without it, all of the data. */
	readonly readableSubscriptions?: readonly string[];
	/** Limit of a response body, in bytes. */
	readonly maxResponseBytes?: number;
	/** Column `tenantId` of resources that do not have their own. */
	readonly tenantId?: string;
}

/** Answers parsed requests over its resources. */
export interface QueryService {
	answer(
		request: QueryRequest,
		position: PagePosition,
		faults: readonly Fault[],
	): Answer;
	/** Replaces all resources. Tokens stay valid, as they do while a tenant changes. */
	setResources(resources: readonly ArmResource[]): void;
	setReadableSubscriptions(subscriptions: readonly string[] | undefined): void;
}

export function createQueryService(options: QueryServiceOptions): QueryService {
	const { maxResponseBytes = documentedResponseBytes, tenantId = "" } = options;
	const results = createResultCache();
	let inventory = createInventory(options.resources ?? [], tenantId);
	let readable = lowerCased(options.readableSubscriptions);

	return {
		answer: (request, position, faults) => {
			const query = compileOrRefusal(request.query);
			if ("status" in query) return query;

			const scope = readableScope(
				inventory,
				request,
				(subscription) => readable?.has(subscription) ?? true,
			);
			if (!scope) return accessDenied();

			const forgotten = hit(faults.filter(isFault("forget")));
			const silent = hit(faults.filter(isFault("silence")));
			const remembered = scope.filter(
				(subscription) => !forgotten.has(subscription),
			);
			const rows = results.get(
				JSON.stringify([request.query, remembered, [...silent]]),
				() => query.run(inventory.rows(query.table, remembered, silent)),
			);
			return pageAnswer(
				cutPage(query, rows, position, faults),
				request,
				maxResponseBytes,
			);
		},
		setResources: (resources) => {
			inventory = createInventory(resources, tenantId);
			results.clear();
		},
		setReadableSubscriptions: (subscriptions) => {
			readable = lowerCased(subscriptions);
		},
	};
}

function compileOrRefusal(kql: string): CompiledQuery | Answer {
	try {
		return compileQuery(kql);
	} catch (error) {
		if (error instanceof InvalidQuery) return invalidQuery(error);
		throw error;
	}
}

function pageAnswer(
	page: Page,
	request: QueryRequest,
	maxResponseBytes: number,
): Answer {
	const body = JSON.stringify({
		totalRecords: page.total,
		count: page.rows.length,
		data: page.rows,
		facets: [],
		resultTruncated: page.truncated ? "true" : "false",
		...(page.next && { $skipToken: writeSkipToken(page.next, request) }),
	});
	const bytes = Buffer.byteLength(body);

	return bytes > maxResponseBytes
		? payloadTooLarge(bytes, maxResponseBytes)
		: { status: 200, body };
}

function hit(
	faults: readonly { readonly subscriptionId: string }[],
): ReadonlySet<string> {
	return new Set(
		faults.map(({ subscriptionId }) => subscriptionId.toLowerCase()),
	);
}

function lowerCased(
	ids: readonly string[] | undefined,
): ReadonlySet<string> | undefined {
	return ids && new Set(ids.map((id) => id.toLowerCase()));
}
