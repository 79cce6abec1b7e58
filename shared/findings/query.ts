import type { Finding } from "../contract.ts";

/** Which findings are asked for; what is left out narrows nothing. */
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
	readonly continuation: string | undefined;
}
