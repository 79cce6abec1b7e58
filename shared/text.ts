/** Shortened in the middle: names differ at their ends. */
export function shorten(text: string, length: number): string {
	if (text.length <= length) return text;
	const points = [...text];
	let kept = Math.max(0, Math.min(points.length, length) - 1);
	const cut = () => {
		const start = Math.ceil(kept / 2);
		const end = points.length - (kept - start);
		return `${points.slice(0, start).join("")}…${points.slice(end).join("")}`;
	};
	// Some characters count as two.
	while (kept > 0 && cut().length > length) kept--;
	return cut();
}

/**
 * A text of at most this many characters: the names in it, passed to `short`, lose no more of their middle than they
 * must.
 */
export function fitted(
	most: number,
	text: (short: (name: string) => string) => string,
): string {
	const whole = text((name) => name);
	if (whole.length <= most) return whole;
	for (let length = most; length >= 8; length--) {
		const short = text((name) => shorten(name, length));
		if (short.length <= most) return short;
	}
	return shorten(whole, most);
}

/** "a", "a and b", "a, b and c". */
export function listed(
	names: readonly string[],
	word: "and" | "or" = "and",
): string {
	const last = names.at(-1) ?? "";
	return names.length < 2
		? last
		: `${names.slice(0, -1).join(", ")} ${word} ${last}`;
}

const thousands = new Intl.NumberFormat("en-US");

/** "1,019". Small numbers, which are nearly all, cost no formatter. */
export function grouped(count: number): string {
	return Math.abs(count) < 1000 ? String(count) : thousands.format(count);
}

/** "1 cluster", "1,000 clusters". */
export function plural(count: number, noun: string): string {
	return count === 1 ? `1 ${noun}` : `${grouped(count)} ${noun}s`;
}

export function capital(text: string): string {
	return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Sentences and labels as one text, each with its full stop. */
export function sentences(parts: readonly string[]): string {
	return parts.map(stopped).join(" ");
}

function stopped(text: string): string {
	return text === "" || /[.!?…]\)?$/.test(text) ? text : `${text}.`;
}
