/** Rows under a head, columns right-aligned and two blanks apart. */
export function table(
	head: readonly string[],
	rows: readonly (readonly string[])[],
): string {
	const lines = [head, ...rows];
	const widths = head.map((_, column) =>
		Math.max(...lines.map((line) => line[column]?.length ?? 0)),
	);
	const text = lines.map((line) =>
		line.map((cell, column) => cell.padStart(widths[column] ?? 0)).join("  "),
	);
	const rule = "-".repeat(text[0]?.length ?? 0);
	return [text[0], rule, ...text.slice(1)].join("\n");
}

export function seconds(milliseconds: number): string {
	return `${(milliseconds / 1000).toFixed(2)} s`;
}
