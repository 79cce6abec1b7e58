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
	{ filter, accepted, continuation }: FindingsQuery,
	pageSize: number,
	at: string,
): Promise<{ findings: Finding[]; continuation: string | null }> {
	const acceptance = acceptancesAt(await readAcceptances(tables), at);
	const page = await listFindings(
		tables,
		filter,
		pageSize,
		continuation,
		(finding) =>
			accepted === undefined || (acceptance(finding) !== null) === accepted,
	);
	return {
		findings: page.findings.map((finding) => shown(finding, acceptance)),
		continuation: page.continuation,
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
