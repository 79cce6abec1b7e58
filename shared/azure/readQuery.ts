import type { ResourceGraphClient } from "@azure/arm-resourcegraph";
import { subscriptionOfId } from "../arm.ts";
import type { Gap } from "../contract.ts";
import {
	AccessDenied,
	type Answer,
	lostOf,
	type QueryScope,
	type Read,
	type UnreadableRow,
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
/** A tenant that changes may leave a page without new rows; so many in a row are no progress. */
const mostIdlePages = 3;
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
 * and where it differs the query is run once more before the difference is a gap. A page that fails to the last try
 * leaves the rows before it; only a required query of which nothing could be had throws.
 */
export function createRead(options: ReadOptions): Read {
	const pacer = options.pacer ?? createPacer();
	const context: Context = {
		...options,
		pacer,
		sleep: options.sleep ?? sleep,
		log: options.log ?? (() => undefined),
	};
	return async (query, scope) => {
		const { failure, ...answer } = await readScope(
			context,
			query,
			scope,
			mostRows,
		);
		if (query.required && failure !== null) throw failure;
		return answer;
	};
}

interface Context extends Required<ReadOptions> {}

class TooLarge extends Error {}

/** An answer of which nothing could be had says why. */
interface PartAnswer<T> extends Answer<T> {
	readonly failure: Error | null;
}

async function readScope<T>(
	context: Context,
	query: Query<T>,
	scope: QueryScope,
	top: number,
): Promise<PartAnswer<T>> {
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
function cutShort<T>(answer: PartAnswer<T>): PartAnswer<T> {
	const reason =
		"more subscriptions are visible than Resource Graph answers at once: only the first were";
	return {
		...answer,
		gaps: [...answer.gaps, rowsGap({}, reason)],
		lost: null,
	};
}

/** Smaller pages first, then fewer subscriptions at a time. */
function readSmaller<T>(
	context: Context,
	query: Query<T>,
	scope: QueryScope,
	top: number,
): Promise<PartAnswer<T>> {
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
): Promise<PartAnswer<T>> {
	const all = scope.subscriptions ?? context.subscriptions();
	if (all.length <= 1 && scope.subscriptions) return tooLarge(query, scope);
	if (all.length === 0 || scope.managementGroups) return tooLarge(query, {});
	const size = Math.min(
		mostSubscriptions,
		scope.subscriptions ? Math.ceil(all.length / 2) : all.length,
	);
	const answers: PartAnswer<T>[] = [];
	for (let from = 0; from < all.length; from += size) {
		const subscriptions = all.slice(from, from + size);
		answers.push(await readScope(context, query, { subscriptions }, top));
	}
	const failures = answers.flatMap(({ failure }) => failure ?? []);
	return {
		rows: answers.flatMap(({ rows }) => rows),
		unreadable: answers.flatMap(({ unreadable }) => unreadable),
		gaps: answers.flatMap(({ gaps }) => gaps),
		lost: lostOf(answers),
		failure: failures.length === answers.length ? (failures[0] ?? null) : null,
	};
}

function tooLarge<T>(query: Query<T>, scope: QueryScope): PartAnswer<T> {
	const reason = `the answer with its ${query.of} is too large even in the smallest part`;
	return {
		rows: [],
		unreadable: [],
		gaps: [rowsGap(scope, reason)],
		lost: null,
		failure: new Error(reason),
	};
}

function rowsGap(scope: QueryScope, reason: string): Gap {
	const { subscriptions } = scope;
	return {
		kind: "rows",
		subscription:
			subscriptions?.length === 1 ? (subscriptions[0] ?? null) : null,
		scope: scopeText(scope),
		reason,
	};
}

interface Received {
	readonly rows: ReadonlyMap<string, Record<string, unknown>>;
	/** Null where not even the first page came. */
	readonly total: number | null;
	/** Rows were lost without a token to ask for them. */
	readonly truncated: boolean;
	/** More subscriptions than one request answers. */
	readonly cut: boolean;
	/** A page that failed to the last try, or a token that leads nowhere. */
	readonly end:
		| Failed
		| { readonly kind: "idle"; readonly reason: string }
		| null;
	readonly scope: QueryScope;
	readonly again: boolean;
}

interface Failed {
	readonly kind: "failed";
	readonly error: Error;
	/** It was waited for long enough: asking anew would only double that. */
	readonly exhausted: boolean;
}

async function readProven<T>(
	context: Context,
	query: Query<T>,
	scope: QueryScope,
	top: number,
): Promise<Received> {
	const first = await readPages(context, query, scope, top);
	if (isComplete(first) || !isWorthAnother(first)) return first;
	context.log(
		`${query.name}: ${first.rows.size} of ${first.total} rows arrived, asking once more`,
	);
	const second = await readPages(context, query, scope, top);
	const better =
		isComplete(second) ||
		(second.total !== null && second.rows.size >= first.rows.size)
			? second
			: first;
	return { ...better, again: true };
}

function isComplete({ rows, total, truncated, end }: Received): boolean {
	return !truncated && end === null && rows.size === total;
}

function isWorthAnother({ total, end }: Received): boolean {
	return total !== null && !(end?.kind === "failed" && end.exhausted);
}

async function readPages<T>(
	context: Context,
	query: Query<T>,
	scope: QueryScope,
	top: number,
): Promise<Received> {
	const rows = new Map<string, Record<string, unknown>>();
	const used = new Set<string>();
	let idlePages = 0;
	let total: number | null = null;
	let truncated = false;
	let cut = false;
	let end: Received["end"] = null;
	let skipToken: string | undefined;
	do {
		const page = await readPage(context, query, scope, top, skipToken);
		if (page.kind === "failed") {
			end = page;
			break;
		}
		const before = rows.size;
		total ??= page.totalRecords;
		for (const row of page.data) rows.set(query.key(row), row);
		truncated ||= page.truncated && page.skipToken === undefined;
		cut ||= page.cut;
		context.log(`${query.name}: ${rows.size} of ${total} rows`);
		if (skipToken !== undefined) used.add(skipToken);
		skipToken = page.skipToken;
		idlePages = rows.size > before ? 0 : idlePages + 1;
		end = skipToken === undefined ? null : endless(used, skipToken, idlePages);
	} while (skipToken !== undefined && end === null);
	return { rows, total, truncated, cut, end, scope, again: false };
}

/** A token that was used leads in a circle; one that is always new can lead on for ever. */
function endless(
	used: ReadonlySet<string>,
	skipToken: string,
	idlePages: number,
): Received["end"] {
	if (used.has(skipToken))
		return {
			kind: "idle",
			reason: "Resource Graph gave a $skipToken again",
		};
	return idlePages < mostIdlePages
		? null
		: {
				kind: "idle",
				reason: `${mostIdlePages} pages in a row had no new row`,
			};
}

interface Page {
	readonly kind: "page";
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
					"no token for Azure could be had: sign in with az login, or give the function app a managed identity with the role Reader",
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
			return bounded(
				retryAfterMilliseconds(failure.headers, Date.now()),
				attempt,
			);
	}
}

function failed(error: Error, exhausted = false): Failed {
	return { kind: "failed", error, exhausted };
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
function parse<T>(query: Query<T>, received: Received): PartAnswer<T> {
	const rows: T[] = [];
	const unreadable: UnreadableRow[] = [];
	for (const raw of received.rows.values()) {
		try {
			rows.push(query.parse(raw));
		} catch (error) {
			if (!(error instanceof RowError)) throw error;
			unreadable.push({
				id: String(raw.id).toLowerCase(),
				reason: error.message,
				raw,
			});
		}
	}
	return {
		rows,
		unreadable,
		gaps: [
			...missing(query, received),
			...unreadable.map(
				({ id, reason }): Gap => ({
					kind: "row",
					subscription: subscriptionOfId(id),
					scope: id,
					reason: `${query.of}: ${reason}`,
				}),
			),
		],
		lost: lostRows(received),
		failure:
			received.total === null && received.end?.kind === "failed"
				? received.end.error
				: null,
	};
}

function scopeText({ subscriptions }: QueryScope): string {
	if (subscriptions === undefined) return "tenant";
	return subscriptions.length === 1
		? `subscription ${subscriptions[0]}`
		: `${subscriptions.length} subscriptions from ${subscriptions[0]} to ${subscriptions.at(-1)}`;
}

/** Where as many rows came as were announced or more, nobody knows how many are missing. */
function lostRows(received: Received): number | null {
	if (isComplete(received)) return 0;
	const { rows, total } = received;
	return total !== null && total > rows.size ? total - rows.size : null;
}

function missing(query: Query<unknown>, received: Received): Gap[] {
	if (isComplete(received)) return [];
	const { rows, total, scope, end, again } = received;
	const counted =
		total === null
			? `none of the ${query.of} answered`
			: `${rows.size} of ${total} ${query.of} answered${again ? ", also when asked again" : ""}`;
	return [rowsGap(scope, end === null ? counted : `${counted}. ${why(end)}`)];
}

function why(end: NonNullable<Received["end"]>): string {
	switch (end.kind) {
		case "failed":
			return end.error.message;
		case "idle":
			return end.reason;
	}
}
