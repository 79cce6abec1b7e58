import type { Remedy } from "../contract.ts";
import type { ResolvedCluster } from "../model/cluster.ts";
import { blockedText } from "../remedies/migrateToOverlay.ts";
import {
	type JudgedBudget,
	nameOf,
	noAmounts,
	type Outcome,
	type Rule,
} from "./rule.ts";

/** With kubenet each cluster needs a subnet and a route table of its own (AKS kubenet documentation). */
export const kubenetSharedNetwork: Rule = {
	id: "kubenet-shared-network",
	title: "Shares a kubenet subnet or route table with another cluster",
	check: ({ kubenet, budgets, cluster }) =>
		budgets
			.filter(({ view: { budget } }) => isOfNetwork(budget.kind))
			.map((judged) => judgeBudget(judged, kubenet, cluster)),
};

function isOfNetwork(kind: string): boolean {
	return kind === "subnet" || kind === "routes";
}

function judgeBudget(
	{ view }: JudgedBudget,
	kubenet: boolean | null,
	cluster: ResolvedCluster | null,
): Outcome {
	const { budget } = view;
	if (kubenet === null) return { kind: "not-evaluated", budget: budget.id };
	if (!kubenet) return { kind: "fine", budget: budget.id };
	if (budget.sharedBy > 1)
		return {
			kind: "violated",
			severity: "high",
			budget: nameOf(budget),
			...noAmounts,
			reasons: [
				{
					kind: "cause",
					text: `${budget.sharedBy} clusters draw on it; with kubenet AKS supports one cluster a subnet and route table`,
				},
			],
			remedies: remedies(cluster),
		};
	// Nodes of AKS whose cluster is not visible: another cluster's, or left over from one.
	const isOpen = budget.open.some(({ kind }) => kind !== "surge");
	return { kind: isOpen ? "not-evaluated" : "fine", budget: budget.id };
}

function remedies(cluster: ResolvedCluster | null): Remedy[] {
	const blocked = cluster === null ? "" : blockedText(cluster);
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
