import type { Verdict } from "../../../shared/contract.ts";
import type { GateResult } from "../result.ts";
import { readLine } from "./text.ts";

/** A comment is found again by this line, so that it is updated and not repeated. */
export const commentMark = "<!-- aks-subnet-auditor gate -->";

const marks: Readonly<Record<Verdict, string>> = {
	fits: "✅ fits",
	tight: "⚠️ tight",
	short: "❌ short",
	unknown: "❔ unknown",
};

const mostRows = 10;
const mostLines = 30;
/** GitHub refuses a comment of more than 65,536 characters, Azure DevOps one of 150,000. */
const longestComment = 60_000;

/** For the comment on a pull request: a small table on top, all else folded. */
export function asMarkdown(result: GateResult): string {
	const whole = commentOf(result);
	if (whole.length <= longestComment || result.answer === null) return whole;
	const short = commentOf({
		...result,
		answer: { ...result.answer, remedies: [] },
		notes: [
			...result.notes,
			"The remedies are too long for a comment. The log of the gate has them.",
		],
	});
	return short.length <= longestComment
		? short
		: `${short.slice(0, longestComment)}\n\n…\n`;
}

function commentOf(result: GateResult): string {
	const { rows, unknown, notes, answer } = result;
	const shown = rows.filter(({ verdict }) => verdict !== "fits");
	const table = (shown.length > 0 ? shown : rows).slice(0, mostRows);
	const left = rows.length - table.length;
	const parts = [
		commentMark,
		`### ${escaped(result.headline)}`,
		...(table.length > 0
			? [
					[
						"| | What | Before | After | Clusters |",
						"|---|---|---|---|---|",
						...table.map(
							({ verdict, thing, before, after, clusters }) =>
								`| ${marks[verdict]} | ${escaped(thing)} | ${before} | ${after} | ${names(clusters)} |`,
						),
					].join("\n"),
				]
			: []),
		...(left > 0
			? [`${left} more ${left === 1 ? "budget" : "budgets"} checked.`]
			: []),
		...list("What is not known", unknown, true),
		...(answer === null || answer.remedies.length === 0
			? []
			: [
					fold(
						"What would fix it",
						answer.remedies
							.map(({ title, detail, command }) =>
								[
									`- **${escaped(title)}**`,
									...detail.map((line) => `  ${escaped(line)}`),
									...(command.length === 0 ? [] : [code(command)]),
								].join("\n"),
							)
							.join("\n"),
					),
				]),
		...list("Notes", notes, false),
		`<sub>${escaped(`${result.subject}. ${readLine(result)}`)}</sub>`,
	];
	return `${parts.join("\n\n")}\n`;
}

function names(clusters: GateResult["rows"][number]["clusters"]): string {
	const shown = clusters
		.slice(0, 4)
		.map(
			({ clusterName, asked }) =>
				`${escaped(clusterName)}${asked ? "" : " (neighbor)"}`,
		);
	const left = clusters.length - shown.length;
	return [...shown, ...(left > 0 ? [`${left} more`] : [])].join(", ");
}

function list(
	title: string,
	lines: readonly string[],
	open: boolean,
): string[] {
	if (lines.length === 0) return [];
	const more = lines.length - mostLines;
	const body = [
		...lines.slice(0, mostLines).map((line) => `- ${escaped(line)}`),
		...(more > 0 ? [`- and ${more} more`] : []),
	].join("\n");
	return [open ? `**${title}**\n\n${body}` : fold(title, body)];
}

function fold(title: string, body: string): string {
	return `<details><summary>${title}</summary>\n\n${body}\n\n</details>`;
}

/** A fence longer than any run of backticks in it. */
function code(lines: readonly string[]): string {
	const text = lines.join("\n");
	const longest = Math.max(
		2,
		...[...text.matchAll(/`+/g)].map(([run]) => run.length),
	);
	const fence = "`".repeat(longest + 1);
	return `\n${fence}bash\n${text}\n${fence}`;
}

/** Names are other people's text: no markup, no mention, no link comes from them. */
function escaped(text: string): string {
	return text
		.replace(/[\r\n]+/g, " ")
		.replace(/\p{Cc}/gu, "")
		.replace(/[\\`*_[\]#|~]/g, "\\$&")
		.replace(/&/g, "&amp;")
		.replace(/</g, "&lt;")
		.replace(/>/g, "&gt;")
		.replace(/@/g, "@\u200b")
		.replace(/:\/\//g, ":\u200b//");
}
