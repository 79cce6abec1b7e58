import { armId, isSubscriptionId, parseArmId } from "../arm.ts";
import { severities } from "../contract.ts";
import {
	expiryProblem,
	isInForce,
	isPrintable,
	longestOwner,
	longestReason,
	normalExpiry,
	type Terms,
} from "../findings/acceptance.ts";
import type { FindingsQuery } from "../findings/query.ts";
import { rules } from "../rules/registry.ts";
import { unsealed } from "./continuation.ts";
import { badBody, badRequest, type Fault, Problem } from "./problem.ts";

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
	const faults: Fault[] = Object.keys(fields)
		.filter((name) => !known.includes(name))
		.map((field) => ({
			field,
			detail: `unknown field; known are ${known.join(", ")}`,
		}));
	const terms = {
		reason: textField(fields, "reason", longestReason, faults),
		owner: textField(fields, "owner", longestOwner, faults),
		expiry: expiryField(fields, at, faults),
	};
	if (faults.length > 0) throw badBody(faults);
	return terms;
}

/** Empty where it is faulty: the faults say so. */
function textField(
	fields: Readonly<Record<string, unknown>>,
	field: string,
	longest: number,
	faults: Fault[],
): string {
	const value = fields[field];
	const text = typeof value === "string" ? value.trim() : "";
	const fault = textFault(value, text, longest);
	if (fault === null) return text;
	faults.push({ field, detail: fault });
	return "";
}

function textFault(
	value: unknown,
	text: string,
	longest: number,
): string | null {
	if (value === undefined) return "is needed";
	if (typeof value !== "string") return "must be a text";
	if (text === "") return "must not be empty";
	if (text.length > longest) return `is longer than ${longest} characters`;
	return isPrintable(text) ? null : "holds characters that cannot be shown";
}

const longestTime = 40;

function expiryField(
	fields: Readonly<Record<string, unknown>>,
	at: string,
	faults: Fault[],
): string {
	const expiry = textField(fields, "expiry", longestTime, faults);
	if (expiry === "") return expiry;
	const problem =
		expiryProblem(expiry, at) ??
		(isInForce({ expiry }, at) ? null : "is not in the future");
	if (problem === null) return normalExpiry(expiry);
	faults.push({ field: "expiry", detail: problem });
	return "";
}

/** No body, or an empty object: an audit has no options yet, and one that is misspelt must not pass as none. */
export function noOptions(body: string): void {
	if (body.trim() === "") return;
	const fields = Object.keys(
		jsonObject(body, "must be empty or a JSON object"),
	);
	if (fields.length > 0)
		throw badBody(fields.map((field) => ({ field, detail: "unknown field" })));
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
	if (!isSubscriptionId(value))
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
