import { networkOfBudget } from "../arm.ts";
import { newestEnded } from "../azure/auditStore.ts";
import { findCluster, readOverview } from "../azure/snapshotStore.ts";
import type { Tables } from "../azure/tables.ts";
import type { Finding } from "../contract.ts";
import type { FindingFilter } from "../findings/query.ts";
import { notFound } from "../http/problem.ts";
import { newestList, refuseUnseen } from "./budgetsPage.ts";
import { newestJudgement } from "./judgement.ts";

/**
 * An empty list for a cluster, subscription or network that nobody looked at would be a wrong all-clear: throws a Problem that
 * says so.
 */
export async function refuseUnknown(
	tables: Tables,
	filter: FindingFilter,
	found: readonly Found[],
): Promise<void> {
	const clusters = notAmong(
		filter.cluster,
		found.map(({ cluster }) => cluster),
	);
	const subscriptions = notAmong(
		filter.subscription,
		found.map(({ subscription }) => subscription),
	);
	const networks = notAmong(
		filter.network,
		found.map(({ budget }) => budget && networkOfBudget(budget.id)),
	);
	if (clusters.length + subscriptions.length + networks.length === 0) return;
	const audit = await newestEnded(tables);
	if (audit === null || audit.snapshot === null) return;
	const { auditId, snapshot } = audit;
	for (const cluster of clusters) {
		const judged = await newestJudgement(tables, cluster);
		const key = judged?.snapshot ?? snapshot;
		if ((await findCluster(tables, key, cluster)) === null)
			throw notFound(`Audit ${auditId} did not check cluster ${cluster}.`);
	}
	const { remembered } = await readOverview(tables, snapshot);
	for (const subscription of subscriptions)
		if (!remembered.withClusters.includes(subscription))
			throw notFound(
				`Audit ${auditId} saw no cluster in subscription ${subscription}.`,
			);
	if (networks.length > 0) {
		const { index } = await newestList(tables);
		refuseUnseen(auditId, index, { network: networks });
	}
}

type Found = Pick<Finding, "cluster" | "subscription" | "budget">;

function notAmong(
	values: readonly string[] = [],
	seen: readonly (string | null)[],
): string[] {
	return values.filter((value) => !seen.includes(value));
}
