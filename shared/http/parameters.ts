import { armId, parseArmId } from "../arm.ts";
import {
	expiryProblem,
	isInForce,
	isPrintable,
	longestOwner,
	longestReason,
	normalExpiry,
	type Terms,
} from "../findings/acceptance.ts";
import { listed } from "../text.ts";
import { unsealed, wrongContinuation } from "./continuation.ts";
import { badBody, badRequest, type Fault, Problem } from "./problem.ts";
import { queryOf } from "./routes.ts";

/** The Functions host's own: a key may come in the address, and the host leaves it there. */
const hostParameters = ["code", "clientId"];

/** Refuses names that a route does not know, and names that come twice: a misspelled filter would show too much. */
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
				`Query parameter ${quoted(name)} is unknown; ${known.length > 0 ? `use ${listed(known, "or")}` : "this route has none"}.`,
			);
		if (values.has(name))
			throw badRequest(
				name,
				`Query parameter ${quoted(name)} is repeated; use it once.`,
			);
		values.set(name, value);
	}
	return values;
}

/** What a continuation of the audits is sealed with. */
export const auditsList = "audits";

export function auditsPage(query: URLSearchParams): string | undefined {
	const token = knownParameters(query, queryOf("listAudits")).get(
		"continuation",
	);
	if (token === undefined) return undefined;
	const key = unsealed(auditsList, token);
	if (!/^\d{13}-s?[0-9a-f]{8}$/.test(key))
		throw badRequest("continuation", wrongContinuation);
	return key;
}

/** The cluster whose capacity is asked for. */
export function capacityCluster(query: URLSearchParams): string {
	const value = knownParameters(query, queryOf("getCapacity")).get("cluster");
	if (value === undefined)
		throw badRequest(
			"cluster",
			"cluster is missing; use the ARM ID of an AKS cluster.",
		);
	return clusterId(value, "cluster");
}

/** The id of a budget: an ARM ID, or a cluster's with what of it is meant. */
export function budgetId(query: URLSearchParams): string {
	const value = knownParameters(query, ["budget"]).get("budget");
	if (value === undefined)
		throw badRequest(
			"budget",
			"budget is missing; use the ID of a budget, as in a finding.",
		);
	if (parseArmId(value) === null)
		throw badRequest(
			"budget",
			`budget is ${quoted(value)}, which is not the ID of a budget; copy it from a finding.`,
		);
	return armId(value);
}

/** What a PUT of an acceptance says. `at`: now. */
export function acceptanceTerms(
	contentType: string | null,
	body: string,
	at: string,
): Terms {
	if (contentType !== null && !/^application\/json\s*(;|$)/i.test(contentType))
		throw new Problem(
			415,
			"Unsupported media type",
			`Content-Type is ${quoted(contentType)}; use application/json.`,
			"content-type",
		);
	const fields = jsonObject(body);
	const known = ["reason", "owner", "expiry"];
	const faults: Fault[] = Object.keys(fields)
		.filter((name) => !known.includes(name))
		.map((field) => ({
			field,
			detail: `Field ${quoted(field)} is unknown; use ${listed(known, "or")}.`,
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
	const fault = textFault(field, value, longest);
	if (fault === null) return text;
	faults.push({ field, detail: fault });
	return "";
}

function textFault(
	field: string,
	value: unknown,
	longest: number,
): string | null {
	const accepted = `use a text of 1 to ${longest} characters`;
	if (value === undefined) return `${field} is missing; ${accepted}.`;
	if (typeof value !== "string")
		return `${field} is ${quoted(JSON.stringify(value))}, which is not a text; ${accepted}.`;
	const text = value.trim();
	if (text === "") return `${field} is empty; ${accepted}.`;
	if (text.length > longest)
		return `${field} has ${text.length} characters; ${accepted}.`;
	return isPrintable(text)
		? null
		: `${field} has characters that cannot be shown; remove them.`;
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
		(isInForce({ expiry }, at)
			? null
			: "which is in the past; use a later time");
	if (problem === null) return normalExpiry(expiry);
	const detail = `expiry is ${quoted(expiry)}, ${problem}.`;
	faults.push({ field: "expiry", detail });
	return "";
}

/** A body as an object. Throws a Problem where it is none. */
export function jsonObject(body: string): Record<string, unknown> {
	const parsed = parseJson(body);
	if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed))
		throw badRequest(
			"body",
			`The body is ${kindOf(parsed)}; use a JSON object.`,
		);
	return parsed as Record<string, unknown>;
}

function parseJson(body: string): unknown {
	try {
		return JSON.parse(body);
	} catch {
		throw badRequest("body", "The body is not JSON; use a JSON object.");
	}
}

function kindOf(value: unknown): string {
	if (value === null) return "null";
	return Array.isArray(value) ? "a list" : `a ${typeof value}`;
}

export function oneOf<const T extends string>(
	values: ReadonlyMap<string, string>,
	name: string,
	allowed: readonly T[],
): T | undefined {
	const value = values.get(name);
	if (value === undefined) return undefined;
	const match = allowed.find((candidate) => candidate === value);
	if (match === undefined)
		throw badRequest(
			name,
			`${name} is ${quoted(value)}; use ${listed(allowed, "or")}.`,
		);
	return match;
}

/** The id of an AKS cluster; throws a Problem that names the parameter. */
export function clusterId(value: string, name: string): string {
	if (isClusterId(value)) return armId(value);
	throw badRequest(
		name,
		`${name} is ${quoted(value)}, which is not the ARM ID of an AKS cluster; use /subscriptions/…/managedClusters/<name>.`,
	);
}

/** Whether a text is the ARM ID of an AKS cluster, in any case. */
export function isClusterId(value: string): boolean {
	const id = armId(value);
	const [, , , , , providers, namespace, type, , ...rest] = id.split("/");
	return (
		parseArmId(id) !== null &&
		providers === "providers" &&
		namespace === "microsoft.containerservice" &&
		type === "managedclusters" &&
		rest.length === 0
	);
}

const longestQuote = 200;

/** The value that came, cut short, so that a typo is visible. */
export function quoted(value: string): string {
	const text = JSON.stringify(value.slice(0, longestQuote));
	return value.length > longestQuote ? `${text}…` : text;
}
