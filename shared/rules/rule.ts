import type {
	BudgetName,
	Finding,
	LastKnown,
	Preflight,
	ScenarioName,
} from "../contract.ts";
import type { ResolvedCluster, ResolvedPool } from "../model/cluster.ts";
import { runwayOf } from "../model/outlook.ts";
import type { View } from "../model/view.ts";
import { grows } from "../remedies/changedPool.ts";

/** What rules read: no client, no clock, no environment. */
export interface ClusterFacts {
	/** Null where the cluster's own row could not be read or its network not be seen. */
	readonly cluster: ResolvedCluster | null;
	/** Null where the network plugin is not known. */
	readonly kubenet: boolean | null;
	/** Why the cluster cannot be judged at all, or null. */
	readonly notEvaluated: string | null;
	readonly budgets: readonly JudgedBudget[];
	/** Findings open before this audit, as `rule\nbudget id`: percentage rules leave at another threshold than they enter. */
	readonly openBefore: ReadonlySet<string>;
	readonly thresholds: Thresholds;
}

export interface JudgedBudget {
	readonly view: View;
	readonly azure: Preflight;
	/** The models need more today than Azure would ever have allowed: data and model do not match. */
	readonly mismatch: boolean;
}

export interface Thresholds {
	readonly nearlyFullPercent: number;
	readonly nearlyFullExitPercent: number;
	/** A budget that will be full within so many days has a short runway. */
	readonly runwayDays: number;
	/** Pods that a node of a dynamic pod subnet should be able to have on average. */
	readonly podsPerNode: number;
	/** A node subnet of which no more than this is ever taken is oversized. */
	readonly oversizedPercent: number;
}

/** What was not seen, and why, in words that findings have in common; null where everything was. */
export type Unseen = Omit<LastKnown, "auditId"> | null;

/** Always one of three for each budget that a rule looks at (null: the cluster itself). */
export type Outcome = (
	| { readonly kind: "fine"; readonly budget: string | null }
	| { readonly kind: "not-evaluated"; readonly budget: string | null }
	| Violation
) & {
	/** What the rule could not see of what it looks at, beside what its budget says of itself. */
	readonly unseen?: Unseen;
	/** Of a cluster that could not be judged: budgets that are not spoken of may be hidden, and keep their findings. */
	readonly hidesBudgets?: boolean;
};

/** What a violation says of one budget in one scenario; null where it concerns none. */
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

export interface Rule {
	readonly id: string;
	/** What fails, for headings: no full stop. */
	readonly title: string;
	readonly check: (facts: ClusterFacts) => readonly Outcome[];
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
function additionalNodesOf({
	entries,
	scenarios,
}: View): NonNullable<Finding["additionalNodes"]> {
	const growing = new Set(entries.filter(grows).map(({ pool }) => pool));
	const all = Object.entries(scenarios.today.additionalNodes);
	const named = all.filter(([pool]) => growing.has(pool));
	return Object.fromEntries(named.length > 0 ? named : all);
}

/** What a finding says of its budget: no sums, no limits. */
export function nameOf({ id, kind, name }: BudgetName): BudgetName {
	return { id, kind, name };
}

/** The cluster's pools that use a budget. */
export function poolsOn(
	cluster: ResolvedCluster | null,
	{ entries }: View,
): readonly ResolvedPool[] {
	const names = new Set(entries.map(({ pool }) => pool));
	return (cluster?.pools ?? []).filter(({ name }) => names.has(name));
}

export function openKey(rule: string, budget: string | null): string {
	return `${rule}\n${budget ?? ""}`;
}
