import type { Finding } from "../contract.ts";
import { compareWeight, type Weight, weightOf } from "./weight.ts";

/** Where a finding comes in the list: no two findings have the same place, so none is lost or shown twice at the end of a page. */
export interface Place extends Weight {
	readonly state: Finding["state"];
	readonly clusterName: string;
	readonly id: string;
}

export function placeOf(finding: Place): Place {
	const { state, clusterName, id } = finding;
	return { state, ...weightOf(finding), clusterName, id };
}

/** Open before resolved, then the worst first, then by the cluster's name. Negative: `a` comes first. */
export function compareWorstFirst(a: Place, b: Place): number {
	return (
		compareText(a.state, b.state) ||
		compareWeight(a, b) ||
		compareText(a.clusterName, b.clusterName) ||
		compareText(a.id, b.id)
	);
}

/** By code units: the order must not depend on where the program runs. */
function compareText(a: string, b: string): number {
	return a < b ? -1 : a > b ? 1 : 0;
}
