/** A partial resource in ARM's own shape, as `POST /api/checks` takes it. */
export interface PlannedResource {
	readonly id: string;
	readonly type: string;
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

/** What a plan says of one resource that the sums cannot use or do not know. */
export interface PlanRemark {
	/** The resource's address in the plan, or its ID in Azure. */
	readonly address: string;
	readonly text: string;
}

/** What a plan would do to the resources that AKS clusters need. Nothing else of the plan is in it. */
export interface PlannedChange {
	readonly resources: readonly PlannedResource[];
	/** ARM IDs of what is deleted. */
	readonly removed: readonly string[];
	readonly replacements: readonly {
		/** ARM ID of the agent pool. */
		readonly pool: string;
		readonly order: ReplacementOrder;
	}[];
	/** Each of them keeps the answer from being "fits". */
	readonly unknown: readonly PlanRemark[];
	/** What people should know and what changes no sum. */
	readonly notes: readonly PlanRemark[];
	/** Addresses in the plan, by lower-case ARM ID. */
	readonly addresses: ReadonlyMap<string, string>;
}
