import { createHash } from "node:crypto";
import type { QueryRequest } from "./queryRequest.ts";

/** Where the next page starts and how many rows it has. */
export interface PagePosition {
	readonly start: number;
	readonly top: number;
}

/** The token is bound to query and scope, so that a page can never be asked of another result. */
export function writeSkipToken(
	{ start, top }: PagePosition,
	request: QueryRequest,
): string {
	return Buffer.from(
		JSON.stringify([start, top, fingerprint(request)]),
	).toString("base64");
}

/** Undefined for a token of another query or scope. */
export function readSkipToken(
	token: string,
	request: QueryRequest,
): PagePosition | undefined {
	const [, start, top, owner] =
		/^\[(\d+),(\d+),"([^"]*)"\]$/.exec(
			Buffer.from(token, "base64").toString(),
		) ?? [];
	if (owner !== fingerprint(request)) return undefined;

	return { start: Number(start), top: Number(top) };
}

function fingerprint({ query, scope }: QueryRequest): string {
	const { subscriptions, managementGroups } = scope;
	const text = JSON.stringify([
		query,
		subscriptions.toSorted(),
		managementGroups.toSorted(),
	]);
	return createHash("sha256").update(text).digest("base64url").slice(0, 16);
}
