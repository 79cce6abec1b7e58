import {
	type Severity,
	severities,
	type Verdict,
	verdicts,
} from "../shared/contract.ts";

/* The address of each view: the part of the URL behind `#`. */

/** Which findings are shown, and how. What is empty or null narrows nothing. */
export interface FindingsFilter {
	readonly state: "open" | "resolved";
	readonly severity: readonly Severity[];
	readonly verdict: readonly Verdict[];
	readonly rule: string | null;
	readonly subscription: string | null;
	readonly network: string | null;
	readonly accepted: boolean | null;
	/** In the name of the cluster or the budget. */
	readonly text: string;
	readonly group: "none" | "budget" | "cluster";
}

export const noFilter: FindingsFilter = {
	state: "open",
	severity: [],
	verdict: [],
	rule: null,
	subscription: null,
	network: null,
	accepted: null,
	text: "",
	group: "none",
};

export type Route =
	| { readonly view: "overview" }
	| { readonly view: "findings"; readonly filter: FindingsFilter }
	| { readonly view: "finding"; readonly id: string }
	| { readonly view: "clusters"; readonly verdict: readonly Verdict[] }
	/** By ARM IDs, in lower case. */
	| { readonly view: "cluster"; readonly id: string }
	| { readonly view: "subnet"; readonly id: string }
	| { readonly view: "network"; readonly id: string };

/** Anything that is not an address of a view is the overview. */
export function routeOf(hash: string): Route {
	const [path = "", search = ""] = hash.replace(/^#\/?/, "").split("?");
	const query = new URLSearchParams(search);
	const [view, id] = path.split("/");
	switch (view) {
		case "findings":
			return id
				? { view: "finding", id: decoded(id) }
				: { view: "findings", filter: filterOf(query) };
		case "clusters":
			return { view, verdict: among(query.get("verdict"), verdicts) };
		case "cluster":
		case "subnet":
		case "network":
			return { view, id: (query.get("id") ?? "").toLowerCase() };
		default:
			return { view: "overview" };
	}
}

export function hashOf(route: Route): string {
	switch (route.view) {
		case "overview":
			return "#/";
		case "findings":
			return `#/findings${search(queryOfFilter(route.filter))}`;
		case "finding":
			return `#/findings/${encodeURIComponent(route.id)}`;
		case "clusters":
			return `#/clusters${search({ verdict: route.verdict.join(",") })}`;
		case "cluster":
		case "subnet":
		case "network":
			return `#/${route.view}${search({ id: route.id })}`;
	}
}

/** A list with some of the filter's fields. */
export function findingsHash(filter: Partial<FindingsFilter>): string {
	return hashOf({ view: "findings", filter: { ...noFilter, ...filter } });
}

function filterOf(query: URLSearchParams): FindingsFilter {
	const group = query.get("group");
	const accepted = query.get("accepted");
	return {
		state: query.get("state") === "resolved" ? "resolved" : "open",
		severity: among(query.get("severity"), severities),
		verdict: among(query.get("verdict"), verdicts),
		rule: query.get("rule"),
		subscription: query.get("subscription"),
		network: query.get("network"),
		accepted: accepted === null ? null : accepted === "true",
		text: query.get("text") ?? "",
		group: group === "budget" || group === "cluster" ? group : "none",
	};
}

function queryOfFilter(filter: FindingsFilter): Record<string, string> {
	const { state, severity, verdict, accepted, group } = filter;
	return {
		state: state === "open" ? "" : state,
		severity: severity.join(","),
		verdict: verdict.join(","),
		rule: filter.rule ?? "",
		subscription: filter.subscription ?? "",
		network: filter.network ?? "",
		accepted: accepted === null ? "" : String(accepted),
		text: filter.text,
		group: group === "none" ? "" : group,
	};
}

function among<T extends string>(
	text: string | null,
	allowed: readonly T[],
): readonly T[] {
	const given = text?.split(",") ?? [];
	return allowed.filter((one) => given.includes(one));
}

/** IDs and lists stay readable: slashes and commas need no code there. */
function search(values: Readonly<Record<string, string>>): string {
	const given = Object.entries(values).filter(([, value]) => value !== "");
	if (given.length === 0) return "";
	const text = new URLSearchParams(given).toString();
	return `?${text.replaceAll("%2F", "/").replaceAll("%2C", ",")}`;
}

/** A stray `%` in a link must not stop the page. */
function decoded(text: string): string {
	try {
		return decodeURIComponent(text);
	} catch (error) {
		if (error instanceof URIError) return text;
		throw error;
	}
}
