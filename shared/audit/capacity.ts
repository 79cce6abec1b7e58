import {
	findCluster,
	findClusterSnapshot,
	findSharedBudget,
} from "../azure/snapshotStore.ts";
import type { Tables } from "../azure/tables.ts";
import {
	type BudgetKind,
	type Preflight,
	type Range,
	type Reason,
	type Runway,
	type ScenarioName,
	scenarioNames,
	type Verdict,
} from "../contract.ts";
import { budgetsOf } from "../judge/judge.ts";
import {
	otherResourcesExceedText,
	otherResourcesText,
} from "../model/amountText.ts";
import type { Budget } from "../model/budget.ts";
import type { ResolvedPool, Source } from "../model/cluster.ts";
import { type Entry, entriesOf } from "../model/entries.ts";
import type { SharedBudget } from "../model/fleet.ts";
import { clustersNamedIn, openingText } from "../model/opening.ts";
import { runwayOf } from "../model/outlook.ts";
import { podsOf, shareIn } from "../model/podsPerNode.ts";
import { add, multiply } from "../model/range.ts";
import {
	type ResourcesOfKind,
	resourcesByKind,
} from "../model/resourcesByKind.ts";
import type { Now, View } from "../model/view.ts";
import { type JudgedBudget, poolsOn } from "../rules/rule.ts";
import { entryReason, nodesIn } from "../rules/sums.ts";
import type { AuditRecord } from "./record.ts";

/** The whole ledger of a cluster: every budget that it uses, with its neighbors' entries. */
export interface Capacity {
	readonly cluster: string;
	readonly auditId: string;
	readonly notEvaluated: string | null;
	/** As Azure reports it, lower case; null where the cluster was not evaluated. */
	readonly provisioningState: string | null;
	readonly budgets: readonly BudgetLedger[];
}

export interface BudgetLedger {
	readonly id: string;
	readonly kind: BudgetKind;
	readonly name: string;
	readonly unit: Budget["unit"];
	readonly limit: Range;
	/** Unbounded where Azure cannot show its use. */
	readonly observed: Range;
	readonly otherResources: Range;
	/** Who uses it and was not seen whole by this audit, or what else is unseen on it. */
	readonly unseen: readonly Unseen[];
	/** Who the others of a node subnet are; null where that is not known, and for other kinds of budget. */
	readonly otherResourcesByKind: readonly ResourcesOfKind[] | null;
	/** Why the kinds of other resources are more than the others, or not known. */
	readonly otherResourcesReason: string | null;
	/** Ids of the clusters that use it, those that are only remembered among them. */
	readonly shared: readonly string[];
	/** When it will be full, if it goes on filling as it did; null where its history does not carry an estimate. */
	readonly runway: Runway | null;
	readonly azure: Preflight;
	readonly scenarios: Readonly<Record<ScenarioName, ScenarioLedger>>;
}

interface Unseen {
	/** Its id; null where no cluster is known by name. */
	readonly cluster: string | null;
	readonly reason: string;
	/** The audit that saw the cluster last; null where none did. */
	readonly lastSeen: { readonly auditId: string; readonly at: string } | null;
}

interface ScenarioLedger {
	readonly demand: Range;
	readonly free: Range;
	readonly verdict: Verdict;
	readonly decidedBy: string | null;
	readonly entries: readonly LedgerEntry[];
	readonly additionalNodes: Readonly<Record<string, Range>>;
	/**
	 * Pods that a node of each pool can have on average in a dynamic pod subnet, low 0 where a node may not even get
	 * its first batch; null for other budgets, and where the number of nodes has no bound.
	 */
	readonly podsPerNode: Readonly<Record<string, Range>> | null;
	/** Addresses of it that fill no batch. */
	readonly stranded: Range | null;
}

interface LedgerEntry {
	readonly cluster: string;
	readonly pool: string | null;
	readonly nodes: Range;
	readonly demand: Range;
	readonly source: Source;
	readonly reasons: readonly Reason[];
}

/** From the snapshot of an ended audit; null where the cluster was not judged in it. */
export async function capacityOf(
	tables: Tables,
	{ auditId, snapshot, slices }: AuditRecord,
	clusterId: string,
): Promise<Capacity | null> {
	if (snapshot === null) return null;
	const clusterSnapshot = await findClusterSnapshot(
		tables,
		snapshot,
		slices,
		clusterId,
	);
	if (clusterSnapshot === null) return null;
	const shared = await sharedOf(tables, snapshot, clusterSnapshot.shared);
	const budgets = new Map([...shared].map(([id, { budget }]) => [id, budget]));
	const neighbors = await entriesOfNeighbors(
		tables,
		{ snapshot, slices },
		clusterId,
		shared,
	);
	return {
		cluster: clusterId,
		auditId,
		notEvaluated: clusterSnapshot.notEvaluated,
		provisioningState: clusterSnapshot.cluster?.provisioningState ?? null,
		budgets: budgetsOf(clusterSnapshot, budgets).map((judged) =>
			ledgerOf(
				judged,
				clusterSnapshot.cluster === null
					? []
					: poolsOn(clusterSnapshot.cluster, judged.view),
				shared,
				neighbors,
			),
		),
	};
}

async function sharedOf(
	tables: Tables,
	snapshot: string,
	ids: readonly string[],
): Promise<Map<string, SharedBudget>> {
	const found = await Promise.all(
		ids.map((id) => findSharedBudget(tables, snapshot, id)),
	);
	return new Map(
		found.flatMap((budget) => (budget ? [[budget.budget.id, budget]] : [])),
	);
}

/** Neighbors' entries by budget, from their own snapshots. */
async function entriesOfNeighbors(
	tables: Tables,
	{ snapshot, slices }: { readonly snapshot: string; readonly slices: number },
	self: string,
	shared: ReadonlyMap<string, SharedBudget>,
): Promise<Map<string, Entry[]>> {
	const ids = new Set([...shared.values()].flatMap(({ clusters }) => clusters));
	ids.delete(self);
	const clusters = await Promise.all(
		[...ids].map((id) => findCluster(tables, snapshot, slices, id)),
	);
	const entries = clusters.flatMap((found) =>
		found?.cluster ? entriesOf(found.cluster) : [],
	);
	return Map.groupBy(entries, ({ budget }) => budget.id);
}

function ledgerOf(
	{ view, azure }: JudgedBudget,
	pools: readonly ResolvedPool[],
	shared: ReadonlyMap<string, SharedBudget>,
	neighbors: ReadonlyMap<string, readonly Entry[]>,
): BudgetLedger {
	const { id, kind, name, unit, limit, observed } = view.budget;
	const others = neighbors.get(id) ?? [];
	const scenario = (scenarioName: ScenarioName): ScenarioLedger => {
		const { demand, free, verdict, decidedBy, additionalNodes } =
			view.scenarios[scenarioName];
		return {
			demand,
			free,
			verdict,
			decidedBy,
			entries: [
				...view.entries.map((entry) =>
					withAge(entryIn(entry, unit, scenarioName), view.now),
				),
				...others.map((entry) =>
					entryIn(entry, unit, neighborScenario(scenarioName)),
				),
			],
			additionalNodes,
			...podsIn(view, pools, scenarioName),
		};
	};
	return {
		id,
		kind,
		name,
		unit,
		limit,
		observed: observed ?? { low: 0, high: null },
		otherResources: view.now.otherResources,
		otherResourcesByKind: resourcesByKind(view),
		otherResourcesReason: otherResourcesReason(view),
		shared: sharedWith(view, shared.get(id)?.clusters ?? []),
		unseen: view.budget.open.map((opening) => ({
			cluster: opening.cluster,
			reason: openingText(opening),
			lastSeen: opening.lastSeen,
		})),
		runway: runwayOf(view.budget.outlook),
		azure,
		scenarios: Object.fromEntries(
			scenarioNames.map((name) => [name, scenario(name)]),
		) as Record<ScenarioName, ScenarioLedger>,
	};
}

/** Nobody else is where only the cluster itself is. */
function sharedWith(
	{ budget, entries }: View,
	seen: readonly string[],
): readonly string[] {
	const self = entries[0]?.cluster;
	const others = clustersNamedIn(budget.open).filter((id) => id !== self);
	if (others.length === 0) return seen;
	return [...new Set([...seen, ...(self ? [self] : []), ...others])].sort();
}

function podsIn(
	view: View,
	pools: readonly ResolvedPool[],
	name: ScenarioName,
): Pick<ScenarioLedger, "podsPerNode" | "stranded"> {
	const found = shareIn(view, name);
	if (found === null) return { podsPerNode: null, stranded: null };
	const { share } = found;
	const fits = view.scenarios[name].verdict === "fits";
	return {
		podsPerNode: Object.fromEntries(
			pools.map(({ name, maxPods }) => {
				const { low, high } = podsOf(share, maxPods);
				return [name, { low: fits ? low : 0, high }];
			}),
		),
		stranded: share.stranded,
	};
}

function otherResourcesReason(view: View): string | null {
	return view.budget.otherResourcesByKind === null
		? otherResourcesText(view)
		: otherResourcesExceedText(view);
}

function withAge(entry: LedgerEntry, { olderThanNodes }: Now): LedgerEntry {
	if (!olderThanNodes) return entry;
	const text =
		"Azure shows fewer IPs in use than the nodes have. The data differs in age, so the nodes count.";
	return {
		...entry,
		reasons: [...entry.reasons, { kind: "older-rows", text }],
	};
}

/** Neighbors may grow beside this cluster; their surge is their own affair. */
function neighborScenario(name: ScenarioName): "today" | "neighbor" {
	return name === "full" || name === "full-upgrade" ? "neighbor" : "today";
}

function entryIn(
	entry: Entry,
	unit: Budget["unit"],
	name: ScenarioName | "neighbor",
): LedgerEntry {
	const scenario = name === "neighbor" ? "full" : name;
	const grown = nodesIn(entry, scenario);
	// A neighbor may stay as it is (low) or grow to its maximum (high).
	const nodes =
		name === "neighbor" ? { low: entry.nodes.low, high: grown.high } : grown;
	const demand = multiply(nodes, entry.perNode);
	return {
		cluster: entry.cluster,
		pool: entry.pool,
		nodes,
		demand: add(demand, entry.fixed),
		source: entry.source,
		reasons: [
			entryReason(
				{ ...entry, nodes, growth: zero, surge: zero, surgeAtFull: zero },
				unit,
				"today",
			),
		],
	};
}

const zero: Range = { low: 0, high: 0 };
