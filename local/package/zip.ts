import { strToU8, zipSync } from "fflate";
import type { PackageFile } from "./packageFiles.ts";

/** A zip has local times and no earlier year: a date from local parts makes the same bytes in every time zone. */
const mtime = new Date(1980, 0, 1);

/** The same files make the same bytes: dates are fixed, and no compressor of the machine is involved. */
export function zipOf(files: readonly PackageFile[]): Uint8Array {
	return zipSync(
		Object.fromEntries(
			files.map(({ name, content }) => [name, strToU8(content)]),
		),
		{ level: 9, mtime },
	);
}
