import { changesOf } from "../../shared/azure/changeStore.ts";
import { unpacked } from "../../shared/azure/entity.ts";
import { listFindings } from "../../shared/azure/findingList.ts";
import type { Tables } from "../../shared/azure/tables.ts";
import type { Audit } from "../../shared/contract.ts";

/** Rows of the tables that an audit leaves behind. */
const lastingTables = ["audits", "alerts"] as const;

/**
 * What the audits have written to the tables, a line per row, with audits named by their order and without the times of
 * their ends, so that two runs can be compared.
 */
export async function ledger(
	tables: Tables,
	audits: readonly Audit[],
): Promise<string[]> {
	const rows: string[] = [];
	for (const name of lastingTables)
		for await (const entity of tables[name].listEntities()) {
			// Who may run is not what an audit leaves behind.
			if (entity.partitionKey === "lock") continue;
			const {
				finishedAt: _,
				snapshot: __,
				...data
			} = unpacked<Record<string, unknown>>(entity);
			const keys = `${name} ${entity.partitionKey} ${entity.rowKey}`;
			rows.push(named(`${keys} ${JSON.stringify(data)}`, audits));
		}
	const { findings } = await listFindings(
		tables,
		{ state: "all" },
		Number.POSITIVE_INFINITY,
		undefined,
	);
	for (const finding of findings)
		rows.push(named(`finding ${JSON.stringify(finding)}`, audits));
	for (const { auditId } of audits)
		for await (const change of changesOf(tables, auditId))
			rows.push(
				named(`change of ${auditId} ${JSON.stringify(change)}`, audits),
			);
	return rows.sort();
}

function named(row: string, audits: readonly Audit[]): string {
	let text = row;
	for (const [index, { auditId, startedAt, finishedAt }] of audits.entries()) {
		const key =
			9_999_999_999_999 - Date.parse(startedAt) + auditId.replace(/.*-/, "-");
		text = text
			.replaceAll(key, `audit ${index}`)
			.replaceAll(auditId, `audit ${index}`)
			.replaceAll(startedAt, `start ${index}`);
		// The memory says when audits ended.
		if (finishedAt) text = text.replaceAll(finishedAt, `end ${index}`);
	}
	return text.replaceAll(/\d{1,2} [A-Z][a-z]{2} \d\d:\d\d UTC/g, "end");
}
