import type {
	BudgetKind,
	BudgetName,
	Finding,
	LastKnown,
	Remedy,
	ScenarioName,
	Verdict,
} from "../contract.ts";
import type { ResolvedCluster } from "../model/cluster.ts";
import type { JudgedBudget } from "../model/judgedBudget.ts";
import { runwayOf } from "../model/outlook.ts";
import { additionalNodes, type View } from "../model/view.ts";
import { grows } from "../remedies/changedPool.ts";

/** What rules read of a cluster: no client, no clock, no environment. */
export interface ClusterFacts {
	/** Null where the cluster's own row could not be read or its network not be seen. */
	readonly cluster: ResolvedCluster | null;
	/** Null where the network plugin is not known. */
	readonly kubenet: boolean | null;
	/** Why the cluster cannot be judged at all, or null. */
	readonly notEvaluated: string | null;
	readonly budgets: readonly JudgedBudget[];
	/** Findings open before this audit, by `openKey`. */
	readonly openBefore: ReadonlySet<string>;
	readonly thresholds: Thresholds;
}

export interface Thresholds {
	readonly nearlyFullPercent: number;
	readonly nearlyFullExitPercent: number;
	/** A budget that will be full within this many days has a short runway. */
	readonly runwayDays: number;
	/** Pods that a node of a dynamic pod subnet should be able to have on average. */
	readonly podsPerNode: number;
	/** A node subnet of which no more than this is ever taken is oversized. */
	readonly oversizedPercent: number;
}

/** What was not seen, and why, in words that findings have in common. Null where everything was. */
export type Unseen = Omit<LastKnown, "auditId"> | null;

/** What a rule reads beside the budget that it judges. */
export interface BudgetContext extends ClusterFacts {
	readonly cluster: ResolvedCluster;
	/** Its finding on this budget was open before: percentage rules leave at another threshold than they enter. */
	readonly wasOpen: boolean;
}

/** What a rule says of a budget, or of the cluster itself: always one of three. */
export type Judgement = (
	| { readonly kind: "fine" }
	| { readonly kind: "not-evaluated" }
	| Violated
) &
	Unsaid;

export interface Violated extends Pick<Finding, "severity" | "reasons"> {
	readonly kind: "violated";
	/** The scenario whose amounts the finding shows. Absent if it concerns no amount. */
	readonly scenario?: ScenarioName;
	readonly alsoIn?: readonly ScenarioName[];
	/** Where it is not the scenario's. */
	readonly verdict?: Verdict;
}

interface Unsaid {
	/** What the rule could not see of what it looks at, beside what its budget says of itself. */
	readonly unseen?: Unseen;
	/** Of a cluster that could not be judged: budgets that are not spoken of may be hidden, and keep their findings. */
	readonly hidesBudgets?: boolean;
}

/** A judgement with what it is of: a budget, or the cluster itself (null). */
export type Outcome = (
	| { readonly kind: "fine"; readonly budget: string | null }
	| { readonly kind: "not-evaluated"; readonly budget: string | null }
	| Violation
) &
	Unsaid;

/** What a violation says of one budget in one scenario. Null where it concerns none. */
type Amounts = Pick<
	Finding,
	| "budget"
	| "scenario"
	| "verdict"
	| "limit"
	| "demand"
	| "free"
	| "alsoIn"
	| "additionalNodes"
	| "runway"
	| "azure"
>;

export interface Violation
	extends Amounts,
		Pick<Finding, "severity" | "reasons" | "remedies"> {
	readonly kind: "violated";
}

/**
 * A failing state, by name. It judges each budget of a cluster (`check`), the cluster as a whole (`checkCluster`), or
 * both. The runner does the rest: see runner.ts.
 */
export interface Rule {
	readonly id: string;
	/** The version of the rules in which it appeared: what it finds in a fleet that was audited without it is not a new problem. */
	readonly since: number;
	/** The version in which it last began to add up otherwise: what moved in its first audit may be the sums alone. */
	readonly arithmeticSince?: number;
	/** What fails, for headings: no full stop. */
	readonly title: string;
	/** The kinds of budgets that it looks at. Absent: all. */
	readonly kinds?: readonly BudgetKind[];
	/** It judges a budget whose model and data do not match, too: what it says rests on no sum. */
	readonly judgesMismatch?: true;
	check?(judged: JudgedBudget, context: BudgetContext): Judgement;
	/** What fixes a violation of `check`. */
	remedies?(
		cluster: ResolvedCluster,
		judged: JudgedBudget,
		thresholds: Thresholds,
	): readonly Remedy[];
	checkCluster?(facts: ClusterFacts): Judgement;
	/** What fixes a violation of `checkCluster`. */
	clusterRemedies?(facts: ClusterFacts): readonly Remedy[];
}

/** The fields of a violation that concerns no amount. */
export const noAmounts = {
	scenario: null,
	verdict: null,
	limit: null,
	demand: null,
	free: null,
	alsoIn: [],
	additionalNodes: null,
	runway: null,
	azure: null,
} as const;

/** The fields of a violation that speaks of one budget in one scenario. */
export function amountsIn(
	{ view, azure }: JudgedBudget,
	scenario: ScenarioName,
): Amounts {
	const { verdict, demand, free } = view.scenarios[scenario];
	return {
		budget: nameOf(view.budget),
		scenario,
		verdict,
		limit: view.budget.limit,
		demand,
		free,
		alsoIn: [],
		additionalNodes: additionalNodesOf(view),
		runway: runwayOf(view.budget.outlook),
		azure,
	};
}

/** Of the pools that grow, where one does: a pool that has all the nodes it ever will does not stop. */
function additionalNodesOf(
	view: View,
): NonNullable<Finding["additionalNodes"]> {
	const growing = new Set(view.entries.filter(grows).map(({ pool }) => pool));
	const all = Object.entries(additionalNodes(view, "today"));
	const named = all.filter(([pool]) => growing.has(pool));
	return Object.fromEntries(named.length > 0 ? named : all);
}

/** What a finding says of its budget: no sums, no limits. */
export function nameOf({ id, kind, name }: BudgetName): BudgetName {
	return { id, kind, name };
}

export function openKey(rule: string, budget: string | null): string {
	return `${rule}\n${budget ?? ""}`;
}
