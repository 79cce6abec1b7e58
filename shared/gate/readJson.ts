/**
 * A file of JSON that another tool wrote. Its text may hold secrets, so an error names the place and quotes nothing.
 */
export class UnreadableFile extends Error {}

/**
 * The JSON value of a file: UTF-8, or UTF-16 with a byte order mark, as Windows PowerShell 5 writes with `>`. Text before
 * the first `{` is skipped, since tools print warnings there. Throws `UnreadableFile`.
 */
export function readJson(bytes: Uint8Array): unknown {
	const text = decoded(bytes);
	const start = text.indexOf("{");
	if (start < 0)
		throw new UnreadableFile(
			bytes.length === 0
				? "The file is empty."
				: "The file has no JSON object. Write JSON to it, not the text for people.",
		);
	try {
		return JSON.parse(text.slice(start).trimEnd());
	} catch {
		// The parser's own message quotes the text around the error.
		throw new UnreadableFile(
			"The file is not valid JSON. It may be cut off, or another output is mixed into it.",
		);
	}
}

function decoded(bytes: Uint8Array): string {
	const [first, second] = bytes;
	const encoding =
		first === 0xff && second === 0xfe
			? "utf-16le"
			: first === 0xfe && second === 0xff
				? "utf-16be"
				: "utf-8";
	try {
		return new TextDecoder(encoding, { fatal: true }).decode(bytes);
	} catch {
		throw new UnreadableFile(
			"The file is neither UTF-8 nor UTF-16 with a byte order mark. In PowerShell, pipe to `Out-File -Encoding utf8`.",
		);
	}
}
