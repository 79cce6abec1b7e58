import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** The version in package.json, which lies above the program wherever that is compiled to. */
export function programVersion(from: string = import.meta.dirname): string {
	const path = join(from, "package.json");
	if (existsSync(path)) return JSON.parse(readFileSync(path, "utf8")).version;
	const parent = dirname(from);
	if (parent === from) throw new Error("no package.json above the program");
	return programVersion(parent);
}
