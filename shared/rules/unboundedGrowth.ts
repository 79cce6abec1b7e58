import type { Range, Reason } from "../contract.ts";
import { amount } from "../model/amountText.ts";
import {
	demandAtNodeLimit,
	growsUnbounded,
} from "../model/autoProvisioning.ts";
import { nodeLimits } from "../model/budget.ts";
import type { JudgedBudget } from "../model/judgedBudget.ts";
import { freeAndVerdict, words } from "../model/range.ts";
import { additionalNodes, type View } from "../model/view.ts";
import { grouped } from "../text.ts";
import type { BudgetContext, Judgement, Rule } from "./rule.ts";
import { demandText, reason } from "./sums.ts";

/** Node auto-provisioning has no maximum in ARM: only AKS's own limit of nodes, or the budget itself, ends it. */
export const unboundedGrowth: Rule = {
	id: "unbounded-growth",
	since: 2,
	arithmeticSince: 4,
	title: "Auto-provisioning has no maximum and can use all IPs or blocks",
	judgesMismatch: true,
	check: judgeBudget,
	remedies: () => [
		{
			kind: "limit-node-pools",
			title:
				"Set spec.limits (cpu, memory) in the cluster's Karpenter NodePools.",
			detail: [
				"Choose them so that growth ends before this is full.",
				"Azure Resource Manager does not show these limits, so the finding stays open.",
				"It resolves when there is room for as many nodes as AKS supports.",
			],
			command: [],
		},
	],
};

function judgeBudget(
	{ view, mismatch }: JudgedBudget,
	{ cluster: { pools } }: BudgetContext,
): Judgement {
	const { budget, entries } = view;
	if (!entries.some(growsUnbounded)) return { kind: "fine" };
	const atLimit = demandAtNodeLimit(view, pools);
	const { verdict } = freeAndVerdict(budget.limit, atLimit);
	if (mismatch || verdict === "unknown") return { kind: "not-evaluated" };
	if (verdict === "fits") return { kind: "fine" };
	return {
		kind: "violated",
		severity: "medium",
		scenario: "full",
		reasons: reasons(view, atLimit),
	};
}

function reasons(view: View, atLimit: Range): Reason[] {
	const { budget } = view;
	const more = additionalNodes(view, "today");
	const room = words(more[growing(view)] ?? unknownRoom);
	return [
		...reason(
			"cause",
			`Node auto-provisioning is on, and Azure shows no maximum. With ${grouped(nodeLimits.cluster)} nodes, the limit of AKS, it needs ${amount(atLimit, budget.unit)} and has ${words(budget.limit)}.`,
		),
		...reason(
			"demand",
			`${demandText(view, "today")}. Room for ${room} more ${room === "1" ? "node" : "nodes"}.`,
		),
	];
}

const unknownRoom: Range = { low: null, high: null };

function growing({ entries }: View): string {
	return entries.find(growsUnbounded)?.pool ?? "";
}
