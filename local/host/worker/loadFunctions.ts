import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

/**
 * Imports the modules that package.json's `main` names, as the worker does. A module registers its functions when it is
 * first imported; another load in the same process does nothing.
 */
export async function loadFunctions(root: string): Promise<void> {
	const main = mainOf(root);
	const files = globSync(main, { cwd: root }).sort();
	if (files.length === 0) {
		throw new Error(`${main} matches no file: run npm run build`);
	}
	for (const file of files) {
		await import(pathToFileURL(join(root, file)).href);
	}
}

function mainOf(root: string): string {
	const { main } = JSON.parse(
		readFileSync(join(root, "package.json"), "utf8"),
	) as { main?: string };
	if (!main) {
		throw new Error(`package.json in ${root} names no "main".`);
	}
	return main;
}
