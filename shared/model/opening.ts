/**
 * Something unseen with a trace on a budget: nobody can say how much it uses or will use. The budget is open then: its
 * findings neither resolve nor ease, and it gets no history point.
 */
export interface Opening {
	readonly kind: OpeningKind;
	/** The cluster that it is about, by id. Null where no cluster is known by name. */
	readonly cluster: string | null;
	/** Why it was not seen, in words that many openings have in common: "subscription … did not answer". */
	readonly cause: string;
	/** Who or what was not seen, in words. */
	readonly reason: string;
	/** Of a remembered cluster: the audit that saw it last. */
	readonly lastSeen: { readonly auditId: string; readonly at: string } | null;
}

/**
 * `last-known`: it used the budget in the newest audit that saw it. `not-read`: a row that was read in part names the
 * budget, or rows that its sum needs are missing. `seen-there`: ids on the budget name nodes or clusters that no row
 * explains. `lost-rows`: more rows were lost than what is remembered explains. `surge`: how many nodes an upgrade of the
 * cluster adds is not understood.
 */
type OpeningKind =
	| "last-known"
	| "not-read"
	| "seen-there"
	| "lost-rows"
	| "surge";

/** Cause and reason in one, with the audit that saw it last. */
export function openingText(opening: Opening): string {
	return `${opening.cause}: ${unseenText(opening)}`;
}

/** What was not seen, with the audit that saw it last. */
export function unseenText({ reason, lastSeen }: Opening): string {
	return lastSeen === null
		? reason
		: `${reason}, last seen by audit ${lastSeen.auditId}`;
}

/** Whether the opening concerns what a cluster is told: a neighbor's surge is its own affair. */
export function concerns(opening: Opening, cluster: string): boolean {
	return opening.kind !== "surge" || opening.cluster === cluster;
}

/** The clusters behind openings that are not seen whole, each once. */
export function clustersNamedIn(openings: readonly Opening[]): string[] {
	return [...new Set(openings.flatMap(({ cluster }) => cluster ?? []))];
}
