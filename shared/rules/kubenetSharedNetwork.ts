import type { Remedy } from "../contract.ts";
import type { ResolvedCluster } from "../model/cluster.ts";
import { blockedText } from "../remedies/migrateToOverlay.ts";
import type { BudgetContext, JudgedBudget, Judgement, Rule } from "./rule.ts";

/** With kubenet each cluster needs a subnet and a route table of its own (AKS kubenet documentation). */
export const kubenetSharedNetwork: Rule = {
	id: "kubenet-shared-network",
	since: 2,
	arithmeticSince: 4,
	title: "Shares a kubenet subnet or route table with another cluster",
	kinds: ["subnet", "routes"],
	judgesMismatch: true,
	check: judgeBudget,
	remedies,
};

function judgeBudget(
	{ view: { budget } }: JudgedBudget,
	{ kubenet }: BudgetContext,
): Judgement {
	if (kubenet === null) return { kind: "not-evaluated" };
	if (!kubenet) return { kind: "fine" };
	if (budget.sharedBy > 1)
		return {
			kind: "violated",
			severity: "high",
			reasons: [
				{
					kind: "cause",
					text: `${budget.sharedBy} clusters draw on it; with kubenet AKS supports one cluster a subnet and route table`,
				},
			],
		};
	// Nodes of AKS whose cluster is not visible: another cluster's, or left over from one.
	const isOpen = budget.open.some(({ kind }) => kind !== "surge");
	return { kind: isOpen ? "not-evaluated" : "fine" };
}

function remedies(cluster: ResolvedCluster): Remedy[] {
	const blocked = blockedText(cluster);
	return [
		{
			kind: "migrate-to-overlay",
			text: `Migrate the clusters to Azure CNI Overlay, which needs no route table and may share a subnet; kubenet retires on 31 March 2028 anyway.${blocked}`,
		},
		{
			kind: "own-network",
			text: "Or build all of them but one anew, each with a subnet and a route table of its own: a kubenet cluster cannot change its route table.",
		},
	];
}
