import { writeChanges } from "../azure/changeStore.ts";
import { writeFindings } from "../azure/findingStore.ts";
import type { Tables } from "../azure/tables.ts";
import type { Finding } from "../contract.ts";
import {
	type AuditMoment,
	asItWas,
	type Change,
	resolve,
	type Transition,
} from "../findings/lifecycle.ts";
import { hash } from "../keys/hash.ts";
import type { Memory } from "../records/memory.ts";
import type { Overview, UnseenCluster } from "../records/snapshot.ts";

/** A cluster that is gone is believed to be gone after two complete audits in a row. */
const auditsUntilGone = 2;

/**
 * The subscription of a vanished cluster has answered, and no row of a cluster is missing. Other gaps do not matter
 * here.
 */
export function vanishedClusters(
	{ vanishedBefore }: Overview,
	unseenClusters: readonly UnseenCluster[],
): Memory["vanished"] {
	const vanished: Record<string, number> = {};
	for (const { cluster, fate } of unseenClusters)
		if (fate === "vanished")
			vanished[hash(cluster)] = (vanishedBefore[hash(cluster)] ?? 0) + 1;
	return vanished;
}

/** Which unseen clusters end with this audit. One that is only not in scope needs an audit without gaps to say so. */
export function endedUnseenClusters(
	unseenClusters: readonly UnseenCluster[],
	vanished: Memory["vanished"],
	complete: boolean,
): UnseenCluster[] {
	const isEnded = ({ fate, cluster }: UnseenCluster): boolean => {
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
	return unseenClusters.filter(isEnded);
}

const endings = {
	vanished: "The cluster is gone",
	"out-of-scope": "The cluster is not in the audit's scope any more",
	"out-of-reach": "The cluster's subscription is out of reach",
	"not-answered": "",
} as const;

export async function resolveUnseenClusters(
	tables: Tables,
	unseenClusters: readonly UnseenCluster[],
	audit: { readonly auditId: string; readonly at: string },
): Promise<Change[]> {
	const made: Transition[] = unseenClusters.flatMap(({ findings, fate }) =>
		findings.map((finding) => resolve(finding, audit, endings[fate])),
	);
	const changes = made.flatMap(({ change }) => (change ? [change] : []));
	if (changes.length === 0) return [];
	const findings = changes.map(({ finding }) => finding);
	await writeChanges(tables, audit.auditId, changes);
	await writeFindings(tables, audit.auditId, findings);
	return changes;
}

/** Findings of clusters that did not answer stay as they were, and say so. */
export async function keepUnseenClusters(
	tables: Tables,
	unseenClusters: readonly UnseenCluster[],
	audit: AuditMoment,
): Promise<void> {
	const kept = unseenClusters
		.filter(({ fate }) => fate === "not-answered")
		.flatMap(({ findings, cluster }) =>
			findings.flatMap(
				(finding) =>
					asItWas(finding, notAnswered(finding, cluster), audit).write ?? [],
			),
		);
	if (kept.length > 0) await writeFindings(tables, audit.auditId, kept);
}

function notAnswered({ subscription }: Finding, cluster: string) {
	const cause = `Subscription ${subscription} answered only in part`;
	return { cause, unseen: [`${cause}: cluster ${cluster.split("/").at(-1)}`] };
}
