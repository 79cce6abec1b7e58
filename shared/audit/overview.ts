import { listFleetAudits } from "../azure/auditStore.ts";
import { readBudgets } from "../azure/budgetStore.ts";
import { openFindings } from "../azure/findingBuckets.ts";
import type { Tables } from "../azure/tables.ts";
import type { Audit, BudgetName, ChangeCounts, Finding } from "../contract.ts";
import { addCounts, noChanges } from "../findings/counts.ts";
import { isShortNow } from "../findings/ownVerdict.ts";
import type { AuditRecord } from "../records/auditRecord.ts";
import { fromStored, type StoredBudget } from "../records/storedBudget.ts";
import type { ReportFacts } from "../settings/audit.ts";
import { daysBefore, hoursBetween } from "../time.ts";
import { newestList, type ShownBudget, shownBudget } from "./budgetsPage.ts";
import { clustersIn } from "./clustersPage.ts";
import { type FirstFix, firstFix } from "./firstFix.ts";
import { countsOf, type VerdictCounts } from "./fleetCounts.ts";

const mostFullest = 10;
const mostLargest = 10;
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

/**
 * IPs that somebody could use otherwise. Of one subnet, each IP counts once: what an oversized subnet has is free, the
 * others are in use, each by something else.
 */
interface Reclaimable {
	/** In all. */
	readonly addresses: number;
	/** What oversized subnets have beyond an upgrade at their autoscaler's maximum: of use when they are built anew. */
	readonly oversizedSubnets: WonBack;
	/** The last block of each node of pools that use it for a few pods. */
	readonly wastedBlocks: WonBack;
	/** What nodes use beyond the max pods that their subnet is large enough for. */
	readonly oversizedMaxPods: WonBack;
	/** Held by network interfaces without a machine. */
	readonly leftoverInterfaces: WonBack;
}

interface WonBack {
	readonly subnets: number;
	readonly addresses: number;
	/** Those with the most, at most ten. */
	readonly largest: readonly (BudgetName & { readonly addresses: number })[];
}

type Subnet = WonBack["largest"][number];

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
	const { audit, snapshot } = await newestList(tables);
	const [budgets, open, audits] = await Promise.all([
		readBudgets(tables, snapshot),
		openFindings(tables),
		listFleetAudits(tables, mostAudits),
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
		isLate:
			maxAgeHours === null ? null : hoursBetween(startedAt, now) > maxAgeHours,
		portal,
		notEvaluated: causesIn([...open.values()].flat()),
		shortClusters: new Set(
			[...open.values()]
				.flat()
				.filter((one) => one.acceptance === null && isShortNow(one))
				.map(({ cluster }) => cluster),
		).size,
		verdicts: {
			budgets: countsOf(budgets),
			clusters: countsOf(clustersIn(budgets, open)),
		},
		fullest: budgets.slice(0, mostFullest).map((one) => ({
			...shownBudget(fromStored(one)),
			fix: firstFix(one, [...open.values()].flat()),
		})),
		reclaimable: reclaimableIn([...open.values()].flat(), budgets),
		weeks: weeksOf(audits, now),
	};
}

export function reclaimableIn(
	open: readonly Finding[],
	budgets: readonly StoredBudget[],
): Reclaimable {
	const oversized = new Map<string, Subnet>();
	for (const { rule, budget, free } of open) {
		if (rule !== "oversized-subnet" || budget === null) continue;
		const addresses = Math.max(0, free?.low ?? 0);
		// Of clusters in one subnet, the least that one of them leaves free.
		const before = oversized.get(budget.id)?.addresses ?? addresses;
		const least = Math.min(before, addresses);
		oversized.set(budget.id, { ...budget, addresses: least });
	}
	const inUse = (addressesOf: (budget: StoredBudget) => number) =>
		wonBack(
			budgets.map((budget) => {
				const { id, kind, name } = budget;
				return { id, kind, name, addresses: addressesOf(budget) };
			}),
		);
	const parts = {
		oversizedSubnets: wonBack([...oversized.values()]),
		wastedBlocks: inUse(({ kind, wonBack }) =>
			kind === "pod-blocks" ? (wonBack ?? 0) : 0,
		),
		oversizedMaxPods: inUse(({ kind, wonBack }) =>
			kind === "subnet" ? (wonBack ?? 0) : 0,
		),
		leftoverInterfaces: inUse(({ others }) =>
			total(
				(others?.byKind ?? [])
					.filter(({ kind }) => kind === "leftover-interface")
					.map(({ addresses }) => addresses.low ?? 0),
			),
		),
	};
	const all = Object.values(parts).map(({ addresses }) => addresses);
	return { addresses: total(all), ...parts };
}

function wonBack(all: readonly Subnet[]): WonBack {
	const some = all
		.filter(({ addresses }) => addresses > 0)
		.sort((a, b) => b.addresses - a.addresses || (a.id < b.id ? -1 : 1));
	return {
		subnets: some.length,
		addresses: total(some.map(({ addresses }) => addresses)),
		largest: some.slice(0, mostLargest),
	};
}

function total(amounts: readonly number[]): number {
	return amounts.reduce((sum, amount) => sum + amount, 0);
}

/** More would be a list of the fleet. */
const mostCauses = 10;

/** Of clusters, not of single budgets, that could not be evaluated. */
export function causesIn(open: readonly Finding[]): Cause[] {
	const clusters = new Map<string, Set<string>>();
	for (const { rule, budget, cluster, reasons } of open) {
		if (rule !== "not-evaluated" || budget !== null) continue;
		const reason = reasons[0]?.text ?? "not known";
		clusters.set(
			reason,
			(clusters.get(reason) ?? new Set<string>()).add(cluster),
		);
	}
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
