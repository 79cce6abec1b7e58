import { longestTitle, type Remedy } from "../contract.ts";
import type { View } from "../model/view.ts";
import type { ProposedChange } from "../propose/changes.ts";
import { fitted } from "../text.ts";
import { fixes } from "./whatIf.ts";

/** `fixes`: the finding goes; `helps`: a part of it stays, and the detail says which; `advice`: nothing that the sums can judge. */
type Effect = "fixes" | "helps" | "advice";

/** A remedy with what it leads to, as the same sums as the finding's say. */
export interface Offer {
	readonly effect: Effect;
	readonly remedy: Remedy;
	/** The budget as it would be. Null where the cluster would not use it any more, and for advice. */
	readonly after: View | null;
	/** The same for `propose`. Null for advice, and for splits: which workload goes where is not the auditor's to say. */
	readonly changes: readonly ProposedChange[] | null;
}

/** A title with the names of people's things in it, which lose their middle where it would get too long. */
export function titleOf(
	text: (short: (name: string) => string) => string,
): string {
	return fitted(longestTitle, text);
}

const order: readonly Effect[] = ["fixes", "helps", "advice"];

/** What fixes the finding comes first. Otherwise in their order. */
export function inOrder(offers: readonly Offer[]): Offer[] {
	return order.flatMap((effect) =>
		offers.filter((one) => one.effect === effect),
	);
}

export function effectOf(before: View, after: View): Effect {
	return fixes(before, after) ? "fixes" : "helps";
}
