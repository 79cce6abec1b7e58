import { listAudits } from "../azure/auditStore.ts";
import { openFindings } from "../azure/findingBuckets.ts";
import type { Tables } from "../azure/tables.ts";
import type { Audit, ChangeCounts, Finding } from "../contract.ts";
import { addCounts, noChanges } from "../findings/counts.ts";
import type { AuditRecord } from "../records/auditRecord.ts";
import { fromStored, type StoredBudget } from "../records/storedBudget.ts";
import { daysBefore, hoursBetween } from "../time.ts";
import { newestBudgets, type ShownBudget, shownBudget } from "./budgetsPage.ts";
import { countVerdicts, type VerdictCounts } from "./fleetCounts.ts";

const mostFullest = 10;
const weeksBack = 4;
/** Audits that are looked at: a few a day for four weeks. */
const mostAudits = 100;

/** The fleet on one page, as the newest audit that ended saw it. */
export interface FleetOverview {
	readonly audit: Pick<
		Audit,
		| "auditId"
		| "state"
		| "startedAt"
		| "finishedAt"
		| "coverage"
		| "findings"
		| "accepted"
		| "changes"
	>;
	/** Since the audit started. */
	readonly ageHours: number;
	readonly verdicts: {
		readonly budgets: VerdictCounts;
		readonly clusters: VerdictCounts;
	};
	readonly fullest: readonly ShownBudget[];
	readonly reclaimable: Reclaimable;
	/** The last four weeks, newest first. */
	readonly weeks: readonly Week[];
}

/** IPs that somebody could use otherwise, where there is a figure. */
interface Reclaimable {
	/** What oversized subnets have beyond an upgrade at their autoscaler's maximum: of use when they are built anew. */
	readonly oversizedSubnets: {
		readonly subnets: number;
		readonly addresses: number;
	};
	/** Held by network interfaces without a machine. */
	readonly leftoverInterfaces: {
		readonly subnets: number;
		readonly addresses: number;
	};
}

interface Week {
	readonly from: string;
	readonly to: string;
	/** Audits that ended in it. */
	readonly audits: number;
	readonly changes: ChangeCounts;
}

export async function fleetOverview(
	tables: Tables,
	now: string,
): Promise<FleetOverview> {
	const { audit, budgets } = await newestBudgets(tables);
	const [open, { audits }] = await Promise.all([
		openFindings(tables),
		listAudits(tables, mostAudits, undefined),
	]);
	const { auditId, state, startedAt, finishedAt, coverage } = audit;
	const { findings, accepted, changes } = audit;
	return {
		audit: {
			auditId,
			state,
			startedAt,
			finishedAt,
			coverage,
			findings,
			accepted,
			changes,
		},
		ageHours: Math.round(hoursBetween(startedAt, now) * 10) / 10,
		verdicts: countVerdicts(budgets),
		fullest: budgets
			.slice(0, mostFullest)
			.map((one) => shownBudget(fromStored(one))),
		reclaimable: reclaimableIn([...open.values()].flat(), budgets),
		weeks: weeksOf(audits, now),
	};
}

export function reclaimableIn(
	open: readonly Finding[],
	budgets: readonly StoredBudget[],
): Reclaimable {
	const oversized = new Map<string, number>();
	for (const { rule, budget, free } of open) {
		if (rule !== "oversized-subnet" || budget === null) continue;
		const addresses = Math.max(0, free?.low ?? 0);
		// Of clusters in one subnet, the least that one of them leaves free.
		const before = oversized.get(budget.id) ?? addresses;
		oversized.set(budget.id, Math.min(before, addresses));
	}
	const leftovers = budgets
		.flatMap(({ others }) => others?.byKind ?? [])
		.filter(({ kind }) => kind === "leftover-interface")
		.map(({ addresses }) => addresses.low ?? 0);
	return {
		oversizedSubnets: counted([...oversized.values()]),
		leftoverInterfaces: counted(leftovers),
	};
}

function counted(amounts: readonly number[]) {
	const addresses = amounts.reduce((sum, amount) => sum + amount, 0);
	return { subnets: amounts.length, addresses };
}

export function weeksOf(audits: readonly AuditRecord[], now: string): Week[] {
	return Array.from({ length: weeksBack }, (_, week) => {
		const from = daysBefore(now, 7 * (week + 1)).toISOString();
		const to = daysBefore(now, 7 * week).toISOString();
		const ended = audits.filter(
			({ state, startedAt }) =>
				(state === "completed" || state === "partial") &&
				startedAt > from &&
				startedAt <= to,
		);
		return {
			from,
			to,
			audits: ended.length,
			changes: ended.reduce<ChangeCounts>(
				(sum, { changes }) => addCounts(sum, changes),
				noChanges,
			),
		};
	});
}
