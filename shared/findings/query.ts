import { networkOfBudget } from "../arm.ts";
import type { Finding, Severity } from "../contract.ts";

/** Which findings are asked for. What is omitted narrows nothing. One of several values is enough. */
export interface FindingFilter {
	readonly state: Finding["state"] | "all";
	readonly severity?: readonly Severity[] | undefined;
	readonly rule?: readonly string[] | undefined;
	readonly cluster?: readonly string[] | undefined;
	readonly subscription?: readonly string[] | undefined;
	/** ARM IDs of virtual networks: findings about a subnet of one, or about the network itself. */
	readonly network?: readonly string[] | undefined;
}

/** A list of them, or a page of it. */
export interface FindingsQuery {
	readonly filter: FindingFilter;
	/** Undefined: whether they are accepted or not. */
	readonly accepted: boolean | undefined;
	/** What is asked for, in a word: a continuation goes on in this list and in no other. */
	readonly list: string;
	readonly continuation: string | undefined;
	/** Json is a page; what is for another program has all findings at once. */
	readonly format: FindingsFormat;
}

export const findingsFormats = ["json", "csv", "sarif"] as const;
export type FindingsFormat = (typeof findingsFormats)[number];

export const budgetsFormats = ["json", "csv"] as const;

/** Whether a finding is asked for, whatever its state. */
export function isMeant(
	{
		severity,
		rule,
		cluster,
		subscription,
		budget,
	}: Pick<Finding, "severity" | "rule" | "cluster" | "subscription" | "budget">,
	filter: FindingFilter,
): boolean {
	return (
		isAmong(severity, filter.severity) &&
		isAmong(rule, filter.rule) &&
		isAmong(cluster, filter.cluster) &&
		isAmong(subscription, filter.subscription) &&
		(filter.network === undefined ||
			isAmong(budget && networkOfBudget(budget.id), filter.network))
	);
}

/** Whether a value passes a filter; one that is left out lets everything pass. */
export function isAmong<T>(
	value: T | null,
	wanted: readonly T[] | undefined,
): boolean {
	return wanted === undefined || (value !== null && wanted.includes(value));
}
