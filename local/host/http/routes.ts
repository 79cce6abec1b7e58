import type { TriggeredFunction } from "../worker/functionApp.ts";

export interface HttpRoute {
	readonly name: string;
	readonly methods: readonly string[];
	/** `/api/audits/{auditId}` */
	readonly path: string;
	readonly segments: readonly Segment[];
	readonly target: TriggeredFunction;
}

type Segment =
	| { readonly kind: "literal"; readonly text: string }
	| {
			readonly kind: "parameter";
			readonly name: string;
			readonly optional: boolean;
	  };

type RouteMatch =
	| {
			readonly kind: "found";
			readonly route: HttpRoute;
			readonly parameters: Readonly<Record<string, string>>;
	  }
	| { readonly kind: "method-not-allowed"; readonly allowed: readonly string[] }
	| { readonly kind: "not-found" };

/** The functions' routes, those with more literal segments first, so that `audits/latest` wins over `audits/{id}`. */
export function routesOf(
	functions: readonly TriggeredFunction[],
	prefix: string,
): HttpRoute[] {
	const routes = functions.map((target): HttpRoute => {
		const { name } = target.registered;
		const { route, methods } = target.trigger.options as {
			route?: string;
			methods?: readonly string[];
		};
		const path = [prefix, route ?? name]
			.flatMap((part) => part.split("/"))
			.filter(Boolean);
		return {
			name,
			methods: (methods ?? ["GET", "POST"]).map((method) =>
				method.toUpperCase(),
			),
			path: `/${path.join("/")}`,
			segments: path.map((part) => segmentOf(part, name)),
			target,
		};
	});
	return routes.sort((a, b) => literals(b) - literals(a));
}

/** Literal segments match in any case, as on a real host. */
export function matchRoute(
	routes: readonly HttpRoute[],
	method: string,
	pathname: string,
): RouteMatch {
	const parts = pathname.split("/").filter(Boolean);
	const matching = routes.flatMap((route) => {
		const parameters = parametersOf(route.segments, parts);
		return parameters ? [{ route, parameters }] : [];
	});
	const found = matching.find(({ route }) => route.methods.includes(method));
	if (found) {
		return { kind: "found", ...found };
	}
	return matching.length > 0
		? {
				kind: "method-not-allowed",
				allowed: matching.flatMap(({ route }) => route.methods),
			}
		: { kind: "not-found" };
}

function segmentOf(part: string, functionName: string): Segment {
	const [, name, optional] = /^\{(\w+)(\?)?\}$/.exec(part) ?? [];
	if (name !== undefined) {
		return { kind: "parameter", name, optional: optional !== undefined };
	}
	if (/[{}*]/.test(part)) {
		throw new Error(
			`The local host does not support '${part}' in the route of function ${functionName}.`,
		);
	}
	return { kind: "literal", text: part.toLowerCase() };
}

function literals({ segments }: HttpRoute): number {
	return segments.filter(({ kind }) => kind === "literal").length;
}

function parametersOf(
	segments: readonly Segment[],
	parts: readonly string[],
): Record<string, string> | undefined {
	if (parts.length > segments.length) {
		return undefined;
	}
	const parameters: Record<string, string> = {};
	for (const [index, segment] of segments.entries()) {
		const part = parts[index];
		const value = part === undefined ? undefined : decoded(part);
		if (segment.kind === "literal") {
			if (value?.toLowerCase() !== segment.text) {
				return undefined;
			}
		} else if (value !== undefined) {
			parameters[segment.name] = value;
		} else if (part !== undefined || !segment.optional) {
			return undefined;
		}
	}
	return parameters;
}

/** Undefined for a malformed escape, which then matches nothing. */
export function decoded(part: string): string | undefined {
	try {
		return decodeURIComponent(part);
	} catch (error) {
		if (error instanceof URIError) {
			return undefined;
		}
		throw error;
	}
}
