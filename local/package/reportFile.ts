import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type BuildOptions, build, type Metafile } from "esbuild";

/** The report: one file that loads nothing, and the hashes of its script and style for the server's policy. */
export interface ReportFile {
	readonly html: string;
	/** As a content security policy names them: `sha256-…`. */
	readonly hashes: { readonly script: string; readonly style: string };
	readonly metafile: Metafile;
}

/** What the report may do: run its own script and style, and ask its own server. */
export function reportPolicy({ script, style }: ReportFile["hashes"]): string {
	return `default-src 'none'; script-src '${script}'; style-src '${style}'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'`;
}

export async function reportFile(root: string): Promise<ReportFile> {
	const [script, style] = await Promise.all([
		bundle(root, "report/main.tsx"),
		bundle(root, "report/styles/main.css"),
	]);
	const hashes = { script: hashOf(script.text), style: hashOf(style.text) };
	const template = readFileSync(join(root, "report/index.html"), "utf8");
	const parts = [
		['Security-Policy" content="', reportPolicy(hashes)],
		["<style>", style.text],
		['<script type="module">', script.text],
	] as const;
	const html = parts.reduce(
		(text, [start, content]) => filled(text, start, content),
		template,
	);
	return { html, hashes, metafile: script.metafile };
}

async function bundle(
	root: string,
	entry: string,
): Promise<{ readonly text: string; readonly metafile: Metafile }> {
	const options = {
		absWorkingDir: root,
		entryPoints: [entry],
		bundle: true,
		platform: "browser",
		format: "esm",
		target: "es2022",
		jsx: "automatic",
		jsxImportSource: "preact",
		minify: true,
		legalComments: "none",
		outdir: "report",
		metafile: true,
		write: false,
		logLevel: "silent",
	} as const satisfies BuildOptions;
	const { outputFiles, metafile, warnings } = await build(options);
	const [{ text } = { text: "" }] = outputFiles;
	if (warnings.length > 0 || text === "")
		throw new Error(`${entry}: ${JSON.stringify(warnings)}`);
	// In an element of the page these would end it, or change how a browser reads the rest.
	if (/<\/(script|style)|<!--/i.test(text))
		throw new Error(`${entry} has text that ends its element in the page.`);
	return { text, metafile };
}

/** Puts the content behind its place. Not by `replace` with a string: `$` has a meaning there. */
function filled(text: string, start: string, content: string): string {
	const at = text.indexOf(start);
	if (at < 0) throw new Error(`report/index.html has no ${start}`);
	const end = at + start.length;
	return text.slice(0, end) + content + text.slice(end);
}

function hashOf(text: string): string {
	return `sha256-${createHash("sha256").update(text).digest("base64")}`;
}
