import { readFileSync } from "node:fs";
import { join } from "node:path";
import { rules } from "../../shared/rules/registry.ts";

/** shared/exports/ruleHelp.ts: what exports say of a rule, from its page. */
export function ruleHelpSource(root: string): string {
	const entries = rules.map(({ id }) => {
		const page = readFileSync(join(root, "docs", "rules", `${id}.md`), "utf8");
		return [id, helpOf(page)];
	});
	const help = JSON.stringify(Object.fromEntries(entries), null, "\t");
	return `/* npm run docs makes this file of docs/rules. Change it there. */

/** What a rule means, what will break, and where to read on. By rule. */
export const ruleHelp: Readonly<
	Record<string, { readonly meaning: string; readonly markdown: string; readonly link: string }>
> = ${help};
`;
}

function helpOf(page: string) {
	const [meaning = ""] = partOf(page, "Synopsis").split("\n\n");
	const links = [...partOf(page, "Links").matchAll(/\]\((https:[^)]+)\)/g)].map(
		([, link = ""]) => link,
	);
	return {
		// Without what leads to a list below it.
		meaning: plain(meaning).replace(/ [^.]*:$/, ""),
		markdown: withoutOwnLinks(
			["Synopsis", "What will break", "Links"]
				.map((title) => `## ${title}\n\n${partOf(page, title)}`)
				.join("\n\n"),
		),
		// Azure's own pages first.
		link: links.find((link) => link.includes("microsoft.com")) ?? links[0],
	};
}

function partOf(page: string, title: string): string {
	const [, rest = ""] = page.split(`\n## ${title}\n`);
	const [part = ""] = rest.split("\n## ");
	if (part.trim() === "") throw new Error(`A page of a rule has no ${title}.`);
	return part.trim();
}

/** A link to another page of ours leads nowhere outside of the project. */
function withoutOwnLinks(markdown: string): string {
	return markdown.replaceAll(/\[([^\]]*)\]\((?!https:)[^)]*\)/g, "$1");
}

function plain(markdown: string): string {
	return withoutOwnLinks(markdown)
		.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1")
		.replaceAll(/[`*]/g, "")
		.replaceAll(/\s+/g, " ");
}
