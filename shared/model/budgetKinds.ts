import type { BudgetKind } from "../contract.ts";

export type Unit = "addresses" | "blocks" | "routes" | "nodes";

/** What is true of every budget of a kind. The one list of kinds: the page reads it as well. */
interface KindFacts {
	readonly unit: Unit;
	/** Of a cluster or a pool: it follows from the cluster alone. A resource of Azure may have several users. */
	readonly owner: "cluster" | "pool" | "resource";
	/** How it is called for people, in front of its name. */
	readonly noun: string;
	/** It fills up with a fleet, so its use is kept from audit to audit. */
	readonly hasHistory: boolean;
	/** Azure shows how much of it is used. */
	readonly isObserved: boolean;
	/** Azure checks all pools of a cluster together on these: one that is too small stops them all (Azure/AKS#2865). */
	readonly isCheckedTogether: boolean;
	/** Azure never lets more be used than there is. */
	readonly isGuarded: boolean;
}

/** API server subnets are used once, and numbers of nodes are AKS's own limits: neither has a history. */
export const budgetKinds = {
	subnet: {
		unit: "addresses",
		owner: "resource",
		noun: "subnet",
		hasHistory: true,
		isObserved: true,
		isCheckedTogether: true,
		isGuarded: true,
	},
	"pod-subnet": {
		unit: "addresses",
		owner: "resource",
		noun: "pod subnet",
		hasHistory: true,
		isObserved: false,
		isCheckedTogether: true,
		isGuarded: false,
	},
	"pod-blocks": {
		unit: "blocks",
		owner: "resource",
		noun: "pod subnet",
		hasHistory: true,
		isObserved: false,
		isCheckedTogether: true,
		isGuarded: false,
	},
	"pod-range": {
		unit: "blocks",
		owner: "cluster",
		noun: "pod CIDR",
		hasHistory: true,
		isObserved: false,
		isCheckedTogether: true,
		isGuarded: true,
	},
	routes: {
		unit: "routes",
		owner: "resource",
		noun: "route table",
		hasHistory: true,
		isObserved: true,
		isCheckedTogether: false,
		isGuarded: false,
	},
	"api-server-subnet": {
		unit: "addresses",
		owner: "resource",
		noun: "API server subnet",
		hasHistory: false,
		isObserved: false,
		isCheckedTogether: false,
		isGuarded: false,
	},
	"virtual-network": {
		unit: "addresses",
		owner: "resource",
		noun: "virtual network",
		hasHistory: true,
		isObserved: false,
		isCheckedTogether: false,
		isGuarded: false,
	},
	"cluster-nodes": {
		unit: "nodes",
		owner: "cluster",
		noun: "node limit of cluster",
		hasHistory: false,
		isObserved: false,
		isCheckedTogether: false,
		isGuarded: false,
	},
	"pool-nodes": {
		unit: "nodes",
		owner: "pool",
		noun: "node limit of pool",
		hasHistory: false,
		isObserved: false,
		isCheckedTogether: false,
		isGuarded: false,
	},
} as const satisfies Record<BudgetKind, KindFacts>;

export const budgetKindNames = Object.keys(budgetKinds) as BudgetKind[];

type Kinds = typeof budgetKinds;

/** Kinds that follow from a cluster alone. */
export type OwnKind = {
	[K in BudgetKind]: Kinds[K]["owner"] extends "resource" ? never : K;
}[BudgetKind];

export function isOwn(kind: BudgetKind): kind is OwnKind {
	return budgetKinds[kind].owner !== "resource";
}

export function hasHistory({ kind }: { readonly kind: BudgetKind }): boolean {
	return budgetKinds[kind].hasHistory;
}

export const kindsWithHistory: readonly BudgetKind[] = budgetKindNames.filter(
	(kind) => hasHistory({ kind }),
);
