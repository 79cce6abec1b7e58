import { setImmediate } from "node:timers/promises";
import type { QueryScope } from "../inventory/reader.ts";
import type { Query } from "../inventory/rows.ts";
import { type ParsedRow, parseRow } from "./parsedRow.ts";
import {
	type Failed,
	type Page,
	type RequestContext,
	readPage,
} from "./queryRequest.ts";

/** A tenant that changes may produce a page without new rows. This many in a row are not progress. */
const mostIdlePages = 3;

/** The pages of one query, with what they say of their completeness. */
export interface Received<T> {
	/** By the query's key: a row that comes twice is one, as it came last. */
	readonly rows: ReadonlyMap<string, ParsedRow<T>>;
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
 * Only `$skipToken` says that there is more. What arrived is compared with `totalRecords`, and where it differs the
 * query is run once more.
 */
export async function readProven<T>(
	context: RequestContext,
	query: Query<T>,
	scope: QueryScope,
	top: number,
): Promise<Received<T>> {
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

export function isComplete({
	rows,
	total,
	truncated,
	end,
}: Received<unknown>): boolean {
	return !truncated && end === null && rows.size === total;
}

function isWorthAnother({ total, end }: Received<unknown>): boolean {
	return total !== null && !(end?.kind === "failed" && end.exhausted);
}

/** While a page is parsed, the next one travels. Rows are kept parsed: raw ones only for as long as their page is at hand. */
async function readPages<T>(
	context: RequestContext,
	query: Query<T>,
	scope: QueryScope,
	top: number,
): Promise<Received<T>> {
	const rows = new Map<string, ParsedRow<T>>();
	const used = new Set<string>();
	let idlePages = 0;
	let total: number | null = null;
	let truncated = false;
	let cut = false;
	let end: Received<unknown>["end"] = null;
	const ask = (skipToken?: string): Promise<Page | Failed> =>
		readPage(context, query, scope, top, skipToken);
	const take = async (data: Page["data"]) => {
		// The request for the next page starts in this turn of the event loop, before parsing can delay it.
		await setImmediate();
		for (const row of data) rows.set(query.key(row), parseRow(query, row));
		context.log(`${query.name}: ${rows.size} of ${total} rows`);
	};
	for (let asked = ask(); ; ) {
		const page = await asked;
		if (page.kind === "failed") {
			end = page;
			break;
		}
		const { data, skipToken } = page;
		total ??= page.totalRecords;
		truncated ||= page.truncated && skipToken === undefined;
		cut ||= page.cut;
		if (skipToken === undefined) {
			await take(data);
			break;
		}
		const isNew = data.some((row) => !rows.has(query.key(row)));
		idlePages = isNew ? 0 : idlePages + 1;
		end = endless(used, skipToken, idlePages);
		if (end !== null) {
			await take(data);
			break;
		}
		used.add(skipToken);
		asked = ask(skipToken);
		await Promise.all([asked, take(data)]);
	}
	return { rows, total, truncated, cut, end, scope, again: false };
}

/** A token that comes twice leads in a circle. New tokens could go on for ever. */
function endless(
	used: ReadonlySet<string>,
	skipToken: string,
	idlePages: number,
): Received<unknown>["end"] {
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
