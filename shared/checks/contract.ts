import type {
	BudgetName,
	Finding,
	Gap,
	Preflight,
	Range,
	Remedy,
	ScenarioName,
	Verdict,
} from "../contract.ts";

/** A partial resource in ARM's own shape. It is merged by `id` onto what Azure has now. */
export interface CheckedResource {
	readonly id: string;
	/** Null or absent: the type that the ID names. */
	readonly type?: string | null;
	readonly sku?: Readonly<Record<string, unknown>>;
	readonly properties: Readonly<Record<string, unknown>>;
}

/**
 * How a pool is replaced. `temporary-pool`: a temporary pool with the new values comes first, the old one is deleted, the
 * new one is made, and the temporary one is deleted.
 */
export type ReplacementOrder =
	| "temporary-pool"
	| "create-before-delete"
	| "delete-before-create";

/** The body of `POST /api/checks`. */
export interface CheckRequest {
	readonly resources: readonly CheckedResource[];
	/** ARM IDs of what goes. */
	readonly removed: readonly string[];
	/** ARM IDs of clusters to judge, changed or not. */
	readonly clusters: readonly string[];
	readonly scenarios: readonly ScenarioName[];
	/** Pools that the change makes anew. A pool's ARM ID. */
	readonly replacements: readonly {
		readonly pool: string;
		readonly order: ReplacementOrder;
	}[];
}

/** A budget in one moment. */
export interface CheckedAmount {
	readonly demand: Range;
	readonly free: Range;
	readonly verdict: Verdict;
}

/** A budget before or after the change, in the scenarios that were asked. */
export interface CheckedState {
	readonly limit: Range;
	readonly scenarios: Readonly<Partial<Record<ScenarioName, CheckedAmount>>>;
}

export interface CheckedBudget extends BudgetName {
	readonly unit: string;
	/** The worst of the asked scenarios after the change, and of the transition. */
	readonly verdict: Verdict;
	/** Null: it is new. */
	readonly before: CheckedState | null;
	/** Null: it goes. */
	readonly after: CheckedState | null;
	/** The worst moment while the change is made, without surge. Null where it needs no more than before and after. */
	readonly transition: CheckedAmount | null;
	/** Azure's own check after the change. */
	readonly azure: Preflight | null;
}

export interface CheckedCluster {
	readonly cluster: string;
	readonly clusterName: string;
	/** Whether the request names or changes it. Else it shares a budget that the change touches. */
	readonly asked: boolean;
	readonly verdict: Verdict;
	/** Its verdict without the change. Null: it is new. */
	readonly verdictBefore: Verdict | null;
	/** Why it cannot be judged whole. */
	readonly notEvaluated: string | null;
	readonly budgets: readonly CheckedBudget[];
}

export interface CheckAnswer {
	/** The worst over all clusters. `short` outranks `unknown`, which outranks `tight`. */
	readonly verdict: Verdict;
	/** The oldest time at which something of the answer was read. ISO 8601. */
	readonly readAt: string;
	/** Where each resource comes from, and when it was read. Resource Graph can lag behind. */
	readonly sources: readonly {
		readonly id: string;
		readonly source: "arm" | "resource-graph";
		readonly readAt: string;
	}[];
	readonly clusters: readonly CheckedCluster[];
	/** Upgrades of several clusters one after the other. Null for one cluster. */
	readonly oneAfterTheOther: { readonly verdict: Verdict } | null;
	/** Azure's own check after the change: the worst of the clusters that are asked about. Null where it has none. */
	readonly azure: {
		readonly change: Verdict;
		readonly upgrade: Verdict;
	} | null;
	/** The findings that the clusters would have after the change. */
	readonly findings: readonly Finding[];
	readonly remedies: readonly Remedy[];
	readonly gaps: readonly Gap[];
	readonly ignored: readonly { readonly id: string; readonly reason: string }[];
}
