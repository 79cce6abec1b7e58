import { findAudit } from "../azure/auditStore.ts";
import { writeChanges } from "../azure/changeStore.ts";
import {
	type BucketBefore,
	bucketBefore,
	writeFindings,
} from "../azure/findingStore.ts";
import { readCommon, readSlice, writeDone } from "../azure/snapshotStore.ts";
import type { Tables } from "../azure/tables.ts";
import { countChanges } from "../findings/counts.ts";
import type { Past } from "../findings/flapping.ts";
import { heldBack } from "../findings/heldBack.ts";
import { findingId } from "../findings/identity.ts";
import { type Transition, transitions } from "../findings/lifecycle.ts";
import { judgeCluster, type RuleOutcome } from "../judge/judge.ts";
import type { Budget } from "../model/budget.ts";
import type { ClusterSnapshot, SliceDone } from "../records/snapshot.ts";
import { openKey, type Thresholds } from "../rules/rule.ts";
import { whyOlderIn } from "./olderRows.ts";

export interface SliceInput {
	readonly auditId: string;
	readonly snapshot: string;
	readonly slice: string;
}

/**
 * Judges the clusters of one slice and writes what changed: first the changes, then the findings, then the done row.
 * All keys and times follow from audit and finding, and the step starts from the findings before the audit. So done
 * twice, it writes the same. The answer is what it has done, or null if the audit no longer runs.
 */
export async function sliceStep(
	tables: Tables,
	thresholds: Thresholds,
	{ auditId, snapshot, slice }: SliceInput,
	logError: (message: string) => void,
): Promise<SliceDone | null> {
	const audit = await findAudit(tables, auditId);
	// An audit that was given up still runs: its successor writes the findings now.
	if (audit?.state !== "running") return null;
	const [clusters, { overview, budgets: shared }, before] = await Promise.all([
		readSlice(tables, snapshot, slice),
		readCommon(tables, snapshot),
		bucketBefore(tables, slice, auditId),
	]);
	const open = Map.groupBy(before.open, ({ cluster }) => cluster);
	const at = audit.startedAt;
	const results: Result[] = [];
	for (const cluster of clusters) {
		const clusterSnapshot = { ...cluster, open: open.get(cluster.id) ?? [] };
		const outcomes = judgeAlone(clusterSnapshot, shared, thresholds);
		const resolved = overview.baseline
			? new Map<string, Past>()
			: await resolvedOf(before, clusterSnapshot, outcomes);
		const moment = { auditId, at, last: overview.before };
		const made = transitions(
			clusterSnapshot,
			outcomes,
			clusterSnapshot.open,
			resolved,
			moment,
		);
		results.push({
			clusterSnapshot,
			outcomes,
			transitions: overview.olderRows
				? heldBack(
						made,
						clusterSnapshot.open,
						whyOlderIn(overview.olderRows),
						moment,
					)
				: made,
		});
	}
	for (const line of brokenRules(results)) logError(line);
	await write(tables, auditId, results);
	const done = summary(results);
	await writeDone(tables, snapshot, slice, done);
	return done;
}

interface Result {
	readonly clusterSnapshot: ClusterSnapshot;
	readonly outcomes: readonly RuleOutcome[];
	readonly transitions: readonly Transition[];
}

/** A line for each rule that threw, however many clusters of the slice it threw for: with the first, and its stack. */
function brokenRules(results: readonly Result[]): string[] {
	const thrown = results.flatMap(({ clusterSnapshot, outcomes }) =>
		outcomes.flatMap((one) =>
			"error" in one
				? [{ rule: one.rule, cluster: clusterSnapshot.id, error: one.error }]
				: [],
		),
	);
	return [...Map.groupBy(thrown, ({ rule }) => rule)].map(([rule, all]) => {
		const [first] = all;
		const { error } = first ?? {};
		const what =
			error instanceof Error ? (error.stack ?? error.message) : error;
		return `rule ${rule} could not be checked (clusters: ${all.length}, first ${first?.cluster}): ${what}`;
	});
}

/** One cluster that cannot be judged is a finding, and the slice continues. */
function judgeAlone(
	clusterSnapshot: ClusterSnapshot,
	shared: ReadonlyMap<string, Budget>,
	thresholds: Thresholds,
): RuleOutcome[] {
	const open = new Set(
		clusterSnapshot.open.map(({ rule, budget }) =>
			openKey(rule, budget?.id ?? null),
		),
	);
	try {
		return judgeCluster(clusterSnapshot, shared, open, thresholds);
	} catch (error) {
		const reason = `The evaluation failed: ${error instanceof Error ? error.message : String(error)}`;
		return judgeCluster(
			{ ...clusterSnapshot, cluster: null, notEvaluated: reason },
			shared,
			open,
			thresholds,
		);
	}
}

/** What was resolved once may be back. Only where something opens is that worth a look. */
async function resolvedOf(
	before: BucketBefore,
	clusterSnapshot: ClusterSnapshot,
	outcomes: readonly RuleOutcome[],
): Promise<ReadonlyMap<string, Past>> {
	const open = new Set(clusterSnapshot.open.map(({ id }) => id));
	const isNew = outcomes.some(
		({ rule, outcome }) =>
			outcome.kind === "violated" &&
			!open.has(
				findingId(rule, clusterSnapshot.id, outcome.budget?.id ?? null),
			),
	);
	return isNew ? before.resolved() : new Map();
}

async function write(
	tables: Tables,
	auditId: string,
	results: readonly Result[],
): Promise<void> {
	const made = results.flatMap(({ transitions }) => transitions);
	const changes = made.flatMap(({ change }) => (change ? [change] : []));
	const findings = made.flatMap(({ write }) => (write ? [write] : []));
	if (changes.length > 0) await writeChanges(tables, auditId, changes);
	if (findings.length > 0) await writeFindings(tables, auditId, findings);
}

function summary(results: readonly Result[]): SliceDone {
	return {
		clusters: results.length,
		notEvaluated: results.filter(({ outcomes }) =>
			outcomes.some(
				({ rule, outcome, partly }) =>
					!partly &&
					rule === "not-evaluated" &&
					outcome.kind === "violated" &&
					outcome.budget === null,
			),
		).length,
		changes: countChanges(
			results.flatMap(({ transitions }) =>
				transitions.flatMap(({ change }) => (change ? [change] : [])),
			),
		),
	};
}
