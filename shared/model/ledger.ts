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
import type { Budget } from "./budget.ts";
import type { ResolvedPool, Source } from "./cluster.ts";
import { type Entry, entriesOf } from "./entries.ts";
import { entryReason, nodesIn } from "./entryText.ts";
import type { FleetCluster, SharedBudget } from "./fleet.ts";
import { budgetsOf, type JudgedBudget, poolsOn } from "./judgedBudget.ts";
import { clustersNamedIn, openingText } from "./opening.ts";
import {
	otherResourcesExceedText,
	otherResourcesText,
} from "./otherResourcesText.ts";
import { runwayOf } from "./outlook.ts";
import { podsOf, shareIn } from "./podsPerNode.ts";
import { add, multiply } from "./range.ts";
import { type ResourcesOfKind, resourcesByKind } from "./resourcesByKind.ts";
import { additionalNodes, type Now, type View } from "./view.ts";

/** One budget of a cluster in all four scenarios, with everybody who uses it. */
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
	/** The other resources of a node subnet, by kind. Null if that is not known, and for other kinds of budget. */
	readonly otherResourcesByKind: readonly ResourcesOfKind[] | null;
	/** Why the kinds add up to more than the other resources, or are not known. */
	readonly otherResourcesReason: string | null;
	/** Ids of the clusters that use it, those that are only remembered among them. */
	readonly shared: readonly string[];
	/** When it will be full, if it goes on filling as it did. Null where its history does not allow an estimate. */
	readonly runway: Runway | null;
	readonly azure: Preflight;
	readonly scenarios: Readonly<Record<ScenarioName, ScenarioLedger>>;
}

interface Unseen {
	/** Its id. Null where no cluster is known by name. */
	readonly cluster: string | null;
	readonly reason: string;
	/** The audit that saw the cluster last. Null where none did. */
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
	 * Pods that a node of each pool can have on average in a dynamic pod subnet, low 0 where a node may not even get its
	 * first batch. Null for other budgets, and where the number of nodes has no bound.
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

/** A budget that several clusters use, with these clusters and the entries of all of them. */
export interface SharedLedger extends SharedBudget {
	readonly entries: readonly Entry[];
}

/** Shared budgets with the entries of clusters that are looked at one by one. */
export interface LedgerBook {
	readonly add: (cluster: FleetCluster) => void;
	/** Entries in the order of their clusters' IDs. */
	readonly ledgers: () => SharedLedger[];
}

export function ledgerBook(shared: readonly SharedBudget[]): LedgerBook {
	const entries = new Map<string, Entry[]>(
		shared.map(({ budget }) => [budget.id, []]),
	);
	return {
		add: ({ cluster }) => {
			if (cluster === null) return;
			for (const entry of entriesOf(cluster))
				entries.get(entry.budget.id)?.push(entry);
		},
		ledgers: () =>
			shared.map((one) => ({
				...one,
				entries: (entries.get(one.budget.id) ?? []).toSorted((a, b) =>
					a.cluster < b.cluster ? -1 : a.cluster > b.cluster ? 1 : 0,
				),
			})),
	};
}

/** Shared budgets with the entries of these clusters. */
export function sharedLedgers(
	shared: readonly SharedBudget[],
	clusters: readonly FleetCluster[],
): SharedLedger[] {
	const book = ledgerBook(shared);
	for (const cluster of clusters) book.add(cluster);
	return book.ledgers();
}

/**
 * Every budget that a cluster uses, with its neighbors' entries. `shared`: the budgets that other clusters use, too.
 */
export function ledgerOf(
	one: FleetCluster,
	shared: readonly SharedLedger[],
): BudgetLedger[] {
	const { cluster } = one;
	if (cluster === null) return [];
	const budgets = new Map(shared.map(({ budget }) => [budget.id, budget]));
	const ledgers = new Map(shared.map((ledger) => [ledger.budget.id, ledger]));
	return budgetsOf(one, budgets).map((judged) => {
		const ledger = ledgers.get(judged.view.budget.id);
		return budgetLedger(
			judged,
			poolsOn(cluster, judged.view),
			ledger?.clusters ?? [],
			(ledger?.entries ?? []).filter((entry) => entry.cluster !== one.id),
		);
	});
}

function budgetLedger(
	{ view, azure }: JudgedBudget,
	pools: readonly ResolvedPool[],
	members: readonly string[],
	neighbors: readonly Entry[],
): BudgetLedger {
	const { id, kind, name, unit, limit, observed } = view.budget;
	const scenario = (scenarioName: ScenarioName): ScenarioLedger => {
		const { demand, free, verdict, decidedBy } = view.scenarios[scenarioName];
		return {
			demand,
			free,
			verdict,
			decidedBy,
			entries: [
				...view.entries.map((entry) =>
					withAge(entryIn(entry, unit, scenarioName), view.now),
				),
				...neighbors.map((entry) =>
					entryIn(entry, unit, neighborScenario(scenarioName)),
				),
			],
			additionalNodes: additionalNodes(view, scenarioName),
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
		shared: sharedWith(view, members),
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

/** Neighbors may grow beside this cluster. Their surge is their own affair. */
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
