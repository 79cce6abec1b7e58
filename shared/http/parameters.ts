import { armId, parseArmId } from "../arm.ts";
import type { FindingFilter } from "../azure/findingStore.ts";
import { severities } from "../contract.ts";
import { rules } from "../rules/registry.ts";
import { badRequest } from "./problem.ts";

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

export function findingFilter(query: URLSearchParams): {
	readonly filter: FindingFilter;
	readonly continuation: string | undefined;
} {
	const values = knownParameters(query, [
		"state",
		"severity",
		"rule",
		"cluster",
		"subscription",
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
	return {
		filter: {
			state: oneOf(values, "state", states) ?? "open",
			...(severity === undefined ? {} : { severity }),
			...(rule === undefined ? {} : { rule }),
			...(cluster === undefined ? {} : { cluster }),
			...(subscription === undefined ? {} : { subscription }),
		},
		continuation: continuationOf(values),
	};
}

export function auditsPage(query: URLSearchParams): string | undefined {
	return continuationOf(knownParameters(query, ["continuation"]));
}

/** The cluster whose capacity is asked for. */
export function capacityCluster(query: URLSearchParams): string {
	const cluster = clusterParameter(knownParameters(query, ["cluster"]));
	if (cluster === undefined)
		throw badRequest("cluster", "is needed: the ARM id of an AKS cluster");
	return cluster;
}

/** No body, or an empty object: an audit has no options yet, and one that is misspelt must not pass as none. */
export function noOptions(body: string): void {
	if (body.trim() === "") return;
	const parsed = parseJson(body);
	if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed))
		throw badRequest("body", "must be empty or a JSON object");
	const [field] = Object.keys(parsed);
	if (field !== undefined) throw badRequest(field, "unknown field");
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
		throw badRequest(
			name,
			`${JSON.stringify(value)} is none of ${allowed.join(", ")}`,
		);
	return match;
}

function clusterParameter(
	values: ReadonlyMap<string, string>,
): string | undefined {
	const value = values.get("cluster");
	if (value === undefined) return undefined;
	if (parseArmId(value) === null)
		throw badRequest("cluster", `${JSON.stringify(value)} is no ARM id`);
	return armId(value);
}

function subscriptionParameter(
	values: ReadonlyMap<string, string>,
): string | undefined {
	const value = values.get("subscription")?.toLowerCase();
	if (value === undefined) return undefined;
	if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(value))
		throw badRequest(
			"subscription",
			`${JSON.stringify(value)} is no subscription id`,
		);
	return value;
}

/** The tables' own continuation is base64 of JSON; anything else never came from here. */
function continuationOf(
	values: ReadonlyMap<string, string>,
): string | undefined {
	const value = values.get("continuation");
	if (value === undefined) return undefined;
	try {
		const token: unknown = JSON.parse(
			Buffer.from(value, "base64").toString("utf8"),
		);
		if (
			typeof token === "object" &&
			token !== null &&
			"nextPartitionKey" in token
		)
			return value;
	} catch {
		throw badRequest("continuation", "is none that a page of this list gave");
	}
	throw badRequest("continuation", "is none that a page of this list gave");
}
