import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type BuildOptions, build, type Metafile } from "esbuild";
import { ruleHelp } from "../../shared/exports/ruleHelp.ts";
import { rules } from "../../shared/rules/registry.ts";
import type { Rule } from "../../shared/rules/rule.ts";

/** The report: one file that loads nothing, with a policy that says so. */
export interface ReportFile {
	readonly html: string;
	readonly metafile: Metafile;
}

/** The report runs its own script and style, and asks its own server. */
function policyOf(script: string, style: string): string {
	return `default-src 'none'; script-src '${hashOf(script)}'; style-src '${hashOf(style)}'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'`;
}

export async function reportFile(root: string): Promise<ReportFile> {
	const [script, style] = await Promise.all([
		bundle(root, "report/main.tsx"),
		bundle(root, "report/styles/main.css"),
	]);
	const template = readFileSync(join(root, "report/index.html"), "utf8");
	const parts = [
		['Security-Policy" content="', policyOf(script.text, style.text)],
		["<style>", style.text],
		['<script type="module">', script.text],
	] as const;
	const html = parts.reduce(
		(text, [start, content]) => filled(text, start, content),
		template,
	);
	return { html, metafile: script.metafile };
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
		define: { RULES: JSON.stringify(rules.map(ruleWords)) },
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

/** What the page says of a rule, from the rules and their pages in docs/rules. */
function ruleWords({ id, title }: Rule) {
	const help = ruleHelp[id];
	if (help === undefined) throw new Error(`docs/rules has no page of ${id}.`);
	return { id, title, meaning: help.meaning, link: help.link };
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
