import { armId, parseArmId } from "../arm.ts";
import { severities } from "../contract.ts";
import {
	expiryProblem,
	isInForce,
	isPrintable,
	longestOwner,
	longestReason,
	type Terms,
} from "../findings/acceptance.ts";
import type { FindingsQuery } from "../findings/query.ts";
import { rules } from "../rules/registry.ts";
import { unsealed } from "./continuation.ts";
import { badRequest, Problem } from "./problem.ts";

/** The Functions host's own: a key may come in the address, and the host leaves it there. */
const hostParameters = ["code", "clientId"];

/** Refuses names that a route does not know, and names given twice: a filter that is misspelt would show too much. */
export function knownParameters(
	query: URLSearchParams,
	known: readonly string[],
): Map<string, string> {
	const values = new Map<string, string>();
	for (const [name, value] of query) {
		if (hostParameters.includes(name)) continue;
		if (!known.includes(name))
			throw badRequest(
				name,
				`unknown parameter; known are ${known.length > 0 ? known.join(", ") : "none"}`,
			);
		if (values.has(name)) throw badRequest(name, "given more than once");
		values.set(name, value);
	}
	return values;
}

const states = ["open", "resolved", "all"] as const;

export function findingsQuery(query: URLSearchParams): FindingsQuery {
	const values = knownParameters(query, [
		"state",
		"severity",
		"rule",
		"cluster",
		"subscription",
		"accepted",
		"continuation",
	]);
	const severity = oneOf(values, "severity", severities);
	const rule = oneOf(
		values,
		"rule",
		rules.map(({ id }) => id),
	);
	const cluster = clusterParameter(values);
	const subscription = subscriptionParameter(values);
	const accepted = oneOf(values, "accepted", ["true", "false"]);
	const filter = {
		state: oneOf(values, "state", states) ?? "open",
		...(severity === undefined ? {} : { severity }),
		...(rule === undefined ? {} : { rule }),
		...(cluster === undefined ? {} : { cluster }),
		...(subscription === undefined ? {} : { subscription }),
	};
	const list = `findings ${JSON.stringify([filter, accepted ?? null])}`;
	return {
		filter,
		accepted: accepted === undefined ? undefined : accepted === "true",
		list,
		continuation: continuationOf(values, list),
	};
}

/** What a continuation of the audits is sealed with. */
export const auditsList = "audits";

export function auditsPage(query: URLSearchParams): string | undefined {
	return continuationOf(knownParameters(query, ["continuation"]), auditsList);
}

/** The cluster whose capacity is asked for. */
export function capacityCluster(query: URLSearchParams): string {
	const cluster = clusterParameter(knownParameters(query, ["cluster"]));
	if (cluster === undefined)
		throw badRequest("cluster", "is needed: the ARM id of an AKS cluster");
	return cluster;
}

/** The id of a budget: an ARM id, or a cluster's with what of it is meant. */
export function budgetId(query: URLSearchParams): string {
	const value = knownParameters(query, ["budget"]).get("budget");
	if (value === undefined)
		throw badRequest("budget", "is needed: a budget's id, as in a finding");
	if (parseArmId(value) === null)
		throw badRequest("budget", `${quoted(value)} is no budget's id`);
	return armId(value);
}

/** What a PUT of an acceptance says; `at`: now. */
export function acceptanceTerms(
	contentType: string | null,
	body: string,
	at: string,
): Terms {
	if (contentType !== null && !/^application\/json\s*(;|$)/i.test(contentType))
		throw new Problem(
			415,
			"Unsupported media type",
			"content-type: must be application/json",
			"content-type",
		);
	const fields = jsonObject(body, "must be a JSON object");
	const known = ["reason", "owner", "expiry"];
	const unknown = Object.keys(fields).find((name) => !known.includes(name));
	if (unknown !== undefined)
		throw badRequest(unknown, `unknown field; known are ${known.join(", ")}`);
	return {
		reason: textField(fields, "reason", longestReason),
		owner: textField(fields, "owner", longestOwner),
		expiry: expiryField(fields, at),
	};
}

function textField(
	fields: Readonly<Record<string, unknown>>,
	name: string,
	longest: number,
): string {
	const value = fields[name];
	if (value === undefined) throw badRequest(name, "is needed");
	if (typeof value !== "string") throw badRequest(name, "must be a text");
	const text = value.trim();
	if (text === "") throw badRequest(name, "must not be empty");
	if (text.length > longest)
		throw badRequest(name, `is longer than ${longest} characters`);
	if (!isPrintable(text))
		throw badRequest(name, "holds characters that cannot be shown");
	return text;
}

const longestTime = 40;

function expiryField(
	fields: Readonly<Record<string, unknown>>,
	at: string,
): string {
	const expiry = textField(fields, "expiry", longestTime);
	const problem = expiryProblem(expiry, at);
	if (problem !== null) throw badRequest("expiry", problem);
	if (!isInForce({ expiry }, at))
		throw badRequest("expiry", "is not in the future");
	return expiry;
}

/** No body, or an empty object: an audit has no options yet, and one that is misspelt must not pass as none. */
export function noOptions(body: string): void {
	if (body.trim() === "") return;
	const [field] = Object.keys(
		jsonObject(body, "must be empty or a JSON object"),
	);
	if (field !== undefined) throw badRequest(field, "unknown field");
}

function jsonObject(body: string, refusal: string): Record<string, unknown> {
	const parsed = parseJson(body);
	if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed))
		throw badRequest("body", refusal);
	return parsed as Record<string, unknown>;
}

function parseJson(body: string): unknown {
	try {
		return JSON.parse(body);
	} catch {
		throw badRequest("body", "is not JSON");
	}
}

function oneOf<const T extends string>(
	values: ReadonlyMap<string, string>,
	name: string,
	allowed: readonly T[],
): T | undefined {
	const value = values.get(name);
	if (value === undefined) return undefined;
	const match = allowed.find((candidate) => candidate === value);
	if (match === undefined)
		throw badRequest(name, `${quoted(value)} is none of ${allowed.join(", ")}`);
	return match;
}

function clusterParameter(
	values: ReadonlyMap<string, string>,
): string | undefined {
	const value = values.get("cluster");
	if (value === undefined) return undefined;
	const id = armId(value);
	if (parseArmId(id) === null || !isCluster(id))
		throw badRequest("cluster", `${quoted(value)} is no AKS cluster's id`);
	return id;
}

function isCluster(id: string): boolean {
	const [, , , , , providers, namespace, type, , ...rest] = id.split("/");
	return (
		providers === "providers" &&
		namespace === "microsoft.containerservice" &&
		type === "managedclusters" &&
		rest.length === 0
	);
}

const longestQuote = 200;

/** What was given, so that a typo is seen; not at any length. */
function quoted(value: string): string {
	const text = JSON.stringify(value.slice(0, longestQuote));
	return value.length > longestQuote ? `${text}…` : text;
}

function subscriptionParameter(
	values: ReadonlyMap<string, string>,
): string | undefined {
	const value = values.get("subscription")?.toLowerCase();
	if (value === undefined) return undefined;
	if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(value))
		throw badRequest("subscription", `${quoted(value)} is no subscription id`);
	return value;
}

function continuationOf(
	values: ReadonlyMap<string, string>,
	list: string,
): string | undefined {
	const value = values.get("continuation");
	return value === undefined ? undefined : unsealed(list, value);
}
