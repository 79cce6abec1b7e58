import type { HeardChange } from "./heardChange.ts";
import { keyOf } from "./keyOf.ts";

/** Clusters to audit again, since something that they use has changed. */
export interface PendingAudit {
	/** Of the first of its clusters in order of their IDs. */
	readonly clusters: readonly string[];
	/** The newest of them, at most `mostKept`. */
	readonly changes: readonly HeardChange[];
	/** How many changes there were, also those that are not kept. */
	readonly count: number;
	/** When the first and the last of them were heard. Milliseconds since 1970. */
	readonly firstHeard: number;
	readonly lastHeard: number;
	/** The newest audit of the fleet when the last of them was heard: a later one sees them all. Null: there was none. */
	readonly fleet: string | null;
	/** Audits of these changes that saw the state before one of them, or failed. */
	readonly tries: number;
}

/** A change with the clusters that it may concern: its own, and those that share what it changes. */
export interface PlacedChange {
	readonly change: HeardChange;
	readonly clusters: readonly string[];
}

/** Changes that one pending audit keeps for its card. */
export const mostKept = 50;

/**
 * Pending audits with what was just heard. Changes that have a cluster in common end in one audit, however many they are. A
 * change that concerns no cluster starts none.
 */
export function gatherChanges(
	pending: readonly PendingAudit[],
	heard: readonly PlacedChange[],
	now: number,
	fleet: string | null = null,
): readonly PendingAudit[] {
	const added = heard
		.filter(({ clusters }) => clusters.length > 0)
		.map(
			({ change, clusters }): PendingAudit => ({
				clusters,
				changes: [change],
				count: 1,
				firstHeard: now,
				lastHeard: now,
				fleet,
				tries: 0,
			}),
		);
	return joined([...pending, ...added]);
}

/**
 * Pending audits with what the feed tells of changes that events told of: the values, and who else is concerned. They count
 * once. `late`: the audits of these have begun.
 */
export function withTwins(
	pending: readonly PendingAudit[],
	twins: readonly { readonly of: string; readonly placed: PlacedChange }[],
): {
	readonly pending: readonly PendingAudit[];
	readonly late: readonly PlacedChange[];
} {
	const late = new Map(twins.map(({ of, placed }) => [of, placed]));
	const detailed = pending.map((one): PendingAudit => {
		const clusters = new Set(one.clusters);
		const changes = one.changes.map((change) => {
			const key = keyOf(change.id);
			const twin = late.get(key);
			if (twin === undefined) return change;
			late.delete(key);
			for (const cluster of twin.clusters) clusters.add(cluster);
			return twin.change;
		});
		return { ...one, changes, clusters: [...clusters].sort() };
	});
	return { pending: joined(detailed), late: [...late.values()] };
}

/** Audits that have to be done once more, among those that wait. */
export function putBack(
	pending: readonly PendingAudit[],
	again: readonly PendingAudit[],
	now: number,
): readonly PendingAudit[] {
	return joined([
		...pending,
		...again.map((one) => ({
			...one,
			firstHeard: now,
			lastHeard: now,
			tries: one.tries + 1,
		})),
	]);
}

/** Those whose neighborhood was quiet long enough, or that have waited the longest time. Times in milliseconds. */
export function dueAudits(
	pending: readonly PendingAudit[],
	now: number,
	{ quiet, longest }: { readonly quiet: number; readonly longest: number },
): {
	readonly due: readonly PendingAudit[];
	readonly waiting: readonly PendingAudit[];
} {
	const isDue = (one: PendingAudit) =>
		// A clock that was set back must not make a change wait for hours.
		now < one.firstHeard ||
		now - one.lastHeard >= quiet ||
		now - one.firstHeard >= longest;
	return {
		due: pending.filter(isDue),
		waiting: pending.filter((one) => !isDue(one)),
	};
}

/** Joins all that have a cluster in common, by the cluster that stands for each group. */
function joined(all: readonly PendingAudit[]): readonly PendingAudit[] {
	const groups = new Map<string, PendingAudit>();
	const homes = new Map<string, string>();
	const homeOf = (cluster: string): string | undefined => {
		let home = homes.get(cluster);
		while (home !== undefined && homes.get(home) !== home)
			home = homes.get(home);
		return home;
	};
	for (const one of all) {
		const met = [
			...new Set(one.clusters.flatMap((cluster) => homeOf(cluster) ?? [])),
		];
		const parts = met.flatMap((home) => groups.get(home) ?? []);
		for (const home of met) groups.delete(home);
		const whole = [...parts, one].reduce(merged);
		const [home = ""] = whole.clusters;
		groups.set(home, whole);
		for (const cluster of [...whole.clusters, ...met]) homes.set(cluster, home);
	}
	return [...groups.values()];
}

function merged(a: PendingAudit, b: PendingAudit): PendingAudit {
	const known = new Set(a.changes.map(({ id }) => id));
	const fresh = b.changes.filter(({ id }) => !known.has(id));
	const repeated = b.changes.length - fresh.length;
	return {
		clusters: [...new Set([...a.clusters, ...b.clusters])].sort(),
		changes: [...a.changes, ...fresh]
			.toSorted((x, y) => (x.at < y.at ? 1 : x.at > y.at ? -1 : 0))
			.slice(0, mostKept),
		count: a.count + b.count - repeated,
		firstHeard: Math.min(a.firstHeard, b.firstHeard),
		lastHeard: Math.max(a.lastHeard, b.lastHeard),
		fleet: (a.fleet ?? "") > (b.fleet ?? "") ? a.fleet : b.fleet,
		tries: Math.min(a.tries, b.tries),
	};
}
