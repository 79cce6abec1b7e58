import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

/** The folder of package.json. Compiled code is deeper in the tree than its source, and the page is not compiled. */
export function projectRoot(from: string = import.meta.dirname): string {
	if (existsSync(join(from, "package.json"))) return from;

	const parent = dirname(from);
	if (parent === from)
		throw new Error(
			`There is no package.json in any folder above ${import.meta.dirname}.`,
		);
	return projectRoot(parent);
}
