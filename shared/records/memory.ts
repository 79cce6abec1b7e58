import type { Remembered } from "../inventory/coverage.ts";

/** What later audits must know of earlier ones. */
export interface Memory extends Remembered {
	/** Audits in a row, each complete, that did not see a cluster which has open findings; by the hash of its id. */
	readonly vanished: Readonly<Record<string, number>>;
	readonly told: Told;
}

/** What the channels know by now; times are ISO 8601. */
export interface Told {
	/** When the last complete audit ended; null: none has been. */
	readonly lastComplete: string | null;
	/** When the word of the week was said last, or the first audit was told; null: never. */
	readonly lastWeekly: string | null;
}

export const nothingTold: Told = { lastComplete: null, lastWeekly: null };
