import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { build, formatMessages, type Metafile } from "esbuild";
import { billOfMaterials } from "./billOfMaterials.ts";
import { bundledPackages } from "./bundledPackages.ts";
import { licenceTexts } from "./licenceTexts.ts";
import { reportFile } from "./reportFile.ts";
import { keepSources } from "./sourceMap.ts";

/** What is deployed and what the local host runs. Package.json's `main` names it. */
export const packageFolder = "dist/package";

/** A file of the deployed package. They all are in one folder. */
export interface PackageFile {
	readonly name: string;
	readonly content: string;
}

/** The whole package: the same files from the same sources and dependencies, sorted by name. */
export async function packageFiles(root: string): Promise<PackageFile[]> {
	const [{ code, map, metafile }, report] = await Promise.all([
		bundle(root),
		reportFile(root),
	]);
	const read = (name: string) => readFileSync(join(root, name), "utf8");
	const { name, version } = JSON.parse(read("package.json"));
	// No dependencies: a host that finds some installs them. No "type": the files are CommonJS.
	const manifest = { name, version, private: true, main: "main.cjs" };
	const packages = bundledPackages(root, [metafile, report.metafile]);
	return [
		{ name: "LICENSE", content: read("LICENSE") },
		{
			name: "THIRD-PARTY-LICENSES.txt",
			content: licenceTexts(root, packages),
		},
		{
			name: "bom.cdx.json",
			content: billOfMaterials({ name, version }, packages),
		},
		{ name: "functions.cjs", content: code },
		{ name: "functions.cjs.map", content: map },
		{ name: "host.json", content: read("host.json") },
		{ name: "main.cjs", content: main },
		{ name: "package.json", content: json(manifest) },
		{ name: "report.html", content: report.html },
	];
}

function json(value: object): string {
	return `${JSON.stringify(value, null, 2)}\n`;
}

/** Node reads a file's source map when it loads the file: a bundle cannot switch that on for itself. */
const main = `process.setSourceMapsEnabled(true);
require("./functions.cjs");
`;

/**
 * CommonJS, since `@azure/functions` requires its core inside of try and catch: in a bundle of ES modules that fails
 * silently, and no function is registered.
 */
async function bundle(root: string): Promise<{
	readonly code: string;
	readonly map: string;
	readonly metafile: Metafile;
}> {
	const { outputFiles, metafile, warnings } = await build({
		absWorkingDir: root,
		stdin: {
			contents: everyFunction(root),
			resolveDir: root,
			sourcefile: "functions.ts",
		},
		bundle: true,
		platform: "node",
		format: "cjs",
		target: "node22",
		// A module of the Functions worker, not of npm.
		external: ["@azure/functions-core"],
		outfile: join(packageFolder, "functions.cjs"),
		sourcemap: true,
		sourcesContent: false,
		metafile: true,
		write: false,
		logLevel: "silent",
	});
	// What bundling takes from our code, such as import.meta, is seen here and not in Azure.
	if (warnings.length > 0)
		throw new Error(
			(await formatMessages(warnings, { kind: "warning" })).join("\n"),
		);
	const text = (end: string): string => {
		const file = outputFiles.find(({ path }) => path.endsWith(end));
		if (!file) throw new Error(`The bundler has written no ${end}.`);
		return file.text;
	};
	return {
		code: text(".cjs"),
		map: keepSources(text(".map"), /^\.\.\/\.\.\/(functions|shared)\//),
		metafile,
	};
}

function everyFunction(root: string): string {
	return globSync("functions/**/*.ts", { cwd: root })
		.map((file) => `import "./${file.replaceAll("\\", "/")}";\n`)
		.sort()
		.join("");
}
