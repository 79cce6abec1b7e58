import type { Finding } from "../contract.ts";
import { rankOf, type Weight, weightOf } from "./weight.ts";

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
	return compareRanked(ranked(a), ranked(b));
}

/** A place with its rank, which is not worked out anew for each comparison of a long list. */
interface Ranked {
	readonly place: Pick<Place, "state" | "clusterName" | "id">;
	readonly rank: number;
}

function ranked(place: Place): Ranked {
	return { place, rank: rankOf(place) };
}

function compareRanked(a: Ranked, b: Ranked): number {
	return (
		compareText(a.place.state, b.place.state) ||
		b.rank - a.rank ||
		compareText(a.place.clusterName, b.place.clusterName) ||
		compareText(a.place.id, b.place.id)
	);
}

/** Anything of a finding each, in that order. */
export function worstFirst<T>(
	all: readonly T[],
	findingOf: (one: T) => Place,
): T[] {
	return all
		.map((one) => ({ one, ...ranked(findingOf(one)) }))
		.sort(compareRanked)
		.map(({ one }) => one);
}

/** By code units: the order must not depend on where the program runs. */
function compareText(a: string, b: string): number {
	return a < b ? -1 : a > b ? 1 : 0;
}
