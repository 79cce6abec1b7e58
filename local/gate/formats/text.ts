import { plural } from "../../../shared/text.ts";
import type { GateResult } from "../result.ts";

/** For people at a terminal. Names are other people's text: control characters do not reach the terminal. */
export function asText(result: GateResult): string {
	const { answer } = result;
	const bad = result.rows.filter(({ verdict }) => verdict !== "fits");
	const good = result.rows.filter(({ verdict }) => verdict === "fits");
	const lines = [
		result.headline,
		`Checked: ${result.subject}`,
		...(result.rows.length > 0 ? [""] : []),
		...bad.flatMap(({ thing, verdict, before, after, clusters }) => [
			`${verdict.toUpperCase().padEnd(8)} ${thing}: ${after}`,
			...(before === after ? [] : [`         before: ${before}`]),
			`         ${clusters.length === 1 ? "cluster" : "clusters"}: ${shownNames(clusters.map(({ clusterName, asked }) => `${clusterName}${asked ? "" : " (neighbor)"}`))}`,
		]),
		...good.map(
			({ thing, before, after }) =>
				`FITS     ${thing}: ${after}${before === after ? "" : ` (before: ${before})`}`,
		),
		...section("Not known", result.unknown),
		...section(
			"What would fix it",
			(answer?.remedies ?? []).flatMap(({ title, command }) => [
				title,
				...command.map((line) => `  ${line}`),
			]),
		),
		...section("Notes", result.notes),
		...(answer === null ? [] : ["", readLine(result)]),
	];
	return `${lines.map(printable).join("\n")}\n`;
}

const mostNames = 6;

function shownNames(names: readonly string[]): string {
	return names.length <= mostNames
		? names.join(", ")
		: `${names.slice(0, mostNames - 1).join(", ")} and ${names.length - mostNames + 1} more`;
}

function section(title: string, lines: readonly string[]): string[] {
	return lines.length === 0
		? []
		: ["", `${title}:`, ...lines.map((line) => `  ${line}`)];
}

/** When it was read and from where. */
export function readLine({ answer }: GateResult): string {
	if (answer === null) return "";
	const arm = answer.sources.filter(({ source }) => source === "arm").length;
	const graph = answer.sources.length - arm;
	return `Read at ${answer.readAt}: ${plural(arm, "resource")} from Azure Resource Manager, ${graph} from Resource Graph, which can lag behind, mostly by seconds.`;
}

/** Control characters could move a terminal's cursor. */
function printable(line: string): string {
	return line.replace(/\p{Cc}/gu, "�");
}
