/** Field names of design.md's contract, written down here by hand: a field more or less is a breach. */

export const audit = [
	"auditId",
	"trigger",
	"restartOf",
	"scope",
	"mergedInto",
	"state",
	"startedAt",
	"finishedAt",
	"progress.clusters",
	"progress.evaluated",
	"coverage.subscriptions.expected",
	"coverage.subscriptions.answered",
	"coverage.clusters",
	"coverage.notEvaluated",
	"coverage.subnets",
	"coverage.gaps",
	"findings.critical",
	"findings.high",
	"findings.medium",
	"findings.low",
	"findings.info",
	"accepted",
	"changes.opened",
	"changes.worsened",
	"changes.eased",
	"changes.resolved",
	"changes.reopened",
	"alert.state",
	"rulesVersion",
];

export const finding = [
	"id",
	"rule",
	"severity",
	"headline",
	"state",
	"cluster",
	"clusterName",
	"subscription",
	"budget",
	"scenario",
	"verdict",
	"limit",
	"demand",
	"free",
	"alsoIn",
	"additionalNodes",
	"runway",
	"azure",
	"lastKnown",
	"reasons",
	"remedies",
	"acceptance",
	"firstSeen",
	"changedAt",
	"auditId",
];

export const ledger = [
	"id",
	"kind",
	"name",
	"unit",
	"limit",
	"observed",
	"otherResources",
	"unseen",
	"otherResourcesByKind",
	"otherResourcesReason",
	"shared",
	"runway",
	"azure",
	"scenarios",
];

export const history = ["budget", "kind", "name", "unit", "points", "runway"];

export const historyPoint = ["at", "demand", "full", "limit"];

export const scenarios = ["today", "upgrade", "full", "full-upgrade"];

export const scenario = [
	"demand",
	"free",
	"verdict",
	"decidedBy",
	"entries",
	"additionalNodes",
	"podsPerNode",
	"stranded",
];

export const entry = [
	"cluster",
	"pool",
	"nodes",
	"demand",
	"source",
	"reasons",
];

/** The dotted names of everything in a value that is not an object. Lists and null end a name. */
export function fieldsOf(value: object, prefix = ""): string[] {
	return Object.entries(value).flatMap(([name, inner]) =>
		typeof inner === "object" && inner !== null && !Array.isArray(inner)
			? fieldsOf(inner, `${prefix}${name}.`)
			: [`${prefix}${name}`],
	);
}

export function isRange(value: unknown): boolean {
	if (typeof value !== "object" || value === null) return false;
	const { low, high, ...others } = value as Record<string, unknown>;
	const isEnd = (end: unknown) => end === null || Number.isInteger(end);
	return Object.keys(others).length === 0 && isEnd(low) && isEnd(high);
}
