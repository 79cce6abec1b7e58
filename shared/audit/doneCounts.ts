import { addCounts, noChanges } from "../findings/counts.ts";
import type { SliceDone } from "../records/snapshot.ts";

/** What all slices together have done. */
export function sumOf(done: readonly SliceDone[]): SliceDone {
	return done.reduce(addDone, nothingDone);
}

const nothingDone: SliceDone = {
	clusters: 0,
	notEvaluated: 0,
	changes: noChanges,
};

function addDone(a: SliceDone, b: SliceDone): SliceDone {
	return {
		clusters: a.clusters + b.clusters,
		notEvaluated: a.notEvaluated + b.notEvaluated,
		changes: addCounts(a.changes, b.changes),
	};
}
