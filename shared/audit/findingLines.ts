import { readAcceptances } from "../azure/acceptanceStore.ts";
import { findingsMeant } from "../azure/findingList.ts";
import type { Tables } from "../azure/tables.ts";
import type { Finding, FindingLine } from "../contract.ts";
import { acceptancesAt } from "../findings/acceptance.ts";
import type { FindingsQuery } from "../findings/query.ts";
import { compareWorstFirst, placeOf } from "../findings/worstFirst.ts";
import { refuseUnknown } from "./refuseUnknown.ts";

/** All findings that are asked for as lines, worst first. Whole findings are held one bucket at a time. */
export async function findingLines(
	tables: Tables,
	{ filter, accepted }: Pick<FindingsQuery, "filter" | "accepted">,
	at: string,
): Promise<FindingLine[]> {
	const acceptance = acceptancesAt(await readAcceptances(tables), at);
	const lines: FindingLine[] = [];
	for await (const findings of findingsMeant(tables, filter))
		for (const finding of findings) {
			const line = lineOf({ ...finding, acceptance: acceptance(finding) });
			if (accepted === undefined || (line.acceptance !== null) === accepted)
				lines.push(line);
		}
	await refuseUnknown(tables, filter, lines);
	return lines
		.map((line) => ({ line, place: placeOf(line) }))
		.sort((a, b) => compareWorstFirst(a.place, b.place))
		.map(({ line }) => line);
}

function lineOf(finding: Finding): FindingLine {
	return {
		id: finding.id,
		rule: finding.rule,
		severity: finding.severity,
		headline: finding.headline,
		state: finding.state,
		cluster: finding.cluster,
		clusterName: finding.clusterName,
		subscription: finding.subscription,
		budget: finding.budget,
		scenario: finding.scenario,
		verdict: finding.verdict,
		limit: finding.limit,
		demand: finding.demand,
		free: finding.free,
		alsoIn: finding.alsoIn,
		runway: finding.runway,
		lastKnown: finding.lastKnown,
		acceptance: finding.acceptance,
		firstSeen: finding.firstSeen,
		changedAt: finding.changedAt,
		auditId: finding.auditId,
	};
}
