import type { Tables } from "./tables.ts";

/**
 * A reading by key that one process does once, as long as the same key is asked for: what is read never changes. One that
 * failed is done again.
 */
export function newestReading<T>(
	read: (tables: Tables, key: string) => Promise<T>,
): (tables: Tables, key: string) => Promise<T> {
	let newest: { readonly key: string; readonly read: Promise<T> } | null = null;
	return (tables, key) => {
		if (newest?.key === key) return newest.read;
		const own = { key, read: read(tables, key) };
		newest = own;
		own.read.catch(() => {
			if (newest === own) newest = null;
		});
		return own.read;
	};
}
