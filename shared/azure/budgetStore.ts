import type { StoredBudget } from "../records/storedBudget.ts";
import { readPacks } from "./packStore.ts";
import { readManifest } from "./snapshotStore.ts";
import type { Tables } from "./tables.ts";

let budgets: {
	readonly key: string;
	readonly read: Promise<readonly StoredBudget[] | null>;
} | null = null;

/**
 * All budgets of a snapshot, fullest first, as they are kept; null where the snapshot has no list. One process reads the
 * newest list that it was asked for once.
 */
export function readBudgets(
	tables: Tables,
	key: string,
): Promise<readonly StoredBudget[] | null> {
	if (budgets?.key === key) return budgets.read;
	const read = readBudgetsNow(tables, key);
	budgets = { key, read };
	read.catch(() => {
		budgets = null;
	});
	return read;
}

async function readBudgetsNow(
	tables: Tables,
	key: string,
): Promise<readonly StoredBudget[] | null> {
	const { budgets: packs } = await readManifest(tables, key);
	if (packs === undefined) return null;
	const contents = await readPacks<StoredBudget[]>(tables, packs);
	if (contents.length < packs.length)
		throw new Error(`a part of the budgets of snapshot ${key} is gone`);
	return contents.flat();
}
