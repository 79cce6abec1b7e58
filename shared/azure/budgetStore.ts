import type { StoredBudget } from "../records/storedBudget.ts";
import { newestReading } from "./newestReading.ts";
import { readPacks } from "./packStore.ts";
import { readManifest } from "./snapshotStore.ts";

/** All budgets of a snapshot, fullest first, as they are kept. Null where the snapshot has no list. */
export const readBudgets = newestReading(
	async (tables, key): Promise<readonly StoredBudget[] | null> => {
		const { budgets: packs } = await readManifest(tables, key);
		if (packs === undefined) return null;
		const contents = await readPacks<StoredBudget[]>(tables, packs);
		if (contents.length < packs.length)
			throw new Error(`a part of the budgets of snapshot ${key} is gone`);
		return contents.flat();
	},
);
