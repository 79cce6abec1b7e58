import type { ResourceGraphClient } from "@azure/arm-resourcegraph";
import type { Gap } from "../contract.ts";
import {
	AccessDenied,
	type Answer,
	type QueryScope,
	type Read,
} from "../inventory/reader.ts";
import { type Query, RowError } from "../inventory/rows.ts";
import {
	createPacer,
	type Pacer,
	resetMilliseconds,
	retryAfterMilliseconds,
	type Sleep,
	sleep,
} from "./pacer.ts";
import { type QueryFailure, queryFailure } from "./queryError.ts";

const mostRows = 1000;
/** Smaller pages than this cost more requests than a narrower scope. */
const leastRows = 25;
/** Subscriptions that one request may name. */
const mostSubscriptions = 1000;
const attempts = { throttled: 30, passing: 7 };
const longestWait = 300_000;
const longestBackoff = 60_000;
/** A page takes seconds; a connection that says nothing for so long is lost. */
const answerTimeout = 120_000;

export interface ReadOptions {
	readonly client: Pick<ResourceGraphClient, "resources">;
	/** What a scope of the whole tenant is narrowed to, where an answer is too large or cut. */
	readonly subscriptions: () => readonly string[];
	readonly pacer?: Pacer;
	readonly sleep?: Sleep;
	readonly log?: (message: string) => void;
}

/**
 * Reads queries page by page. Only `$skipToken` says that there is more; what arrived is held against `totalRecords`,
 * and where it differs the query is run once more before the difference is a gap.
 */
export function createRead(options: ReadOptions): Read {
	const pacer = options.pacer ?? createPacer();
	const context: Context = {
		...options,
		pacer,
		sleep: options.sleep ?? sleep,
		log: options.log ?? (() => undefined),
	};
	return (query, scope) => readScope(context, query, scope, mostRows);
}

interface Context extends Required<ReadOptions> {}

class TooLarge extends Error {}

async function readScope<T>(
	context: Context,
	query: Query<T>,
	scope: QueryScope,
	top: number,
): Promise<Answer<T>> {
	try {
		const whole = await readProven(context, query, scope, top);
		if (!whole.cut || scope.subscriptions) return parse(query, whole);
		const known = !scope.managementGroups && context.subscriptions().length > 0;
		return known
			? await readInParts(context, query, scope, top)
			: cutShort(parse(query, whole));
	} catch (error) {
		if (!(error instanceof TooLarge)) throw error;
		return readSmaller(context, query, scope, top);
	}
}

/** Without a list of subscriptions to ask by, what arrived is all there is. */
function cutShort<T>(answer: Answer<T>): Answer<T> {
	const reason =
		"more subscriptions are visible than Resource Graph answers at once: only the first were";
	return {
		...answer,
		gaps: [...answer.gaps, { scope: "tenant", reason }],
	};
}

/** Smaller pages first, then fewer subscriptions at a time. */
function readSmaller<T>(
	context: Context,
	query: Query<T>,
	scope: QueryScope,
	top: number,
): Promise<Answer<T>> {
	const least = scope.subscriptions?.length === 1 ? 1 : leastRows;
	if (top > least)
		return readScope(
			context,
			query,
			scope,
			Math.max(least, Math.floor(top / 2)),
		);
	return readInParts(context, query, scope, top);
}

/** By halves of the subscriptions; one subscription alone that is still too much is a gap with its name. */
async function readInParts<T>(
	context: Context,
	query: Query<T>,
	scope: QueryScope,
	top: number,
): Promise<Answer<T>> {
	const all = scope.subscriptions ?? context.subscriptions();
	if (all.length <= 1 && scope.subscriptions)
		return nothingOf(query, `subscription ${all[0] ?? ""}`);
	if (all.length === 0 || scope.managementGroups)
		return nothingOf(query, "tenant");
	const size = Math.min(
		mostSubscriptions,
		scope.subscriptions ? Math.ceil(all.length / 2) : all.length,
	);
	const answers: Answer<T>[] = [];
	for (let from = 0; from < all.length; from += size) {
		const subscriptions = all.slice(from, from + size);
		answers.push(await readScope(context, query, { subscriptions }, top));
	}
	return {
		rows: answers.flatMap(({ rows }) => rows),
		unreadable: answers.flatMap(({ unreadable }) => unreadable),
		gaps: answers.flatMap(({ gaps }) => gaps),
	};
}

function nothingOf<T>(query: Query<T>, scope: string): Answer<T> {
	const reason = `the answer with its ${query.of} is too large even in the smallest part`;
	return { rows: [], unreadable: [], gaps: [{ scope, reason }] };
}

interface Received {
	readonly rows: ReadonlyMap<string, Record<string, unknown>>;
	readonly total: number;
	/** Rows were lost without a token to ask for them. */
	readonly truncated: boolean;
	/** More subscriptions than one request answers. */
	readonly cut: boolean;
	readonly scope: QueryScope;
}

async function readProven<T>(
	context: Context,
	query: Query<T>,
	scope: QueryScope,
	top: number,
): Promise<Received> {
	const first = await readPages(context, query, scope, top);
	if (isComplete(first)) return first;
	context.log(
		`${query.name}: ${first.rows.size} of ${first.total} rows arrived, asking once more`,
	);
	const second = await readPages(context, query, scope, top);
	return isComplete(second) || second.rows.size >= first.rows.size
		? second
		: first;
}

function isComplete({ rows, total, truncated }: Received): boolean {
	return !truncated && rows.size === total;
}

async function readPages<T>(
	context: Context,
	query: Query<T>,
	scope: QueryScope,
	top: number,
): Promise<Received> {
	const rows = new Map<string, Record<string, unknown>>();
	let total: number | null = null;
	let truncated = false;
	let cut = false;
	let skipToken: string | undefined;
	do {
		const page = await readPage(context, query, scope, top, skipToken);
		total ??= page.totalRecords;
		for (const row of page.data) rows.set(query.key(row), row);
		truncated ||= page.truncated && page.skipToken === undefined;
		cut ||= page.cut;
		skipToken = page.skipToken;
		context.log(`${query.name}: ${rows.size} of ${total} rows`);
	} while (skipToken !== undefined);
	return { rows, total, truncated, cut, scope };
}

interface Page {
	readonly data: readonly Record<string, unknown>[];
	readonly totalRecords: number;
	readonly truncated: boolean;
	readonly skipToken: string | undefined;
	readonly cut: boolean;
}

async function readPage<T>(
	context: Context,
	query: Query<T>,
	scope: QueryScope,
	top: number,
	skipToken: string | undefined,
): Promise<Page> {
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
	context: Context,
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

/** How long to wait before the same request again; throws where that would not help. */
function waitAfter(
	failure: QueryFailure,
	attempt: number,
	query: Query<unknown>,
): number {
	switch (failure.kind) {
		case "too-large":
			throw new TooLarge();
		case "no-token":
			throw new AccessDenied(
				"no token for Azure could be had: sign in with az login, or give the function app a managed identity with the role Reader",
			);
		case "denied":
			throw new AccessDenied(
				`Resource Graph refused the query for ${query.of}${failure.reason === "" ? "" : ` (${failure.reason})`}: the auditor's identity needs the role Reader on the subscriptions, or on a management group above them`,
			);
		case "final":
			throw new Error(
				`Resource Graph refused the query for ${query.of}: ${failure.reason}`,
			);
		case "throttled":
			if (attempt >= attempts.throttled)
				throw new Error(
					`Resource Graph throttled the query for ${query.of} ${attempt} times in a row`,
				);
			return throttleWait(failure.headers, attempt);
		case "passing":
			if (attempt >= attempts.passing)
				throw new Error(
					`Resource Graph did not answer the query for ${query.of}: ${failure.reason}, ${attempt} times in a row`,
				);
			return bounded(
				retryAfterMilliseconds(failure.headers, Date.now()),
				attempt,
			);
	}
}

/** Whether a 429 says when to come back is not documented: Retry-After, then the quota's header, then patience. */
function throttleWait(
	headers: Parameters<typeof resetMilliseconds>[0],
	attempt: number,
): number {
	return bounded(
		retryAfterMilliseconds(headers, Date.now()) ?? resetMilliseconds(headers),
		attempt,
	);
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

/** A row that cannot be parsed is a gap with its id and field, never a shrug. */
function parse<T>(query: Query<T>, received: Received): Answer<T> {
	const rows: T[] = [];
	const unreadable: { id: string; reason: string }[] = [];
	for (const row of received.rows.values()) {
		try {
			rows.push(query.parse(row));
		} catch (error) {
			if (!(error instanceof RowError)) throw error;
			unreadable.push({
				id: String(row.id).toLowerCase(),
				reason: error.message,
			});
		}
	}
	return {
		rows,
		unreadable,
		gaps: [
			...missing(query, received),
			...unreadable.map(({ id, reason }) => ({
				scope: id,
				reason: `${query.of}: ${reason}`,
			})),
		],
	};
}

function scopeWords({ subscriptions }: QueryScope): string {
	if (subscriptions === undefined) return "tenant";
	return subscriptions.length === 1
		? `subscription ${subscriptions[0]}`
		: `${subscriptions.length} subscriptions from ${subscriptions[0]} to ${subscriptions.at(-1)}`;
}

function missing(query: Query<unknown>, received: Received): Gap[] {
	if (isComplete(received)) return [];
	const { rows, total, scope } = received;
	return [
		{
			scope: scopeWords(scope),
			reason: `${rows.size} of ${total} ${query.of} answered, also when asked again`,
		},
	];
}
