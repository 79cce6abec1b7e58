import { readAcceptances } from "../azure/acceptanceStore.ts";
import { linesMeant } from "../azure/findingList.ts";
import type { Tables } from "../azure/tables.ts";
import type { FindingLine } from "../contract.ts";
import { acceptancesAt } from "../findings/acceptance.ts";
import type { FindingsQuery } from "../findings/query.ts";
import { worstFirst } from "../findings/worstFirst.ts";
import { refuseUnknown } from "./refuseUnknown.ts";

/** All findings that are asked for as lines, worst first. */
export async function findingLines(
	tables: Tables,
	{ filter, accepted }: Pick<FindingsQuery, "filter" | "accepted">,
	at: string,
): Promise<FindingLine[]> {
	const [given, kept] = await Promise.all([
		readAcceptances(tables),
		linesMeant(tables, filter),
	]);
	const acceptance = acceptancesAt(given, at);
	const lines = kept
		.map(
			({ whyNotEvaluated: _, firstRemedy: __, ...line }): FindingLine => ({
				...line,
				acceptance: acceptance(line),
			}),
		)
		.filter(
			(line) =>
				accepted === undefined || (line.acceptance !== null) === accepted,
		);
	await refuseUnknown(tables, filter, lines);
	return worstFirst(lines, (line) => line);
}
