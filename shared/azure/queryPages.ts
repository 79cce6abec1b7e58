import type { QueryScope } from "../inventory/reader.ts";
import type { Query } from "../inventory/rows.ts";
import { type Failed, type RequestContext, readPage } from "./queryRequest.ts";

/** A tenant that changes may leave a page without new rows; so many in a row are no progress. */
const mostIdlePages = 3;

/** The pages of one query, with what they say of their completeness. */
export interface Received {
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

/**
 * Only `$skipToken` says that there is more; what arrived is held against `totalRecords`, and where it differs the query is
 * run once more.
 */
export async function readProven<T>(
	context: RequestContext,
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

export function isComplete({ rows, total, truncated, end }: Received): boolean {
	return !truncated && end === null && rows.size === total;
}

function isWorthAnother({ total, end }: Received): boolean {
	return total !== null && !(end?.kind === "failed" && end.exhausted);
}

async function readPages<T>(
	context: RequestContext,
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
			reason: "Resource Graph repeated a $skipToken",
		};
	return idlePages < mostIdlePages
		? null
		: {
				kind: "idle",
				reason: `${mostIdlePages} pages in a row had no new row`,
			};
}
