import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Metafile } from "esbuild";

/** What a package says of itself in its package.json. */
export interface Manifest {
	readonly name: string;
	readonly version: string;
	readonly license?: string;
	readonly author?: string | { readonly name: string };
}

export interface BundledPackage {
	/** From the project's root. */
	readonly folder: string;
	readonly manifest: Manifest;
}

/** Every package that the bundles have something of, by folder. A package can be there in two versions. */
export function bundledPackages(
	root: string,
	bundles: readonly Metafile[],
): BundledPackage[] {
	const folders = bundles
		.flatMap(({ inputs }) => Object.keys(inputs))
		.flatMap((path) => packagePath.exec(path)?.[0] ?? []);
	return [...new Set(folders)].sort().map((folder) => ({
		folder,
		manifest: JSON.parse(
			readFileSync(join(root, folder, "package.json"), "utf8"),
		),
	}));
}

/** Greedy: a package may be in the folder of another. */
const packagePath = /^.*node_modules\/(?:@[^/]+\/)?[^/]+/;
