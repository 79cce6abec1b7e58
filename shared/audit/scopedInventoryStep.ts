import { lastName, subscriptionOfId } from "../arm.ts";
import { findAudit, newestEnded } from "../azure/auditStore.ts";
import { openFindings } from "../azure/findingBuckets.ts";
import { writeSnapshot } from "../azure/snapshotStore.ts";
import type { Tables } from "../azure/tables.ts";
import type { AuditScope, Gap } from "../contract.ts";
import { buildFleet, type Fleet, type FleetCluster } from "../model/fleet.ts";
import type { AuditInput, AuditRecord } from "../records/auditRecord.ts";
import type { Overview } from "../records/snapshot.ts";
import type { AuditSettings } from "../settings/audit.ts";
import type { Before, Neighborhood } from "./gatherNeighborhood.ts";
import { type SeenTenant, seenOf } from "./gatherTenant.ts";
import { tellHistory } from "./keepHistory.ts";
import {
	bounded,
	lastToTell,
	neighborsOf,
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
	type RowAge,
} from "./olderRows.ts";
import type { Near } from "./readNeighborhood.ts";
import { nothingRemembered, readKnownBefore } from "./remember.ts";
import { seenTags } from "./routedTags.ts";
import { isInScope, sinceOf } from "./scope.ts";

/** The clusters of a scope and their neighbors, and how new what was read of them is. */
export interface ScopeRead extends Pick<RowAge, "readByArm"> {
	readonly near: Neighborhood;
}

/** Throws with a reason for people where nothing can be read. */
export type ReadScope = (before: Before, near: Near) => Promise<ScopeRead>;

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
	read: ReadScope,
	{ input, isLast }: { readonly input: AuditInput; readonly isLast: boolean },
): Promise<ScopedInventoried> {
	const record = await findAudit(tables, input.auditId);
	if (record?.state !== "running" || record.scope === null)
		throw new Error("the audit was given up before it read its clusters");
	const last = await newestEnded(tables);
	const reading = await readScope(tables, settings, read, { record, last });
	if (!isLast && (await isWorthWaiting(tables, reading))) return null;
	const { judged, seen } = reading;
	const told = await tellHistory(
		tables,
		reading.fleet,
		(cluster) => judged.includes(cluster),
		input,
	);
	const clusters = told.clusters.filter(({ id }) =>
		judged.some((one) => one.id === id),
	);
	const overview = overviewOf(reading, record.scope, last);
	const key = newSnapshotKey(input);
	const shared = new Set(clusters.flatMap(({ shared }) => shared));
	const ids = new Set(clusters.map(({ id }) => id));
	await writeSnapshot(
		tables,
		key,
		{
			audit: { auditId: input.auditId, at: input.startedAt },
			overview,
			clusters,
			neighbors: neighborsOf(told, clusters, ({ id }) => ids.has(id)),
			shared: told.sharedBudgets.filter(({ budget }) => shared.has(budget.id)),
			unseenClusters: [],
			known: [],
			budgets: null,
			tags: seenTags(
				seen.clusters.filter(({ id }) => ids.has(id)),
				settings.routedTags,
			),
		},
		null,
	);
	await noteSnapshot(tables, input, key, overview);
	return { snapshot: { key, slices: slicesIn(clusters) }, overview };
}

interface Reading {
	readonly seen: SeenTenant;
	readonly fleet: Fleet;
	/** The clusters of the scope that are judged. */
	readonly judged: readonly FleetCluster[];
	readonly older: OlderRows;
	readonly nodes: ReadonlyMap<string, NodesBySource>;
}

async function readScope(
	tables: Tables,
	settings: Pick<AuditSettings, "routesPerTable">,
	read: ReadScope,
	{
		record,
		last,
	}: { readonly record: AuditRecord; readonly last: AuditRecord | null },
): Promise<Reading> {
	const { auditId, startedAt, requests } = record;
	const scope = record.scope ?? {};
	const memory = await readKnownBefore(tables, { last });
	const { clusters = [], subscriptions = [] } = scope;
	const { near, readByArm } = await read(
		{ memory: nothingRemembered, known: memory },
		{ clusters, subscriptions },
	);
	const seen = seenOf(near);
	const { answered, isJudged } = seen;
	const { inventory, known } = near;
	const fleet = buildFleet(
		inventory,
		{ auditId, at: startedAt, known, answered },
		settings,
	);
	const judged = fleet.clusters.filter(
		(one) => isInScope(scope, one.id, one.subscription) && isJudged(one),
	);
	const nodes = nodesBySource(inventory.clusters, inventory.scaleSets);
	const age: RowAge = { since: sinceOf(requests), readByArm, nodes };
	return { seen, fleet, judged, older: olderRows(judged, fleet, age), nodes };
}

/** Resource Graph follows the nodes of a cluster within seconds, mostly. It matters where something could resolve. */
async function isWorthWaiting(
	tables: Tables,
	{ judged, nodes }: Reading,
): Promise<boolean> {
	const differ = judged.filter(({ id }) =>
		["more", "fewer"].includes(nodes.get(id) ?? ""),
	);
	if (differ.length === 0) return false;
	const open = await openFindings(tables);
	return differ.some(({ id }) => open.has(id));
}

function overviewOf(
	{ seen, fleet, judged, older }: Reading,
	scope: AuditScope,
	last: AuditRecord | null,
): Overview {
	const { clusters = [], subscriptions = [] } = scope;
	const expected = new Set([
		...subscriptions,
		...clusters.map((id) => subscriptionOfId(id) ?? ""),
	]);
	const gaps = [
		...clusters.flatMap((id) => whyNotJudged(id, fleet, judged) ?? []),
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
		before: lastToTell(last),
	};
}

/** A cluster that was asked for by name and cannot be judged. Its findings stay as they are. */
function whyNotJudged(
	id: string,
	fleet: Fleet,
	judged: readonly FleetCluster[],
): Gap | null {
	if (judged.some((one) => one.id === id)) return null;
	const isSeen = fleet.clusters.some((one) => one.id === id);
	return {
		kind: "cluster",
		subscription: subscriptionOfId(id),
		scope: `cluster ${lastName(id)}`,
		reason: isSeen
			? "is outside of AUDIT_SUBSCRIPTIONS and AUDIT_MANAGEMENT_GROUPS"
			: "does not exist, or the auditor's identity cannot read it",
	};
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
