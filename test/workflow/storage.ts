import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { inject } from "vitest";
import { type Azurite, startAzurite } from "../../local/storage/azurite.ts";
import { openTables } from "../../shared/azure/openTables.ts";
import type { Tables } from "../../shared/azure/tables.ts";

/** One Azurite with many accounts, so that every test has tables of its own. */
export interface Storage {
	/** The connection string of an account that nobody has used. */
	next(): string;
}

/** What the Azurite of a run tells its test files. */
export interface SharedStorage {
	readonly connectionString: string;
	/** A folder. Who makes folder 3 in it has the fourth block of accounts. */
	readonly claims: string;
}

const blocks = 400;
const accountsOfBlock = 20;
const key = "a2V5";

function account(block: number, index: number): string {
	return `f${block}n${index}`;
}

/** Short names and keys: the operating system limits the length of the variable that lists them. */
export async function startAccounts(): Promise<Azurite> {
	process.env.AZURITE_ACCOUNTS = Array.from(
		{ length: blocks * accountsOfBlock },
		(_, index) =>
			`${account(Math.floor(index / accountsOfBlock), index % accountsOfBlock)}:${key}`,
	).join(";");
	try {
		return await startAzurite();
	} finally {
		delete process.env.AZURITE_ACCOUNTS;
	}
}

/** Accounts in the Azurite that all test files of a run share. */
export function sharedStorage(): Storage {
	const { connectionString, claims } = inject("storage");
	return storageOf(connectionString, () => claimed(claims));
}

/** An Azurite of its own, for who asks much of it. */
export async function startStorage(): Promise<
	Storage & { close(): Promise<void> }
> {
	const azurite = await startAccounts();
	let used = 0;
	return {
		...storageOf(azurite.connectionString, () => used++),
		close: azurite.close,
	};
}

function storageOf(connectionString: string, nextBlock: () => number): Storage {
	let block = 0;
	let used = accountsOfBlock;
	return {
		next() {
			if (used === accountsOfBlock) {
				block = nextBlock();
				used = 0;
				if (block >= blocks) throw new Error("no account is left");
			}
			const name = account(block, used++);
			return connectionString
				.replaceAll("devstoreaccount1", name)
				.replace(/AccountKey=[^;]*/, `AccountKey=${key}`);
		},
	};
}

/** The first block that no test file has. */
function claimed(claims: string): number {
	for (let block = 0; ; block++) {
		try {
			mkdirSync(join(claims, String(block)));
			return block;
		} catch (error) {
			if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
		}
	}
}

export function tablesOf(connectionString: string): Promise<Tables> {
	return openTables({ kind: "connection-string", connectionString });
}
