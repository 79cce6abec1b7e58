import { readTags } from "../azure/snapshotStore.ts";
import type { Tables } from "../azure/tables.ts";
import type { Cluster } from "../inventory/facts.ts";
import type { AuditRecord } from "../records/auditRecord.ts";
import type { ClusterTags } from "../records/snapshot.ts";

/** Tags are their owners' matter: only those are kept that a setting names. */
export function seenTags(
	clusters: readonly Pick<Cluster, "id" | "tags">[],
	names: readonly string[],
): ClusterTags[] {
	if (names.length === 0) return [];
	return clusters
		.map(({ id, tags }) => ({
			cluster: id,
			tags: Object.fromEntries(
				Object.entries(tags).filter(([name]) => names.includes(name)),
			),
		}))
		.filter(({ tags }) => Object.keys(tags).length > 0);
}

/** A cluster that cannot be seen now still belongs to its team while it has open findings: its last tags count. */
export async function unseenTags(
	tables: Tables,
	clusters: readonly Pick<Cluster, "id">[],
	names: readonly string[],
	open: ReadonlyMap<string, unknown>,
	last: AuditRecord | null,
): Promise<ClusterTags[]> {
	const seen = new Set(clusters.map(({ id }) => id));
	const unseen = [...open.keys()].filter((id) => !seen.has(id));
	if (names.length === 0 || unseen.length === 0) return [];
	if (!last?.snapshot) return [];
	const known = await readTags(tables, last.snapshot);
	return unseen.flatMap((cluster) => {
		const tags = known.get(cluster);
		return tags ? [{ cluster, tags }] : [];
	});
}
