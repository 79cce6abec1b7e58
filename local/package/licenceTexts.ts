import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Metafile } from "esbuild";

/** The full licence texts of all packages that the bundles have something of. */
export function licenceTexts(
	root: string,
	bundles: readonly Metafile[],
): string {
	const folders = bundles
		.flatMap(({ inputs }) => Object.keys(inputs))
		.flatMap((path) => packagePath.exec(path)?.[0] ?? []);
	return [...new Set(folders)]
		.sort()
		.map((folder) => licenceOf(root, folder))
		.join(`\n${"-".repeat(80)}\n\n`);
}

/** Greedy: a package may are in the folder of another. */
const packagePath = /^.*node_modules\/(?:@[^/]+\/)?[^/]+/;

interface Manifest {
	readonly name: string;
	readonly version: string;
	readonly license?: string;
	readonly author?: string | { readonly name: string };
}

function licenceOf(root: string, folder: string): string {
	const path = join(root, folder);
	const manifest = JSON.parse(
		readFileSync(join(path, "package.json"), "utf8"),
	) as Manifest;
	const { name, version, license = "" } = manifest;
	const texts = readdirSync(path)
		.filter((file) => /^(licen[cs]e|copying|notice)/i.test(file))
		.sort()
		.map((file) => readFileSync(join(path, file), "utf8"));
	if (texts.length === 0)
		texts.push(readmeLicence(path) ?? mitLicence(root, manifest));
	const text = texts.join("\n").replaceAll("\r\n", "\n").trim();
	return `${name} ${version} (${license})\n\n${text}\n`;
}

/** Some packages have their licence in the README only. */
function readmeLicence(path: string): string | undefined {
	const file = join(path, "README.md");
	if (!existsSync(file)) return undefined;
	const text = readFileSync(file, "utf8");
	const start = text.search(/^Copyright.*\n+Permission is hereby granted/im);
	return start < 0 ? undefined : text.slice(start);
}

/** The text of the MIT licence, which is our own too, with the author's name in it. */
function mitLicence(root: string, { name, license, author }: Manifest): string {
	if (license !== "MIT" || author === undefined)
		throw new Error(`${name} has no licence text: ${license ?? "none named"}.`);
	const holder = typeof author === "string" ? author : author.name;
	return readFileSync(join(root, "LICENSE"), "utf8").replace(
		/^Copyright.*$/m,
		`Copyright (c) ${holder}`,
	);
}
