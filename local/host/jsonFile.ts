import { readFileSync } from "node:fs";

/** Reads a file that people write by hand. Throws with its path where it is not JSON. */
export function readJsonFile(path: string): unknown {
	const text = readFileSync(path, "utf8");
	try {
		return JSON.parse(text);
	} catch (cause) {
		const reason = cause instanceof Error ? cause.message : String(cause);
		throw new Error(`${path} is not valid JSON: ${reason}`, { cause });
	}
}
