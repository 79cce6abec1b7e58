import { readAcceptances } from "../azure/acceptanceStore.ts";
import { openFindings, openFindingsOf } from "../azure/findingBuckets.ts";
import type { Tables } from "../azure/tables.ts";
import type { Audit, AuditScope, GivenAcceptance } from "../contract.ts";
import { acceptancesAt } from "../findings/acceptance.ts";
import { countSeverities } from "../findings/counts.ts";
import type { KeptFinding } from "../findings/flapping.ts";
import { isInScope } from "./scope.ts";

/** What is open in the clusters of an audit, and what is said about it. */
export interface OpenNow {
	readonly findings: readonly KeptFinding[];
	readonly given: readonly GivenAcceptance[];
}

/** `scope`: null means the whole fleet. */
export async function readOpenNow(
	tables: Tables,
	scope: AuditScope | null,
): Promise<OpenNow> {
	const [byCluster, given] = await Promise.all([
		openInScope(tables, scope),
		readAcceptances(tables),
	]);
	return { findings: [...byCluster.values()].flat(), given };
}

/** By cluster. Clusters that are named cost the same, however large the fleet is. */
export async function openInScope(
	tables: Tables,
	scope: AuditScope | null,
): Promise<Map<string, KeptFinding[]>> {
	const { clusters = [], subscriptions = [] } = scope ?? {};
	if (scope !== null && subscriptions.length === 0)
		return openFindingsOf(tables, clusters);
	const all = await openFindings(tables);
	return new Map(
		[...all].filter(([cluster, [first]]) =>
			isInScope(scope, cluster, first?.subscription),
		),
	);
}

/** The counts of an audit's row, at its end. */
export function openCounts(
	{ findings, given }: OpenNow,
	at: string,
): Pick<Audit, "findings" | "accepted"> {
	const acceptance = acceptancesAt(given, at);
	return {
		findings: countSeverities(findings),
		accepted: findings.filter((finding) => acceptance(finding) !== null).length,
	};
}
