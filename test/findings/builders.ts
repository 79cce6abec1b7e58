import type { KeptFinding } from "../../shared/findings/flapping.ts";
import type { RuleOutcome } from "../../shared/judge/judge.ts";
import type { Unseen, Violation } from "../../shared/rules/rule.ts";
import { clusterId, range, subnetId, subscription } from "../model/builders.ts";

export const budget = {
	id: subnetId(),
	kind: "subnet",
	name: "net/nodes",
} as const;

const short = {
	severity: "high",
	budget,
	scenario: "full",
	verdict: "short",
	limit: range(251),
	demand: range(261),
	free: range(-10),
	alsoIn: ["full-upgrade"],
	additionalNodes: null,
	runway: null,
	azure: null,
	reasons: [
		{ kind: "demand", text: "Needs 261 IPs at autoscaler max, has 251" },
	],
	remedies: [],
} as const;

/** Cluster a is short at autoscaler max, as a rule says it that saw all there is. */
export function violated(
	overrides: Partial<Violation> = {},
	unseen: readonly string[] = [],
): RuleOutcome {
	return {
		rule: "capacity-shortfall",
		outcome: { kind: "violated", ...short, ...overrides },
		unseen: unseenFor(unseen),
	};
}

/** The rule found the budget fine, or the cluster itself where there is none. */
export function fine(
	rule: string,
	budget: string | null,
	unseen: readonly string[] = [],
): RuleOutcome {
	return { rule, outcome: { kind: "fine", budget }, unseen: unseenFor(unseen) };
}

/** The rule could not look at the budget. */
export function unsaid(
	rule: string,
	budget: string | null,
	unseen: readonly string[] = [],
): RuleOutcome {
	return {
		rule,
		outcome: { kind: "not-evaluated", budget },
		unseen: unseenFor(unseen),
	};
}

/** The same as a finding, open since the first of the month. */
export function finding(overrides: Partial<KeptFinding> = {}): KeptFinding {
	return {
		id: "f",
		rule: "capacity-shortfall",
		headline: "Subnet nodes is 10 IPs short at autoscaler max",
		state: "open",
		cluster: clusterId(),
		clusterName: "a",
		subscription,
		...short,
		lastKnown: null,
		acceptance: null,
		firstSeen: "2026-11-01T05:00:00.000Z",
		changedAt: "2026-11-01T05:00:00.000Z",
		auditId: "1",
		...overrides,
	};
}

/** Why the tests' audits do not see everything. */
export const cause = "a subscription did not answer";

function unseenFor(unseen: readonly string[]): Unseen {
	return unseen.length === 0 ? null : { cause, unseen };
}
