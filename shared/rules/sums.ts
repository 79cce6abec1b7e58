import type {
	BudgetKind,
	Range,
	Reason,
	ReasonKind,
	ScenarioName,
} from "../contract.ts";
import {
	amount,
	otherResourcesText,
	scenarioText,
} from "../model/amountText.ts";
import {
	addedDemandIn,
	demandNowIn,
	minusTotals,
	totalsOf,
} from "../model/budget.ts";
import type { ResolvedCluster } from "../model/cluster.ts";
import type { Entry } from "../model/entries.ts";
import { azureAnswer } from "../model/preflight.ts";
import { add, words } from "../model/range.ts";
import type { View } from "../model/view.ts";
import { growingFirst } from "../remedies/changedPool.ts";
import { poolText } from "../remedies/commands.ts";
import type { JudgedBudget } from "./rule.ts";

/** Why a budget comes out as it does, in words: the same in findings, in the report and over HTTP. */

/** "subnet net/nodes: 240 to 262 of 251 addresses used at full scale". */
export function demandText(view: View, name: ScenarioName): string {
	const { budget, scenarios } = view;
	return `${words(scenarios[name].demand)} of ${words(budget.limit)} ${budget.unit} drawn ${scenarioText[name]}`;
}

/** A reason with this text, or none where there is nothing to say. */
export function reason(kind: ReasonKind, text: string | null): Reason[] {
	return text === null ? [] : [{ kind, text }];
}

/** The sum of one entry, as a reason. */
export function entryReason(
	entry: Entry,
	unit: string,
	name: ScenarioName,
): Reason {
	const kind = entry.pool === null ? "demand" : "pool";
	return { kind, text: entryText(entry, unit, name) };
}

/** The sum of one entry in a scenario: "pool np1: 3 nodes x 29 to 31 addresses (max pods 30)". */
export function entryText(
	entry: Entry,
	unit: string,
	name: ScenarioName,
): string {
	if (entry.pool === null) return entry.reason;
	const reason = entry.reason === "" ? "" : ` (${entry.reason})`;
	return `pool ${entry.pool}: ${amount(nodesIn(entry, name), "nodes")} x ${amount(entry.perNode, unit)}${reason}`;
}

/** Nodes of an entry in a scenario, its own surge included. */
export function nodesIn(entry: Entry, name: ScenarioName): Range {
	switch (name) {
		case "today":
			return entry.nodes;
		case "upgrade":
			return add(entry.nodes, entry.surge);
		case "full":
			return add(entry.nodes, entry.growth);
		case "full-upgrade":
			return add(add(entry.nodes, entry.growth), entry.surgeAtFull);
	}
}

/** Why a scenario comes out as it does: its sum, everybody in it, and what it rests on. */
export function demandReasons(
	judged: JudgedBudget,
	name: ScenarioName,
): Reason[] {
	const { view } = judged;
	const { budget, entries, now } = view;
	return [
		...reason("demand", `${demandText(view, name)} (${budget.limitReason})`),
		...reason("neighbors", budget.sharedBy > 1 ? neighborsText(view) : null),
		...inOrder(entries, name).map((entry) =>
			entryReason(entry, budget.unit, name),
		),
		...reason("observed", observedText(view)),
		...reason("other-resources", heldByOthersText(view)),
		...reason(
			"older-rows",
			now.olderThanNodes
				? "fewer addresses are seen in the subnet than its nodes hold: the rows are of different age, and the nodes count"
				: null,
		),
	];
}

function observedText({ budget, now }: View): string | null {
	return now.isObserved && budget.observed !== null && isRange(budget)
		? `${amount(budget.observed, budget.unit)} seen as taken now, which counts before what the models say`
		: null;
}

function heldByOthersText(view: View): string | null {
	const { budget, now } = view;
	if (now.otherResources.high === 0) return null;
	const kinds = otherResourcesText(view);
	return `held by others than AKS nodes: ${amount(now.otherResources, budget.unit)}${kinds === null ? "" : ` (${kinds})`}`;
}

/** At full scale the pools that grow are what it comes from. */
function inOrder(entries: readonly Entry[], name: ScenarioName) {
	return name === "full" || name === "full-upgrade"
		? growingFirst(entries)
		: entries;
}

/** "shared by 5 clusters: the others need 759 addresses now and may grow by 203". */
function neighborsText({ budget, entries }: View): string {
	const others = minusTotals(budget.totals, totalsOf(entries));
	return `shared by ${budget.sharedBy} clusters: the others draw ${amount(demandNowIn(others), budget.unit)} now and may grow by ${words(addedDemandIn(others))}`;
}

/** The models alone leave open what is used now. */
function isRange({ totals }: View["budget"]): boolean {
	const { low, high } = demandNowIn(totals);
	return low !== high;
}

const decisions = {
	neighbors: "only if the neighbors grow to their maxima as well",
	"pools-at-once": "only if all pools upgrade at once",
	"neighbors-and-pools-at-once":
		"only if the neighbors grow to their maxima and all pools upgrade at once",
	documentation:
		"as documented (max pods + 1 a node), not as Azure really allocates (max pods - 1)",
	surge: "with the full surge; AKS falls back to one surge node",
	limit: "depending on how much of it is usable",
	observation: "depending on what holds addresses now",
	several: "by several of these together",
} as const;

export function decisionText(view: View, name: ScenarioName): string | null {
	const { decidedBy } = view.scenarios[name];
	if (decidedBy === null) return null;
	if (decidedBy === "documentation" && view.entries.some(isUnknownDemand))
		return "tight depending on how many addresses a node takes, which is not known for all of its pools";
	return `tight ${decisions[decidedBy]}`;
}

/** Hosted nodes, gateways, max pods that nobody reported: the range is not one of documentation and reality. */
function isUnknownDemand({ source, perNode }: Entry): boolean {
	return source === "assumed" && perNode.low !== perNode.high;
}

/** A cluster that is not in order, in words; null where it is, or is being changed. */
export function stateText(cluster: ResolvedCluster | null): string | null {
	switch (cluster?.provisioningState) {
		case "deleting":
			return "the cluster is being deleted: what it draws will be free then";
		case "failed":
		case "canceled":
			return `Azure reports the cluster as ${cluster.provisioningState}: its last operation did not come to its end`;
		default:
			return null;
	}
}

/** Azure's check speaks of addresses, also of the pod range; routes and nodes are counted as such. */
const asked = {
	subnet: "pre-allocated IPs",
	"pod-subnet": "pre-allocated IPs",
	"pod-blocks": "pre-allocated IPs",
	"pod-range": "pre-allocated IPs",
	"api-server-subnet": "addresses",
	"virtual-network": "addresses",
	routes: "routes",
	"cluster-nodes": "nodes",
	"pool-nodes": "nodes",
} as const satisfies Record<BudgetKind, string>;

/** "Azure refuses to start" and "stalls half-way" are different news. `budgets`: all of the cluster's, of which any can be what Azure refuses for. */
export function azureText(
	judged: JudgedBudget,
	name: ScenarioName,
	budgets: readonly JudgedBudget[] = [],
): string | null {
	const { view } = judged;
	const stalls =
		view.scenarios[name].verdict === "short"
			? "it starts and stalls half-way"
			: "it starts, and stalls half-way if it comes to the worst";
	const what = isUpgrade(name) ? "an upgrade" : "any change";
	const check = checkOf(judged, name);
	const figures = `${asked[view.budget.kind]} ${words(check.requested)}, available ${words(check.available)}`;
	switch (azureAnswer(check)) {
		case "refuses":
			return `Azure refuses to start ${what}: ${figures}`;
		case "accepts": {
			const accepts = `Azure's own check accepts this (${figures})`;
			const other = refusedFor(judged, name, budgets);
			if (other !== null)
				return `${accepts}, but refuses to start ${what} for ${other}: it checks all pools together`;
			return name === "today"
				? `${accepts}: nodes start and never become ready`
				: `${accepts}: ${stalls}`;
		}
		case "unknown":
			return name === "today"
				? null
				: `whether Azure checks this before it starts is not known: if not, ${stalls}`;
		case "unsettled":
			return `Azure may refuse to start ${isUpgrade(name) ? what : "a change"}, or it stalls half-way: ${figures}`;
	}
}

function isUpgrade(name: ScenarioName): boolean {
	return name === "upgrade" || name === "full-upgrade";
}

function checkOf(
	{ azure }: JudgedBudget,
	name: ScenarioName,
): JudgedBudget["azure"]["change"] {
	return isUpgrade(name) ? azure.upgrade : azure.change;
}

/** Azure weighs all pools of a cluster with all of their subnets and their pod range: one that is too small stops them all (Azure/AKS#2865). */
const weighedTogether: Partial<Record<BudgetKind, string>> = {
	subnet: "subnet",
	"pod-subnet": "pod subnet",
	"pod-blocks": "pod subnet",
	"pod-range": "pod range",
};

/** The first of the cluster's other budgets for which Azure refuses the same: "pod subnet pods". */
function refusedFor(
	judged: JudgedBudget,
	name: ScenarioName,
	budgets: readonly JudgedBudget[],
): string | null {
	if (weighedTogether[judged.view.budget.kind] === undefined) return null;
	for (const other of budgets) {
		const { id, kind, name: called } = other.view.budget;
		const noun = weighedTogether[kind];
		if (noun === undefined || other.mismatch) continue;
		if (id === judged.view.budget.id) continue;
		if (azureAnswer(checkOf(other, name)) === "refuses")
			return `${noun} ${called}`;
	}
	return null;
}

const mostPools = 3;

/** "Azure checks all pools together: it refuses changes of pools a and b, too"; null where it does not, or where all pools are here. */
export function otherPoolsText(
	judged: JudgedBudget,
	name: ScenarioName,
	cluster: ResolvedCluster | null,
): string | null {
	const { budget, entries } = judged.view;
	if (cluster === null || weighedTogether[budget.kind] === undefined)
		return null;
	if (azureAnswer(checkOf(judged, name)) !== "refuses") return null;
	const here = new Set(entries.map(({ pool }) => pool));
	const others = cluster.pools.filter(
		(pool) => !here.has(pool.name) && !pool.autoProvisioned && !pool.hosted,
	);
	if (others.length === 0) return null;
	const refused =
		azureAnswer(judged.azure.change) === "refuses" ? "changes" : "upgrades";
	return `Azure checks all pools together: it refuses ${refused} of ${namedPools(others)}, too`;
}

function namedPools(pools: readonly { readonly name: string }[]): string {
	const more = pools.length - mostPools;
	if (more <= 0) return poolText(pools);
	const names = pools.slice(0, mostPools).map(({ name }) => name);
	return `pools ${names.join(", ")} and ${more} more`;
}
