/**
 * The same value with all names in lower case: the CLI and ARM spell them differently. Of the outermost object only the
 * `wanted` names, since most of a row is never read.
 */
export function lowerKeys(
	value: unknown,
	wanted: ReadonlySet<string> | null = null,
): unknown {
	if (Array.isArray(value)) return value.map((one) => lowerKeys(one));
	if (typeof value !== "object" || value === null) return value;
	const lowered: Record<string, unknown> = {};
	for (const key of Object.keys(value)) {
		const name = lowerName(key);
		if (wanted === null || wanted.has(name))
			lowered[name] = lowerKeys(Reflect.get(value, key));
	}
	return lowered;
}

const lowerNames = new Map<string, string>();

/** Of a field of Azure's: they are few, and lowering the same ones in every row is half the work of reading pools. */
export function lowerName(field: string): string {
	const known = lowerNames.get(field);
	if (known !== undefined) return known;
	const name = field.toLowerCase();
	lowerNames.set(field, name);
	return name;
}

/** Field and value for people, spelled as Azure reports them: `agentPoolProfiles[1].mode is "hibernating"`. */
export function notUnderstood(
	at: string,
	raw: unknown,
	path: readonly string[],
): string {
	let field = at;
	let value = raw;
	for (const name of path) {
		const key = spelled(value, name);
		field += Array.isArray(value) ? `[${key}]` : `.${key}`;
		value = inside(value, key);
	}
	return `${field} ${said(value)}`;
}

/** The key as the row spells it. Where it has none, as it was asked for. */
function spelled(value: unknown, name: string): string {
	if (typeof value !== "object" || value === null) return name;
	return Object.keys(value).find((key) => key.toLowerCase() === name) ?? name;
}

function inside(value: unknown, key: string): unknown {
	return typeof value === "object" && value !== null
		? Reflect.get(value, key)
		: undefined;
}

const longestValue = 80;

function said(value: unknown): string {
	if (value === undefined || value === null || value === "")
		return "is not set";
	const text = JSON.stringify(value);
	return `is ${text.length > longestValue ? `${text.slice(0, longestValue)}…` : text}`;
}
