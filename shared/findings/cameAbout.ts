import type { KeptFinding } from "./flapping.ts";
import type { Change } from "./lifecycle.ts";
import { compareWeight } from "./weight.ts";

/**
 * Whether a change that was written is true of what is open now. Changes are written before their findings, and a finding
 * is taken off its old shelf last: a step that failed in between has changed nothing that a reader may rely on.
 */
export function cameAbout(
	{ kind, finding }: Change,
	open: ReadonlyMap<string, KeptFinding>,
): boolean {
	const now = open.get(finding.id);
	if (kind === "resolved") return now === undefined;
	return now !== undefined && compareWeight(finding, now) === 0;
}
