import { startAzurite } from "../../local/storage/azurite.ts";
import { openTables } from "../../shared/azure/openTables.ts";
import type { Tables } from "../../shared/azure/tables.ts";

/** One Azurite with many accounts, so that every test has tables of its own. */
export interface Storage {
	readonly pid: number;
	/** The connection string of an account that nobody has used. */
	next(): string;
	close(): Promise<void>;
}

const emulator = "devstoreaccount1";
const key =
	"Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";
const accounts = Array.from(
	{ length: 150 },
	(_, index) => `account${String(index).padStart(3, "0")}`,
);

export async function startStorage(): Promise<Storage> {
	process.env.AZURITE_ACCOUNTS = accounts
		.map((name) => `${name}:${key}`)
		.join(";");
	const azurite = await startAzurite();
	delete process.env.AZURITE_ACCOUNTS;
	const unused = accounts.values();
	return {
		pid: azurite.pid,
		next() {
			const { value } = unused.next();
			if (value === undefined) throw new Error("no account is left");
			return azurite.connectionString.replaceAll(emulator, value);
		},
		close: azurite.close,
	};
}

export function tablesOf(connectionString: string): Promise<Tables> {
	return openTables({ kind: "connection-string", connectionString });
}
