import type { KeptFinding } from "./flapping.ts";
import type { Change } from "./lifecycle.ts";
import { compareWeight } from "./weight.ts";

/**
 * Whether a change that was written is true of what is open now. Changes are written before their findings, so a step
 * that failed in between changed nothing that a reader can see.
 */
export function cameAbout(
	{ kind, finding }: Change,
	open: ReadonlyMap<string, KeptFinding>,
): boolean {
	const now = open.get(finding.id);
	if (kind === "resolved") return now === undefined;
	return now !== undefined && compareWeight(finding, now) === 0;
}
