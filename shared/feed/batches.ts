import { changeText } from "./changeText.ts";
import type { HeardChange } from "./heardChange.ts";
import type { PendingAudit } from "./pending.ts";

/** Clusters and groups that one audit takes. */
const most = { clusters: 500, groups: 20 };

/** What one audit is about. */
export interface Batch {
	readonly clusters: readonly string[];
	readonly groups: readonly PendingAudit[];
}

/** As few audits as possible: what is due at one time is audited together. A group that is too large takes several. */
export function batchesOf(due: readonly PendingAudit[]): Batch[] {
	const batches: { clusters: string[]; groups: PendingAudit[] }[] = [];
	for (const group of due.flatMap(cut)) {
		const last = batches.at(-1);
		const fits =
			last !== undefined &&
			last.groups.length < most.groups &&
			last.clusters.length + group.clusters.length <= most.clusters;
		if (fits) {
			last.clusters.push(...group.clusters);
			last.groups.push(group);
		} else batches.push({ clusters: [...group.clusters], groups: [group] });
	}
	return batches;
}

function cut(group: PendingAudit): PendingAudit[] {
	const { clusters } = group;
	return Array.from(
		{ length: Math.ceil(clusters.length / most.clusters) },
		(_, part) => ({
			...group,
			clusters: clusters.slice(
				part * most.clusters,
				(part + 1) * most.clusters,
			),
		}),
	);
}

/** Changes that a request for an audit takes along: more than a card shows. */
export const mostInRequest = 10;
const mostInWords = 2;

/**
 * What has changed, newest first: "max count of pool web 20 to 40 at 14:32 UTC, and 3 more changes". Names in it are
 * other people's text. `poolName`: the name of a cluster's pool at a place, where it is known.
 */
export function changesText(
	changes: readonly HeardChange[],
	count: number,
	poolName: (change: HeardChange, index: number) => string | null = () => null,
): string {
	const told = changes.slice(0, mostInWords).map((change) => {
		const text = changeText(change, (index) => poolName(change, index));
		return change.by === null ? text : `${text} by ${change.by}`;
	});
	const left = count - told.length;
	if (left <= 0) return told.join(", and ");
	return `${told.join(", ")}, and ${left} more ${left === 1 ? "change" : "changes"}`;
}
