import {
	TableClient,
	type TableServiceClientOptions,
} from "@azure/data-tables";
import type { StorageSetting } from "../settings/storage.ts";
import { sendAgainIfClosed } from "./closedConnection.ts";
import { azureCredential } from "./credential.ts";
import { migrate } from "./migration/migrate.ts";
import type { OldTables } from "./migration/oldTables.ts";
import {
	isTableLost,
	type TableName,
	type Tables,
	tableNames,
} from "./tables.ts";

const opened = new Map<string, Promise<Tables>>();

/** The program's tables, made where they are missing: once a process and storage, since that takes requests. */
export function openTables(setting: StorageSetting): Promise<Tables> {
	const key = JSON.stringify(setting);
	const existing = opened.get(key);
	if (existing) return existing;
	const tables = makeTables(setting);
	opened.set(key, tables);
	tables.catch(() => opened.delete(key));
	return tables;
}

/** Somebody removed the tables, or storage started empty (an emulator in memory): the next call makes them again. */
export function forgetLostTables(error: unknown): void {
	if (isTableLost(error)) opened.clear();
}

async function makeTables(setting: StorageSetting): Promise<Tables> {
	const clients = tableNames.map(
		(name) => [name, tableClient(setting, name)] as const,
	);
	await Promise.all(clients.map(([, client]) => client.createTable()));
	const tables = Object.fromEntries(clients) as Tables;
	await migrate(tables, () => ({
		snapshots: tableClient(setting, "snapshots"),
		findings: tableClient(setting, "findings"),
		changes: tableClient(setting, "changes"),
		history: tableClient(setting, "history"),
	}));
	return tables;
}

const options: TableServiceClientOptions = {
	additionalPolicies: [{ policy: sendAgainIfClosed, position: "perRetry" }],
};

function tableClient(
	setting: StorageSetting,
	name: TableName | keyof OldTables,
): TableClient {
	if (setting.kind === "identity")
		return new TableClient(
			setting.endpoint,
			name,
			azureCredential({ clientId: setting.clientId, authorityHost: null }),
			options,
		);
	// Plain http is the storage emulator's. The service itself refuses it.
	return TableClient.fromConnectionString(setting.connectionString, name, {
		...options,
		allowInsecureConnection: true,
	});
}
