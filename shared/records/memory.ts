import type { Remembered } from "../inventory/coverage.ts";

/** What later audits must know of earlier ones. */
export interface Memory extends Remembered {
	/** Audits in a row, each complete, that did not see a cluster which has open findings. By the hash of its id. */
	readonly vanished: Readonly<Record<string, number>>;
	readonly told: Told;
}

/** What the channels know by now. Times are ISO 8601. */
export interface Told {
	/** When the last complete audit ended. Null: none has been. */
	readonly lastComplete: string | null;
	/** When the weekly summary was said last, or the first audit was told. Null: never. */
	readonly lastWeekly: string | null;
}

export const nothingTold: Told = { lastComplete: null, lastWeekly: null };
