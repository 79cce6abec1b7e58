import { armId, isSubscriptionId, parseArmId } from "../arm.ts";
import { severities, verdicts } from "../contract.ts";
import {
	budgetsFormats,
	type FindingsQuery,
	findingsFormats,
} from "../findings/query.ts";
import { budgetKindNames } from "../model/budgetKinds.ts";
import type { BudgetsQuery } from "../records/budgetsQuery.ts";
import type { ClustersQuery } from "../records/clustersQuery.ts";
import { rules } from "../rules/registry.ts";
import { listed } from "../text.ts";
import { unsealed } from "./continuation.ts";
import { clusterId, knownParameters, oneOf, quoted } from "./parameters.ts";
import { badRequest } from "./problem.ts";
import { queryOf } from "./routes.ts";

/*
 * Filters of lists. One filter takes several values, with commas between them: `severity=critical,high`.
 */

const states = ["open", "resolved", "all"] as const;

export function findingsQuery(query: URLSearchParams): FindingsQuery {
	const values = knownParameters(query, queryOf("listFindings"));
	const { filter, accepted } = findingsAsked(values);
	// The name says the order: a page of a release with another order is none of this list.
	const list = `findings, worst first ${JSON.stringify([filter, accepted ?? null])}`;
	return {
		filter,
		accepted,
		list,
		...formatOf(values, list, findingsFormats),
	};
}

/** The same filters for the list that comes at once. */
export function findingLinesQuery(
	query: URLSearchParams,
): Pick<FindingsQuery, "filter" | "accepted"> {
	return findingsAsked(knownParameters(query, queryOf("listFindingLines")));
}

function findingsAsked(
	values: ReadonlyMap<string, string>,
): Pick<FindingsQuery, "filter" | "accepted"> {
	const accepted = oneOf(values, "accepted", ["true", "false"]);
	return {
		filter: {
			state: oneOf(values, "state", states) ?? "open",
			severity: several(values, "severity", among(severities)),
			rule: several(values, "rule", among(rules.map(({ id }) => id))),
			cluster: several(values, "cluster", clusterId),
			subscription: several(values, "subscription", subscriptionId),
			network: several(values, "network", networkId),
		},
		accepted: accepted === undefined ? undefined : accepted === "true",
	};
}

export function clustersQuery(query: URLSearchParams): ClustersQuery {
	const values = knownParameters(query, queryOf("listClusters"));
	const verdict = several(values, "verdict", among(verdicts));
	const list = `clusters, worst first ${JSON.stringify(verdict ?? null)}`;
	const { continuation } = formatOf(values, list, []);
	return { verdict, list, continuation };
}

export function budgetsQuery(query: URLSearchParams): BudgetsQuery {
	const values = knownParameters(query, queryOf("listBudgets"));
	const filter = {
		kind: several(values, "kind", among(budgetKindNames)),
		verdict: several(values, "verdict", among(verdicts)),
		subscription: several(values, "subscription", subscriptionId),
		network: several(values, "network", networkId),
	};
	const list = `budgets, fullest first ${JSON.stringify(filter)}`;
	return { filter, list, ...formatOf(values, list, budgetsFormats) };
}

/** Reads one value of a filter; throws a Problem where it is none. */
type ReadValue<T> = (value: string, name: string) => T;

/** The network that is asked for. */
export function askedNetwork(query: URLSearchParams): string {
	const value = knownParameters(query, queryOf("getNetwork")).get("network");
	if (value === undefined)
		throw badRequest(
			"network",
			"network is missing; use the ARM ID of a virtual network.",
		);
	return networkId(value, "network");
}

/** The values of a filter, each once; undefined where it is left out. */
function several<T>(
	values: ReadonlyMap<string, string>,
	name: string,
	read: ReadValue<T>,
): readonly T[] | undefined {
	const all = values.get(name)?.split(",");
	return all && [...new Set(all.map((value) => read(value.trim(), name)))];
}

function among<const T extends string>(allowed: readonly T[]): ReadValue<T> {
	return (value, name) => {
		const match = allowed.find((candidate) => candidate === value);
		if (match !== undefined) return match;
		throw badRequest(
			name,
			`${name} has ${quoted(value)}; use ${listed(allowed, "or")}, or several with commas between them.`,
		);
	};
}

function subscriptionId(value: string, name: string): string {
	if (isSubscriptionId(value)) return value.toLowerCase();
	throw badRequest(
		name,
		`${name} has ${quoted(value)}, which is not a subscription ID (a GUID).`,
	);
}

function networkId(value: string, name: string): string {
	const id = armId(value);
	const parts = id.split("/");
	const isNetwork =
		parts.length === 9 &&
		parts[6] === "microsoft.network" &&
		parts[7] === "virtualnetworks";
	if (isNetwork && parseArmId(id) !== null) return id;
	throw badRequest(
		name,
		`${name} has ${quoted(value)}, which is not the ARM ID of a virtual network; use /subscriptions/…/virtualNetworks/<name>.`,
	);
}

/** The format, and the token of the page before; undefined: the first page. Formats for other programs have no pages. */
function formatOf<const F extends string>(
	values: ReadonlyMap<string, string>,
	list: string,
	formats: readonly F[],
): { format: F | "json"; continuation: string | undefined } {
	const format: F | "json" = oneOf(values, "format", formats) ?? "json";
	const value = values.get("continuation");
	if (value === undefined) return { format, continuation: undefined };
	if (format !== "json")
		throw badRequest(
			"continuation",
			`continuation is for pages; with format=${format} all come at once.`,
		);
	return { format, continuation: unsealed(list, value) };
}
