/**
 * Whether the text of a value, as `tostring` writes it, contains one of these. `wanted`: lower case.
 *
 * Hundreds of IDs take about as long as one, and the text of a resource is not made: an ID is in one of its strings.
 */
export function containsAny(
	wanted: readonly string[],
): ((value: unknown) => boolean) | null {
	if (!wanted.every(isWithinString)) return null;
	const isIn = anyIn(wanted);
	const shortest = Math.min(...wanted.map(({ length }) => length));
	const has = (text: string) =>
		text.length >= shortest && isIn(text.toLowerCase());
	const someHas = (value: unknown): boolean => {
		if (typeof value === "string") return has(value);
		if (typeof value !== "object" || value === null) return false;
		if (Array.isArray(value)) return value.some(someHas);
		// Not by its entries: they would be a new list for each part of each resource.
		for (const name in value)
			if (has(name) || someHas(Reflect.get(value, name))) return true;
		return false;
	};
	return someHas;
}

/** In JSON, a slash is only within a string or name, and nothing of this is written differently there. */
function isWithinString(text: string): boolean {
	return /^\/[\w./()-]*$/.test(text);
}

/** The texts are looked up wherever the beginning that they have in common is found. */
function anyIn(wanted: readonly string[]): (text: string) => boolean {
	const start = commonStart(wanted);
	const shortest = Math.min(...wanted.map(({ length }) => length));
	const byHead = Map.groupBy(wanted, (one) => one.slice(0, shortest));
	return (text) => {
		for (
			let at = text.indexOf(start);
			at !== -1;
			at = text.indexOf(start, at + 1)
		) {
			const from = at;
			const alike = byHead.get(text.slice(from, from + shortest));
			if (alike?.some((one) => text.startsWith(one, from))) return true;
		}
		return false;
	};
}

/** At least the slash. */
function commonStart([first = "", ...more]: readonly string[]): string {
	let length = first.length;
	while (more.some((one) => !one.startsWith(first.slice(0, length)))) length--;
	return first.slice(0, length);
}
