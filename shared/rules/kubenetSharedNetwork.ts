import type { Remedy } from "../contract.ts";
import type { ResolvedCluster } from "../model/cluster.ts";
import type { JudgedBudget } from "../model/judgedBudget.ts";
import { blockedText } from "../remedies/migrateToOverlay.ts";
import type { BudgetContext, Judgement, Rule } from "./rule.ts";

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
					text: `${budget.sharedBy} clusters use it. AKS supports kubenet with one cluster per subnet and route table.`,
				},
			],
		};
	// Nodes of AKS whose cluster is not visible: another cluster's, or remaining from one.
	const isOpen = budget.open.some(({ kind }) => kind !== "surge");
	return { kind: isOpen ? "not-evaluated" : "fine" };
}

function remedies(cluster: ResolvedCluster): Remedy[] {
	return [
		{
			kind: "migrate-to-overlay",
			title: "Migrate the clusters to Azure CNI Overlay.",
			detail: [
				"It needs no route table and may share a subnet.",
				"Azure retires kubenet on 31 March 2028.",
				...blockedText(cluster),
			],
			command: [],
		},
		{
			kind: "own-network",
			title:
				"Rebuild all clusters but one, each with its own subnet and route table.",
			detail: ["A kubenet cluster cannot change its route table."],
			command: [],
		},
	];
}
