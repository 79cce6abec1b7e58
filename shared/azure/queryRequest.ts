import type { ResourceGraphClient } from "@azure/arm-resourcegraph";
import { AccessDenied, type QueryScope } from "../inventory/reader.ts";
import type { Query } from "../inventory/rows.ts";
import { retryAfterMilliseconds } from "../retryAfter.ts";
import { type HeaderReader, type Pacer, resetMilliseconds } from "./pacer.ts";
import { type QueryFailure, queryFailure } from "./queryError.ts";

const attempts = { throttled: 30, passing: 7 };
const longestWait = 300_000;
const longestBackoff = 60_000;
/** A page takes seconds. A connection that says nothing for this long is lost. */
const answerTimeout = 120_000;

export interface RequestContext {
	readonly client: Pick<ResourceGraphClient, "resources">;
	readonly pacer: Pacer;
	readonly log: (message: string) => void;
}

/** The answer does not fit into a response: only fewer rows at a time help. */
export class TooLarge extends Error {}

export interface Failed {
	readonly kind: "failed";
	readonly error: Error;
	/** It was waited for long enough: asking again would only double that. */
	readonly exhausted: boolean;
}

export interface Page {
	readonly kind: "page";
	readonly data: readonly Record<string, unknown>[];
	readonly totalRecords: number;
	readonly truncated: boolean;
	readonly skipToken: string | undefined;
	readonly cut: boolean;
}

/** One page, asked again at the pace that Resource Graph allows until it comes or fails for good. Throws `TooLarge`. */
export async function readPage<T>(
	context: RequestContext,
	query: Query<T>,
	scope: QueryScope,
	top: number,
	skipToken: string | undefined,
): Promise<Page | Failed> {
	const failures = { throttled: 0, passing: 0 };
	for (;;) {
		const isOver = await context.pacer.ready();
		try {
			return await send(context, query, scope, top, skipToken);
		} catch (error) {
			const failure = queryFailure(error);
			const attempt =
				failure.kind === "throttled" || failure.kind === "passing"
					? ++failures[failure.kind]
					: 1;
			const wait = waitAfter(failure, attempt, query);
			if (typeof wait !== "number") return wait;
			const what =
				failure.kind === "passing" ? failure.reason : "throttled (429)";
			context.log(
				`${query.name}: ${what}, try ${attempt + 1} in ${(wait / 1000).toFixed(1)} s`,
			);
			context.pacer.pause(wait);
		} finally {
			isOver();
		}
	}
}

async function send<T>(
	context: RequestContext,
	query: Query<T>,
	scope: QueryScope,
	top: number,
	skipToken: string | undefined,
): Promise<Page> {
	let cut = false;
	const response = await context.client.resources(
		{
			query: query.kql,
			...(scope.subscriptions
				? { subscriptions: [...scope.subscriptions] }
				: {}),
			...(scope.managementGroups
				? { managementGroups: [...scope.managementGroups] }
				: {}),
			options: {
				top,
				resultFormat: "objectArray",
				allowPartialScopes: false,
				...(skipToken === undefined ? {} : { skipToken }),
			},
		},
		{
			abortSignal: AbortSignal.timeout(answerTimeout),
			onResponse: ({ headers }) => {
				context.pacer.note(headers);
				cut =
					headers.get("x-ms-tenant-subscription-limit-hit")?.toLowerCase() ===
					"true";
			},
		},
	);
	return {
		kind: "page",
		data: rowsOf(response.data),
		totalRecords: response.totalRecords,
		truncated: response.resultTruncated === "true",
		skipToken: response.skipToken,
		cut,
	};
}

function rowsOf(data: unknown): Record<string, unknown>[] {
	if (!Array.isArray(data))
		throw new Error("Resource Graph answered without a list of rows");
	return data;
}

/** How long to wait before the same request again, or the failure where that would not help. */
function waitAfter(
	failure: QueryFailure,
	attempt: number,
	query: Query<unknown>,
): number | Failed {
	switch (failure.kind) {
		case "too-large":
			throw new TooLarge();
		case "no-token":
			return failed(
				new AccessDenied(
					"Azure issued no token: run az login, or assign the function app a managed identity with the role Reader",
				),
			);
		case "denied":
			return failed(
				new AccessDenied(
					`Resource Graph refused the query for ${query.of}${failure.reason === "" ? "" : ` (${failure.reason})`}: the auditor's identity needs the role Reader on the subscriptions, or on a management group above them`,
				),
			);
		case "final":
			return failed(
				new Error(
					`Resource Graph refused the query for ${query.of}: ${failure.reason}`,
				),
			);
		case "throttled":
			if (attempt >= attempts.throttled)
				return failed(
					new Error(
						`Resource Graph throttled the query for ${query.of} ${attempt} times in a row`,
					),
					true,
				);
			return throttleWait(failure.headers, attempt);
		case "passing":
			if (attempt >= attempts.passing)
				return failed(
					new Error(
						`Resource Graph did not answer the query for ${query.of}: ${failure.reason}, ${attempt} times in a row`,
					),
					true,
				);
			return bounded(retryAfter(failure.headers), attempt);
	}
}

function failed(error: Error, exhausted = false): Failed {
	return { kind: "failed", error, exhausted };
}

/** Whether a 429 says when to come back is not documented: Retry-After, then the quota's header, then patience. */
function throttleWait(headers: HeaderReader, attempt: number): number {
	return bounded(retryAfter(headers) ?? resetMilliseconds(headers), attempt);
}

function retryAfter(headers: HeaderReader): number | null {
	return retryAfterMilliseconds(headers.get("retry-after"), Date.now());
}

/** Headers speak in whole seconds and may say 0: then patience of our own. */
function bounded(asked: number | null, attempt: number): number {
	return asked === null || asked < leastWait
		? backoff(attempt)
		: Math.min(asked, longestWait);
}

const leastWait = 250;

function backoff(attempt: number): number {
	const most = Math.min(longestBackoff, 500 * 2 ** attempt);
	return Math.round(most / 2 + (Math.random() * most) / 2);
}
