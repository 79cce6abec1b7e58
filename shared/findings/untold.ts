import type { Change } from "./lifecycle.ts";

/**
 * A change that follows one which a failed audit told nobody. Coming and going, or an acceptance, silences it only if
 * the channel heard the one before. So it is told instead.
 */
export function afterUntold(change: Change, untold: Change): Change {
	const isSilent =
		change.flapping === "goes-on" && untold.flapping === "starts";
	return {
		...change,
		worse: change.worse || (untold.worse && change.kind !== "resolved"),
		flapping: isSilent ? "starts" : change.flapping,
	};
}
