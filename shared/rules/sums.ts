import type { Reason, ReasonKind, ScenarioName } from "../contract.ts";
import { amount, scenarioText } from "../model/amountText.ts";
import {
	addedDemandIn,
	demandNowIn,
	minusTotals,
	totalsOf,
} from "../model/budget.ts";
import { budgetKinds } from "../model/budgetKinds.ts";
import type { ResolvedCluster } from "../model/cluster.ts";
import { decisions } from "../model/decisionText.ts";
import type { Entry } from "../model/entries.ts";
import { entryReason } from "../model/entryText.ts";
import type { JudgedBudget } from "../model/judgedBudget.ts";
import { otherResourcesText } from "../model/otherResourcesText.ts";
import { azureAnswer } from "../model/preflight.ts";
import { words } from "../model/range.ts";
import type { View } from "../model/view.ts";
import { growingFirst } from "../remedies/changedPool.ts";
import { poolText } from "../remedies/commands.ts";

/** Why a budget comes out as it does, in words: the same in findings, in the report and over HTTP. */

/** "Needs 240 to 262 IPs at autoscaler max, has 251 usable IPs in 10.0.0.0/24". */
export function demandText(view: View, name: ScenarioName): string {
	const { budget, scenarios } = view;
	return `Needs ${amount(scenarios[name].demand, budget.unit)} ${scenarioText[name]}, has ${budget.limitReason}`;
}

/** A reason with this text, or none where there is nothing to say. */
export function reason(kind: ReasonKind, text: string | null): Reason[] {
	return text === null ? [] : [{ kind, text }];
}

/** Why a scenario comes out as it does: its sum, everybody in it, and what it rests on. */
export function demandReasons(
	judged: JudgedBudget,
	name: ScenarioName,
): Reason[] {
	const { view } = judged;
	const { budget, entries, now } = view;
	return [
		...reason("demand", demandText(view, name)),
		...reason("neighbors", budget.sharedBy > 1 ? neighborsText(view) : null),
		...inOrder(entries, name).map((entry) =>
			entryReason(entry, budget.unit, name),
		),
		...reason("observed", observedText(view)),
		...reason("other-resources", usedByOthersText(view)),
		...reason(
			"older-rows",
			now.olderThanNodes
				? "Azure shows fewer IPs in use than the nodes have. The data differs in age, so the nodes count."
				: null,
		),
	];
}

function observedText({ budget, now }: View): string | null {
	return now.isObserved && budget.observed !== null && isRange(budget)
		? `Azure shows ${amount(budget.observed, budget.unit)} in use now. This count is used, not the estimate.`
		: null;
}

function usedByOthersText(view: View): string | null {
	const { budget, now } = view;
	if (now.otherResources.high === 0) return null;
	const kinds = otherResourcesText(view);
	return `${amount(now.otherResources, budget.unit)} used by other resources${kinds === null ? "" : `: ${kinds}`}`;
}

/** At autoscaler max the pools that grow come first. */
function inOrder(entries: readonly Entry[], name: ScenarioName) {
	return name === "full" || name === "full-upgrade"
		? growingFirst(entries)
		: entries;
}

/** "Shared with 4 clusters: they use 759 IPs and can grow by 203", "... and cannot grow". */
function neighborsText({ budget, entries }: View): string {
	const others = minusTotals(budget.totals, totalsOf(entries));
	const count = budget.sharedBy - 1;
	const [clusters, they] =
		count === 1 ? ["cluster", "it uses"] : ["clusters", "they use"];
	const added = addedDemandIn(others);
	const growth =
		added.high === 0 ? "cannot grow" : `can grow by ${words(added)}`;
	return `Shared with ${count} ${clusters}: ${they} ${amount(demandNowIn(others), budget.unit)} and ${growth}`;
}

/** The models alone leave open what is used now. */
function isRange({ totals }: View["budget"]): boolean {
	const { low, high } = demandNowIn(totals);
	return low !== high;
}

export function decisionText(view: View, name: ScenarioName): string | null {
	const { decidedBy } = view.scenarios[name];
	if (decidedBy === null) return null;
	if (decidedBy === "documentation" && view.entries.some(isUnknownDemand))
		return "It depends on how many IPs a node uses. This is unknown for some pools.";
	return decisions[decidedBy];
}

/** Hosted nodes, gateways, max pods that nobody reported: the range is not one of documentation and reality. */
function isUnknownDemand({ source, perNode }: Entry): boolean {
	return source === "assumed" && perNode.low !== perNode.high;
}

/** A cluster that is not in order, in words. Null where it is, or is being changed. */
export function stateText(cluster: ResolvedCluster | null): string | null {
	switch (cluster?.provisioningState) {
		case "deleting":
			return "The cluster is being deleted. What it uses becomes free then.";
		case "failed":
		case "canceled":
			return `Azure reports the cluster as ${cluster.provisioningState}: its last operation did not finish`;
		default:
			return null;
	}
}

/** "Azure refuses it" and "it stops half-way" are different news. `budgets`: all of the cluster's, of which any can be what Azure refuses for. */
export function azureText(
	judged: JudgedBudget,
	name: ScenarioName,
	budgets: readonly JudgedBudget[] = [],
): string | null {
	const isShort = judged.view.scenarios[name].verdict === "short";
	const stops = isShort ? "stops half-way" : "can stop half-way";
	const what = isUpgrade(name) ? "the upgrade" : "the change";
	const check = checkOf(judged, name);
	const figures = comparisonText(check);
	switch (azureAnswer(check)) {
		case "refuses":
			return `Azure refuses ${isUpgrade(name) ? what : "any change of the cluster"}. ${figures}`;
		case "accepts": {
			const other = refusedFor(judged, name, budgets);
			if (other !== null)
				return `Azure refuses ${what} for ${other}: it checks all pools together. ${comparisonText(check, "Here Azure")}`;
			return name === "today"
				? `Azure accepts the nodes. They start and never become ready. ${figures}`
				: `Azure accepts ${what}. It ${stops}. ${figures}`;
		}
		case "unknown":
			return name === "today"
				? null
				: `It is not known whether Azure checks this. If not, ${what} ${stops}.`;
		case "unsettled":
			return `Azure refuses ${what}, or ${what} ${stops}. ${figures}`;
	}
}

/** The two figures of Azure's own message, "pre-allocated IPs 232 exceeds IPs available 251". */
export function comparisonText(
	{ requested, available }: JudgedBudget["azure"]["change"],
	who = "Azure",
): string {
	return `(${who} compares ${words(requested)} with ${words(available)}.)`;
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

/** The first of the cluster's other budgets for which Azure refuses the same: "pod subnet pods". */
function refusedFor(
	judged: JudgedBudget,
	name: ScenarioName,
	budgets: readonly JudgedBudget[],
): string | null {
	if (!isCheckedTogether(judged)) return null;
	for (const other of budgets) {
		const { id, kind, name: called } = other.view.budget;
		if (!isCheckedTogether(other) || other.mismatch) continue;
		if (id === judged.view.budget.id) continue;
		if (azureAnswer(checkOf(other, name)) === "refuses")
			return `${budgetKinds[kind].noun} ${called}`;
	}
	return null;
}

function isCheckedTogether({ view }: JudgedBudget): boolean {
	return budgetKinds[view.budget.kind].isCheckedTogether;
}

const mostPools = 3;

/**
 * "Azure checks all pools together. It also refuses changes of pools a and b." Null if it does not, or if all pools are
 * here.
 */
export function otherPoolsText(
	judged: JudgedBudget,
	name: ScenarioName,
	cluster: ResolvedCluster | null,
): string | null {
	const { entries } = judged.view;
	if (cluster === null || !isCheckedTogether(judged)) return null;
	if (azureAnswer(checkOf(judged, name)) !== "refuses") return null;
	const here = new Set(entries.map(({ pool }) => pool));
	const others = cluster.pools.filter(
		(pool) => !here.has(pool.name) && !pool.autoProvisioned && !pool.hosted,
	);
	if (others.length === 0) return null;
	const refused =
		azureAnswer(judged.azure.change) === "refuses" ? "changes" : "upgrades";
	return `Azure checks all pools together. It also refuses ${refused} of ${namedPools(others)}.`;
}

function namedPools(pools: readonly { readonly name: string }[]): string {
	const more = pools.length - mostPools;
	if (more <= 0) return poolText(pools);
	const names = pools.slice(0, mostPools).map(({ name }) => name);
	return `pools ${names.join(", ")} and ${more} more`;
}
