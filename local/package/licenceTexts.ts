import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { BundledPackage, Manifest } from "./bundledPackages.ts";

/** The full licence texts of these packages. */
export function licenceTexts(
	root: string,
	packages: readonly BundledPackage[],
): string {
	return packages
		.map((one) => licenceOf(root, one))
		.join(`\n${"-".repeat(80)}\n\n`);
}

function licenceOf(root: string, { folder, manifest }: BundledPackage): string {
	const path = join(root, folder);
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
