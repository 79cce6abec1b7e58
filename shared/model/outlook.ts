import type { Runway } from "../contract.ts";

/** What a budget's history says of its future. */
export type Outlook =
	/** It is too young, has gaps where it matters, or does not settle whether the budget fills up. */
	| { readonly kind: "not-known" }
	/** It does not rise, or so slowly that it is not full within a year. */
	| { readonly kind: "steady" }
	| { readonly kind: "filling"; readonly runway: Runway };

/** By budget id. What is not in it is not known. */
export type Outlooks = Readonly<Record<string, Outlook>>;

export const notKnown: Outlook = { kind: "not-known" };
export const steady: Outlook = { kind: "steady" };

export function runwayOf(outlook: Outlook): Runway | null {
	return outlook.kind === "filling" ? outlook.runway : null;
}
