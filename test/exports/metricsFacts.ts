import type { BudgetKind, Range, Verdict } from "../../shared/contract.ts";
import type { MetricsFacts } from "../../shared/exports/metrics.ts";
import { exactly } from "../../shared/model/range.ts";
import {
	type StoredBudget,
	toStored,
} from "../../shared/records/storedBudget.ts";

export const subscription = "951e7aab-7187-4f12-9a3c-000000000001";

interface Amounts {
	readonly limit: Range;
	readonly today: Range;
	readonly upgrade: Range;
	readonly full: Range;
	readonly fullUpgrade: Range;
}

const fitting: Amounts = {
	limit: exactly(251),
	today: exactly(100),
	upgrade: exactly(110),
	full: exactly(200),
	fullUpgrade: exactly(210),
};

export function stored(
	name: string,
	verdict: Verdict,
	amounts: Partial<Amounts> = {},
	kind: BudgetKind = "subnet",
): StoredBudget {
	const { limit, today, upgrade, full, fullUpgrade } = {
		...fitting,
		...amounts,
	};
	return toStored({
		id: `/subscriptions/${subscription}/resourcegroups/rg/providers/microsoft.network/virtualnetworks/net/subnets/${name}`,
		kind,
		name: `net/${name}`,
		limit,
		demand: { today, upgrade, full, "full-upgrade": fullUpgrade },
		verdict,
		clusters: ["a"],
		otherResources: exactly(0),
		otherResourcesByKind: [],
		runway: null,
		wonBack: 0,
	});
}

/** One short, one tight and one unknown budget, and two that fit. */
export const facts: MetricsFacts = {
	version: "1.2.3",
	last: {
		state: "partial",
		startedAt: "2026-11-22T05:00:00.000Z",
		finishedAt: "2026-11-22T05:01:30.500Z",
	},
	ended: {
		startedAt: "2026-11-22T05:00:00.000Z",
		coverage: {
			subscriptions: { expected: 2, answered: 1 },
			clusters: 12,
			notEvaluated: 3,
			subnets: 9,
			gaps: [
				{
					kind: "subscription",
					subscription,
					scope: "payments-prod",
					reason: "It does not answer.",
				},
			],
		},
		findings: { critical: 1, high: 2, medium: 3, low: 0, info: 7 },
		accepted: 4,
	},
	budgets: [
		stored("tight", "tight", { fullUpgrade: { low: 240, high: 260 } }),
		stored("short", "short", { upgrade: exactly(261) }),
		stored("fits", "fits"),
		stored("idle", "fits", {}, "routes"),
		stored("unknown", "unknown", { full: { low: 90, high: null } }),
	],
};
