/** The page with `text` in place of the block below the line `made`. Blocks end with an empty line. */
export function replacedBelow(
	page: string,
	name: string,
	made: string,
	text: string,
): string {
	const start = page.indexOf(made);
	const end = page.indexOf("\n\n", start + made.length + 2);
	if (start < 0 || end < 0)
		throw new Error(`${name} has no line ${made} with a block below it.`);
	return `${page.slice(0, start)}${made}\n\n${text}${page.slice(end)}`;
}
