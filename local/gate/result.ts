import type {
	CheckAnswer,
	CheckedAmount,
	CheckedBudget,
	CheckedCluster,
} from "../../shared/checks/contract.ts";
import {
	type ScenarioName,
	scenarioNames,
	type Verdict,
} from "../../shared/contract.ts";
import { shortName } from "../../shared/findings/headline.ts";
import type { PlannedChange } from "../../shared/gate/plannedChange.ts";
import {
	amount,
	scenarioText,
	shortText,
} from "../../shared/model/amountText.ts";
import { budgetKinds } from "../../shared/model/budgetKinds.ts";
import {
	compareChecked,
	worstChecked,
} from "../../shared/model/verdictOrder.ts";
import { listed, plural } from "../../shared/text.ts";

/** What the gate found, whatever format it is printed in. */
export interface GateResult {
	/** What was checked, in a few words: "Terraform plan tfplan.json". */
	readonly subject: string;
	readonly verdict: Verdict;
	readonly exitCode: 0 | 1 | 2;
	readonly headline: string;
	/** One row a budget, the worst first. */
	readonly rows: readonly GateRow[];
	/** What keeps the answer from being certain. */
	readonly unknown: readonly string[];
	/** What people should know and what changes no sum. */
	readonly notes: readonly string[];
	/** Null where the change touches nothing that AKS needs, so that nothing was asked. */
	readonly answer: CheckAnswer | null;
}

export interface GateRow {
	readonly budget: CheckedBudget;
	/** "subnet snet-ingress". */
	readonly thing: string;
	readonly verdict: Verdict;
	readonly before: string;
	readonly after: string;
	/** The clusters on it: those of the change first. */
	readonly clusters: readonly CheckedCluster[];
	/** Neighbors whose budget fitted and does not fit any more. */
	readonly pushedOver: readonly CheckedCluster[];
}

export function gateResult(
	subject: string,
	planned: Pick<PlannedChange, "unknown" | "notes" | "addresses"> | null,
	answer: CheckAnswer | null,
	failOn: "short" | "tight",
): GateResult {
	const openEnds = planned?.unknown ?? [];
	const verdict = worstChecked([
		answer?.verdict ?? "fits",
		...(openEnds.length > 0 ? (["unknown"] as const) : []),
	]);
	const rows = answer === null ? [] : rowsOf(answer);
	const addressOf = (id: string) =>
		planned?.addresses.get(id.toLowerCase()) ?? id;
	return {
		subject,
		verdict,
		exitCode: exitCode(verdict, failOn),
		headline: headlineOf(verdict, rows, answer),
		rows,
		unknown: [
			...openEnds.map(({ address, text }) => `${address}: ${text}`),
			...(answer?.gaps ?? []).map(({ scope, reason }) => `${scope}: ${reason}`),
			...(answer?.clusters ?? []).flatMap(({ clusterName, notEvaluated }) =>
				notEvaluated === null ? [] : [`${clusterName}: ${notEvaluated}`],
			),
		],
		notes: [
			...(planned?.notes ?? []).map(
				({ address, text }) => `${address}: ${text}`,
			),
			...(answer?.ignored ?? []).map(
				({ id, reason }) => `${addressOf(id)} is ignored: ${reason}`,
			),
		],
		answer,
	};
}

function exitCode(
	verdict: Verdict,
	failOn: "short" | "tight",
): GateResult["exitCode"] {
	switch (verdict) {
		case "fits":
			return 0;
		case "tight":
			return failOn === "tight" ? 1 : 0;
		case "short":
			return 1;
		case "unknown":
			return 2;
	}
}

function headlineOf(
	verdict: Verdict,
	rows: readonly GateRow[],
	answer: CheckAnswer | null,
): string {
	if (answer === null && verdict === "fits")
		return "Fits: nothing that AKS clusters need changes.";
	const [worst] = rows;
	const pushed = [
		...new Set(rows.flatMap(({ pushedOver }) => pushedOver.map(nameOf))),
	];
	const neighbors =
		pushed.length === 0
			? ""
			: ` It pushes ${pushed.length > 3 ? plural(pushed.length, "neighbor") : listed(pushed)} over.`;
	switch (verdict) {
		case "fits":
			return `Fits: ${plural(answer?.clusters.length ?? 0, "cluster")} checked.`;
		case "tight":
			return `Tight: ${worst ? `${worst.thing} can be ${worst.after}` : "it may not fit"}.${neighbors}`;
		case "short":
			return `Does not fit: ${worst ? `${worst.thing} is ${worst.after}` : "IPs are short"}.${neighbors}`;
		case "unknown":
			return "Not determined: something that the answer needs is not known.";
	}
}

function nameOf({ clusterName }: CheckedCluster): string {
	return clusterName;
}

function rowsOf({ clusters }: CheckAnswer): GateRow[] {
	const byBudget = new Map<string, CheckedCluster[]>();
	for (const cluster of clusters)
		for (const { id, kind } of cluster.budgets) {
			const key = `${kind}\n${id}`;
			byBudget.set(key, [...(byBudget.get(key) ?? []), cluster]);
		}
	return [...byBudget]
		.flatMap(([key, sharing]) => rowOf(key, sharing) ?? [])
		.toSorted((a, b) => compareChecked(a.verdict, b.verdict));
}

/** The cluster of the change whose figures are worst stands for the budget. */
function rowOf(
	key: string,
	sharing: readonly CheckedCluster[],
): GateRow | null {
	const own = (cluster: CheckedCluster) =>
		cluster.budgets.find(({ id, kind }) => `${kind}\n${id}` === key);
	const ordered = sharing.toSorted(
		(a, b) =>
			compareChecked(own(a)?.verdict ?? "fits", own(b)?.verdict ?? "fits") ||
			Number(b.asked) - Number(a.asked),
	);
	const budget = ordered[0] && own(ordered[0]);
	if (budget === undefined) return null;
	const scenario = decisive(budget);
	return {
		budget,
		thing: `${budgetKinds[budget.kind].noun} ${shortName(budget)}`,
		verdict: budget.verdict,
		before:
			budget.before === null ? "new" : stateText(budget, "before", scenario),
		after:
			budget.after === null && budget.transition === null
				? "removed"
				: stateText(budget, "after", scenario),
		clusters: sharing.toSorted((a, b) => Number(b.asked) - Number(a.asked)),
		pushedOver: sharing.filter((cluster) => {
			const one = own(cluster);
			return (
				!cluster.asked &&
				one !== undefined &&
				one.verdict !== "fits" &&
				one.before !== null &&
				worstChecked(
					Object.values(one.before.scenarios).map(({ verdict }) => verdict),
				) === "fits"
			);
		}),
	};
}

/**
 * What decides: the transition, or the least demanding of the worst scenarios; of those that fit, the fullest.
 * A scenario that the change moves goes before one that failed by as much already.
 */
function decisive(budget: CheckedBudget): ScenarioName | "transition" | null {
	if (
		budget.transition?.verdict === budget.verdict &&
		budget.verdict !== "fits"
	)
		return worstScenario(budget) ?? "transition";
	const same = scenarioNames.filter(
		(name) => budget.after?.scenarios[name]?.verdict === budget.verdict,
	);
	if (budget.verdict !== "fits")
		return same.find((name) => isMoved(budget, name)) ?? same[0] ?? null;
	const low = (name: ScenarioName) =>
		budget.after?.scenarios[name]?.free.low ?? Number.POSITIVE_INFINITY;
	return same.toSorted((a, b) => low(a) - low(b))[0] ?? null;
}

function isMoved(
	{ before, after }: CheckedBudget,
	name: ScenarioName,
): boolean {
	const was = before?.scenarios[name]?.free;
	const is = after?.scenarios[name]?.free;
	return was?.low !== is?.low || was?.high !== is?.high;
}

function worstScenario(budget: CheckedBudget): ScenarioName | null {
	return (
		scenarioNames.find(
			(name) => budget.after?.scenarios[name]?.verdict === budget.verdict,
		) ?? null
	);
}

function stateText(
	budget: CheckedBudget,
	side: "before" | "after",
	scenario: ScenarioName | "transition" | null,
): string {
	if (scenario === null) return "not known";
	if (scenario === "transition") {
		if (side === "after")
			return budget.transition === null
				? "not known"
				: `${freeText(budget.transition, budget)} while the change is made`;
		return stateText(budget, "before", "today");
	}
	const state = budget[side]?.scenarios[scenario];
	return state === undefined
		? "not known"
		: `${freeText(state, budget)} ${scenarioText[scenario]}`;
}

function freeText(
	{ free, verdict }: CheckedAmount,
	{ kind }: CheckedBudget,
): string {
	const { unit } = budgetKinds[kind];
	switch (verdict) {
		case "fits":
			return `${amount(free, unit)} free`;
		case "unknown":
			return "not known";
		default:
			return shortText(free, unit);
	}
}
