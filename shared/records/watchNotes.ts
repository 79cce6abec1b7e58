/** What was found whose instance is gone, and what became of it. */
export interface Death {
	/** ISO 8601: when it was found. */
	readonly at: string;
	readonly what: "audit" | "delivery";
	readonly outcome: "restarted" | "failed";
}

/** An instance that was told to end and did not yet. */
export interface Ending {
	readonly instanceId: string;
	/** ISO 8601: when it was told first. */
	readonly since: string;
}

/** What the watcher remembers. */
export interface WatchNotes {
	/** Newest first. */
	readonly deaths: readonly Death[];
	readonly ending: readonly Ending[];
}
