import type { Finding } from "../contract.ts";
import type { KeptFinding } from "./flapping.ts";
import { type AuditMoment, asItWas, type Transition } from "./lifecycle.ts";

/** Why a finding stays as it was, in words that findings have in common. */
export const olderRowsCause =
	"Data may be older than the request for this audit";

/** Why the rows that a finding rests on may be older than the request. Null: they are not. */
export type WhyOlder = (
	finding: Pick<Finding, "rule" | "cluster" | "budget">,
) => string | null;

/** No finding resolves or eases on a row that may be older than the request for its audit. What gets worse is told. */
export function heldBack(
	made: readonly Transition[],
	before: readonly KeptFinding[],
	whyOlder: WhyOlder,
	audit: AuditMoment,
): Transition[] {
	return made.map((transition) => {
		const { change } = transition;
		if (change?.kind !== "resolved" && change?.kind !== "eased")
			return transition;
		const reason = whyOlder(change.finding);
		const was = before.find(({ id }) => id === change.finding.id);
		if (reason === null || was === undefined) return transition;
		return asItWas(was, { cause: olderRowsCause, unseen: [reason] }, audit);
	});
}
