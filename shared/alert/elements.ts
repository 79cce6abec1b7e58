import { shorten } from "../text.ts";

/** The few Adaptive Card elements that the alert is made of, and the only way in which text gets into them. */

export type Color = "default" | "accent" | "good" | "warning" | "attention";
type Spacing = "none" | "small" | "default" | "medium";

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
	readonly spacing: Spacing;
}

/** Teams reads markdown in its text: for our own words and numbers only. */
export interface TextBlock {
	readonly type: "TextBlock";
	readonly text: string;
	readonly wrap: true;
	readonly id?: string;
	readonly isVisible?: false;
	readonly size?: "large";
	readonly weight?: "bolder";
	readonly color?: Color;
	readonly isSubtle?: true;
	readonly spacing?: Spacing;
}

export interface Container {
	readonly type: "Container";
	readonly items: readonly Element[];
	readonly spacing: Spacing;
	readonly separator?: true;
	readonly style?: "emphasis";
	readonly id?: string;
	readonly isVisible?: false;
}

interface ColumnSet {
	readonly type: "ColumnSet";
	readonly columns: readonly Column[];
	readonly spacing: Spacing;
	readonly separator?: true;
}

interface Column {
	readonly type: "Column";
	readonly width: "stretch" | "auto";
	readonly items: readonly Element[];
	readonly verticalContentAlignment?: "bottom";
	readonly selectAction?: ToggleVisibility;
}

interface ToggleVisibility {
	readonly type: "Action.ToggleVisibility";
	readonly title: string;
	/** Without any, phones show a blank card (MicrosoftDocs/AdaptiveCards#453). */
	readonly targetElements: readonly [string, ...string[]];
}

interface ActionSet {
	readonly type: "ActionSet";
	readonly spacing: Spacing;
	readonly actions: readonly {
		readonly type: "Action.OpenUrl";
		readonly title: string;
		readonly url: string;
	}[];
}

export type Element =
	| TextBlock
	| RichTextBlock
	| Container
	| ColumnSet
	| ActionSet;

export function textBlock(
	text: string,
	style: Omit<TextBlock, "type" | "text" | "wrap"> = {},
): TextBlock {
	return { type: "TextBlock", text, wrap: true, ...style };
}

/**
 * What is folded away: the row that opens it, and the container that it opens. `name` is unique in the card. IDs get
 * into the page that shows the card, so they begin with a word of their own.
 */
export function folded(
	name: string,
	open: "Details" | "Show",
	row: Element,
	items: readonly Element[],
	style: Pick<ColumnSet, "spacing" | "separator"> = { spacing: "none" },
): readonly [Element, Container] {
	const id = `fold-${name}`;
	const label = (text: string, isOpen: boolean) =>
		textBlock(text, {
			id: `${id}-${isOpen ? "close" : "open"}`,
			color: "accent",
			weight: "bolder",
			spacing: "none",
			...(isOpen && { isVisible: false }),
		});
	const labels = [label(open, false), label("Hide", true)];
	const opener: Column = {
		type: "Column",
		width: "auto",
		verticalContentAlignment: "bottom",
		items: labels,
		selectAction: {
			type: "Action.ToggleVisibility",
			title: open,
			targetElements: [id, ...labels.flatMap((one) => one.id ?? [])],
		},
	};
	return [
		{
			type: "ColumnSet",
			...style,
			columns: [{ type: "Column", width: "stretch", items: [row] }, opener],
		},
		{
			type: "Container",
			id,
			isVisible: false,
			style: "emphasis",
			spacing: "small",
			items,
		},
	];
}

const maxUrlLength = 2_000;

/** A button that opens an address. None where Teams could not open it: it would refuse the whole card. */
export function openButton(title: string, url: string): ActionSet[] {
	if (url.length > maxUrlLength || !/^https?:\/\//i.test(url)) return [];
	const actions = [{ type: "Action.OpenUrl", title, url } as const];
	return [{ type: "ActionSet", spacing: "default", actions }];
}

/** Rich text is read literally, without markdown. So it is the place for other people's names. */
export function richText(
	spacing: RichTextBlock["spacing"],
	...runs: readonly (readonly TextRun[])[]
): RichTextBlock {
	return { type: "RichTextBlock", spacing, inlines: runs.flat() };
}

/** Other people's text. Beyond `max` characters it loses its middle, since names differ at their ends. */
export function theirs(
	text: string,
	max: number,
	style: RunStyle = {},
): TextRun[] {
	return ours(shorten(clean(text), max) || "(nothing to show)", style);
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
