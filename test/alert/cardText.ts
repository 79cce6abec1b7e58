interface Node {
	readonly type?: string;
	readonly text?: string;
	readonly [key: string]: unknown;
}

interface Card extends Node {
	readonly version: string;
}

/** The card inside the envelope that is posted. */
export function cardOf(body: string): Card {
	return JSON.parse(body).attachments[0].content;
}

/** Every object of the card that has a type, in reading order. */
export function nodesOf(value: unknown): Node[] {
	if (Array.isArray(value)) return value.flatMap(nodesOf);
	if (typeof value !== "object" || value === null) return [];

	const node = value as Node;
	const inner = Object.values(node).flatMap(nodesOf);
	return node.type ? [node, ...inner] : inner;
}

/** What a reader sees: a row per text block or rich text block. */
export function rowsOf(body: string): string[] {
	return nodesOf(cardOf(body)).flatMap((node) => {
		if (node.type === "TextBlock") return [node.text ?? ""];
		if (node.type !== "RichTextBlock") return [];
		return [
			nodesOf(node.inlines)
				.map(({ text }) => text)
				.join(""),
		];
	});
}

/** Without what is folded away. */
export function visibleRowsOf(body: string): string[] {
	const content = JSON.parse(body, (_, value) =>
		value?.isVisible === false ? null : value,
	);
	return rowsOf(JSON.stringify(content));
}

/** Where the buttons lead, in reading order. */
export function linksOf(body: string): string[] {
	return nodesOf(cardOf(body))
		.filter(({ type }) => type === "Action.OpenUrl")
		.map(({ url }) => String(url));
}

/** The same as one text. */
export function cardText(body: string): string {
	return rowsOf(body).join("\n");
}

export function textBlocksOf(body: string): string[] {
	return nodesOf(cardOf(body))
		.filter(({ type }) => type === "TextBlock")
		.map(({ text }) => text ?? "");
}
