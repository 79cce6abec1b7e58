import type { Verdict } from "../contract.ts";

/*
 * Two questions, two orders. Who looks after a fleet first wants to see what is violated, for certain or possibly. Who
 * asks whether a change may go ahead must not take what nobody knows for less than what may be tight.
 */

/** For lists, findings and pages: what is violated outweighs what is unknown. */
export const worstFirst = [
	"short",
	"tight",
	"unknown",
	"fits",
] as const satisfies readonly Verdict[];

/** For checks and gates: `short` outranks `unknown`, which outranks `tight`. */
const worstToAllow = [
	"short",
	"unknown",
	"tight",
	"fits",
] as const satisfies readonly Verdict[];

/** Of a list or a page. Null: there is nothing to judge. */
export function worstVerdict(verdicts: readonly Verdict[]): Verdict | null {
	return worstFirst.find((one) => verdicts.includes(one)) ?? null;
}

/** Negative: `a` comes first in a list. */
export function compareVerdicts(a: Verdict, b: Verdict): number {
	return worstFirst.indexOf(a) - worstFirst.indexOf(b);
}

/** Of a check or a gate. It fits where nothing is against it. */
export function worstChecked(verdicts: Iterable<Verdict>): Verdict {
	const all = new Set(verdicts);
	return worstToAllow.find((one) => all.has(one)) ?? "fits";
}

/** Negative: `a` stands more in the way of a change. */
export function compareChecked(a: Verdict, b: Verdict): number {
	return worstToAllow.indexOf(a) - worstToAllow.indexOf(b);
}
