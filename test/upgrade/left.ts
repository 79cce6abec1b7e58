import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { TableClient } from "@azure/data-tables";
import { changesOf } from "../../shared/azure/changeStore.ts";
import { submitAll, type Tables } from "../../shared/azure/tables.ts";
import type { Change } from "../../shared/findings/lifecycle.ts";
import type { Morning } from "../cases/nights.ts";

type Row = { partitionKey: string; rowKey: string } & Record<string, unknown>;

/** Fills an empty account with the tables of a release, and returns its connection string. */
export async function withTablesOf(
	release: string,
	connectionString: string,
): Promise<string> {
	const file = new URL(`release-${release}.json.gz`, import.meta.url);
	const left = JSON.parse(gunzipSync(readFileSync(file)).toString()) as Record<
		string,
		Row[]
	>;
	for (const [name, rows] of Object.entries(left)) {
		const table = TableClient.fromConnectionString(connectionString, name, {
			allowInsecureConnection: true,
		});
		await table.createTable();
		await submitAll(
			table,
			rows.map((row) => ["create", row]),
		);
	}
	return connectionString;
}

export async function changesIn(
	tables: Tables,
	{ audit }: Pick<Morning, "audit">,
): Promise<Change[]> {
	const made: Change[] = [];
	for await (const change of changesOf(tables, audit.auditId))
		made.push(change);
	return made;
}
