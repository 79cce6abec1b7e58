import type { CheckedResource, ReplacementOrder } from "../checks/contract.ts";

/** What a plan says of one resource that the sums cannot use or do not know. */
export interface PlanRemark {
	/** The resource's address in the plan, or its ID in Azure. */
	readonly address: string;
	readonly text: string;
}

/** What a plan would do to the resources that AKS clusters need. Nothing else of the plan is in it. */
export interface PlannedChange {
	readonly resources: readonly CheckedResource[];
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
