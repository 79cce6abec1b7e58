import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { programVersion } from "../../shared/version.ts";
import { type PackageFile, packageFiles } from "./packageFiles.ts";
import { zipOf } from "./zip.ts";

/** Bundles the functions, and writes the zip into artifacts/. */
export async function writePackage(root: string): Promise<{
	readonly path: string;
	readonly files: readonly PackageFile[];
	readonly zip: Uint8Array;
}> {
	const files = await packageFiles(root);
	const zip = zipOf(files);
	const folder = join(root, "artifacts");
	const path = join(folder, `aks-subnet-auditor-${programVersion}.zip`);
	mkdirSync(folder, { recursive: true });
	writeFileSync(path, zip);
	return { path, files, zip };
}
