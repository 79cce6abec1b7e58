import type { Memory } from "../azure/auditStore.ts";
import { writeChanges, writeFindings } from "../azure/findingStore.ts";
import type { Orphan, Overview } from "../azure/snapshotStore.ts";
import type { Tables } from "../azure/tables.ts";
import {
	type Change,
	resolve,
	type Transition,
} from "../findings/lifecycle.ts";
import { hash } from "../keys/hash.ts";

/** A cluster that is gone is believed to be gone after two complete audits in a row. */
const auditsUntilGone = 2;

export function vanishedClusters(
	{ vanishedBefore }: Overview,
	orphans: readonly Orphan[],
	complete: boolean,
): Memory["vanished"] {
	const vanished: Record<string, number> = {};
	for (const { cluster, fate } of orphans)
		if (fate === "vanished")
			vanished[hash(cluster)] = complete
				? (vanishedBefore[hash(cluster)] ?? 0) + 1
				: 0;
	return vanished;
}

/** Which orphans end with this audit. One that is only not in scope needs an audit without gaps to say so. */
export function endedOrphans(
	orphans: readonly Orphan[],
	vanished: Memory["vanished"],
	complete: boolean,
): Orphan[] {
	const isEnded = ({ fate, cluster }: Orphan): boolean => {
		switch (fate) {
			case "not-answered":
				return false;
			case "vanished":
				return (vanished[hash(cluster)] ?? 0) >= auditsUntilGone;
			case "out-of-scope":
				return complete;
			case "out-of-reach":
				return true;
		}
	};
	return orphans.filter(isEnded);
}

const endings = {
	vanished: "the cluster is gone",
	"out-of-scope": "the cluster is not in the audit's scope any more",
	"out-of-reach": "its subscription is out of reach",
	"not-answered": "",
} as const;

export async function resolveOrphans(
	tables: Tables,
	orphans: readonly Orphan[],
	audit: { readonly auditId: string; readonly at: string },
): Promise<Change[]> {
	const made: Transition[] = orphans.flatMap(({ findings, fate }) =>
		findings.map((finding) => resolve(finding, audit, endings[fate])),
	);
	const changes = made.flatMap(({ change }) => (change ? [change] : []));
	if (changes.length === 0) return [];
	const findings = changes.map(({ finding }) => finding);
	await writeChanges(tables, audit.auditId, changes);
	await writeFindings(tables, findings, findings);
	return changes;
}
