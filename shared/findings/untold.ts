import type { Change } from "./lifecycle.ts";

/**
 * A change that follows one which a failed audit told nobody of. What damps it, or keeps it from who accepted the
 * finding, holds only where they heard the one before: it is told in its place.
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
