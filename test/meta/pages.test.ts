import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { banned, longSentences } from "./writing.ts";

/* The README and the pages of docs/ use the words of the glossary, in short sentences. */

const root = join(import.meta.dirname, "..", "..");
const pages = [
	"README.md",
	"CHANGELOG.md",
	"CONTRIBUTING.md",
	"SECURITY.md",
	...readdirSync(join(root, "docs"), { recursive: true, encoding: "utf8" })
		.filter((name) => name.endsWith(".md"))
		.map((name) => join("docs", name)),
].sort();

/** Paragraphs, list items, headings and cells of tables, without code, addresses of links and what the benchmark writes. */
function textsOf(page: string): string[] {
	return page
		.replaceAll(/<!-- bench -->.*<!-- \/bench -->/gs, "")
		.replaceAll(/<!--.*?-->/gs, "")
		.replaceAll(/^ *```.*?^ *```$/gms, "\n\n")
		.replaceAll(/`[^`]*`/g, "")
		.replaceAll(/\]\([^)]*\)/g, "]")
		.replaceAll("**", "")
		.split(/\n{2,}|\n(?=\s*(?:[-*]|\d+\.|#+) )|\n(?=[|])/)
		.flatMap((block) => (block.startsWith("|") ? block.split("|") : block))
		.map((text) => text.replaceAll(/\s+/g, " ").trim())
		.filter((text) => text !== "");
}

it("are read as people read them", () => {
	const page = [
		"# A title",
		"",
		"One [link](https://example.com/left) and `code left`.",
		"| a | `b` |",
		"",
		"- first",
		"- second",
		"```sh\nleft\n```",
	].join("\n");
	expect(textsOf(page)).toEqual([
		"# A title",
		"One [link] and .",
		"a",
		"- first",
		"- second",
	]);
});

describe.each(pages)("%s", (page) => {
	const texts = textsOf(readFileSync(join(root, page), "utf8"));

	it("has no banned word", () => {
		expect(texts.filter((text) => banned.test(text))).toEqual([]);
	});

	it("has no sentence above 20 words", () => {
		expect(longSentences(texts)).toEqual([]);
	});
});
