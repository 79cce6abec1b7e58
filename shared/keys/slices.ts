import { hash } from "./hash.ts";

/**
 * An activity costs 20 to 35 ms of host work whatever it does (measured), so an audit schedules about this many at the
 * most: one a cluster in a small fleet, one a slice of clusters in a large one.
 */
const mostSlices = 200;

/** Number of slices of an audit; 0: every cluster is its own. */
export function slicesFor(clusters: number): number {
	return clusters <= mostSlices ? 0 : mostSlices;
}

/** The slice of a cluster, by which its snapshot is found: no list of clusters has to be kept. */
export function sliceOf(cluster: string, slices: number): string {
	const key = hash(cluster);
	if (slices === 0) return key;
	return String(Number.parseInt(key.slice(0, 8), 16) % slices).padStart(3, "0");
}
