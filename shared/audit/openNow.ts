import { readAcceptances } from "../azure/acceptanceStore.ts";
import { openFindings } from "../azure/findingBuckets.ts";
import type { Tables } from "../azure/tables.ts";
import type { Audit, GivenAcceptance } from "../contract.ts";
import { acceptancesAt } from "../findings/acceptance.ts";
import { countSeverities } from "../findings/counts.ts";
import type { KeptFinding } from "../findings/flapping.ts";

/** What is open, and what is said about it. */
export interface OpenNow {
	readonly findings: readonly KeptFinding[];
	readonly given: readonly GivenAcceptance[];
}

export async function readOpenNow(tables: Tables): Promise<OpenNow> {
	const [byCluster, given] = await Promise.all([
		openFindings(tables),
		readAcceptances(tables),
	]);
	return { findings: [...byCluster.values()].flat(), given };
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
