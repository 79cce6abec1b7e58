import { subscriptionOfId } from "../arm.ts";
import type { AuditScope } from "../contract.ts";
import { settledMs } from "../inventory/settled.ts";
import type { AuditRecord, AuditRequest } from "../records/auditRecord.ts";

/** Clusters and subscriptions of one scoped audit, several requests together. */
const mostTogether = 500;
/** Requests that an audit names. */
const mostRequests = 20;

/** Whether a cluster is in the scope. Null: the whole fleet. */
export function isInScope(
	scope: AuditScope | null,
	cluster: string,
	subscription = subscriptionOfId(cluster),
): boolean {
	if (scope === null) return true;
	const { clusters = [], subscriptions = [] } = scope;
	return (
		clusters.includes(cluster) ||
		(subscription !== null && subscriptions.includes(subscription))
	);
}

/** Both scopes in one, nothing twice. Null where they are too large for one audit. */
export function together(a: AuditScope, b: AuditScope): AuditScope | null {
	const subscriptions = union(a.subscriptions, b.subscriptions);
	const clusters = union(a.clusters, b.clusters).filter(
		(id) => !subscriptions.includes(subscriptionOfId(id) ?? ""),
	);
	if (clusters.length + subscriptions.length > mostTogether) return null;
	return {
		...(clusters.length > 0 && { clusters }),
		...(subscriptions.length > 0 && { subscriptions }),
	};
}

function union(
	a: readonly string[] = [],
	b: readonly string[] = [],
): readonly string[] {
	return [...new Set([...a, ...b])].sort();
}

/** A queued scoped audit that does more work. Null where that is too much for one audit. */
export function withMore(
	record: AuditRecord,
	{ scope, requests }: Pick<AuditRecord, "scope" | "requests">,
): AuditRecord | null {
	if (record.scope === null || scope === null) return null;
	const both = together(record.scope, scope);
	if (both === null) return null;
	const all = [...record.requests, ...requests].sort((a, b) =>
		a.since < b.since ? -1 : 1,
	);
	return { ...record, scope: both, requests: all.slice(-mostRequests) };
}

/** ISO 8601: rows that are older prove nothing to whoever asked last. */
export function sinceOf(requests: readonly AuditRequest[]): string {
	return requests.reduce(
		(newest, { since }) => (since > newest ? since : newest),
		"",
	);
}

/**
 * What becomes of the audits that wait. The fleet's goes first, so that no number of scoped ones keeps it waiting.
 * `last`: the newest audit of the fleet that ended. If it was complete and began late enough after a request to see
 * what was changed before, it has done the request's work.
 */
export function nextOf(
	queued: readonly AuditRecord[],
	last: AuditRecord | null,
): {
	readonly next: AuditRecord | null;
	readonly done: readonly AuditRecord[];
} {
	const oldestFirst = queued.toSorted((a, b) =>
		a.auditId < b.auditId ? -1 : 1,
	);
	const done = oldestFirst.filter((one) => isDoneBy(one, last));
	const fleet = oldestFirst.find(({ kind }) => kind === "fleet");
	// What a scoped audit finds is compared with the fleet as it was.
	const scoped =
		last === null
			? undefined
			: oldestFirst.find((one) => one.kind === "scoped" && !done.includes(one));
	return { next: fleet ?? scoped ?? null, done };
}

/**
 * Whether an audit of the fleet sees what was changed before a time (milliseconds since 1970). It reads Resource Graph
 * alone, which shows changes late.
 */
export function seesWhatWas(
	{ startedAt }: Pick<AuditRecord, "startedAt">,
	before: number,
): boolean {
	return Date.parse(startedAt) - before >= settledMs;
}

export function isDoneBy(
	{ kind, requests }: AuditRecord,
	last: AuditRecord | null,
): boolean {
	return (
		kind === "scoped" &&
		last?.state === "completed" &&
		seesWhatWas(last, Date.parse(sinceOf(requests)))
	);
}
