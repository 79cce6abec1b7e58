/** Cells of the first table under a heading of the second level, without its head. */
export function tableUnder(page: string, heading: string): string[][] {
	const [, section = ""] = page.split(`\n## ${heading}\n`);
	const [table = ""] = /(?:^\|.*\n)+/m.exec(section) ?? [];
	return table
		.trim()
		.split("\n")
		.slice(2)
		.map((row) =>
			row
				.split("|")
				.slice(1, -1)
				.map((cell) => cell.trim()),
		);
}
