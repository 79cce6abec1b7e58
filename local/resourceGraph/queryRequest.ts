import * as v from "valibot";

/** Rows of a page, by default and at most. */
export const maxPageRows = 1000;
/** Subscriptions in one request (learn.microsoft.com, Resource Graph, troubleshoot). */
const maxSubscriptions = 1000;

const guidOrName = v.pipe(v.string(), v.nonEmpty());

const requestSchema = v.strictObject({
	query: v.string(),
	subscriptions: v.optional(v.nullable(v.array(guidOrName))),
	managementGroups: v.optional(v.nullable(v.array(guidOrName))),
	options: v.optional(
		v.nullable(
			v.strictObject({
				$top: v.optional(
					v.pipe(
						v.number(),
						v.integer(),
						v.minValue(1),
						v.maxValue(maxPageRows),
					),
				),
				$skip: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0))),
				$skipToken: v.optional(v.string()),
				resultFormat: v.optional(v.literal("objectArray")),
				allowPartialScopes: v.optional(v.boolean()),
				authorizationScopeFilter: v.optional(v.string()),
			}),
		),
	),
});

/** What the caller asks about: ids in lower case, empty lists meaning everything the identity can read. */
export interface Scope {
	readonly subscriptions: readonly string[];
	readonly managementGroups: readonly string[];
}

export interface QueryRequest {
	readonly query: string;
	readonly scope: Scope;
	readonly top: number | undefined;
	readonly skip: number;
	readonly skipToken: string | undefined;
}

/** The request, or why it is refused. */
type ParsedRequest =
	| { readonly kind: "request"; readonly request: QueryRequest }
	| { readonly kind: "refused"; readonly reason: string };

export function parseRequest(body: string): ParsedRequest {
	const json = parseJson(body);
	if (json === undefined) return refused("The request body is not JSON.");
	const parsed = v.safeParse(requestSchema, json);
	if (!parsed.success) return refused(v.summarize(parsed.issues));

	const { query, subscriptions, managementGroups, options } = parsed.output;
	const scope: Scope = {
		subscriptions: lowerCased(subscriptions),
		managementGroups: lowerCased(managementGroups),
	};
	if (scope.subscriptions.length > 0 && scope.managementGroups.length > 0) {
		return refused(
			"Subscriptions and management groups are mutually exclusive.",
		);
	}
	if (scope.subscriptions.length > maxSubscriptions) {
		return refused(
			`The request has ${scope.subscriptions.length} subscriptions; use at most ${maxSubscriptions}.`,
		);
	}

	return {
		kind: "request",
		request: {
			query,
			scope,
			top: options?.$top,
			skip: options?.$skip ?? 0,
			skipToken: options?.$skipToken,
		},
	};
}

function refused(reason: string): ParsedRequest {
	return { kind: "refused", reason };
}

/** Undefined for what is not JSON. */
function parseJson(body: string): unknown {
	try {
		return JSON.parse(body);
	} catch (error) {
		if (error instanceof SyntaxError) return undefined;
		throw error;
	}
}

function lowerCased(ids: readonly string[] | null | undefined): string[] {
	return [...new Set((ids ?? []).map((id) => id.toLowerCase()))];
}
