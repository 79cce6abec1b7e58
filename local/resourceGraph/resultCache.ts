import type { Row } from "./values.ts";

/** Keeps the last few whole results, so that the pages of one query are slices of one evaluation. */
interface ResultCache {
	get(key: string, evaluate: () => readonly Row[]): readonly Row[];
	clear(): void;
}

export function createResultCache(capacity = 32): ResultCache {
	const results = new Map<string, readonly Row[]>();

	return {
		get: (key, evaluate) => {
			const rows = results.get(key) ?? evaluate();
			// Deleted first, so that the map stays in order of last use.
			results.delete(key);
			results.set(key, rows);
			for (const oldest of results.keys()) {
				if (results.size <= capacity) break;
				results.delete(oldest);
			}
			return rows;
		},
		clear: () => results.clear(),
	};
}
