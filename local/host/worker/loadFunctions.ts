import { globSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

/**
 * Loads the modules that package.json's `main` names, as the worker does: CommonJS by require. A module registers its
 * functions when it is first loaded. Another load in the same process does nothing.
 */
export async function loadFunctions(
	root: string,
	main: string = mainOf(root),
): Promise<void> {
	const files = globSync(main, { cwd: root }).sort();
	if (files.length === 0) {
		throw new Error(
			`"main" of package.json is ${main}, which matches no file. Run npm run build.`,
		);
	}
	const require = createRequire(join(root, "package.json"));
	for (const file of files) {
		const path = join(root, file);
		if (file.endsWith(".cjs")) require(path);
		else await import(pathToFileURL(path).href);
	}
}

function mainOf(root: string): string {
	const { main } = JSON.parse(
		readFileSync(join(root, "package.json"), "utf8"),
	) as { main?: string };
	if (!main) {
		throw new Error(`package.json in ${root} has no "main".`);
	}
	return main;
}
