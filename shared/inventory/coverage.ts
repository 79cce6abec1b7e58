import { subscriptionOfId } from "../arm.ts";
import type { Gap } from "../contract.ts";
import type { Inventory } from "./facts.ts";
import type { Gathered } from "./gather.ts";

/** What an audit knows of earlier ones about who should answer. */
export interface Remembered {
	/** Subscriptions that had clusters when they were last seen. */
	readonly withClusters: readonly string[];
	/** For how many audits in a row a subscription has not answered. */
	readonly missing: Readonly<Record<string, number>>;
}

export interface SubscriptionCoverage {
	readonly expected: readonly string[];
	readonly gaps: readonly Gap[];
	/**
	 * Missing for this long that from this audit on they are expected no more. Their findings resolve with that reason.
	 */
	readonly outOfReach: readonly string[];
	readonly remembered: Remembered;
}

/**
 * Subscriptions that should have answered and did not: configured and not listed, no longer listed, or with clusters
 * before and now neither clusters nor resource groups. A subscription that still shows resource groups has answered.
 */
export function subscriptionCoverage(
	gathered: Gathered,
	configured: readonly string[],
	before: Remembered,
	missingAudits: number,
): SubscriptionCoverage {
	const listed = gathered.inventory.subscriptions;
	const withClusters = subscriptionsWithClusters(gathered.inventory);
	const expected = new Set([...configured, ...listed, ...before.withClusters]);
	const missing: Record<string, number> = {};
	const gaps: Gap[] = [];
	const outOfReach: string[] = [];
	for (const id of [...expected].sort()) {
		const reason = reasonMissing(id, listed, withClusters, gathered, before);
		if (reason === null) continue;
		const audits = (before.missing[id] ?? 0) + 1;
		missing[id] = audits;
		if (audits <= missingAudits)
			gaps.push({
				kind: "subscription",
				subscription: id,
				scope: `subscription ${id}`,
				reason,
			});
		else {
			expected.delete(id);
			if (audits === missingAudits + 1) outOfReach.push(id);
			if (!configured.includes(id)) delete missing[id];
		}
	}
	return {
		expected: [...expected].sort(),
		gaps,
		outOfReach,
		remembered: {
			withClusters: [
				...new Set([
					...withClusters,
					...before.withClusters.filter(
						(id) => id in missing && expected.has(id),
					),
				]),
			].sort(),
			missing,
		},
	};
}

function reasonMissing(
	id: string,
	listed: ReadonlySet<string>,
	withClusters: ReadonlySet<string>,
	gathered: Gathered,
	before: Remembered,
): string | null {
	if (withClusters.has(id) || gathered.withResourceGroups.has(id)) return null;
	if (!listed.has(id))
		return before.withClusters.includes(id)
			? "had clusters, and is not listed any more: was the Reader role taken away?"
			: "is configured, and not listed: the auditor's identity needs Reader on it";
	if (!before.withClusters.includes(id)) return null;
	return gathered.inventory.lost.resourceGroups === 0
		? "had clusters, and now shows neither clusters nor resource groups"
		: "had clusters, and now shows none; not all resource groups were answered";
}

/** A subscription that shows clusters or resource groups has answered. */
export function whoAnswered({
	inventory,
	withResourceGroups,
}: Gathered): (subscription: string) => boolean {
	const withClusters = subscriptionsWithClusters(inventory);
	return (id) => withClusters.has(id) || withResourceGroups.has(id);
}

function subscriptionsWithClusters({
	clusters,
	unreadableClusters,
}: Inventory): Set<string> {
	return new Set([
		...clusters.map(({ subscription }) => subscription),
		...unreadableClusters.map(({ id }) => subscriptionOfId(id) ?? ""),
	]);
}
