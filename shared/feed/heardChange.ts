/** What somebody did to a resource, as the change feed or an event says it. */
export interface HeardChange {
	/** Unique for good: heard twice, it is one change. */
	readonly id: string;
	/** Who tells of it. The feed tells of a change that an event told of, too. */
	readonly source: "feed" | "event";
	/** Azure's ID of the request that made it (`correlationId`), lower case. Null where it is not told. */
	readonly operation: string | null;
	/** ARM ID of the changed resource, lower case. */
	readonly resource: string;
	/** `microsoft.containerservice/managedclusters`. */
	readonly type: string;
	readonly kind: "create" | "update" | "delete";
	/** When it was made. ISO 8601. */
	readonly at: string;
	/** Who made it: a UPN or an ID. Null where nobody may know, or nothing says it. */
	readonly by: string | null;
	/** What differs. Null where the feed does not say it. */
	readonly values: readonly ChangedValue[] | null;
}

/** One property before and after. */
export interface ChangedValue {
	/** As the feed has it: `properties.agentPoolProfiles[0].maxCount`. */
	readonly path: string;
	/** Null: not set. Values that are no plain value are left out. */
	readonly before: string | null;
	readonly after: string | null;
}
