/** A name as one word of a POSIX shell, whatever people called it. */
export function quoted(word: string): string {
	return /^[\w./:@%+=-]+$/.test(word)
		? word
		: `'${word.replaceAll("'", "'\\''")}'`;
}
