import {
	groupKey,
	lastName,
	networkOfBudget,
	subscriptionOfId,
} from "../arm.ts";
import { findAudit, newestEnded } from "../azure/auditStore.ts";
import { writeSnapshot } from "../azure/snapshotStore.ts";
import type { Tables } from "../azure/tables.ts";
import type { Gap } from "../contract.ts";
import { changeText } from "../feed/changeText.ts";
import type { HeardChange } from "../feed/heardChange.ts";
import { concerns, notSeen } from "../feed/notSeen.ts";
import type { KeptFinding } from "../findings/flapping.ts";
import type { ArmAnswer } from "../inventory/armAnswer.ts";
import type { Cluster } from "../inventory/facts.ts";
import type { FleetCluster } from "../model/fleet.ts";
import { toldCluster, toldShared } from "../model/told.ts";
import {
	type AuditInput,
	type AuditRecord,
	isByDay,
} from "../records/auditRecord.ts";
import type { Overview } from "../records/snapshot.ts";
import type { AuditSettings } from "../settings/audit.ts";
import { type SeenTenant, seenOf } from "./gatherTenant.ts";
import { fillingOfClusters, readOutlooks } from "./keepHistory.ts";
import {
	bounded,
	lastToTell,
	newSnapshotKey,
	noteSnapshot,
	type Snapshot,
	slicesIn,
} from "./keepSnapshot.ts";
import {
	type NodesBySource,
	nodesBySource,
	type OlderRows,
	olderRows,
} from "./olderRows.ts";
import { openInScope } from "./openNow.ts";
import type { LookUpKnown } from "./readNeighborhood.ts";
import { readScope, type ScopeRead, type ScopeReaders } from "./readScope.ts";
import { knownBefore, nothingRemembered } from "./remember.ts";
import { seenTags } from "./routedTags.ts";
import { sinceOf } from "./scope.ts";

/** Null: what was read is older than the request, and a later reading may be newer. */
export type ScopedInventoried = {
	readonly snapshot: Snapshot;
	readonly overview: Overview;
} | null;

/**
 * Reads the clusters of a scoped audit, and writes its snapshot. Nothing else of the fleet changes: no memory, no
 * history. `isLast`: what is read now must do.
 */
export async function scopedInventoryStep(
	tables: Tables,
	settings: Pick<AuditSettings, "routedTags" | "routesPerTable">,
	readers: ScopeReaders,
	{ input, isLast }: { readonly input: AuditInput; readonly isLast: boolean },
): Promise<ScopedInventoried> {
	const record = await findAudit(tables, input.auditId);
	if (record?.state !== "running" || record.scope === null)
		throw new Error("the audit was given up before it read its clusters");
	const last = await newestEnded(tables);
	const open = await openInScope(tables, record.scope);
	const reading = await readFor(record, knownBefore(tables, { last }), {
		readers,
		settings,
		open,
	});
	if (!isLast && isWorthWaiting(reading, open)) return null;
	const { judged, seen, fleet } = reading;
	const filling = fillingOfClusters(judged, fleet);
	const outlooks = await readOutlooks(tables, filling, input);
	const overview = overviewOf(reading, record, last);
	const key = newSnapshotKey(input);
	const shared = new Set(judged.flatMap(({ shared }) => shared));
	const ids = new Set(judged.map(({ id }) => id));
	await writeSnapshot(
		tables,
		key,
		{
			audit: { auditId: input.auditId, at: input.startedAt },
			overview,
			clusters: judged.map((one) => toldCluster(one, outlooks)),
			neighbors: fleet.clusters.filter(
				(one) => !ids.has(one.id) && one.shared.some((id) => shared.has(id)),
			),
			shared: fleet.sharedBudgets
				.filter(({ budget }) => shared.has(budget.id))
				.map((one) => toldShared(one, outlooks)),
			unseenClusters: [],
			known: [],
			budgets: null,
			networks: null,
			tags: seenTags(
				seen.clusters.filter(({ id }) => ids.has(id)),
				settings.routedTags,
			),
		},
		null,
	);
	await noteSnapshot(tables, input, key, overview);
	return { snapshot: { key, slices: slicesIn(judged) }, overview };
}

interface Reading extends Pick<ScopeRead, "fleet" | "judged" | "azure"> {
	readonly seen: SeenTenant;
	readonly older: OlderRows;
	readonly nodes: ReadonlyMap<string, NodesBySource>;
	/** Changes that were heard and that the rows do not show. */
	readonly unseen: readonly HeardChange[];
}

type OpenFindings = ReadonlyMap<string, readonly KeptFinding[]>;

async function readFor(
	{ auditId, startedAt: at, scope, requests }: AuditRecord,
	lookUp: LookUpKnown,
	{
		readers,
		settings,
		open,
	}: {
		readonly readers: ScopeReaders;
		readonly settings: Pick<AuditSettings, "routesPerTable">;
		readonly open: OpenFindings;
	},
): Promise<Reading> {
	const { near, fleet, judged, azure, readByArm } = await readScope(
		readers,
		settings,
		scope ?? {},
		{ memory: nothingRemembered, lookUp, auditId, at },
		(cluster) =>
			new Set(open.get(cluster)?.flatMap(({ budget }) => budget?.id ?? [])),
	);
	const { clusters, scaleSets } = near.inventory;
	const nodes = nodesBySource(clusters, scaleSets);
	const age = { since: sinceOf(requests), readByArm, nodes };
	const unseen = notSeen(
		requests.flatMap(({ changes = [] }) => changes).toSorted(newestFirst),
		{ inventory: near.inventory, readByArm, now: readers.now().getTime() },
	);
	const older = {
		...olderRows(judged, fleet, age),
		...withoutChange(judged, clusters, unseen),
	};
	return { seen: seenOf(near), fleet, judged, azure, older, nodes, unseen };
}

function newestFirst(a: HeardChange, b: HeardChange): number {
	return a.at < b.at ? 1 : a.at > b.at ? -1 : 0;
}

/** A change that is not in the rows yet: whoever it concerns, and what they use, rest on older ones. */
function withoutChange(
	judged: readonly FleetCluster[],
	rows: readonly Cluster[],
	unseen: readonly HeardChange[],
): OlderRows {
	const older: Record<string, string> = {};
	if (unseen.length === 0) return older;
	const groups = new Map(
		rows.map(({ id, subscription, nodeResourceGroup }) => [
			id,
			groupKey(subscription, nodeResourceGroup),
		]),
	);
	for (const { id, budgets, shared } of judged) {
		const places = [...budgets.map((budget) => budget.id), ...shared];
		const uses = new Set(
			places.flatMap((place) => [place, networkOfBudget(place) ?? place]),
		);
		const group = groups.get(id) ?? "";
		const change = unseen.find((one) => concerns(one, { id, group, uses }));
		if (change === undefined) continue;
		const why = `Azure does not show this change yet: ${changeText(change)}`;
		for (const one of [id, ...places]) older[one] = why;
	}
	return older;
}

/** Resource Graph follows the nodes of a cluster within seconds, mostly. It matters where something could resolve. */
function isWorthWaiting(
	{ judged, nodes }: Reading,
	open: OpenFindings,
): boolean {
	return judged.some(
		({ id }) => open.has(id) && ["more", "fewer"].includes(nodes.get(id) ?? ""),
	);
}

function overviewOf(
	reading: Reading,
	record: AuditRecord,
	last: AuditRecord | null,
): Overview {
	const { seen, judged, older, unseen } = reading;
	const { clusters = [], subscriptions = [] } = record.scope ?? {};
	const expected = new Set([
		...subscriptions,
		...clusters.map((id) => subscriptionOfId(id) ?? ""),
	]);
	const gaps = [
		...clusters.flatMap((id) => whyNotJudged(id, reading, record) ?? []),
		...subscriptions.flatMap((id) => whySilent(id, seen) ?? []),
		...seen.gaps,
	];
	return {
		clusters: judged.length,
		subnets: seen.subnets,
		expected: expected.size,
		gaps: bounded(gaps),
		outOfReach: [],
		remembered: seen.coverage.remembered,
		vanishedBefore: {},
		baseline: false,
		olderRows: older,
		changesNotSeen: unseen.map(({ id }) => id),
		before: lastToTell(last),
	};
}

/** A cluster that was asked for by name and cannot be judged. Its findings stay as they are. */
function whyNotJudged(
	id: string,
	{ fleet, judged, azure }: Reading,
	record: AuditRecord,
): Gap | null {
	if (judged.some((one) => one.id === id)) return null;
	const isSeen = fleet.clusters.some((one) => one.id === id);
	// Nobody named it: it shares something with a cluster that changed.
	if (isSeen && isByDay(record)) return null;
	return {
		kind: "cluster",
		subscription: subscriptionOfId(id),
		scope: `cluster ${lastName(id)}`,
		reason: isSeen
			? "is outside of AUDIT_SUBSCRIPTIONS and AUDIT_MANAGEMENT_GROUPS"
			: whyNotThere(azure.get(id)),
	};
}

function whyNotThere(answer: ArmAnswer | undefined): string {
	switch (answer?.kind) {
		case "missing":
			return "does not exist";
		case "unreadable":
			return answer.reason;
		case "resource":
		case undefined:
			return "does not exist, or the auditor's identity cannot read it";
	}
}

function whySilent(subscription: string, { answered }: SeenTenant): Gap | null {
	if (answered(subscription)) return null;
	return {
		kind: "subscription",
		subscription,
		scope: `subscription ${subscription}`,
		reason: "does not answer: the auditor's identity needs Reader on it",
	};
}
