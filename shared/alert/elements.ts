/** The few Adaptive Card elements that the alert is made of, and the only way in which text gets into them. */

export type Color = "default" | "good" | "warning" | "attention";

interface RunStyle {
	readonly weight?: "bolder";
	readonly color?: Color;
	readonly isSubtle?: true;
}

export interface TextRun extends RunStyle {
	readonly type: "TextRun";
	readonly text: string;
}

export interface RichTextBlock {
	readonly type: "RichTextBlock";
	readonly inlines: readonly TextRun[];
	readonly spacing: "none" | "small";
}

/** Teams reads markdown in its text: for our own words and numbers only. */
interface TextBlock {
	readonly type: "TextBlock";
	readonly text: string;
	readonly wrap: true;
	readonly size?: "large";
	readonly weight?: "bolder";
	readonly color?: Color;
	readonly isSubtle?: true;
	readonly spacing?: "small" | "medium";
	readonly separator?: true;
}

export interface Container {
	readonly type: "Container";
	readonly separator: true;
	readonly spacing: "medium";
	readonly items: readonly RichTextBlock[];
}

export type Element = TextBlock | RichTextBlock | Container;

export function textBlock(
	text: string,
	style: Omit<TextBlock, "type" | "text" | "wrap"> = {},
): TextBlock {
	return { type: "TextBlock", text, wrap: true, ...style };
}

/** Rich text is read literally, without markdown. So it is the place for other people's names. */
export function richText(
	spacing: RichTextBlock["spacing"],
	...runs: readonly (readonly TextRun[])[]
): RichTextBlock {
	return { type: "RichTextBlock", spacing, inlines: runs.flat() };
}

/** Other people's text, cut to `max` characters. */
export function theirs(
	text: string,
	max: number,
	style: RunStyle = {},
): TextRun[] {
	return ours(clip(clean(text), max) || "(nothing to show)", style);
}

/** Our own words. The macros are broken up here too, so that no text gets into a card unchecked. */
export function ours(text: string, style: RunStyle = {}): TextRun[] {
	return text
		.split(macros)
		.map((part) => ({ type: "TextRun", text: part, ...style }));
}

/**
 * Cards replace {{DATE(…)}} and {{TIME(…)}} in rich text as well, and Teams looks for <at>. A run that ends in the
 * middle of them prevents that, and the reader sees no difference.
 */
const macros = /(?<=<)(?=\/?at[\s/>])|(?<=\{)(?=\{(?:DATE|TIME)\()/i;

/** One line without control characters, invisible signs or changes of direction. Joiners stay for emoji. */
function clean(text: string): string {
	return text
		.replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, " ")
		.replace(/(?!\u200d)\p{Cf}/gu, "")
		.replace(/\p{Cs}/gu, "\ufffd")
		.replace(/\s+/g, " ")
		.trim();
}

/** By code point: half a surrogate pair would be an unreadable sign. */
function clip(text: string, max: number): string {
	const points = [...text.slice(0, 2 * max + 2)];
	return points.length > max ? `${points.slice(0, max - 1).join("")}…` : text;
}
