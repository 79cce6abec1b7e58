import { type Answer, badRequest } from "./answer.ts";
import {
	maxPageRows,
	parseRequest,
	type QueryRequest,
	type Scope,
} from "./queryRequest.ts";
import { type PagePosition, readSkipToken } from "./skipToken.ts";

/** A query with the page it asks for, or what is wrong with it. */
export interface AskedQuery {
	readonly seen: {
		readonly query: string;
		readonly scope: Scope;
		readonly page: number;
	};
	readonly query:
		| {
				readonly kind: "valid";
				readonly request: QueryRequest;
				readonly position: PagePosition;
		  }
		| { readonly kind: "refused"; readonly answer: Answer };
}

/** Reads a request body. */
export function readQuery(body: string): AskedQuery {
	const parsed = parseRequest(body);
	if (parsed.kind === "refused") {
		const scope = { subscriptions: [], managementGroups: [] };
		return refused({ query: "", scope, page: 0 }, parsed.reason);
	}

	const { request } = parsed;
	const { query, scope } = request;
	const position = positionOf(request);
	if (!position) {
		const reason = "The skip token was not issued for this query and scope.";
		return refused({ query, scope, page: 0 }, reason);
	}

	const page = Math.ceil(position.start / position.top);
	return {
		seen: { query, scope, page },
		query: { kind: "valid", request, position },
	};
}

function refused(seen: AskedQuery["seen"], reason: string): AskedQuery {
	return { seen, query: { kind: "refused", answer: badRequest(reason) } };
}

/** A token contains start and page size. `$top` may change the size on the way. `$skip` counts without a token only. */
function positionOf(request: QueryRequest): PagePosition | undefined {
	const { skipToken, skip, top } = request;
	if (skipToken === undefined) return { start: skip, top: top ?? maxPageRows };

	const position = readSkipToken(skipToken, request);
	return position && { start: position.start, top: top ?? position.top };
}
