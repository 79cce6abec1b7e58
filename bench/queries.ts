import { gather } from "../shared/inventory/gather.ts";
import type { Read } from "../shared/inventory/reader.ts";
import type { Query } from "../shared/inventory/rows.ts";
import { readSubscriptions } from "../shared/inventory/subscriptions.ts";

/** Rows that one request brings at the most. */
export const pageRows = 1000;

/** The queries that an audit of the whole tenant asks, taken from the code that asks them. */
export async function auditQueries(): Promise<Query<unknown>[]> {
	const queries: Query<unknown>[] = [];
	const read: Read = async (query) => {
		queries.push(query);
		return { rows: [], unreadable: [], gaps: [], lost: 0 };
	};
	await gather(read, await readSubscriptions(read, []));
	return queries;
}

/** Requests that nobody can do without: a page is a request, and a query without rows takes one as well. */
export function leastRequests(totals: readonly number[]): number {
	return totals
		.map((rows) => Math.max(1, Math.ceil(rows / pageRows)))
		.reduce((sum, pages) => sum + pages, 0);
}
