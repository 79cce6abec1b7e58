import { readAcceptances } from "../azure/acceptanceStore.ts";
import { listFindings } from "../azure/findingList.ts";
import type { Tables } from "../azure/tables.ts";
import type { Finding } from "../contract.ts";
import { type AcceptanceOf, acceptancesAt } from "../findings/acceptance.ts";
import type { KeptFinding } from "../findings/flapping.ts";
import type { FindingsQuery } from "../findings/query.ts";

/** A page of findings as they are shown, each with the acceptance in force at `at`. Empty only at the end. */
export async function findingsPage(
	tables: Tables,
	{ filter, accepted, continuation }: FindingsQuery,
	pageSize: number,
	at: string,
): Promise<{ findings: Finding[]; continuation: string | null }> {
	const acceptance = acceptancesAt(await readAcceptances(tables), at);
	let next = continuation;
	for (;;) {
		const page = await listFindings(tables, filter, pageSize, next);
		const findings = page.findings
			.map((finding) => shown(finding, acceptance))
			.filter(
				(finding) =>
					accepted === undefined || (finding.acceptance !== null) === accepted,
			);
		if (findings.length > 0 || page.continuation === null)
			return { findings, continuation: page.continuation };
		next = page.continuation;
	}
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
