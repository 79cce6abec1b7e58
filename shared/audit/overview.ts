import { readAcceptances } from "../azure/acceptanceStore.ts";
import { listFleetAudits } from "../azure/auditStore.ts";
import { budgetsAt, readBudgets } from "../azure/budgetStore.ts";
import { readClusterIds } from "../azure/clusterStore.ts";
import { openLines } from "../azure/openLines.ts";
import type { Tables } from "../azure/tables.ts";
import type { Audit, ChangeCounts } from "../contract.ts";
import { acceptancesAt } from "../findings/acceptance.ts";
import { addCounts, noChanges } from "../findings/counts.ts";
import { isShortNow } from "../findings/ownVerdict.ts";
import type { AuditRecord } from "../records/auditRecord.ts";
import { type BudgetIndex, budgetVerdicts } from "../records/budgetIndex.ts";
import type { KeptLine } from "../records/openLine.ts";
import {
	type Reclaimable,
	type ReclaimableInUse,
	reclaimableIn,
	reclaimableInUse,
} from "../records/reclaimable.ts";
import { fromStored } from "../records/storedBudget.ts";
import type { VerdictCounts } from "../records/verdictCounts.ts";
import type { ReportFacts } from "../settings/audit.ts";
import { daysBefore, hoursBetween } from "../time.ts";
import { newestList, type ShownBudget, shownBudget } from "./budgetsPage.ts";
import { clusterVerdicts } from "./clustersPage.ts";
import { type FirstFix, firstFix } from "./firstFix.ts";

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
	/** The next audit should have ended by now. Null: the setting that says so is wrong. */
	readonly isLate: boolean | null;
	/** The Azure portal of the cloud. Null: the setting that says so is wrong. */
	readonly portal: string | null;
	/** Why clusters could not be evaluated as a whole, and how many for each cause; the most frequent first. */
	readonly notEvaluated: readonly Cause[];
	/** Clusters with a critical or high finding about IPs, routes or nodes that nobody accepted: the number of the card. */
	readonly shortClusters: number;
	readonly verdicts: {
		readonly budgets: VerdictCounts;
		readonly clusters: VerdictCounts;
	};
	readonly fullest: readonly (ShownBudget & {
		readonly fix: FirstFix | null;
	})[];
	readonly reclaimable: Reclaimable;
	/** The last four weeks, newest first. */
	readonly weeks: readonly Week[];
}

interface Cause {
	readonly reason: string;
	readonly clusters: number;
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
	{ portal, maxAgeHours }: ReportFacts,
): Promise<FleetOverview> {
	const { audit, snapshot, index } = await newestList(tables);
	const [fullest, inUse, clusters, lines, given, audits] = await Promise.all([
		fullestOf(tables, snapshot, index),
		inUseOf(tables, snapshot, index),
		readClusterIds(tables, snapshot),
		openLines(tables),
		readAcceptances(tables),
		listFleetAudits(tables, mostAudits),
	]);
	const acceptance = acceptancesAt(given, now);
	const open = lines.map((line) => ({ ...line, acceptance: acceptance(line) }));
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
		isLate:
			maxAgeHours === null ? null : hoursBetween(startedAt, now) > maxAgeHours,
		portal,
		notEvaluated: causesIn(open),
		shortClusters: new Set(
			open
				.filter((one) => isShortNow(one) && one.acceptance === null)
				.map(({ cluster }) => cluster),
		).size,
		verdicts: {
			budgets: budgetVerdicts(index),
			clusters: clusterVerdicts(clusters, open),
		},
		fullest: fullest.map((one) => ({ ...one, fix: firstFix(one, open) })),
		reclaimable: reclaimableIn(open, inUse),
		weeks: weeksOf(audits, now),
	};
}

/** More would be a list of the fleet. */
const mostCauses = 10;

async function fullestOf(
	tables: Tables,
	snapshot: string,
	{ kind }: BudgetIndex,
): Promise<ShownBudget[]> {
	const there = Math.min(mostFullest, kind.numbers.length);
	const first = Array.from({ length: there }, (_, position) => position);
	const fullest: ShownBudget[] = [];
	for await (const part of budgetsAt(tables, snapshot, first))
		fullest.push(...part.map((one) => shownBudget(fromStored(one))));
	return fullest;
}

/** Indexes of earlier releases do not say it: then it follows from all budgets. */
async function inUseOf(
	tables: Tables,
	snapshot: string,
	{ reclaimable }: BudgetIndex,
): Promise<ReclaimableInUse> {
	if (reclaimable !== undefined) return reclaimable;
	return reclaimableInUse(
		(await readBudgets(tables, snapshot)).map(fromStored),
	);
}

/** Of clusters, not of single budgets, that could not be evaluated. */
export function causesIn(
	open: readonly Pick<KeptLine, "cluster" | "whyNotEvaluated">[],
): Cause[] {
	const clusters = new Map<string, Set<string>>();
	for (const { cluster, whyNotEvaluated: why } of open)
		if (why !== null)
			clusters.set(why, (clusters.get(why) ?? new Set<string>()).add(cluster));
	return [...clusters]
		.map(([reason, { size }]) => ({ reason, clusters: size }))
		.sort((a, b) => b.clusters - a.clusters)
		.slice(0, mostCauses);
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
