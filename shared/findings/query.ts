import type { Finding } from "../contract.ts";

/** Which findings are asked for. What is omitted narrows nothing. */
export interface FindingFilter {
	readonly state: Finding["state"] | "all";
	readonly severity?: Finding["severity"];
	readonly rule?: string;
	readonly cluster?: string;
	readonly subscription?: string;
}

/** A page of them. */
export interface FindingsQuery {
	readonly filter: FindingFilter;
	/** Undefined: whether they are accepted or not. */
	readonly accepted: boolean | undefined;
	/** What is asked for, in a word: a continuation goes on in this list and in no other. */
	readonly list: string;
	readonly continuation: string | undefined;
}
