import { newestEnded } from "../azure/auditStore.ts";
import { findCluster, readOverview } from "../azure/snapshotStore.ts";
import type { Tables } from "../azure/tables.ts";
import type { Finding } from "../contract.ts";
import type { FindingFilter } from "../findings/query.ts";
import { notFound } from "../http/problem.ts";

/**
 * An empty list for a cluster or subscription that nobody looked at would be a wrong all-clear: throws a Problem that
 * says so.
 */
export async function refuseUnknown(
	tables: Tables,
	filter: FindingFilter,
	found: readonly Found[],
): Promise<void> {
	const clusters = withoutFinding(filter, found, "cluster");
	const subscriptions = withoutFinding(filter, found, "subscription");
	if (clusters.length === 0 && subscriptions.length === 0) return;
	const audit = await newestEnded(tables);
	if (audit === null || audit.snapshot === null) return;
	const { auditId, snapshot } = audit;
	for (const cluster of clusters)
		if ((await findCluster(tables, snapshot, cluster)) === null)
			throw notFound(`Audit ${auditId} did not check cluster ${cluster}.`);
	const { remembered } = await readOverview(tables, snapshot);
	for (const subscription of subscriptions)
		if (!remembered.withClusters.includes(subscription))
			throw notFound(
				`Audit ${auditId} saw no cluster in subscription ${subscription}.`,
			);
}

type Found = Pick<Finding, "cluster" | "subscription">;

function withoutFinding(
	filter: FindingFilter,
	found: readonly Found[],
	field: keyof Found,
): string[] {
	const seen = new Set(found.map((finding) => finding[field]));
	return (filter[field] ?? []).filter((value) => !seen.has(value));
}
