import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

/** The folder that holds package.json: compiled code lies deeper than its source, and the page is not compiled. */
export function projectRoot(from: string = import.meta.dirname): string {
	if (existsSync(join(from, "package.json"))) return from;

	const parent = dirname(from);
	if (parent === from) throw new Error("No package.json above the program.");
	return projectRoot(parent);
}
