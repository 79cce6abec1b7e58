import { newestEnded } from "../azure/auditStore.ts";
import { findCluster, readOverview } from "../azure/snapshotStore.ts";
import type { Tables } from "../azure/tables.ts";
import type { FindingFilter } from "../findings/query.ts";
import { notFound } from "../http/problem.ts";

/**
 * An empty list for a cluster or subscription that nobody looked at would be a wrong all-clear: throws a Problem that
 * says so.
 */
export async function refuseUnknown(
	tables: Tables,
	{ cluster, subscription }: FindingFilter,
): Promise<void> {
	if (cluster === undefined && subscription === undefined) return;
	const audit = await newestEnded(tables);
	if (audit === null || audit.snapshot === null) return;
	const { auditId, snapshot } = audit;
	if (
		cluster !== undefined &&
		(await findCluster(tables, snapshot, cluster)) === null
	)
		throw notFound(`Audit ${auditId} did not check cluster ${cluster}.`);
	if (subscription === undefined) return;
	const { remembered } = await readOverview(tables, snapshot);
	if (!remembered.withClusters.includes(subscription))
		throw notFound(
			`Audit ${auditId} saw no cluster in subscription ${subscription}.`,
		);
}
