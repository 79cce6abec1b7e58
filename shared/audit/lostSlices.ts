import { readSlice } from "../azure/snapshotStore.ts";
import { isStorageAway, type Tables } from "../azure/tables.ts";
import type { Gap } from "../contract.ts";

/** A slice that failed to the last try, with a short reason of our own. */
export interface FailedSlice {
	readonly slice: string;
	readonly reason: string;
}

interface LostSlice {
	readonly gap: Gap;
	/** Ids of its clusters, as far as they can be read. */
	readonly clusters: readonly string[];
}

/**
 * That the clusters of a failed slice were not looked at is a gap with their names. They keep the findings that they
 * had.
 */
export function lostSlices(
	tables: Tables,
	snapshot: string,
	failed: readonly FailedSlice[],
): Promise<LostSlice[]> {
	return Promise.all(
		failed.map(async ({ slice, reason: why }) => {
			const clusterSnapshots = await readLostSlice(tables, snapshot, slice);
			const reason = `their evaluation failed: ${why}`;
			// If the slice itself cannot be read, its name replaces the names of its clusters.
			if (clusterSnapshots === null)
				return {
					gap: evaluationGap(`the clusters of slice ${slice}`, reason),
					clusters: [],
				};
			const names = clusterSnapshots.map(({ name }) => name).join(", ");
			const scope = `${clusterSnapshots.length} clusters (${names.slice(0, 200)})`;
			return {
				gap: evaluationGap(scope, reason),
				clusters: clusterSnapshots.map(({ id }) => id),
			};
		}),
	);
}

function evaluationGap(scope: string, reason: string): Gap {
	return { kind: "evaluation", subscription: null, scope, reason };
}

async function readLostSlice(tables: Tables, snapshot: string, slice: string) {
	try {
		return await readSlice(tables, snapshot, slice);
	} catch (error) {
		if (isStorageAway(error)) throw error;
		return null;
	}
}
