import type { Severity } from "../contract.ts";
import { longestHeadline } from "../findings/headline.ts";
import { budgetKinds } from "../model/budgetKinds.ts";
import { capital, plural, sentences } from "../text.ts";
import { changeText, dayText, noteText } from "./cardText.ts";
import { type DigestLine, reasonsLength } from "./digest.ts";
import {
	type Color,
	type Container,
	ours,
	type RichTextBlock,
	richText,
	type TextRun,
	theirs,
} from "./elements.ts";

/** Azure's own names end at 80 characters. */
const nameLength = 80;
const aheadLength = 160;
/** Remedies are shown whole, since some end with the free range. Reasons are whole ones as well. */
const remedyLength = 800;

const colors = {
	critical: "attention",
	high: "warning",
	medium: "default",
	low: "default",
	info: "default",
} as const satisfies Record<Severity, Color>;

/** A line with everything that a reader needs to act. */
export function detailedLine(line: DigestLine): Container {
	const { additionalNodes, runway, reasons, remedy } = line;
	const ahead = [additionalNodes, runway].filter((part) => part !== null);
	const rows: (RichTextBlock | null)[] = [
		richText(
			"none",
			tag(line),
			ours(" · "),
			theirs(line.headline, longestHeadline, bold),
		),
		richText("none", where(line)),
		ahead.length > 0
			? richText("none", theirs(sentences(ahead), aheadLength))
			: null,
		remedy
			? richText("none", ours("Do: ", bold), theirs(remedy, remedyLength))
			: null,
		reasons
			? richText("none", ours("Why: ", bold), theirs(reasons, reasonsLength))
			: null,
	];
	const items = rows.filter((row) => row !== null);
	return { type: "Container", separator: true, spacing: "medium", items };
}

/** A line without its reasons, for what comes after the most pressing ones. */
export function compactLine(line: DigestLine): RichTextBlock {
	return richText(
		"small",
		tag(line),
		ours(" · "),
		where(line),
		ours(" · "),
		theirs(line.headline, longestHeadline, subtle),
	);
}

export function resolvedLine(line: DigestLine): RichTextBlock {
	return richText(
		"small",
		where(line),
		ours(" · "),
		theirs(line.headline, longestHeadline, subtle),
		line.note === null ? [] : ours(` · ${noteText[line.note]}`),
	);
}

/** "High · new": the color only repeats what the words say. */
function tag({ severity, change, since, note }: DigestLine): TextRun[] {
	const color = change === "eased" ? "good" : colors[severity];
	const first = since === null ? "" : `, first seen ${dayText(since)}`;
	const words = [capital(severity), `${changeText[change]}${first}`];
	if (note !== null) words.push(noteText[note]);
	return ours(words.join(" · "), {
		weight: "bolder",
		color,
	});
}

/** The worst cluster and what it runs out of. */
function where({ clusters, budget }: DigestLine): TextRun[] {
	const [worst] = clusters;
	const others = clusters.length - 1;
	const place = [
		worst ? theirs(worst.name || worst.id, nameLength, bold) : [],
		others > 0 ? ours(` and ${plural(others, "more cluster")}`) : [],
		worst && budget ? ours(" · ") : [],
		budget ? ours(`${budgetKinds[budget.kind].noun} `) : [],
		budget ? theirs(budget.name || budget.id, nameLength, bold) : [],
	];
	return place.flat();
}

const bold = { weight: "bolder" } as const;
const subtle = { isSubtle: true } as const;
