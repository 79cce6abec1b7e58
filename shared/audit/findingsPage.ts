import { readAcceptances } from "../azure/acceptanceStore.ts";
import { findFinding, listFindings } from "../azure/findingList.ts";
import type { Tables } from "../azure/tables.ts";
import type { Finding } from "../contract.ts";
import { type AcceptanceOf, acceptancesAt } from "../findings/acceptance.ts";
import type { KeptFinding } from "../findings/flapping.ts";
import type { FindingsQuery } from "../findings/query.ts";

/** A page of findings as they are shown, worst first, each with the acceptance in force at `at`. */
export async function findingsPage(
	tables: Tables,
	query: FindingsQuery,
	pageSize: number,
	at: string,
): Promise<{ findings: Finding[]; continuation: string | null }> {
	const { findings, continuation } = await firstOf(tables, query, pageSize, at);
	return { findings, continuation };
}

/** The worst findings at once, and how many more there are. */
export async function worstFindings(
	tables: Tables,
	query: FindingsQuery,
	most: number,
	at: string,
): Promise<{ findings: Finding[]; leftOut: number }> {
	const { findings, wanted } = await firstOf(tables, query, most, at);
	return { findings, leftOut: wanted - findings.length };
}

/** `wanted`: how many there are from the continuation on. */
async function firstOf(
	tables: Tables,
	{ filter, accepted, continuation }: FindingsQuery,
	most: number,
	at: string,
) {
	const acceptance = acceptancesAt(await readAcceptances(tables), at);
	let wanted = 0;
	const page = await listFindings(
		tables,
		filter,
		most,
		continuation,
		(line) => {
			const isWanted =
				accepted === undefined || (acceptance(line) !== null) === accepted;
			if (isWanted) wanted++;
			return isWanted;
		},
	);
	return {
		findings: page.findings.map((finding) => shown(finding, acceptance)),
		continuation: page.continuation,
		wanted,
	};
}

/** A finding as it is shown, open or resolved; null where there is none of this id. */
export async function findingShown(
	tables: Tables,
	id: string,
	at: string,
): Promise<Finding | null> {
	const [finding, given] = await Promise.all([
		findFinding(tables, id),
		readAcceptances(tables),
	]);
	return finding && shown(finding, acceptancesAt(given, at));
}

function shown(
	{ flapHistory: _, ...finding }: KeptFinding,
	acceptance: AcceptanceOf,
): Finding {
	return {
		...finding,
		acceptance: acceptance(finding),
	};
}
