import type { Severity } from "../contract.ts";
import { longestHeadline } from "../findings/headline.ts";
import { longestImpact } from "../findings/impact.ts";
import { budgetKinds } from "../model/budgetKinds.ts";
import { findingLink } from "../report/links.ts";
import { capital, grouped, sentences } from "../text.ts";
import { changeText, dayText, noteText } from "./cardText.ts";
import { type Digest, type DigestLine, reasonsLength } from "./digest.ts";
import {
	type Color,
	type Container,
	type Element,
	folded,
	openButton,
	ours,
	type RichTextBlock,
	richText,
	type TextRun,
	textBlock,
	theirs,
} from "./elements.ts";

/** Azure's own names end at 80 characters, so none of them is cut. A subnet's has its network's name before it. */
const nameLength = 80;
const placeLength = 160;
const aheadLength = 160;
/** Remedies are shown whole, since some end with the free range. */
const remedyLength = 160;
const impactLength = 2 * longestImpact;

const mostAlso = 3;
const mostNames = 10;
const mostRemedies = 5;

const colors = {
	critical: "attention",
	high: "warning",
	medium: "default",
	low: "default",
	info: "default",
} as const satisfies Record<Severity, Color>;

/** Who, what, what follows and what to do. `id`: of the fold with all else, unique in the card. Null for none. */
export function mainLine(
	line: DigestLine,
	digest: Digest,
	id: string | null,
): Container {
	const rows = [...shortRows(line, digest), ...fix(line)];
	const last = rows.at(-1);
	const rest = details(line, digest);
	const items: readonly Element[] =
		id === null || last === undefined || rest.length === 0
			? rows
			: [...rows.slice(0, -1), ...folded(id, "Details", last, rest)];
	return { type: "Container", separator: true, spacing: "small", items };
}

/** A line of the list: without its impact and details, which the report has. */
export function listedLine(line: DigestLine, digest: Digest): RichTextBlock[] {
	const [first, ...others] = [...heading(line, digest), ...fix(line)];
	return first === undefined
		? others
		: [{ ...first, spacing: "default" }, ...others];
}

/** "aks-a and 2 more · subnet net/nodes · Subnet nodes is 12 IPs short now". */
export function betterLine(line: DigestLine): RichTextBlock {
	const { note, reasons, change } = line;
	return richText(
		"small",
		clustersOf(line),
		line.budget ? ours(" · ") : [],
		place(line),
		ours(" · "),
		theirs(line.headline, longestHeadline, subtle),
		change === "resolved" && reasons
			? [...ours(" · "), ...theirs(reasons, reasonsLength)]
			: [],
		note === null ? [] : ours(` · ${noteText[note][0]}`),
	);
}

function shortRows(line: DigestLine, digest: Digest): RichTextBlock[] {
	const { impact } = line;
	return [
		...heading(line, digest),
		...(impact ? [row(theirs(impact, impactLength))] : []),
	];
}

function heading(line: DigestLine, digest: Digest): RichTextBlock[] {
	const { budget, headline } = line;
	const name = budget?.name.split("/").at(-1) ?? "";
	return [
		row(tag(line, digest), ours("  "), clustersOf(line)),
		row(theirs(headline, longestHeadline, bold)),
		// A headline cuts long names: two of them must not look like one.
		...(headline.includes("…") && !headline.includes(name)
			? [row(place(line))]
			: []),
	];
}

/** "CRITICAL · worse". In a first audit all is new. The color only repeats what the words say. */
function tag(
	{ severity, change, since, note }: DigestLine,
	{ kind }: Digest,
): TextRun[] {
	const day = since === null ? "" : dayText(since);
	const first = day === "" ? "" : ` since ${day}`;
	const words = [
		severity.toUpperCase(),
		kind === "baseline" && change === "opened"
			? ""
			: `${changeText[change]}${first}`,
		note === null ? "" : noteText[note][0],
	];
	const text = words.filter((word) => word !== "").join(" · ");
	return ours(text, { weight: "bolder", color: colors[severity] });
}

function fix({ remedies: [first] }: DigestLine): RichTextBlock[] {
	return first === undefined
		? []
		: [row(ours("Fix: ", bold), theirs(first, remedyLength))];
}

/** All else that is known of it, and the way to the report. */
function details(line: DigestLine, digest: Digest): Element[] {
	const { additionalNodes, runway, reasons, remedies, note, impact } = line;
	const ahead = [additionalNodes, runway].filter(
		(part) => part !== null && !impact?.includes(part),
	);
	const where = place(line);
	return [
		...(note === null ? [] : [textBlock(noteText[note][1])]),
		...(where.length > 0 ? [row(where)] : []),
		...(line.clusters.length > 1
			? [row(ours("Clusters: ", bold), names(line.clusters))]
			: []),
		...line.also
			.slice(0, mostAlso)
			.map((text) => row(ours("Also: ", bold), theirs(text, longestHeadline))),
		...(ahead.length > 0
			? [row(theirs(sentences(ahead as string[]), aheadLength))]
			: []),
		...(reasons
			? [row(ours("Why: ", bold), theirs(reasons, reasonsLength))]
			: []),
		...remedies
			.slice(1, mostRemedies)
			.map((text) => row(ours("Or: ", bold), theirs(text, remedyLength))),
		...(digest.reportUrl === null
			? []
			: openButton(
					"Open in the report",
					findingLink(digest.reportUrl, line.finding),
				)),
	];
}

/** "aks-a and 2 more": the worst cluster first. */
function clustersOf({ clusters }: DigestLine): TextRun[] {
	const [worst] = clusters;
	if (worst === undefined) return [];
	const others = clusters.length - 1;
	return [
		...theirs(worst.name || worst.id, nameLength, bold),
		...(others > 0 ? ours(` and ${grouped(others)} more`) : []),
	];
}

/** "a, b and 3 more", each name as it is written. */
export function names(clusters: DigestLine["clusters"]): TextRun[] {
	const shown = clusters.slice(0, mostNames);
	const others = clusters.length - shown.length;
	return [
		...shown.flatMap(({ id, name }, index) => [
			...(index > 0 ? ours(", ") : []),
			...theirs(name || id, nameLength),
		]),
		...(others > 0 ? ours(` and ${grouped(others)} more`) : []),
	];
}

/** "Subnet vnet-shop/nodes". */
function place({ budget }: DigestLine): TextRun[] {
	if (budget === null) return [];
	return [
		...ours(`${capital(budgetKinds[budget.kind].noun)} `),
		...theirs(budget.name || budget.id, placeLength),
	];
}

function row(...runs: readonly (readonly TextRun[])[]): RichTextBlock {
	return richText("none", ...runs);
}

const bold = { weight: "bolder" } as const;
const subtle = { isSubtle: true } as const;
